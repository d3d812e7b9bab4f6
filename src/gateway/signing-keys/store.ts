import { sql } from 'kysely'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'

type KeyTables = {
  signing_keys: {
    kid: string
    alg: string
    public_jwk: unknown
    private_key_sealed: Uint8Array
    created_at: string
    retire_at: string | null
  }
}

const tables = (tx: Tx) => tx.withTables<KeyTables>()
const text = (moment: Instant) => new Date(moment).toISOString()

export interface StoredKey {
  readonly kid: string
  readonly publicJwk: unknown
  readonly sealed: Uint8Array
}

/** Whether this environment has ever issued tokens: then what its vault sealed is in the database. */
export async function hasSigningKey(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select exists (select from signing_keys) as found`.execute(
    tx,
  )
  return rows[0]?.found === true
}

/** Waits until no other node is making keys; held until the end of the transaction. */
export async function lockSigningKeys(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(current_schema() || '.signing_keys'))`.execute(tx)
}

/** The keys that have not retired, newest first. */
export async function signingKeys(tx: Tx, now: Instant): Promise<readonly StoredKey[]> {
  const rows = await tables(tx)
    .selectFrom('signing_keys')
    .where((or) => or.or([or('retire_at', 'is', null), or('retire_at', '>', text(now))]))
    .select(['kid', 'public_jwk', 'private_key_sealed'])
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map((row) => ({ kid: row.kid, publicJwk: row.public_jwk, sealed: row.private_key_sealed }))
}

export async function saveSigningKey(tx: Tx, key: StoredKey, now: Instant): Promise<void> {
  await tables(tx)
    .insertInto('signing_keys')
    .values({
      kid: key.kid,
      alg: 'ES256',
      public_jwk: JSON.stringify(key.publicJwk),
      private_key_sealed: key.sealed,
      created_at: text(now),
      retire_at: null,
    })
    .execute()
}
