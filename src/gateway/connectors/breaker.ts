import type { PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import * as store from './store.ts'

/** Failures in a row after which nobody is sent to a payer, and for how long, in ms; then one attempt tries it. */
export const MOST_FAILURES = 5
export const SHUT_FOR_MS = 60_000

/**
 * Whether a payer may be tried now. What failed five times in a row is left alone for a minute, by every process; then one
 * attempt finds out for all.
 *
 * @param tx as `worker`
 */
export async function mayTry(tx: Tx, payerId: PayerId, at: Instant): Promise<boolean> {
  const until = await store.selectShutUntil(tx, payerId)
  if (until === undefined) return true
  if (until > at) return false
  return store.takeTrial(tx, payerId, at, (at + SHUT_FOR_MS) as Instant)
}

/** @param isWell whether the payer said anything that it says on purpose */
export function noteOutcome(tx: Tx, payerId: PayerId, isWell: boolean, at: Instant): Promise<void> {
  return isWell
    ? store.clearFailures(tx, payerId)
    : store.countFailure(tx, payerId, MOST_FAILURES, (at + SHUT_FOR_MS) as Instant)
}
