import { sql } from 'kysely'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { ClientKey } from './key.ts'
import type { KeySet } from './key-set.ts'
import { tables, text } from './tables.ts'

/** What the client that the session names proves itself with; undefined when it has no keys. */
export async function findKeySet(tx: Tx, clientId: string): Promise<KeySet | undefined> {
  const row = await tables(tx)
    .selectFrom('client_key_sets')
    .where('client_id', '=', clientId)
    .select(['jwks', 'jwks_uri'])
    .executeTakeFirst()
  if (!row) return undefined
  return row.jwks_uri === null
    ? { keys: (row.jwks as { readonly keys: readonly ClientKey[] }).keys }
    : { jwksUri: row.jwks_uri }
}

/** Puts a client's keys in place of those that it had. */
export async function saveKeySet(tx: Tx, clientId: string, keySet: KeySet, now: Instant): Promise<void> {
  const row = {
    jwks: 'keys' in keySet ? JSON.stringify({ keys: keySet.keys }) : null,
    jwks_uri: 'jwksUri' in keySet ? keySet.jwksUri : null,
    updated_at: text(now),
  }
  await tables(tx)
    .insertInto('client_key_sets')
    .values({ client_id: clientId, ...row, last_used_at: null, last_used_kid: null })
    .onConflict((conflict) => conflict.column('client_id').doUpdateSet(row))
    .execute()
}

/** An assertion that has been found right in every other respect. */
export interface Spending {
  readonly clientId: string
  /** SHA-256, 32 bytes. */
  readonly jtiHash: Uint8Array
  /** From when no node would accept it anyway. */
  readonly expiresAt: Instant
}

/**
 * Spends an assertion. Of several at once, on whichever nodes, one succeeds: the others wait for it to commit.
 *
 * @returns false when it was spent before
 */
export async function spendAssertion(tx: Tx, { clientId, jtiHash, expiresAt }: Spending): Promise<boolean> {
  const [{ numInsertedOrUpdatedRows } = {}] = await tables(tx)
    .insertInto('spent_assertions')
    .values({ client_id: clientId, jti_hash: jtiHash, expires_at: text(expiresAt) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return numInsertedOrUpdatedRows === 1n
}

/** Notes which key was used, unless the same was noted after `unlessSince`. */
export async function touchKeySet(
  tx: Tx,
  { clientId, kid }: { readonly clientId: string; readonly kid: string | undefined },
  at: Instant,
  unlessSince: Instant,
): Promise<void> {
  await tables(tx)
    .updateTable('client_key_sets')
    .set({ last_used_at: text(at), last_used_kid: kid ?? null })
    .where('client_id', '=', clientId)
    .where((or) =>
      or.or([
        or('last_used_at', 'is', null),
        or('last_used_at', '<=', text(unlessSince)),
        or('last_used_kid', 'is distinct from', kid ?? null),
      ]),
    )
    .execute()
}

/** Removes assertions that nobody would accept any more, oldest first. @returns how many */
export async function deleteSpent(tx: Tx, at: Instant, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from spent_assertions
    using (
      select client_id, jti_hash from spent_assertions
      where expires_at <= ${text(at)}::timestamptz order by expires_at limit ${limit}
    ) as expired
    where spent_assertions.client_id = expired.client_id and spent_assertions.jti_hash = expired.jti_hash`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0n)
}
