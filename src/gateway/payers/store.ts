import { sql } from 'kysely'
import type { LineOfBusiness } from '../../core/deadlines.ts'
import type { Contact } from '../../core/request.ts'
import type { PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { InquirySplit, Payer } from './model.ts'

interface StoredPayer {
  readonly id: PayerId
  readonly name: string
  readonly line_of_business: LineOfBusiness
  readonly contact: Contact | null
  readonly stands_in_for_unknown: boolean
  readonly inquiry_split: InquirySplit
  readonly admission_notice_hours: number
  readonly wire_ids: readonly string[]
  readonly ways: NonNullable<Payer['ways']> | null
}

const PAYER = sql.raw(`p.id, p.name, p.line_of_business, p.contact, p.stands_in_for_unknown, p.inquiry_split,
  p.admission_notice_hours,
  array(select w.wire_id from payer_wire_ids w where w.payer_id = p.id order by w.place) as wire_ids,
  (select json_object_agg(y.operation, y.way) from payer_ways y where y.payer_id = p.id and y.way <> 'local') as ways`)

function payerOf(row: StoredPayer): Payer {
  return {
    id: row.id,
    name: row.name,
    wireIds: row.wire_ids,
    ...(row.contact !== null && { contact: row.contact }),
    lineOfBusiness: row.line_of_business,
    admissionNoticeHours: row.admission_notice_hours,
    standsInForUnknown: row.stands_in_for_unknown,
    inquirySplit: row.inquiry_split,
    ...(row.ways !== null && { ways: row.ways }),
  }
}

/** The payer that goes by the wire id; else the one that stands in. */
export async function selectPayer(tx: Tx, wireId: string): Promise<Payer | undefined> {
  const { rows } = await sql<StoredPayer>`
    select ${PAYER} from payers p
    where p.id = coalesce(
      (select payer_id from payer_wire_ids where wire_id = ${wireId}),
      (select id from payers where stands_in_for_unknown))`.execute(tx)
  return rows[0] && payerOf(rows[0])
}

export async function selectPayerById(tx: Tx, id: PayerId): Promise<Payer | undefined> {
  const { rows } = await sql<StoredPayer>`select ${PAYER} from payers p where p.id = ${id}`.execute(tx)
  return rows[0] && payerOf(rows[0])
}

export async function selectPayers(tx: Tx): Promise<readonly Payer[]> {
  const { rows } = await sql<StoredPayer>`select ${PAYER} from payers p order by p.name, p.id`.execute(tx)
  return rows.map(payerOf)
}

export async function upsertPayer(tx: Tx, payer: Payer, at: Instant): Promise<void> {
  const contact = payer.contact === undefined ? null : JSON.stringify(payer.contact)
  await sql`
    insert into payers (id, name, line_of_business, contact, stands_in_for_unknown, inquiry_split,
      admission_notice_hours, created_at)
    values (${payer.id}, ${payer.name}, ${payer.lineOfBusiness}, ${contact}::jsonb, ${payer.standsInForUnknown},
      ${payer.inquirySplit}, ${payer.admissionNoticeHours}, ${new Date(at).toISOString()})
    on conflict (id) do update set name = excluded.name, line_of_business = excluded.line_of_business,
      contact = excluded.contact, stands_in_for_unknown = excluded.stands_in_for_unknown,
      inquiry_split = excluded.inquiry_split, admission_notice_hours = excluded.admission_notice_hours`.execute(
    tx,
  )
  await sql`delete from payer_wire_ids where payer_id = ${payer.id}`.execute(tx)
  await sql`
    insert into payer_wire_ids (wire_id, payer_id, place)
    select wire_id, ${payer.id}, place
    from unnest(${payer.wireIds}::text[]) with ordinality as w (wire_id, place)`.execute(tx)
}

/** The ids among these that another payer goes by. */
export async function takenWireIds(tx: Tx, payer: Payer): Promise<readonly string[]> {
  const { rows } = await sql<{ wire_id: string }>`
    select wire_id from payer_wire_ids
    where wire_id = any(${payer.wireIds}::text[]) and payer_id <> ${payer.id} order by wire_id`.execute(tx)
  return rows.map((row) => row.wire_id)
}

/** The payer other than this one that stands in, if there is one. */
export async function otherStandIn(tx: Tx, payer: Payer): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from payers where stands_in_for_unknown and id <> ${payer.id}`.execute(tx)
  return rows[0]?.name
}

export async function selectKey(tx: Tx, payerId: PayerId): Promise<Uint8Array | undefined> {
  const { rows } = await sql<{ sealed: Uint8Array }>`
    select sealed from payer_keys where payer_id = ${payerId}`.execute(tx)
  return rows[0]?.sealed
}

/** A payer that has a key keeps it. */
export async function insertKey(tx: Tx, payerId: PayerId, sealed: Uint8Array, at: Instant): Promise<void> {
  await sql`insert into payer_keys (payer_id, sealed, created_at)
    values (${payerId}, ${sealed}, ${new Date(at).toISOString()}) on conflict (payer_id) do nothing`.execute(
    tx,
  )
}
