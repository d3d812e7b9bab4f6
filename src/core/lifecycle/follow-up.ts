/** What becomes of a case after its answer: taken back, given up, contested, or gone on from. */
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/time.ts'
import type {
  Appeal,
  AppealedCase,
  ApprovedCase,
  Authorization,
  CancelledCase,
  CaseEvent,
  DeniedCase,
  Moved,
  PendedCase,
  ReducedCase,
  SupersededCase,
  WithdrawnCase,
} from '../authorization.ts'
import { deciderOf, factsOf } from './settle.ts'
import { requireMove } from './transitions.ts'

/** What the requester may still end. */
export type Cancellable = PendedCase | AppealedCase | ApprovedCase | ReducedCase

/**
 * Ends a case because its requester no longer wants it: withdrawn while the payer owes a decision, cancelled after that.
 * A case under appeal ends whole, with what was certified of it.
 */
export function cancel(
  authorization: Cancellable,
  actor: Actor,
  at: Instant,
): Moved<WithdrawnCase | CancelledCase> {
  const isDecided = authorization.state !== 'pended' && authorization.state !== 'appealed'
  const state = isDecided ? 'cancelled' : 'withdrawn'
  requireMove(authorization.state, state)
  const { decided, decidedAt, administrativeReference } = authorization
  const common = { ...nextOf(authorization), decided, decidedAt, administrativeReference, endedAt: at }
  const ended: WithdrawnCase | CancelledCase = isDecided
    ? { ...common, state: 'cancelled', authorizationNumber: authorization.authorizationNumber }
    : { ...common, state: 'withdrawn' }
  return told(ended, `authorization.${state}`, at, actor, { was: authorization.state })
}

/** What can be contested: a decision that gave less than was asked. */
export type Appealable = DeniedCase | ReducedCase

/** Has a decision looked at again, by its own clock. Only a reviewer ends it: the types hold no machine's decision here. */
export function appeal(authorization: Appealable, contested: Appeal, actor: Actor): Moved<AppealedCase> {
  requireMove(authorization.state, 'appealed')
  const { decided, decidedAt, administrativeReference } = authorization
  const appealed: AppealedCase = {
    ...nextOf(authorization),
    state: 'appealed',
    appeal: contested,
    decided,
    decidedAt,
    administrativeReference,
    ...('authorizationNumber' in authorization
      ? { authorizationNumber: authorization.authorizationNumber }
      : {}),
  }
  return told(appealed, 'authorization.appealed', contested.receivedAt, actor, {
    was: authorization.state,
    kind: contested.kind,
    dueAt: contested.dueAt,
  })
}

/** What another case can take the place of. */
export type Supersedable = ApprovedCase | ReducedCase

/**
 * Lets a certified case take the place of the one that it revises or extends.
 *
 * @param successor the case that follows; it was just certified, in full or in part
 */
export function supersede(
  authorization: Supersedable,
  state: 'revised' | 'extended',
  successor: Supersedable,
): Moved<SupersededCase> {
  requireMove(authorization.state, state)
  if (successor.follows !== authorization.id)
    throw new Error(`case ${successor.id} does not follow ${authorization.id}`)
  const { decided, decidedAt, administrativeReference, authorizationNumber } = authorization
  const superseded: SupersededCase = {
    ...nextOf(authorization),
    ...{ state, decided, decidedAt, administrativeReference, authorizationNumber },
    endedAt: successor.decidedAt,
    successor: { id: successor.id, authorizationNumber: successor.authorizationNumber },
  }
  return told(superseded, `authorization.${state}`, successor.decidedAt, deciderOf(successor.decided), {
    was: authorization.state,
    by: successor.id,
    authorizationNumber: successor.authorizationNumber,
  })
}

function nextOf(authorization: Authorization) {
  return { ...factsOf(authorization), lastSequence: authorization.lastSequence + 1 }
}

function told<Case extends Authorization>(
  authorization: Case,
  type: CaseEvent['type'],
  at: Instant,
  actor: Actor,
  facts: CaseEvent['facts'],
): Moved<Case> {
  return { authorization, events: [{ sequence: authorization.lastSequence, type, at, actor, facts }] }
}
