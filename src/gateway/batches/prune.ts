import type { Instant } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import { KEPT_DAYS } from './model.ts'
import { deleteOld } from './store.ts'

/** Longer than any upload may take: what is still being received after it never will be. */
const BROKEN_AFTER_MS = 10 * 60_000
const DAY_MS = 86_400_000
const AT_ONCE = 100

/** Removes batches that are past their time, and uploads whose node died. For the worker. @returns how many */
export async function pruneBatches(database: Database, at: Instant): Promise<number> {
  const brokenBefore = new Date(at - BROKEN_AFTER_MS).toISOString()
  const keptSince = new Date(at - KEPT_DAYS * DAY_MS).toISOString()
  let removed = 0
  for (;;) {
    const some = await database.transaction({ role: 'worker' }, (tx) =>
      deleteOld(tx, { brokenBefore, keptSince }),
    )
    removed += some
    if (some < AT_ONCE) return removed
  }
}
