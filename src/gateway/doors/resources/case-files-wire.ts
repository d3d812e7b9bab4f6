import type { CaseDocument } from '../../../cases/documents/index.ts'
import type { Exchange } from '../../../cases/record/index.ts'
import type { OrganizationId } from '../../../kernel/ids.ts'
import type { Instant } from '../../../kernel/time.ts'
import type { DocumentList, EventPage, FollowedPage, FoundCases } from '../../case-files/index.ts'

/** A page of a search: what can be told of each case without naming or describing its patient. */
export function foundCases({ cases, next }: FoundCases): object {
  return {
    authorizations: cases.map(({ payer, payerId: _, receivedAt, decidedAt, dueAt, care, ...summary }) => ({
      ...summary,
      payer: { id: payer.wireIds[0] ?? payer.id, name: payer.name },
      ...(care ? { service: care } : {}),
      receivedAt: moment(receivedAt),
      ...(decidedAt === undefined ? {} : { decidedAt: moment(decidedAt) }),
      ...(dueAt === undefined ? {} : { dueAt: moment(dueAt) }),
    })),
    ...(next === undefined ? {} : { next }),
  }
}

/** Who did it is said by kind alone: which client or person of another company is nobody's business. */
export function eventPage({ events, next }: EventPage): object {
  return {
    events: events.map(({ sequence, type, at, actor, facts }) => ({
      sequence,
      type,
      at: moment(at),
      by: actor.kind,
      facts: Object.fromEntries(Object.entries(facts).map(spelledFact)),
    })),
    ...(next === undefined ? {} : { next: String(next) }),
  }
}

/** As an event of one case is told, with the case. */
export function followedPage({ events, next }: FollowedPage): object {
  return {
    events: events.map(({ caseId, sequence, type, at, actor, facts }) => ({
      authorizationId: caseId,
      sequence,
      type,
      at: moment(at),
      by: actor.kind,
      facts: Object.fromEntries(Object.entries(facts).map(spelledFact)),
    })),
    ...(next === undefined ? {} : { next }),
  }
}

/** Moments are kept as numbers and told as text. */
function spelledFact([name, value]: [string, string | number]): [string, string | number] {
  return [name, name.endsWith('At') && typeof value === 'number' ? moment(value as Instant) : value]
}

export function exchangeList(exchanges: readonly Exchange[]): object {
  return {
    exchanges: exchanges.map(({ id, direction, format, at, body, notes }) => ({
      id,
      direction,
      format,
      at: moment(at),
      bytes: body.length,
      notes,
    })),
  }
}

/** @param company who reads: of whoever else added it nothing is told */
export function documentResource(
  { id, addedBy, mediaType, bytes, sha256, addedAt, name, controlNumber }: CaseDocument,
  company: OrganizationId,
): object {
  return {
    id,
    mediaType,
    bytes,
    sha256,
    addedAt: moment(addedAt),
    isYours: addedBy === company,
    ...(name === undefined ? {} : { name }),
    ...(controlNumber === undefined ? {} : { attachmentControlNumber: controlNumber }),
  }
}

export function documentList({ documents, awaited }: DocumentList, company: OrganizationId): object {
  return {
    documents: documents.map((each) => documentResource(each, company)),
    awaited: awaited.map(({ controlNumber, reportType, line }) => ({
      attachmentControlNumber: controlNumber,
      reportType,
      ...(line === undefined ? {} : { line }),
    })),
  }
}

function moment(instant: Instant): string {
  return new Date(instant).toISOString()
}
