/** A case that somebody else decides: it is passed on, perhaps more than once, and what its payer says is put on it. */
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/time.ts'
import type {
  Authorization,
  CaseEvent,
  ForwardedCase,
  Moved,
  PendedCase,
  ReceivedCase,
  RejectedCase,
} from '../authorization.ts'
import type { Decided, Rejection } from '../decision.ts'
import { conclude, factsOf, submit, type Terms } from './settle.ts'
import { requireMove } from './transitions.ts'

/** Who carries a case to its payer, and tells of it. */
const FORWARDING: Actor = { kind: 'system', part: 'forwarding' }
const UPSTREAM: Actor = { kind: 'system', part: 'upstream' }

/** What is sent, as a case's events tell of it. */
export interface Delivery {
  /** Ours: the payer repeats it. */
  readonly trace: string
  /** What it asks for. */
  readonly purpose: string
}

/** Passes a case on that was just received. Nothing is known of what becomes of it. */
export function forward(
  received: ReceivedCase,
  delivery: Delivery,
  terms: Pick<Terms, 'administrativeReference'>,
  at: Instant,
): Moved<ForwardedCase> {
  const { authorization: submitted, events } = submit(received, at, terms)
  requireMove(submitted.state, 'forwarding')
  const forwarding: ForwardedCase = {
    ...submitted,
    state: 'forwarding',
    lastSequence: submitted.lastSequence + 1,
  }
  return {
    authorization: forwarding,
    events: [...events, told(forwarding, 'authorization.forwarding', at, FORWARDING, { ...delivery })],
  }
}

/** What is asked of a case that there is already goes to its payer: until that has answered the case stands as it stood. */
export function askedOn<Case extends Authorization>(
  authorization: Case,
  delivery: Delivery,
  at: Instant,
): Moved<Case> {
  const same = { ...authorization, lastSequence: authorization.lastSequence + 1 }
  return {
    authorization: same,
    events: [told(same, 'authorization.forwarding', at, FORWARDING, { ...delivery })],
  }
}

/**
 * An attempt came to nothing, and there will be another. One that may have arrived makes the case unconfirmed, whatever the
 * attempts after it come to. Of a case that the payer knows already, the events alone tell.
 *
 * @param why a word of ours for what went wrong
 */
export function retryLater<Case extends Authorization>(
  authorization: Case,
  { isUnsure, why, nextAt }: { readonly isUnsure: boolean; readonly why: string; readonly nextAt: Instant },
  at: Instant,
): Moved<Case> {
  const becomes = isUnsure && authorization.state === 'forwarding'
  if (becomes) requireMove(authorization.state, 'payer-unconfirmed')
  const first = { ...authorization, lastSequence: authorization.lastSequence + 1 }
  const unconfirmed = becomes
    ? [told(first, 'authorization.payer-unconfirmed', at, FORWARDING, { because: why })]
    : []
  const last = becomes
    ? { ...first, state: 'payer-unconfirmed', lastSequence: first.lastSequence + 1 }
    : first
  const scheduled = told(last, 'authorization.retry-scheduled', at, FORWARDING, { because: why, nextAt })
  return { authorization: last as Case, events: [...unconfirmed, scheduled] }
}

/** The payer has it, and has not answered. @param by how we know: `TA1`, `999`, `duplicate`, `inquiry`, `answer` */
export function payerHas(authorization: ForwardedCase, by: string, at: Instant): Moved<ForwardedCase> {
  if (authorization.state === 'payer-received') return { authorization, events: [] }
  requireMove(authorization.state, 'payer-received')
  const has: ForwardedCase = {
    ...authorization,
    state: 'payer-received',
    lastSequence: authorization.lastSequence + 1,
  }
  return { authorization: has, events: [told(has, 'authorization.payer-received', at, UPSTREAM, { by })] }
}

/** The case is given up, or its payer does not consider it: the answer is a rejection (X12 AAA). */
export function abandon(
  authorization: ForwardedCase,
  rejections: readonly Rejection[],
  by: 'payer' | 'us',
  at: Instant,
): Moved<RejectedCase> {
  requireMove(authorization.state, 'rejected')
  if (rejections.length === 0) throw new Error('a rejection without a reason')
  const { state: was } = authorization
  const rejected: RejectedCase = {
    ...factsOf(authorization),
    state: 'rejected',
    rejectedAt: at,
    rejections,
    lastSequence: authorization.lastSequence + 1,
  }
  const reasons = rejections.map(({ reason }) => reason).join(' ')
  const actor = by === 'payer' ? UPSTREAM : FORWARDING
  return {
    authorization: rejected,
    events: [told(rejected, 'authorization.rejected', at, actor, { reasons, was })],
  }
}

/** What was asked of a case that there is already was not taken, or could not be brought to the payer: it stands as it stood. */
export function payerRefuses<Case extends Authorization>(
  authorization: Case,
  purpose: string,
  rejections: readonly Rejection[],
  at: Instant,
): Moved<Case> {
  const same = { ...authorization, lastSequence: authorization.lastSequence + 1 }
  const reasons = rejections.map(({ reason }) => reason).join(' ')
  return {
    authorization: same,
    events: [told(same, 'authorization.payer-refused', at, UPSTREAM, { purpose, reasons })],
  }
}

/** The payer's own numbers, which a claim carries and an inquiry names; and by when it owes a decision that it put off. */
export type PayersTerms = Terms

export type UpstreamDecided = Extract<Decided, { by: 'upstream' }>

/**
 * Puts the payer's own answer on a case, as it came: whatever it is, it is the payer's to say (promise 4).
 *
 * @throws Error when the state does not follow: a bug, never a payer's fault
 */
export function relay(
  authorization: ForwardedCase | PendedCase,
  decided: UpstreamDecided,
  terms: PayersTerms,
  at: Instant,
): Moved {
  const here: Moved<ForwardedCase | PendedCase> =
    authorization.state === 'pended' ? { authorization, events: [] } : payerHas(authorization, 'answer', at)
  const named = { ...here.authorization, administrativeReference: terms.administrativeReference }
  const { events } = here
  if (decided.action !== 'cancelled') return after(events, conclude(named, decided, at, terms))
  return after(events, takenBack(named, decided, at))
}

/** The payer says that it was cancelled: a request that nobody decided was taken back. */
function takenBack(authorization: ForwardedCase | PendedCase, decided: UpstreamDecided, at: Instant): Moved {
  requireMove(authorization.state, 'withdrawn')
  const withdrawn = {
    ...factsOf(authorization),
    administrativeReference: authorization.administrativeReference,
    state: 'withdrawn',
    decided,
    decidedAt: at,
    endedAt: at,
    lastSequence: authorization.lastSequence + 1,
  } as const
  const facts = { was: authorization.state }
  return {
    authorization: withdrawn,
    events: [told(withdrawn, 'authorization.withdrawn', at, UPSTREAM, facts)],
  }
}

function after(earlier: readonly CaseEvent[], { authorization, events }: Moved): Moved {
  return { authorization, events: [...earlier, ...events] }
}

function told(
  { lastSequence }: Pick<Authorization, 'lastSequence'>,
  type: CaseEvent['type'],
  at: Instant,
  actor: Actor,
  facts: CaseEvent['facts'],
): CaseEvent {
  return { sequence: lastSequence, type, at, actor, facts }
}
