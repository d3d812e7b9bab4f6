import type { Instant } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import { deleteExpired } from './store.ts'

const BATCH = 1000

/**
 * Removes answers that are past their 24 hours, a thousand to a transaction. For the worker.
 *
 * @returns how many were removed
 */
export async function pruneAnswers(database: Database, at: Instant): Promise<number> {
  let removed = 0
  for (;;) {
    const batch = await database.transaction({ role: 'worker' }, (tx) => deleteExpired(tx, at, BATCH))
    removed += batch
    if (batch < BATCH) return removed
  }
}
