import type { Instant } from '../../kernel/time.ts'
import type { SubscriptionsDeps } from './deps.ts'
import * as store from './store.ts'

/** How long a gateway may take to acknowledge that something was taken away. */
export const ALARM_AFTER_MS = 30_000

/**
 * Raises the alarm while a gateway has not acknowledged, for half a minute, a grant that takes something away: the company
 * can still do there what it no longer may.
 *
 * @returns how many grants of any kind wait
 * @throws Error naming each such grant and its environment
 */
export async function requireAcknowledged({
  database,
  clock,
}: Pick<SubscriptionsDeps, 'database' | 'clock'>): Promise<{ readonly pending: number }> {
  const before = (clock.now() - ALARM_AFTER_MS) as Instant
  const { pending, overdue } = await database.transaction({ role: 'worker' }, async (tx) => ({
    pending: await store.countPending(tx),
    overdue: await store.findOverdueWithdrawals(tx, before),
  }))
  if (overdue.length === 0) return { pending }
  const named = overdue.map(({ id, environment }) => `${id} (${environment})`).join(', ')
  throw new Error(`a gateway has not acknowledged that something was taken away: ${named}`)
}
