/** Rows as a case again. */
import type { Authorization, CaseEvent, CaseEventType, Decision } from '../../core/authorization.ts'
import type { CertificationAction } from '../../core/decision.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { AuthorizationId, OrganizationId, PersonId } from '../../kernel/ids.ts'
import type { DataKey } from '../../platform/secrets/index.ts'
import type { FollowingRow } from './follow-store.ts'
import type { Exchange, FollowedEvent, OpenDuplicate } from './model.ts'
import { instantOf, type Outcome, openJson, PLACE } from './sealing.ts'
import type { EventRow, ExchangeRow, FoundCase, OpenCase } from './store.ts'

export function caseOf(row: FoundCase, key: DataKey): Authorization {
  const id = row.case_id
  const outcome =
    row.sealed_outcome === null
      ? undefined
      : (openJson(key, row.sealed_outcome, PLACE.outcome(id)) as Outcome)
  // The row was written from this very union, so its parts fit together.
  return {
    id,
    payerId: row.payer_id,
    receivedFrom: row.received_from,
    door: row.door,
    receivedAt: instantOf(row.received_at),
    request: openJson(key, row.sealed_request, PLACE.request(id)),
    participants: row.participants.map(({ role, npi }) => ({ role, ...(npi === null ? {} : { npi }) })),
    lastSequence: row.last_sequence,
    ...(row.follows === null ? {} : { follows: row.follows }),
    state: row.state,
    ...(row.administrative_reference === null
      ? {}
      : { administrativeReference: row.administrative_reference }),
    ...(row.authorization_number === null ? {} : { authorizationNumber: row.authorization_number }),
    ...(row.decided_at === null
      ? {}
      : { [row.state === 'rejected' ? 'rejectedAt' : 'decidedAt']: instantOf(row.decided_at) }),
    ...outcome,
  } as Authorization
}

export function eventOf(row: EventRow, id: AuthorizationId, key: DataKey): CaseEvent {
  return {
    sequence: row.sequence,
    type: row.type as CaseEventType,
    at: instantOf(row.at),
    actor: actorOf(row),
    facts: row.facts,
    ...(row.sealed_detail === null
      ? {}
      : { decided: openJson(key, row.sealed_detail, PLACE.detail(id, row.sequence)) as Decision['decided'] }),
  }
}

export function followedOf(row: FollowingRow): FollowedEvent {
  return {
    caseId: row.case_id,
    writtenIn: row.written_in,
    sequence: row.sequence,
    type: row.type as CaseEventType,
    at: instantOf(row.at),
    actor: actorOf(row),
    facts: row.facts,
  }
}

function actorOf(row: Pick<EventRow, 'actor_kind' | 'actor_id' | 'actor_organization_id'>): Actor {
  const id = row.actor_id ?? ''
  const organizationId = row.actor_organization_id as OrganizationId | null
  switch (row.actor_kind) {
    case 'client':
      return { kind: 'client', clientId: id, organizationId: organizationId as OrganizationId }
    case 'person':
      return { kind: 'person', personId: id as PersonId, ...(organizationId ? { organizationId } : {}) }
    case 'system':
      return { kind: 'system', part: id }
    default:
      return { kind: row.actor_kind }
  }
}

export function exchangeOf(row: ExchangeRow, id: AuthorizationId, key: DataKey): Exchange {
  return {
    id: row.exchange_id,
    direction: row.direction,
    format: row.format,
    at: instantOf(row.at),
    ...(row.counterpart === 'payer' ? { counterpart: row.counterpart } : {}),
    body: key.open(row.sealed_body, PLACE.body(id, row.exchange_id)),
    notes:
      row.sealed_notes === null
        ? []
        : (openJson(key, row.sealed_notes, PLACE.notes(id, row.exchange_id)) as Exchange['notes']),
  }
}

export function duplicateOf(row: OpenCase): OpenDuplicate {
  return {
    id: row.case_id,
    state: row.state,
    receivedAt: instantOf(row.received_at),
    ...(row.action === null ? {} : { action: row.action as CertificationAction }),
    ...(row.administrative_reference === null
      ? {}
      : { administrativeReference: row.administrative_reference }),
  }
}
