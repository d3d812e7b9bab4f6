import type { Authorization, Moved, PendedCase, ReceivedCase } from '../../core/authorization.ts'
import { type Cancellable, cancel, reject, settle, type Terms } from '../../core/lifecycle.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Forced } from '../simulator/index.ts'
import type { ExchangeDeps } from './deps.ts'
import type { Submission } from './model.ts'

/** What deadlines and expiries are read by: in the sandbox a clock of the company's own, which may be ahead. */
export async function businessTime({ simulator }: ExchangeDeps, tx: Tx, at: Instant): Promise<Instant> {
  return simulator ? simulator.businessTime(tx, at) : at
}

/** Has a case that waits certified when its time has come, where that was asked for. */
export async function scheduleAfterwards(
  { simulator }: ExchangeDeps,
  tx: Tx,
  forced: Forced,
  authorization: PendedCase,
  at: Instant,
): Promise<void> {
  if (forced.kind === 'decided' && forced.afterwards === 'approved-later')
    await simulator?.schedule(tx, authorization, at)
}

export const SIMULATOR: Actor = { kind: 'system', part: 'simulator' }

/** What the sandbox is to make of a submission; undefined when rules and policies decide, as always in production. */
export function forcedFor(
  { simulator }: ExchangeDeps,
  { scenario, request }: Submission,
): Forced | undefined {
  return scenario && simulator?.force(scenario, request)
}

/** Brings a case to where the sandbox was asked to have it, move by move, as a payer would. */
export function simulate(received: Moved<ReceivedCase>, forced: Forced, at: Instant, terms: Terms): Moved {
  if (forced.kind === 'rejected') {
    const rejected = reject(received.authorization, forced.rejections, at)
    return after(received.events, rejected)
  }
  const decided = forced.steps.reduce<Moved>(
    ({ authorization, events }, step) => after(events, settle(undecided(authorization), step, at, terms)),
    received,
  )
  if (forced.afterwards !== 'cancelled') return decided
  // It was just certified.
  return after(decided.events, cancel(decided.authorization as Cancellable, SIMULATOR, at))
}

function after(earlier: Moved['events'], { authorization, events }: Moved): Moved {
  return { authorization, events: [...earlier, ...events] }
}

function undecided(authorization: Authorization): ReceivedCase | PendedCase {
  if (authorization.state === 'received' || authorization.state === 'pended') return authorization
  throw new Error(`a case that is ${authorization.state} is not decided again`)
}
