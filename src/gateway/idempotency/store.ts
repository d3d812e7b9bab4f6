import { sql } from 'kysely'
import type { OrganizationId, PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'

/** Which row: the key itself is kept as its keyed hash alone. */
export interface KeyPlace {
  readonly organizationId: OrganizationId
  readonly route: string
  readonly keyHash: Uint8Array
}

export interface KeptAnswer {
  readonly fingerprint: Uint8Array
  readonly request_id: string
  readonly payer_id: PayerId | null
  readonly sealed_answer: Uint8Array
}

/**
 * Takes the key for this transaction, without waiting for whoever holds it.
 *
 * The lock has the whole database in common, so its number must be told apart by schema.
 *
 * @returns false when another transaction holds it; never on the embedded engine, where transactions take turns
 */
export async function tryLock(tx: Tx, number: bigint): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${number.toString()}::bigint) as taken`.execute(tx)
  return rows[0]?.taken === true
}

/** Its own statement, after the lock: only then does it see what the last holder committed. */
export async function selectAnswer(tx: Tx, place: KeyPlace, at: Instant): Promise<KeptAnswer | undefined> {
  const { rows } = await sql<KeptAnswer>`
    select fingerprint, request_id, payer_id, sealed_answer from idempotency_keys
    where organization_id = ${place.organizationId} and route = ${place.route} and key_hash = ${place.keyHash}
      and expires_at > ${momentOf(at)}::timestamptz`.execute(tx)
  return rows[0]
}

/** Keeps an answer, in place of one that has expired. @throws Error when there is one that has not */
export async function insertAnswer(
  tx: Tx,
  place: KeyPlace,
  answer: KeptAnswer,
  at: Instant,
  expiresAt: Instant,
): Promise<void> {
  const { rows } = await sql`
    insert into idempotency_keys (organization_id, route, key_hash, fingerprint, request_id, payer_id, sealed_answer,
      created_at, expires_at)
    values (${place.organizationId}, ${place.route}, ${place.keyHash}, ${answer.fingerprint}, ${answer.request_id},
      ${answer.payer_id}, ${answer.sealed_answer}, ${momentOf(at)}::timestamptz, ${momentOf(expiresAt)}::timestamptz)
    on conflict (organization_id, route, key_hash) do update set
      fingerprint = excluded.fingerprint, request_id = excluded.request_id, payer_id = excluded.payer_id,
      sealed_answer = excluded.sealed_answer, created_at = excluded.created_at, expires_at = excluded.expires_at
    where idempotency_keys.expires_at <= excluded.created_at
    returning 1`.execute(tx)
  if (rows.length === 0) throw new Error('an answer was kept under this key without holding its lock')
}

/** Removes expired rows, oldest first. @returns how many */
export async function deleteExpired(tx: Tx, at: Instant, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotency_keys
    using (
      select organization_id, route, key_hash from idempotency_keys
      where expires_at <= ${momentOf(at)}::timestamptz order by expires_at limit ${limit}
    ) as expired
    where idempotency_keys.organization_id = expired.organization_id and idempotency_keys.route = expired.route
      and idempotency_keys.key_hash = expired.key_hash`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}

function momentOf(instant: Instant): string {
  return new Date(instant).toISOString()
}
