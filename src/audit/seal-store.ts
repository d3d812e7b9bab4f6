import { sql } from 'kysely'
import type { Tx } from '../platform/database/index.ts'
import { hex, type Link } from './chain.ts'
import { type CanonicalEntry, COLUMNS } from './row-hash.ts'

/** Where a batch ended, in the order that entries are sealed in. */
export interface Place {
  readonly writtenIn: string
  readonly id: string
}

/** Before every entry. */
export const BEGINNING: Place = { writtenIn: '0', id: '' }

export interface Seal {
  readonly firstOrdinal: number
  readonly lastOrdinal: number
  readonly previousHead: Uint8Array
  readonly head: Uint8Array
  readonly keyId: string
  readonly signature: Uint8Array
  /** In ISO form, UTC, with microseconds. */
  readonly sealedAt: string
  readonly through: Place
}

export interface StoredKey {
  readonly keyId: string
  readonly publicKey: Uint8Array
  readonly sealed: Uint8Array
}

/** Takes the lock under which a log is sealed, until the transaction ends. @returns false while another seals */
export async function tryLock(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.audit_seals', 0)) as taken`.execute(
    tx,
  )
  return rows[0]?.taken === true
}

export async function keys(tx: Tx): Promise<readonly StoredKey[]> {
  const { rows } = await sql<StoredKey>`
    select key_id as "keyId", public_key as "publicKey", private_key_sealed as sealed
    from audit_keys order by created_at desc, key_id`.execute(tx)
  return rows
}

export async function insertKey(tx: Tx, { keyId, publicKey, sealed }: StoredKey): Promise<void> {
  await sql`
    insert into audit_keys (key_id, public_key, private_key_sealed, created_at)
    values (${keyId}, ${publicKey}, ${sealed}, now())`.execute(tx)
}

/**
 * How far a reader of the whole log may go: behind `below`, a transaction that still runs may commit entries yet.
 *
 * `above` is one more than the newest transaction of this server: only a database that was restored from another server
 * holds entries of later ones, and they are all committed.
 */
export interface Horizon {
  readonly below: string
  readonly above: string
}

export async function horizon(tx: Tx): Promise<Horizon> {
  const { rows } = await sql<Horizon>`
    select pg_snapshot_xmin(now_seen)::text as below, pg_snapshot_xmax(now_seen)::text as above
    from pg_current_snapshot() as now_seen`.execute(tx)
  const [found] = rows
  if (!found) throw new Error('the database has no snapshot')
  return found
}

const canonicalColumns = sql.raw(
  Object.entries(COLUMNS)
    .map(([name, text]) => `${text} as ${name}`)
    .join(', '),
)

/**
 * That an entry `e` has no place in the chain. Asked of each entry by itself: as a join, a planner that knows no better
 * reads all links there ever were, every second.
 */
const hasNoPlace = sql`(select l.ordinal from audit_links l where l.entry_id = e.id limit 1) is null`

/**
 * Entries that have no place in the chain and may be given one, in the order to be sealed in: those of another server
 * first, so that the next batch begins behind an entry of this one.
 *
 * How far to go is asked in this very statement: measured by an earlier one, an entry that committed in between would
 * look like another server's, and be sealed before those of older transactions that still run.
 */
export async function unsealedEntries(
  tx: Tx,
  from: Place,
  limit: number,
): Promise<readonly CanonicalEntry[]> {
  const foreignFirst =
    from === BEGINNING ? sql`e.written_in < pg_snapshot_xmax(pg_current_snapshot()),` : sql``
  const { rows } = await sql<CanonicalEntry>`
    select ${canonicalColumns} from audit_entries e
    where (e.written_in, e.id) > (${from.writtenIn}::xid8, ${from.id})
      and (e.written_in < pg_snapshot_xmin(pg_current_snapshot()) or e.written_in >= pg_snapshot_xmax(pg_current_snapshot()))
      and ${hasNoPlace}
    order by ${foreignFirst} e.written_in, e.id
    limit ${limit}`.execute(tx)
  return rows
}

/** Entries after the last sealed one: how many, and the moment of the oldest (ISO form), where there is one. */
export async function tail(
  tx: Tx,
  from: Place,
): Promise<{ readonly count: number; readonly oldestAt: string | null }> {
  const { rows } = await sql<{ count: number; oldestAt: string | null }>`
    select count(*)::int as count, min(e.at) as "oldestAt" from audit_entries e
    where (e.written_in, e.id) > (${from.writtenIn}::xid8, ${from.id})
      and ${hasNoPlace}`.execute(tx)
  return rows[0] ?? { count: 0, oldestAt: null }
}

/** Entries that have no place although all up to `through` were given one; a page of them, by id. */
export async function entriesBehindTheSeal(
  tx: Tx,
  through: Place,
  after: Place,
  limit: number,
): Promise<readonly Place[]> {
  const { rows } = await sql<Place>`
    select e.written_in::text as "writtenIn", e.id from audit_entries e
    where (e.written_in, e.id) > (${after.writtenIn}::xid8, ${after.id})
      and (e.written_in, e.id) <= (${through.writtenIn}::xid8, ${through.id})
      and ${hasNoPlace}
    order by e.written_in, e.id limit ${limit}`.execute(tx)
  return rows
}

interface SealRow extends Omit<Seal, 'firstOrdinal' | 'lastOrdinal' | 'sealedAt' | 'through'> {
  readonly firstOrdinal: bigint
  readonly lastOrdinal: bigint
  readonly sealedAt: string
  readonly writtenIn: string
  readonly id: string
}

const sealColumns = sql`first_ordinal as "firstOrdinal", last_ordinal as "lastOrdinal", previous_head as "previousHead",
  head, key_id as "keyId", signature, extract(epoch from sealed_at)::text as "sealedAt",
  through_written_in::text as "writtenIn", through_id as id`

export async function lastSeal(tx: Tx): Promise<Seal | undefined> {
  const { rows } = await sql<SealRow>`
    select ${sealColumns} from audit_seals order by last_ordinal desc limit 1`.execute(tx)
  return rows[0] && sealOf(rows[0])
}

/** The seals behind an ordinal, in order. */
export async function sealsAfter(tx: Tx, ordinal: number, limit: number): Promise<readonly Seal[]> {
  const { rows } = await sql<SealRow>`
    select ${sealColumns} from audit_seals where last_ordinal > ${ordinal}
    order by last_ordinal limit ${limit}`.execute(tx)
  return rows.map(sealOf)
}

export async function insertSeal(tx: Tx, seal: Seal): Promise<void> {
  await sql`
    insert into audit_seals (first_ordinal, last_ordinal, previous_head, head, key_id, signature, sealed_at,
      through_written_in, through_id)
    values (${seal.firstOrdinal}, ${seal.lastOrdinal}, ${seal.previousHead}, ${seal.head}, ${seal.keyId},
      ${seal.signature}, ${seal.sealedAt}, ${seal.through.writtenIn}::xid8, ${seal.through.id})`.execute(tx)
}

function sealOf({ firstOrdinal, lastOrdinal, sealedAt, writtenIn, id, ...row }: SealRow): Seal {
  return {
    ...row,
    firstOrdinal: Number(firstOrdinal),
    lastOrdinal: Number(lastOrdinal),
    sealedAt: isoOf(sealedAt),
    through: { writtenIn, id },
  }
}

/** Seconds since 1970 in ISO form, as the sealer wrote it. What it cannot have written stays as it is, and is unsigned. */
function isoOf(seconds: string): string {
  return /^\d{1,11}\.\d{3}000$/.test(seconds) ? new Date(Number(seconds) * 1000).toISOString() : seconds
}

/** In one statement whose text does not depend on how many there are. */
export async function insertLinks(tx: Tx, links: readonly Link[]): Promise<void> {
  const rows = links.map(({ ordinal, entryId, rowHash, tag }) => ({
    ordinal,
    entry_id: entryId,
    row_hash: hex(rowHash),
    tag: hex(tag),
  }))
  await sql`
    insert into audit_links (ordinal, entry_id, row_hash, tag)
    select ordinal, entry_id, decode(row_hash, 'hex'), decode(tag, 'hex')
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as link (ordinal bigint, entry_id text, row_hash text, tag text)`.execute(tx)
}

/** A link and the entry that it names, as it is now. */
export interface LinkedEntry {
  readonly link: Link
  /** Absent when it is there no more. */
  readonly entry?: CanonicalEntry
}

/** The links of these ordinals, both ends included, in order; no more than `limit`. */
export async function linkedEntries(
  tx: Tx,
  first: number,
  last: number,
  limit: number,
): Promise<readonly LinkedEntry[]> {
  const { rows } = await sql<
    { ordinal: bigint; entry_id: string; row_hash: Uint8Array; tag: Uint8Array } & {
      readonly [Name in keyof typeof COLUMNS]: string | null
    }
  >`
    select l.ordinal, l.entry_id, l.row_hash, l.tag, ${canonicalColumns}
    from (
      select * from audit_links where ordinal between ${first} and ${last} order by ordinal limit ${limit}
    ) as l
    left join lateral (select * from audit_entries where audit_entries.id = l.entry_id limit 1) as e on true
    order by l.ordinal`.execute(tx)
  return rows.map(({ ordinal, entry_id, row_hash, tag, ...columns }) => ({
    link: { ordinal: Number(ordinal), entryId: entry_id, rowHash: row_hash, tag },
    ...(columns.id === null ? {} : { entry: { ...columns, id: columns.id } }),
  }))
}

/** How many links there are behind an ordinal, and the first of them. */
export async function linksAfter(
  tx: Tx,
  ordinal: number,
): Promise<{ readonly count: number; readonly first: number }> {
  const { rows } = await sql<{ count: number; first: bigint | null }>`
    select count(*)::int as count, min(ordinal) as first from audit_links where ordinal > ${ordinal}`.execute(
    tx,
  )
  return { count: rows[0]?.count ?? 0, first: Number(rows[0]?.first ?? 0) }
}
