/** The life of a case: which state follows which, and the moves themselves, as functions from a case to a case. */
import type { Actor } from '../kernel/actor.ts'
import type { PersonId } from '../kernel/ids.ts'
import type { DatePeriod, Instant } from '../kernel/time.ts'
import type {
  AnsweredFor,
  Authorization,
  AuthorizationState,
  CaseEvent,
  CaseFacts,
  Moved,
  Participant,
  PendedCase,
  Pending,
  ReceivedCase,
  RejectedCase,
  SubmittedCase,
} from './authorization.ts'
import type { CertificationAction, Decided, LineOutcome, Rejection } from './decision.ts'
import type { Provider, Quantity, ReviewRequest } from './request.ts'
import { rollUp } from './roll-up.ts'

/** Which states may follow each; a state without followers is an end. */
export const TRANSITIONS: Readonly<Record<AuthorizationState, readonly AuthorizationState[]>> = {
  received: ['not-required', 'rejected', 'submitted'],
  'not-required': [],
  rejected: [],
  submitted: ['approved', 'pended', 'forwarding'],
  // Abandoned before the payer had it: AAA 80 as an intermediary, 42 as the payer.
  forwarding: ['payer-unconfirmed', 'payer-received', 'rejected'],
  'payer-unconfirmed': ['payer-received', 'rejected'],
  'payer-received': [
    'approved',
    'pended',
    'modified',
    'partially-approved',
    'denied',
    'not-required',
    'rejected',
    'cancelled',
  ],
  pended: ['approved', 'modified', 'partially-approved', 'denied', 'withdrawn', 'cancelled', 'dismissed'],
  approved: ['revised', 'extended', 'cancelled', 'voided', 'exhausted', 'expired'],
  modified: ['revised', 'extended', 'cancelled', 'voided', 'exhausted', 'expired', 'appealed'],
  'partially-approved': ['revised', 'extended', 'cancelled', 'voided', 'exhausted', 'expired', 'appealed'],
  // Never revised or extended.
  denied: ['appealed'],
  appealed: [
    'upheld',
    'overturned',
    'partially-overturned',
    'dismissed',
    'withdrawn',
    'forwarded-to-external-review',
  ],
  revised: [],
  extended: [],
  withdrawn: [],
  cancelled: [],
  dismissed: [],
  voided: [],
  exhausted: [],
  expired: [],
  upheld: [],
  overturned: [],
  'partially-overturned': [],
  'forwarded-to-external-review': [],
}

/** States in which nobody has answered yet. */
export const OPEN_STATES = [
  'received',
  'submitted',
  'forwarding',
  'payer-unconfirmed',
  'payer-received',
  'pended',
] as const satisfies readonly AuthorizationState[]

/** @throws Error when no case may go from the one state to the other: a bug, never a caller's fault */
export function requireMove(from: AuthorizationState, to: AuthorizationState): void {
  if (!TRANSITIONS[from].includes(to)) throw new Error(`a case that is ${from} cannot become ${to}`)
}

export interface Reception extends Omit<CaseFacts, 'participants' | 'lastSequence'> {
  readonly actor: Actor
  /** Absent: those that the request itself names. */
  readonly participants?: readonly Participant[]
}

/** Opens a case: the request is on record, and nothing has been said about it. */
export function receive({ actor, participants, ...facts }: Reception): Moved<ReceivedCase> {
  const authorization: ReceivedCase = {
    ...facts,
    state: 'received',
    participants: participants ?? participantsOf(facts.request, facts.receivedFrom),
    lastSequence: 1,
  }
  const event: CaseEvent = {
    sequence: 1,
    type: 'authorization.received',
    at: facts.receivedAt,
    actor,
    facts: { door: facts.door },
  }
  return { authorization, events: [event] }
}

/**
 * Who takes part, as far as the request says: the requester, for whom the sending company acts, and each provider that
 * it names by NPI. For these no company is known here.
 */
export function participantsOf(
  request: ReviewRequest,
  receivedFrom: CaseFacts['receivedFrom'],
): readonly Participant[] {
  const { identifier } = request.requester
  const requester: Participant = {
    role: 'requester',
    organizationId: receivedFrom,
    ...(identifier?.system === 'npi' ? { npi: identifier.value } : {}),
  }
  const named = [...request.event.providers, ...request.event.lines.flatMap((line) => line.providers)]
  const byKey = new Map<string, Participant>()
  for (const provider of named) {
    if (provider.identifier?.system !== 'npi') continue
    const participant: Participant = { role: roleOf(provider), npi: provider.identifier.value }
    byKey.set(`${participant.role} ${participant.npi}`, participant)
  }
  return [requester, ...byKey.values()]
}

function roleOf(provider: Provider): Participant['role'] {
  return provider.role === 'facility' ? 'facility' : 'servicing'
}

/** The payer does not consider the request as sent (X12 AAA). @throws Error when it was considered already */
export function reject(
  authorization: ReceivedCase,
  rejections: readonly Rejection[],
  at: Instant,
): Moved<RejectedCase> {
  requireMove(authorization.state, 'rejected')
  if (rejections.length === 0) throw new Error('a rejection without a reason')
  const rejected: RejectedCase = {
    ...authorization,
    state: 'rejected',
    rejectedAt: at,
    rejections,
    lastSequence: authorization.lastSequence + 1,
  }
  const event: CaseEvent = {
    sequence: rejected.lastSequence,
    type: 'authorization.rejected',
    at,
    actor: INTAKE,
    facts: { reasons: rejections.map((rejection) => rejection.reason).join(' ') },
  }
  return { authorization: rejected, events: [event] }
}

/** What a decision needs that the case does not hold. Numbers that the outcome does not call for are not used. */
export interface Terms {
  readonly administrativeReference: string
  readonly authorizationNumber: string
  /** By when the payer owes its decision, should the case be pended. */
  readonly dueAt: Instant
}

/**
 * Puts a decision on a case: one that was just received, or one that waits.
 *
 * @throws Error when the decider may not decide this (promise 4), when the event's action is not that of its lines, or
 *               when the state does not follow: bugs, never a caller's fault
 */
export function settle(
  authorization: ReceivedCase | SubmittedCase | PendedCase,
  decided: Decided,
  at: Instant,
  terms: Terms,
): Moved {
  requireAuthority(decided, authorization.request)
  requireOwnRollUp(decided)
  if (authorization.state !== 'received' || decided.action === 'no-action-required')
    return conclude(authorization, decided, at, terms)
  const { authorization: submitted, events } = submit(authorization, at, terms)
  const concluded = conclude(submitted, decided, at, terms)
  return { authorization: concluded.authorization, events: [...events, ...concluded.events] }
}

/** The request is fit to be decided. */
function submit(authorization: ReceivedCase, at: Instant, terms: Terms): Moved<SubmittedCase> {
  requireMove(authorization.state, 'submitted')
  const { administrativeReference } = terms
  const lastSequence = authorization.lastSequence + 1
  return {
    authorization: { ...authorization, state: 'submitted', administrativeReference, lastSequence },
    events: [
      {
        sequence: lastSequence,
        type: 'authorization.submitted',
        at,
        actor: INTAKE,
        facts: { administrativeReference },
      },
    ],
  }
}

function conclude(
  authorization: ReceivedCase | SubmittedCase | PendedCase,
  decided: Decided,
  at: Instant,
  terms: Terms,
): Moved {
  const state = stateAfter(decided.action)
  requireMove(authorization.state, state)
  const common = {
    ...factsOf(authorization),
    lastSequence: authorization.lastSequence + 1,
    decided,
    decidedAt: at,
    administrativeReference:
      'administrativeReference' in authorization
        ? authorization.administrativeReference
        : terms.administrativeReference,
  }
  const { authorizationNumber } = terms
  switch (state) {
    case 'not-required':
      return announced({ ...common, state }, 'authorization.not-required')
    case 'pended':
      return announced({ ...common, state, pending: pendingOf(decided, terms.dueAt) }, 'authorization.pended')
    case 'approved':
      return announced({ ...common, state, authorizationNumber }, 'authorization.decided')
    case 'modified':
    case 'partially-approved':
      return announced(
        { ...common, decided: answeredFor(decided), state, authorizationNumber },
        'authorization.decided',
      )
    case 'denied':
      return announced({ ...common, decided: answeredFor(decided), state }, 'authorization.decided')
    case 'cancelled':
      throw new Error('cancelling a case is not a decision on it')
  }
}

type DecidedCase = Extract<Authorization, { readonly decided: Decided }>

function announced(authorization: DecidedCase, type: CaseEvent['type']): Moved {
  const { decided, administrativeReference } = authorization
  const event: CaseEvent = {
    sequence: authorization.lastSequence,
    type,
    at: authorization.decidedAt,
    actor: deciderOf(decided),
    facts: {
      by: decided.by,
      action: decided.action,
      administrativeReference,
      ...('authorizationNumber' in authorization
        ? { authorizationNumber: authorization.authorizationNumber }
        : {}),
      ...('pending' in authorization
        ? { waitingFor: authorization.pending.waitingFor, dueAt: authorization.pending.dueAt }
        : {}),
    },
    decided,
  }
  return { authorization, events: [event] }
}

const INTAKE: Actor = { kind: 'system', part: 'intake' }

function deciderOf(decided: Decided): Actor {
  if (decided.by === 'reviewer') return { kind: 'person', personId: decided.reviewerId as PersonId }
  return { kind: 'system', part: decided.by === 'machine' ? 'adjudication' : decided.by }
}

function factsOf(authorization: Authorization): CaseFacts {
  const { id, payerId, receivedFrom, door, receivedAt, request, participants, lastSequence } = authorization
  return { id, payerId, receivedFrom, door, receivedAt, request, participants, lastSequence }
}

type StateAfterDecision =
  | 'approved'
  | 'pended'
  | 'modified'
  | 'partially-approved'
  | 'denied'
  | 'not-required'
  | 'cancelled'

const STATE_AFTER: Readonly<Record<CertificationAction, StateAfterDecision>> = {
  certified: 'approved',
  'certified-partially': 'partially-approved',
  'not-certified': 'denied',
  pended: 'pended',
  modified: 'modified',
  cancelled: 'cancelled',
  // Nobody has decided; the case waits until the requester and the payer have spoken.
  'contact-payer': 'pended',
  'no-action-required': 'not-required',
}

/** The state that a case is in once its event has this action. */
export function stateAfter(action: CertificationAction): StateAfterDecision {
  return STATE_AFTER[action]
}

function pendingOf(decided: Decided, dueAt: Instant): Pending {
  const reason = decided.lines.find((line) => line.pend !== undefined)?.pend
  if (reason) return { ...reason, dueAt }
  if (decided.action === 'contact-payer')
    return { waitingFor: 'payer', text: 'The payer asks to be contacted.', dueAt }
  throw new Error('a case cannot be pended without a reason')
}

const ADVERSE: ReadonlySet<CertificationAction> = new Set([
  'certified-partially',
  'not-certified',
  'modified',
])

/** Whether an action gives less than was asked. */
export function isAdverse(action: CertificationAction): boolean {
  return ADVERSE.has(action)
}

const MACHINE_ACTIONS: ReadonlySet<CertificationAction> = new Set([
  'certified',
  'pended',
  'no-action-required',
  'contact-payer',
])

/**
 * Promise 4: a machine may approve as asked or pend; everything adverse of our own needs a reviewer, a specific reason
 * and the record it rests on. The types say so too; this catches what a cast, a rule engine or a stored row could bring.
 *
 * @throws Error when the decision breaks it
 */
export function requireAuthority(decided: Decided, request: ReviewRequest): void {
  // Another payer's answer is relayed as it came, an old one is imported as it is.
  if (decided.by === 'upstream' || decided.by === 'imported') return
  requireEveryLine(decided.lines, request)
  if (decided.by === 'machine') requireAsAsked(decided, request)
  if (decided.by === 'reviewer') requireReasons(decided)
}

/** A line without an outcome would be a reduction that nobody signed. */
function requireEveryLine(lines: readonly LineOutcome[], request: ReviewRequest): void {
  const asked = request.event.lines.length === 0 ? [0] : request.event.lines.map((line) => line.number)
  const answered = new Set(lines.map((line) => line.line))
  if (lines.length !== asked.length || !asked.every((line) => answered.has(line)))
    throw new Error('a decision must answer each service line once')
}

function requireAsAsked(decided: Extract<Decided, { by: 'machine' }>, request: ReviewRequest): void {
  const actions: readonly CertificationAction[] = [
    decided.action,
    ...decided.lines.map((line) => line.action),
  ]
  if (!actions.every((action) => MACHINE_ACTIONS.has(action)))
    throw new Error('a machine may only approve as asked or pend')
  for (const outcome of decided.lines) {
    const line = request.event.lines.find((candidate) => candidate.number === outcome.line)
    const period = line?.period ?? request.event.period
    if (isLess(outcome.certifiedQuantity, line?.quantity) || isShorter(outcome.certifiedPeriod, period))
      throw new Error('a machine may not certify less than was asked')
  }
}

/** What cannot be compared (another unit, no number) counts as less. */
function isLess(certified: Quantity | undefined, asked: Quantity | undefined): boolean {
  if (!certified || !asked) return false
  return certified.unit !== asked.unit || !(Number(certified.value) >= Number(asked.value))
}

function isShorter(certified: DatePeriod | undefined, asked: DatePeriod | undefined): boolean {
  if (!certified || !asked) return false
  return certified.from > asked.from || certified.until < asked.until
}

function requireReasons(decided: Extract<Decided, { by: 'reviewer' }>): void {
  if (decided.reviewerId === '') throw new Error('a reviewer has an id')
  const unexplained = decided.lines.filter(
    (line) => isAdverse(line.action) && (!line.message || line.grounds.length === 0),
  )
  if (unexplained.length > 0)
    throw new Error('an adverse decision needs a specific reason and the record it rests on')
}

/** Narrows to a decision that somebody answers for. @throws Error for a machine's */
function answeredFor(decided: Decided): AnsweredFor {
  if (decided.by === 'machine') throw new Error('a machine may only approve as asked or pend')
  return decided
}

/** Ours follow the one table; another payer's answer is relayed with the action it came with. */
function requireOwnRollUp(decided: Decided): void {
  if (decided.by === 'upstream' || decided.by === 'imported') return
  const action = rollUp(decided.lines.map((line) => line.action))
  if (action !== decided.action)
    throw new Error(`lines that come to ${action} cannot make an event that is ${decided.action}`)
}
