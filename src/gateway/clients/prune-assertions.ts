import type { Instant } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import { deleteSpent } from './key-store.ts'

const BATCH = 1000

/**
 * Forgets spent assertions that are past their time, a thousand to a transaction. For the worker.
 *
 * @returns how many were removed
 */
export async function pruneAssertions(database: Database, at: Instant): Promise<number> {
  let removed = 0
  for (;;) {
    const batch = await database.transaction({ role: 'worker' }, (tx) => deleteSpent(tx, at, BATCH))
    removed += batch
    if (batch < BATCH) return removed
  }
}
