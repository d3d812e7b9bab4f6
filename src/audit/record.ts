import type { Random } from '../kernel/ids.ts'
import type { Tx } from '../platform/database/index.ts'
import { secureRandom } from '../platform/secrets/index.ts'
import { type AuditEntry, rowOf } from './entry.ts'
import { insertEntries } from './store.ts'

/**
 * Writes an entry in the transaction of the fact that it tells of: both are kept, or neither.
 *
 * In a tenant's transaction the entry must belong to that tenant; an entry of the platform's own does by itself.
 */
export async function record(tx: Tx, entry: AuditEntry, random: Random = secureRandom): Promise<void> {
  await insertEntries([rowOf(entry, random)]).execute(tx)
}
