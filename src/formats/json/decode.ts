import type {
  DecisionFilter,
  Inquiry,
  LineFilter,
  PatientEvent,
  ReviewRequest,
  ServiceLine,
} from '../../core/request.ts'
import type { Decoded } from '../../kernel/result.ts'
import { assembleEvent } from './assemble-event.ts'
import { assembleDependent, assembleRequester, assembleSubscriber } from './assemble-parties.ts'
import { assemblePeriod } from './assemble-period.ts'
import { type Draft, given } from './draft.ts'
import { Findings } from './findings.ts'
import { readObject } from './read.ts'
import type { Table } from './table.ts'
import { INQUIRY } from './tables/inquiry.ts'
import { SUBMISSION } from './tables/submission.ts'

export const EVENT_AT = '/patientEventDetail'

/**
 * Reads a submission of the compatible JSON API.
 *
 * Never throws. Every fault of the document is reported at once, by JSON pointer; what departs from the format without
 * leaving a doubt is noted and put up with.
 *
 * @param value what `JSON.parse` gave; anything at all
 * @see reference section 2.3
 */
export function decodeSubmission(value: unknown): Decoded<ReviewRequest> {
  return decode(value, SUBMISSION, (draft, findings) => {
    const request = assembleRequest(draft, findings)
    requireMember(request, findings)
    requireSubject(draft, request, findings)
    return request
  })
}

/**
 * Reads an inquiry of the compatible JSON API. As `decodeSubmission`, but a number of the case may stand for the member.
 *
 * @see reference section 2.2
 */
export function decodeInquiry(value: unknown): Decoded<Inquiry> {
  return decode(value, INQUIRY, (draft, findings) => {
    const request = assembleRequest(draft, findings)
    if (!namesCase(request.event)) requireMember(request, findings)
    return { ...request, filter: assembleFilter(draft.group('event', EVENT_AT), findings) }
  })
}

/** Reads a document by its table, and puts it together: every fault of both at once. */
export function decode<T>(
  value: unknown,
  table: Table,
  assemble: (draft: Draft, findings: Findings) => T,
): Decoded<T> {
  const findings = new Findings()
  const draft = readObject(value, table, '', findings)
  if (findings.faults.some((fault) => fault.at === '')) return { ok: false, faults: findings.faults }
  const result = assemble(draft, findings)
  return findings.faults.length > 0
    ? { ok: false, faults: findings.faults }
    : { ok: true, value: result, notes: findings.notes }
}

/** @param sender where the document has who it is from */
export function assembleRequest(draft: Draft, findings: Findings, sender = '/requester'): ReviewRequest {
  const requester = assembleRequester(draft.group('requester', sender), findings)
  if (requester.name === undefined && !findings.blames(sender)) {
    findings.fault(sender, 'has no name', 'Give organizationName, or lastName and firstName.')
  }
  return {
    correspondence: {
      senderId: required(draft, 'correspondence.senderId', '/senderId', findings),
      receiverId: receiver(draft, findings),
      transactionIdentifier: required(
        draft,
        'correspondence.transactionIdentifier',
        '/submitterTransactionIdentifier',
        findings,
      ),
    },
    payer: {
      id: required(draft, 'payer.id', '/payerId', findings),
      ...given({ name: draft.text('payer.name') }),
    },
    requester,
    subscriber: assembleSubscriber(draft.group('subscriber', '/subscriber'), findings),
    ...given({ dependent: assembleDependent(draft.group('dependent', '/dependent'), findings) }),
    event: assembleEvent(draft.group('event', EVENT_AT), findings),
  }
}

/** @returns the value; an empty string, with a fault, when there is none */
function required(draft: Draft, path: string, at: string, findings: Findings): string {
  if (!draft.wasSent(path)) findings.fault(at, 'is missing')
  return draft.text(path) ?? ''
}

/** The payer stands in for a clearinghouse that is not named. @see reference section 2.2 */
function receiver(draft: Draft, findings: Findings): string {
  const named = draft.text('correspondence.receiverId')
  if (named !== undefined || draft.wasSent('correspondence.receiverId')) return named ?? ''
  const payer = draft.text('payer.id') ?? ''
  if (payer.length > 15) {
    findings.fault(
      '/umClearingHouseId',
      'is missing, and the payerId is too long to stand in for it (15 characters)',
    )
  }
  return payer
}

function requireMember({ subscriber }: ReviewRequest, findings: Findings): void {
  if (subscriber.memberId !== undefined || subscriber.name !== undefined) return
  if (findings.blames('/subscriber')) return
  findings.fault('/subscriber', 'does not say who the member is', 'Give memberId, or lastName.')
}

function namesCase(event: PatientEvent): boolean {
  return (
    event.previousAuthorizationNumber !== undefined || event.previousAdministrativeReference !== undefined
  )
}

/** A submission asks for something: a service, an admission, or a change to a case. Each of its lines does too. */
function requireSubject(draft: Draft, { event }: ReviewRequest, findings: Findings): void {
  for (const line of event.lines) requireLineSubject(line, findings)
  if (findings.blames(EVENT_AT)) return
  if (!draft.wasSent('event')) findings.fault(EVENT_AT, 'is missing')
  else if (!eventAsksForSomething(event)) {
    findings.fault(EVENT_AT, 'asks for nothing', 'Give a serviceLevel or a serviceTypeCode.')
  }
}

function requireLineSubject(line: ServiceLine, findings: Findings): void {
  const at = `${EVENT_AT}/serviceLevel/${line.number - 1}`
  if (asksForSomething(line) || findings.blames(at)) return
  findings.fault(at, 'asks for nothing', 'Give a procedureCode, a revenue code or a serviceTypeCode.')
}

function eventAsksForSomething(event: PatientEvent): boolean {
  return (
    event.lines.length > 0 ||
    (event.category === 'admission' && event.admission !== undefined) ||
    asksForSomething(event)
  )
}

function asksForSomething(asked: Partial<ServiceLine>): boolean {
  return (
    asked.procedure !== undefined ||
    asked.revenueCode !== undefined ||
    asked.serviceType !== undefined ||
    asked.previousAuthorizationNumber !== undefined ||
    asked.previousAdministrativeReference !== undefined
  )
}

function assembleFilter(event: Draft, findings: Findings): Inquiry['filter'] {
  const lines = event.list('lines').flatMap((line, index): readonly LineFilter[] => {
    const filter = assembleDecisionFilter(line, findings)
    return Object.keys(filter).length === 0 ? [] : [{ line: index + 1, ...filter }]
  })
  return {
    ...assembleDecisionFilter(event, findings),
    ...given({ requestedOn: assemblePeriod(event, 'filter.requestedOn', findings) }),
    ...(lines.length === 0 ? {} : { lines }),
  }
}

function assembleDecisionFilter(draft: Draft, findings: Findings): DecisionFilter {
  return given({
    action: draft.text('filter.action'),
    issued: assemblePeriod(draft, 'filter.issued', findings),
    expires: assemblePeriod(draft, 'filter.expires', findings),
    effective: assemblePeriod(draft, 'filter.effective', findings),
  })
}
