import { sql } from 'kysely'
import type { OrganizationId, PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { InterchangeNumbers } from './model.ts'

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
  /** What it tells of, while the answer is not the last one. */
  readonly tells_of: string | null
  /** Until when whoever asks again is told that it is being answered; a moment. */
  readonly busy_until: string | null
}

/**
 * Takes the key for this transaction, without waiting for whoever holds it, and reads what is kept under it.
 *
 * @param lockNumber the whole server has these in common, so it must be told apart by schema
 * @returns 'held' when another transaction holds the key, which never happens on the embedded engine, where transactions
 *          take turns; undefined when nothing is kept
 */
export async function takeKey(
  tx: Tx,
  place: KeyPlace,
  lockNumber: bigint,
  at: Instant,
): Promise<KeptAnswer | 'held' | undefined> {
  const { rows } = await sql<{ taken: boolean } & (KeptAnswer | { fingerprint: null })>`
    select * from take_idempotency_key(${lockNumber.toString()}::bigint, ${place.organizationId}, ${place.route},
      ${place.keyHash}, ${momentOf(at)}::timestamptz)`.execute(tx)
  const [row] = rows
  if (!row?.taken) return 'held'
  return row.fingerprint === null ? undefined : row
}

/** Keeps an answer, in place of one that has expired or was not the last. @throws Error when there is another */
export async function insertAnswer(
  tx: Tx,
  place: KeyPlace,
  answer: KeptAnswer,
  at: Instant,
  expiresAt: Instant,
): Promise<void> {
  const { rows } = await sql`
    insert into idempotency_keys (organization_id, route, key_hash, fingerprint, request_id, payer_id, sealed_answer,
      created_at, expires_at, tells_of, busy_until)
    values (${place.organizationId}, ${place.route}, ${place.keyHash}, ${answer.fingerprint}, ${answer.request_id},
      ${answer.payer_id}, ${answer.sealed_answer}, ${momentOf(at)}::timestamptz, ${momentOf(expiresAt)}::timestamptz,
      ${answer.tells_of}, ${answer.busy_until}::timestamptz)
    on conflict (organization_id, route, key_hash) do update set
      fingerprint = excluded.fingerprint, request_id = excluded.request_id, payer_id = excluded.payer_id,
      sealed_answer = excluded.sealed_answer, created_at = excluded.created_at, expires_at = excluded.expires_at,
      tells_of = excluded.tells_of, busy_until = excluded.busy_until
    where idempotency_keys.expires_at <= excluded.created_at or idempotency_keys.tells_of is not null
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

/** Keeps an interchange in place of one of the same numbers that has expired. @returns the hash of the one that is kept now */
export async function keepInterchange(
  tx: Tx,
  organizationId: OrganizationId,
  { senderId, receiverId, interchangeControlNumber, groupControlNumber }: InterchangeNumbers,
  hash: Uint8Array,
  at: Instant,
  expiresAt: Instant,
): Promise<Uint8Array> {
  const { rows } = await sql<{ content_hash: Uint8Array }>`
    insert into interchanges as kept (organization_id, sender_id, receiver_id, control_number, group_number, content_hash,
      seen_at, expires_at)
    values (${organizationId}, ${senderId}, ${receiverId}, ${interchangeControlNumber}, ${groupControlNumber}, ${hash},
      ${momentOf(at)}::timestamptz, ${momentOf(expiresAt)}::timestamptz)
    on conflict (organization_id, sender_id, receiver_id, control_number, group_number) do update set
      content_hash = case when kept.expires_at <= excluded.seen_at then excluded.content_hash else kept.content_hash end,
      seen_at = case when kept.expires_at <= excluded.seen_at then excluded.seen_at else kept.seen_at end,
      expires_at = case when kept.expires_at <= excluded.seen_at then excluded.expires_at else kept.expires_at end
    returning content_hash`.execute(tx)
  const [row] = rows
  if (!row) throw new Error('an interchange was neither kept nor found')
  return row.content_hash
}

/** Removes interchanges that are past their time, oldest first. @returns how many */
export async function deleteExpiredInterchanges(tx: Tx, at: Instant, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from interchanges
    using (
      select organization_id, sender_id, receiver_id, control_number, group_number from interchanges
      where expires_at <= ${momentOf(at)}::timestamptz order by expires_at limit ${limit}
    ) as expired
    where interchanges.organization_id = expired.organization_id and interchanges.sender_id = expired.sender_id
      and interchanges.receiver_id = expired.receiver_id and interchanges.control_number = expired.control_number
      and interchanges.group_number = expired.group_number`.execute(tx)
  return Number(numAffectedRows ?? 0n)
}

function momentOf(instant: Instant): string {
  return new Date(instant).toISOString()
}
