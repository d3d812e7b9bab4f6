import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'

/** Holds off other processes that seed the same sandbox until this transaction ends. */
export async function lockSeeding(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('seed'), 0)`.execute(tx)
}
