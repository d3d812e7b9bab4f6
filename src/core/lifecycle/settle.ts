/** How a case is answered: rejected as sent, decided, or left to wait. */
import type { Actor } from '../../kernel/actor.ts'
import type { PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type {
  AnsweredFor,
  Authorization,
  CaseEvent,
  CaseFacts,
  ForwardedCase,
  Moved,
  PendedCase,
  Pending,
  ReceivedCase,
  RejectedCase,
  SubmittedCase,
} from '../authorization.ts'
import type { CertificationAction, Decided, Rejection } from '../decision.ts'
import { requireAuthority, requireOwnRollUp } from './authority.ts'
import { requireMove } from './transitions.ts'

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
export function submit(
  authorization: ReceivedCase,
  at: Instant,
  terms: Pick<Terms, 'administrativeReference'>,
): Moved<SubmittedCase> {
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

/** Puts a decision on a case whose decider was looked at. A reference that the case has stays. */
export function conclude(
  authorization: ReceivedCase | SubmittedCase | ForwardedCase | PendedCase,
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

/** Who a decision is put down to. */
export function deciderOf(decided: Decided): Actor {
  if (decided.by === 'reviewer') return { kind: 'person', personId: decided.reviewerId as PersonId }
  return { kind: 'system', part: decided.by === 'machine' ? 'adjudication' : decided.by }
}

/** What is true of a case whatever becomes of it. */
export function factsOf(authorization: Authorization): CaseFacts {
  const { id, payerId, receivedFrom, door, receivedAt, request, participants, lastSequence, follows } =
    authorization
  return {
    ...{ id, payerId, receivedFrom, door, receivedAt, request, participants, lastSequence },
    ...(follows === undefined ? {} : { follows }),
  }
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
function stateAfter(action: CertificationAction): StateAfterDecision {
  return STATE_AFTER[action]
}

function pendingOf(decided: Decided, dueAt: Instant): Pending {
  const reason = decided.lines.find((line) => line.pend !== undefined)?.pend
  if (reason) return { ...reason, dueAt }
  if (decided.action === 'contact-payer')
    return { waitingFor: 'payer', text: 'The payer asks to be contacted.', dueAt }
  if (decided.by === 'upstream')
    return { waitingFor: 'payer', text: 'The payer has the request and has not decided yet.', dueAt }
  throw new Error('a case cannot be pended without a reason')
}

/** Narrows to a decision that somebody answers for. @throws Error for a machine's */
function answeredFor(decided: Decided): AnsweredFor {
  if (decided.by === 'machine') throw new Error('a machine may only approve as asked or pend')
  return decided
}
