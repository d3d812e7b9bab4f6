import { sql } from 'kysely'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { KeyMoments } from './timeline.ts'

export interface StoredKey extends KeyMoments {
  readonly publicJwk: unknown
  /** The private half, sealed; undefined when it was destroyed. */
  readonly sealed: Uint8Array | undefined
}

const text = (moment: Instant) => new Date(moment).toISOString()

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

/** The keys that have not retired, the one that signs last first. */
export async function signingKeys(tx: Tx, now: Instant): Promise<readonly StoredKey[]> {
  const { rows } = await sql<{
    kid: string
    public_jwk: unknown
    private_key_sealed: Uint8Array | null
    published_ms: number
    signs_ms: number
    retire_ms: number | null
  }>`
    select kid, public_jwk, private_key_sealed,
      extract(epoch from published_at)::float8 * 1000 as published_ms,
      extract(epoch from signs_from)::float8 * 1000 as signs_ms,
      extract(epoch from retire_at)::float8 * 1000 as retire_ms
    from signing_keys where retire_at is null or retire_at > ${text(now)}::timestamptz
    order by signs_from desc, kid desc`.execute(tx)
  const instant = (ms: number) => Math.round(Number(ms)) as Instant
  return rows.map((row) => ({
    kid: row.kid,
    publicJwk: row.public_jwk,
    sealed: row.private_key_sealed ?? undefined,
    publishedAt: instant(row.published_ms),
    signsFrom: instant(row.signs_ms),
    retireAt: row.retire_ms === null ? undefined : instant(row.retire_ms),
  }))
}

export async function saveSigningKey(tx: Tx, key: StoredKey): Promise<void> {
  await sql`
    insert into signing_keys (kid, alg, public_jwk, private_key_sealed, published_at, signs_from, retire_at)
    values (${key.kid}, 'ES256', ${JSON.stringify(key.publicJwk)}::jsonb, ${key.sealed ?? null},
      ${text(key.publishedAt)}::timestamptz, ${text(key.signsFrom)}::timestamptz, null)`.execute(tx)
}

/** Says when a key retires. */
export async function retireKey(tx: Tx, kid: string, at: Instant): Promise<void> {
  await sql`update signing_keys set retire_at = ${text(at)}::timestamptz where kid = ${kid}`.execute(tx)
}

/**
 * Removes the private half of keys that sign no more: retired, or with a successor that began before `begunBefore`.
 *
 * @returns how many
 */
export async function destroyPrivateHalves(tx: Tx, now: Instant, begunBefore: Instant): Promise<number> {
  const { numAffectedRows } = await sql`
    update signing_keys as old set private_key_sealed = null
    where private_key_sealed is not null and (
      retire_at <= ${text(now)}::timestamptz
      or exists (select from signing_keys as successor where successor.signs_from > old.signs_from
        and successor.signs_from <= ${text(begunBefore)}::timestamptz))`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}
