/** A case as rows: what is in clear, and what is sealed. */
import { certifiedDays, effectivePeriod, standing } from '../../core/answered.ts'
import type { Authorization, CaseEvent, Participant, Pending } from '../../core/authorization.ts'
import type { ReviewRequest, ServiceLine } from '../../core/request.ts'
import type { Actor } from '../../kernel/actor.ts'
import { type AuthorizationId, mintId, type OrganizationId, type Random } from '../../kernel/ids.ts'
import { type DatePeriod, utcTime } from '../../kernel/time.ts'
import type { DataKey } from '../../platform/secrets/index.ts'
import { keysOf, memberKey } from './lookup.ts'
import type { Exchange, RecordDeps } from './model.ts'
import { momentOf, type Outcome, PLACE, sealJson } from './sealing.ts'
import type {
  CaseRow,
  DecidedCase,
  EventRow,
  ExchangeRow,
  LineRow,
  MovedCase,
  NewCase,
  ParticipantRow,
  ReaderRow,
  ToldRow,
} from './store.ts'

export function newCase(
  authorization: Authorization,
  events: readonly CaseEvent[],
  exchanges: readonly Exchange[],
  { vault, random }: RecordDeps,
  key: DataKey,
): NewCase {
  return {
    row: caseRow(authorization, vault, key),
    readers: readersOf(authorization),
    parties: partiesOf(authorization),
    participants: authorization.participants.map(participantRow),
    lines: authorization.request.event.lines.map((line) => lineRow(line, authorization)),
    events: events.map((event) => eventRow(event, authorization.id, key, random)),
    exchanges: exchanges.map((exchange) => exchangeRow(exchange, authorization.id, key)),
    keys: keysOf(vault, authorization),
  }
}

/** What a move changes and adds, from the case as it is after it. */
export function movedCase(
  authorization: Authorization,
  events: readonly CaseEvent[],
  exchanges: readonly Exchange[],
  { vault, random }: RecordDeps,
  key: DataKey,
): MovedCase {
  const { id, receivedFrom, lastSequence } = authorization
  return {
    case_id: id,
    received_from: receivedFrom,
    after: lastSequence - events.length,
    row: caseRow(authorization, vault, key),
    lines: authorization.request.event.lines.map((line) => lineRow(line, authorization)),
    events: events.map((event) => eventRow(event, id, key, random)),
    exchanges: exchanges.map((exchange) => exchangeRow(exchange, id, key)),
  }
}

/** What a decision changes and adds, from the case as it is after it. */
export function decidedCase(
  authorization: Authorization,
  events: readonly CaseEvent[],
  exchanges: readonly Exchange[],
  deps: RecordDeps,
  key: DataKey,
): DecidedCase {
  const { row: _, ...moved } = movedCase(authorization, events, exchanges, deps, key)
  return {
    ...moved,
    row: caseRow(authorization, deps.vault, key),
    keys: keysOf(deps.vault, authorization),
  }
}

function readersOf({ participants }: Authorization): readonly ReaderRow[] {
  const readers = new Map<OrganizationId, ReaderRow>()
  for (const { organizationId, npi = null } of participants)
    if (organizationId !== undefined && !readers.has(organizationId))
      readers.set(organizationId, { organization_id: organizationId, npi })
  return [...readers.values()]
}

function partiesOf({ participants }: Authorization): readonly string[] {
  return [...new Set(participants.flatMap(({ npi }) => npi ?? []))]
}

function outcomeOf(authorization: Authorization): Outcome | undefined {
  if (authorization.state === 'rejected') return { rejections: authorization.rejections }
  if (!('decided' in authorization)) return undefined
  return {
    decided: authorization.decided,
    ...('pending' in authorization ? { pending: authorization.pending } : {}),
    ...('appeal' in authorization ? { appeal: authorization.appeal } : {}),
    ...('endedAt' in authorization ? { endedAt: authorization.endedAt } : {}),
    ...('successor' in authorization ? { successor: authorization.successor } : {}),
  }
}

/** For whom a case waits, and by when the payer owes its decision. */
function waitOf(authorization: Authorization): Pick<Pending, 'waitingFor' | 'dueAt'> | undefined {
  if ('pending' in authorization) return authorization.pending
  return 'appeal' in authorization ? { waitingFor: 'reviewer', dueAt: authorization.appeal.dueAt } : undefined
}

function caseRow(authorization: Authorization, vault: RecordDeps['vault'], key: DataKey): CaseRow {
  const { id, payerId, request } = authorization
  const { memberId } = request.subscriber
  const outcome = outcomeOf(authorization)
  const care = careOf(request)
  const decision = 'decided' in authorization ? authorization : undefined
  const wait = waitOf(authorization)
  const concludedAt = authorization.state === 'rejected' ? authorization.rejectedAt : decision?.decidedAt
  return {
    case_id: id,
    payer_id: payerId,
    received_from: authorization.receivedFrom,
    door: authorization.door,
    state: authorization.state,
    action: decision?.decided.action ?? null,
    decided_by: decision?.decided.by ?? null,
    purpose: request.event.purpose,
    urgency: request.event.urgency ?? null,
    member_hash: memberId === undefined ? null : memberKey(vault, payerId, memberId),
    care_from: care?.from ?? null,
    care_until: care?.until ?? null,
    authorization_number: 'authorizationNumber' in authorization ? authorization.authorizationNumber : null,
    administrative_reference:
      'administrativeReference' in authorization ? authorization.administrativeReference : null,
    waiting_for: wait?.waitingFor ?? null,
    received_at: momentOf(authorization.receivedAt),
    decided_at: concludedAt === undefined ? null : momentOf(concludedAt),
    due_at: wait ? momentOf(wait.dueAt) : null,
    last_sequence: authorization.lastSequence,
    follows: authorization.follows ?? null,
    ...toldOfCase(authorization),
    admitted_from: request.event.admission?.from ?? null,
    admitted_until: request.event.admission?.until ?? null,
    sealed_request: sealJson(key, request, PLACE.request(id)),
    sealed_outcome: outcome ? sealJson(key, outcome, PLACE.outcome(id)) : null,
  }
}

/** From the first to the last day of care that a request names anywhere. */
function careOf({ event }: ReviewRequest): DatePeriod | undefined {
  const days = [event.period, event.admission, ...event.lines.map((line) => line.period)]
    .flatMap((period) => (period ? [period.from, period.until] : []))
    .sort()
  const [from, until] = [days[0], days.at(-1)]
  return from && until && { from, until }
}

function participantRow(participant: Participant, position: number): ParticipantRow {
  return {
    position,
    role: participant.role,
    npi: participant.npi ?? null,
    organization_id: participant.organizationId ?? null,
  }
}

function lineRow(line: ServiceLine, authorization: Authorization): LineRow {
  const decided = 'decided' in authorization ? authorization.decided : undefined
  const outcome = decided?.lines.find((candidate) => candidate.line === line.number)
  return {
    line: line.number,
    procedure_system: line.procedure?.system ?? null,
    procedure_code: line.procedure?.code ?? null,
    procedure_until: line.procedure?.until ?? null,
    modifiers: line.procedure?.modifiers ?? [],
    revenue_code: line.revenueCode ?? null,
    service_type: line.serviceType ?? null,
    quantity_unit: line.quantity?.unit ?? null,
    quantity: line.quantity?.value ?? null,
    care_from: line.period?.from ?? null,
    care_until: line.period?.until ?? null,
    action: outcome?.action ?? null,
    decided_by: (outcome && decided?.by) ?? null,
    ...toldOfLine(line, authorization),
  }
}

const NOTHING_TOLD: ToldRow = {
  told_action: null,
  issued_on: null,
  effective_from: null,
  effective_until: null,
}

/** What an answer tells of a case now, so that an inquiry can narrow by it without opening what is sealed. */
function toldOfCase(authorization: Authorization): ToldRow {
  if (!('decided' in authorization)) return NOTHING_TOLD
  const { action, lines, isCertified, issuedAt } = standing(authorization)
  const days = isCertified ? effectivePeriod(authorization.request.event, lines) : undefined
  return toldRow(action, issuedAt && utcTime(issuedAt).date, days)
}

function toldOfLine({ number }: ServiceLine, authorization: Authorization): ToldRow {
  const told = 'decided' in authorization ? standing(authorization) : undefined
  const outcome = told?.lines.find(({ line }) => line === number)
  if (!told || !outcome) return NOTHING_TOLD
  const days = told.isCertified ? certifiedDays(authorization.request.event, outcome) : undefined
  return toldRow(outcome.action, outcome.issuedOn ?? (told.issuedAt && utcTime(told.issuedAt).date), days)
}

function toldRow(action: string, issuedOn: string | undefined, days: DatePeriod | undefined): ToldRow {
  return {
    told_action: action,
    issued_on: issuedOn ?? null,
    effective_from: days?.from ?? null,
    effective_until: days?.until ?? null,
  }
}

function eventRow(event: CaseEvent, id: AuthorizationId, key: DataKey, random: Random): EventRow {
  const { actor } = event
  return {
    sequence: event.sequence,
    event_id: mintId('event', event.at, random),
    type: event.type,
    at: momentOf(event.at),
    actor_kind: actor.kind,
    actor_id: actorIdOf(actor),
    actor_organization_id: ('organizationId' in actor ? actor.organizationId : undefined) ?? null,
    facts: event.facts,
    sealed_detail: event.decided ? sealJson(key, event.decided, PLACE.detail(id, event.sequence)) : null,
  }
}

function actorIdOf(actor: Actor): string | null {
  if (actor.kind === 'client') return actor.clientId
  if (actor.kind === 'person') return actor.personId
  return actor.kind === 'system' ? actor.part : null
}

export function exchangeRows(
  exchanges: readonly Exchange[],
  id: AuthorizationId,
  key: DataKey,
): readonly ExchangeRow[] {
  return exchanges.map((exchange) => exchangeRow(exchange, id, key))
}

function exchangeRow(exchange: Exchange, id: AuthorizationId, key: DataKey): ExchangeRow {
  return {
    exchange_id: exchange.id,
    direction: exchange.direction,
    format: exchange.format,
    at: momentOf(exchange.at),
    counterpart: exchange.counterpart ?? 'sender',
    sealed_body: key.seal(exchange.body, PLACE.body(id, exchange.id)),
    sealed_notes:
      exchange.notes.length === 0 ? null : sealJson(key, exchange.notes, PLACE.notes(id, exchange.id)),
  }
}
