import type { Instant } from '../../kernel/time.ts'
import type { Database, Tx } from '../../platform/database/index.ts'
import { deleteExpired, deleteExpiredInterchanges } from './store.ts'

const BATCH = 1000

/**
 * Removes answers that are past their 24 hours, and the numbers of interchanges that are; a thousand to a transaction. For the
 * worker.
 *
 * @returns how many were removed
 */
export async function pruneAnswers(database: Database, at: Instant): Promise<number> {
  return (await prune(database, at, deleteExpired)) + (await prune(database, at, deleteExpiredInterchanges))
}

async function prune(
  database: Database,
  at: Instant,
  remove: (tx: Tx, at: Instant, limit: number) => Promise<number>,
): Promise<number> {
  let removed = 0
  for (;;) {
    const batch = await database.transaction({ role: 'worker' }, (tx) => remove(tx, at, BATCH))
    removed += batch
    if (batch < BATCH) return removed
  }
}
