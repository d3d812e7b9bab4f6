import type { Instant } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import { deleteEndedTokens } from './revocation-store.ts'

/** How long a row outlives its token, in ms: for nodes whose clocks are behind. */
const KEPT_MS = 5 * 60_000

/** Forgets revoked tokens that have ended by themselves. @returns how many */
export function pruneRevokedTokens(database: Database, now: Instant): Promise<number> {
  return database.transaction({ role: 'worker' }, (tx) => deleteEndedTokens(tx, (now - KEPT_MS) as Instant))
}
