import { type RawBuilder, sql } from 'kysely'
import type { AdmissionEventType, AdmissionKind, AdmissionState } from '../../core/admission.ts'
import type { Door } from '../../core/authorization.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { AdmissionId, AuthorizationId, Id, OrganizationId, PayerId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'

/** An admission as its row holds it; moments are ISO text in UTC, days `YYYY-MM-DD`. */
export interface AdmissionRow {
  readonly admission_id: AdmissionId
  readonly payer_id: PayerId
  readonly received_from: OrganizationId
  readonly door: Door
  readonly state: AdmissionState
  readonly kind: AdmissionKind
  readonly is_late: boolean
  readonly reference_number: string
  readonly case_id: AuthorizationId | null
  readonly admitted_on: string | null
  readonly discharged_on: string | null
  readonly received_at: string
  readonly last_sequence: number
  readonly sealed_notice: Uint8Array
}

export interface EventRow {
  readonly sequence: number
  readonly event_id: string
  readonly type: AdmissionEventType
  readonly at: string
  readonly actor: Actor
  readonly facts: Readonly<Record<string, string | number>>
}

export interface ExchangeRow {
  readonly exchange_id: Id<'exchange'>
  readonly direction: 'inbound' | 'outbound'
  readonly format: 'json' | 'x12' | 'fhir'
  readonly at: string
  readonly sealed_body: Uint8Array
  readonly sealed_notes: Uint8Array | null
}

/** An admission, new or changed, with what is to be written beside it. */
export interface Kept {
  readonly row: AdmissionRow
  /** The provider that its sender sent it for: the sender sees it while it acts for that one. */
  readonly senderNpi: string | null
  /** The NPIs that it names. */
  readonly parties: readonly string[]
  /** Those that are new. */
  readonly events: readonly EventRow[]
  readonly exchanges: readonly ExchangeRow[]
  readonly keys: readonly Uint8Array[]
}

export async function insertAdmission(tx: Tx, kept: Kept): Promise<void> {
  const { row } = kept
  await sql`
    insert into admissions (admission_id, payer_id, received_from, door, state, kind, is_late, reference_number, case_id,
      admitted_on, discharged_on, received_at, last_sequence, sealed_notice)
    values (${row.admission_id}, ${row.payer_id}, ${row.received_from}, ${row.door}, ${row.state}, ${row.kind},
      ${row.is_late}, ${row.reference_number}, ${row.case_id}, ${row.admitted_on}::date, ${row.discharged_on}::date,
      ${row.received_at}::timestamptz, ${row.last_sequence}, ${row.sealed_notice})`.execute(tx)
  await sql`
    insert into admission_access (organization_id, admission_id, received_from, npi)
    values (${row.received_from}, ${row.admission_id}, ${row.received_from}, ${kept.senderNpi})`.execute(tx)
  await insertBeside(tx, kept)
}

/** @returns whether it was as this change found it; false when somebody else came first */
export async function updateAdmission(tx: Tx, kept: Kept): Promise<boolean> {
  const { row, events } = kept
  const { rows } = await sql`
    update admissions set state = ${row.state}, kind = ${row.kind}, case_id = ${row.case_id},
      admitted_on = ${row.admitted_on}::date, discharged_on = ${row.discharged_on}::date,
      last_sequence = ${row.last_sequence}, sealed_notice = ${row.sealed_notice}
    where admission_id = ${row.admission_id} and last_sequence = ${row.last_sequence - events.length}
    returning 1 as one`.execute(tx)
  if (rows.length === 0) return false
  await insertBeside(tx, kept)
  return true
}

async function insertBeside(tx: Tx, { row, parties, events, exchanges, keys }: Kept): Promise<void> {
  const own = sql`${row.admission_id}::text`
  const from = sql`${row.received_from}::text`
  await sql`
    with named as (
      insert into admission_parties (admission_id, npi, received_from)
      select ${own}, value, ${from} from json_array_elements_text(${JSON.stringify(parties)}::json)
      on conflict do nothing
    ), told as (
      insert into admission_events (admission_id, sequence, event_id, type, at, actor, facts, received_from)
      select ${own}, sequence, event_id, type, at, actor, facts, ${from}
      from json_to_recordset(${JSON.stringify(events)}::json) as r (sequence integer, event_id text, type text,
        at timestamptz, actor jsonb, facts jsonb)
    ), said as (
      insert into admission_exchanges (admission_id, exchange_id, direction, format, at, sealed_body, sealed_notes,
        received_from)
      ${exchangeRows(exchanges, own, from)}
    )
    insert into admission_lookups (key, admission_id, received_from)
    select decode(value, 'hex'), ${own}, ${from} from json_array_elements_text(${JSON.stringify(keys.map(hex))}::json)
    on conflict do nothing`.execute(tx)
}

function exchangeRows(
  rows: readonly ExchangeRow[],
  own: RawBuilder<unknown>,
  from: RawBuilder<unknown>,
): RawBuilder<unknown> {
  if (rows.length === 0) return sql`select '', '', '', '', now(), ''::bytea, null::bytea, '' where false`
  const values = rows.map(
    ({ exchange_id, direction, format, at, sealed_body, sealed_notes }) => sql`(${own}, ${exchange_id}::text,
      ${direction}::text, ${format}::text, ${at}::timestamptz, ${sealed_body}::bytea, ${sealed_notes}::bytea, ${from})`,
  )
  return sql`values ${sql.join(values)}`
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** An admission, and whether this reader may see the case that it is tied to. */
export interface FoundRow extends AdmissionRow {
  readonly sees_case: boolean
}

export async function selectAdmission(tx: Tx, id: AdmissionId): Promise<FoundRow | undefined> {
  const { rows } = await sql<FoundRow>`
    select admissions.*, exists (select from authorizations where authorizations.case_id = admissions.case_id) as sees_case
    from admissions where admission_id = ${id}`.execute(tx)
  return rows[0]
}

/** The newest admission of this company that a key leads to. Nobody else changes it until the transaction ends. */
export async function selectSent(
  tx: Tx,
  key: Uint8Array,
  by: OrganizationId,
  states: readonly AdmissionState[],
): Promise<AdmissionRow | undefined> {
  const { rows } = await sql<AdmissionRow>`
    select admissions.* from admissions
    where admission_id in (select admission_id from admission_lookups where key = ${key})
      and received_from = ${by} and state in (${sql.join([...states])})
    order by admission_id desc limit 1 for update of admissions`.execute(tx)
  return rows[0]
}

/** Newest first. */
export async function selectIdsByKey(
  tx: Tx,
  key: Uint8Array,
  payerId: PayerId,
): Promise<readonly AdmissionId[]> {
  const { rows } = await sql<{ id: AdmissionId }>`
    select admission_id as id from admission_lookups join admissions using (admission_id)
    where key = ${key} and payer_id = ${payerId} order by admission_id desc`.execute(tx)
  return rows.map(({ id }) => id)
}

/**
 * Waits until no other transaction is looking for, or keeping, the same stay. A statement of its own: what comes after must
 * see what the one before it has committed.
 */
export async function lockStay(tx: Tx, key: Uint8Array): Promise<void> {
  const number = Buffer.from(key).readBigInt64BE(0)
  await sql`select pg_advisory_xact_lock(${number.toString()}::bigint)`.execute(tx)
}

export async function selectEvents(tx: Tx, id: AdmissionId): Promise<readonly EventRow[]> {
  const { rows } = await sql<EventRow>`
    select sequence, event_id, type, at, actor, facts from admission_events
    where admission_id = ${id} order by sequence`.execute(tx)
  return rows
}

export async function selectExchanges(
  tx: Tx,
  id: AdmissionId,
): Promise<readonly (ExchangeRow & { readonly payer_id: PayerId })[]> {
  const { rows } = await sql<ExchangeRow & { payer_id: PayerId }>`
    select admission_exchanges.*, payer_id from admission_exchanges join admissions using (admission_id)
    where admission_id = ${id} order by exchange_id`.execute(tx)
  return rows
}
