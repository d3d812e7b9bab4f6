import { type RawBuilder, sql } from 'kysely'
import type { AuthorizationState, Door } from '../../core/authorization.ts'
import { OPEN_STATES } from '../../core/lifecycle.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { AuthorizationId, Id, OrganizationId, PayerId } from '../../kernel/ids.ts'
import type { DatePeriod } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'

/** A case as its row holds it; moments are ISO text in UTC, days `YYYY-MM-DD`. */
export interface CaseRow {
  readonly case_id: AuthorizationId
  readonly payer_id: PayerId
  readonly received_from: OrganizationId
  readonly door: Door
  readonly state: AuthorizationState
  readonly action: string | null
  readonly decided_by: string | null
  readonly purpose: string
  readonly urgency: string | null
  readonly member_hash: Uint8Array | null
  readonly care_from: string | null
  readonly care_until: string | null
  readonly authorization_number: string | null
  readonly administrative_reference: string | null
  readonly waiting_for: string | null
  readonly received_at: string
  readonly decided_at: string | null
  readonly due_at: string | null
  readonly last_sequence: number
  readonly follows: AuthorizationId | null
  readonly told_action: string | null
  readonly issued_on: string | null
  readonly effective_from: string | null
  readonly effective_until: string | null
  readonly admitted_from: string | null
  readonly admitted_until: string | null
  readonly sealed_request: Uint8Array
  readonly sealed_outcome: Uint8Array | null
}

/** What an answer tells of a case or a line now, by which an inquiry narrows. */
export type ToldRow = Pick<CaseRow, 'told_action' | 'issued_on' | 'effective_from' | 'effective_until'>

export interface ParticipantRow {
  readonly position: number
  readonly role: string
  readonly npi: string | null
  readonly organization_id: string | null
}

export interface ReaderRow {
  readonly organization_id: OrganizationId
  readonly npi: string | null
}

export interface LineRow extends ToldRow {
  readonly line: number
  readonly procedure_system: string | null
  readonly procedure_code: string | null
  readonly procedure_until: string | null
  readonly modifiers: readonly string[]
  readonly revenue_code: string | null
  readonly service_type: string | null
  readonly quantity_unit: string | null
  readonly quantity: string | null
  readonly care_from: string | null
  readonly care_until: string | null
  readonly action: string | null
  readonly decided_by: string | null
}

export interface EventRow {
  readonly sequence: number
  readonly event_id: string
  readonly type: string
  readonly at: string
  readonly actor_kind: Actor['kind']
  readonly actor_id: string | null
  readonly actor_organization_id: string | null
  readonly facts: Readonly<Record<string, string | number>>
  readonly sealed_detail: Uint8Array | null
}

export interface ExchangeRow {
  readonly exchange_id: Id<'exchange'>
  readonly direction: 'inbound' | 'outbound'
  readonly format: 'json' | 'x12' | 'fhir'
  readonly at: string
  readonly counterpart: 'sender' | 'payer'
  readonly sealed_body: Uint8Array
  readonly sealed_notes: Uint8Array | null
}

export interface NewCase {
  readonly row: CaseRow
  /** Companies that may see it, each for as long as it acts for the provider named; without one, whoever that is. */
  readonly readers: readonly ReaderRow[]
  /** The NPIs of those who take part: whoever acts for one of them may see it. */
  readonly parties: readonly string[]
  readonly participants: readonly ParticipantRow[]
  readonly lines: readonly LineRow[]
  readonly events: readonly EventRow[]
  readonly exchanges: readonly ExchangeRow[]
  readonly keys: readonly Uint8Array[]
}

/**
 * Writes a whole new case in one statement: round trips are what a submission costs most. Its text depends on the number
 * of exchanges alone, so that the server plans it once. Rows travel as JSON; what is large and sealed, as bytes.
 */
export async function insertCase(tx: Tx, kept: NewCase): Promise<void> {
  const { sealed_request, sealed_outcome, ...row } = kept.row
  const own = sql`${row.case_id}::text`
  const from = sql`${row.received_from}::text`
  await sql`
    with born as (
      insert into authorizations (case_id, payer_id, received_from, door, state, action, decided_by, purpose, urgency,
        member_hash, care_from, care_until, authorization_number, administrative_reference, waiting_for, received_at,
        decided_at, due_at, last_sequence, follows, told_action, issued_on, effective_from, effective_until,
        admitted_from, admitted_until, sealed_request, sealed_outcome)
      select ${own}, payer_id, ${from}, door, state, action, decided_by, purpose, urgency, member_hash, care_from,
        care_until, authorization_number, administrative_reference, waiting_for, received_at, decided_at, due_at,
        last_sequence, follows, told_action, issued_on, effective_from, effective_until, admitted_from, admitted_until,
        ${sealed_request}::bytea, ${sealed_outcome}::bytea
      from ${records([row])} as r (payer_id text, door text, state text, action text, decided_by text, purpose text,
        urgency text, member_hash bytea, care_from date, care_until date, authorization_number text,
        administrative_reference text, waiting_for text, received_at timestamptz, decided_at timestamptz,
        due_at timestamptz, last_sequence integer, follows text, told_action text, issued_on date, effective_from date,
        effective_until date, admitted_from date, admitted_until date)
    ), readable as (
      insert into case_access (organization_id, case_id, received_from, npi)
      select organization_id, ${own}, ${from}, npi from ${records(kept.readers)} as r (organization_id text, npi text)
    ), named as (
      insert into case_parties (case_id, npi, received_from)
      select ${own}, value, ${from} from json_array_elements_text(${JSON.stringify(kept.parties)}::json)
    ), taking_part as (
      insert into participants (case_id, position, role, npi, organization_id, received_from)
      select ${own}, position, role, npi, organization_id, ${from}
      from ${records(kept.participants)} as r (position smallint, role text, npi text, organization_id text)
    ), asked as (
      insert into service_lines (case_id, line, procedure_system, procedure_code, procedure_until, modifiers,
        revenue_code, service_type, quantity_unit, quantity, care_from, care_until, action, decided_by, told_action,
        issued_on, effective_from, effective_until, received_from)
      select ${own}, line, procedure_system, procedure_code, procedure_until, modifiers, revenue_code, service_type,
        quantity_unit, quantity, care_from, care_until, action, decided_by, told_action, issued_on, effective_from,
        effective_until, ${from}
      from ${records(kept.lines)} as r (line smallint, procedure_system text, procedure_code text,
        procedure_until text, modifiers text[], revenue_code text, service_type text, quantity_unit text,
        quantity numeric, care_from date, care_until date, action text, decided_by text, told_action text,
        issued_on date, effective_from date, effective_until date)
    ), told as (${insertEvents(kept.events, own, from)}
    ), said as (
      insert into exchanges (${EXCHANGE_COLUMNS})
      ${exchangeRows(kept.exchanges, own, from)}
    )
    insert into case_lookups (key, case_id, received_from)
    select decode(value, 'hex'), ${own}, ${from}
    from json_array_elements_text(${JSON.stringify(kept.keys.map(hex))}::json)
  `.execute(tx)
}

/** What a move changes of a case, and adds to it. */
export interface MovedCase {
  readonly case_id: AuthorizationId
  readonly received_from: OrganizationId
  /** The number of the last event before the move: no other move came between. */
  readonly after: number
  readonly row: ToldRow &
    Pick<
      CaseRow,
      'state' | 'authorization_number' | 'waiting_for' | 'due_at' | 'last_sequence' | 'sealed_outcome'
    >
  readonly lines: readonly LineRow[]
  readonly events: readonly EventRow[]
  readonly exchanges: readonly ExchangeRow[]
}

/** @returns whether the case was where the move begins, and the session may move it */
export async function updateCase(tx: Tx, moved: MovedCase): Promise<boolean> {
  const { row, after } = moved
  const own = sql`${moved.case_id}::text`
  const from = sql`${moved.received_from}::text`
  const { rows } = await sql<{ case_id: AuthorizationId }>`
    with moved as (
      update authorizations set state = ${row.state}, authorization_number = ${row.authorization_number},
        waiting_for = ${row.waiting_for}, due_at = ${row.due_at}::timestamptz, last_sequence = ${row.last_sequence},
        sealed_outcome = ${row.sealed_outcome}::bytea, told_action = ${row.told_action}, issued_on = ${row.issued_on}::date, effective_from = ${row.effective_from}::date,
        effective_until = ${row.effective_until}::date
      where case_id = ${own} and last_sequence = ${after} returning case_id
    ), lines as (
      update service_lines set ${TOLD_OF_LINES}
      from ${toldLines(moved.lines)}
      where service_lines.case_id = ${own} and service_lines.line = r.line
    ), told as (${insertEvents(moved.events, own, from)}), said as (
      insert into exchanges (${EXCHANGE_COLUMNS})
      ${exchangeRows(moved.exchanges, own, from)}
    )
    select case_id from moved`.execute(tx)
  return rows.length === 1
}

/** What a decision changes of a case that waited, and adds to it. */
export interface DecidedCase extends Omit<MovedCase, 'row'> {
  readonly row: CaseRow
  /** Those that it is found by already may be among them. */
  readonly keys: readonly Uint8Array[]
}

/** @returns whether the case was where the decision begins, and the session may decide it */
export async function updateDecision(tx: Tx, decided: DecidedCase): Promise<boolean> {
  const { row, after } = decided
  const own = sql`${decided.case_id}::text`
  const from = sql`${decided.received_from}::text`
  const { rows } = await sql<{ case_id: AuthorizationId }>`
    with decided as (
      update authorizations set state = ${row.state}, action = ${row.action}, decided_by = ${row.decided_by},
        decided_at = ${row.decided_at}::timestamptz, authorization_number = ${row.authorization_number},
        administrative_reference = ${row.administrative_reference}, waiting_for = ${row.waiting_for},
        due_at = ${row.due_at}::timestamptz, last_sequence = ${row.last_sequence},
        sealed_outcome = ${row.sealed_outcome}::bytea, told_action = ${row.told_action},
        issued_on = ${row.issued_on}::date, effective_from = ${row.effective_from}::date,
        effective_until = ${row.effective_until}::date
      where case_id = ${own} and last_sequence = ${after} returning case_id
    ), lines as (
      update service_lines set action = r.action, decided_by = r.decided_by, ${TOLD_OF_LINES}
      from ${toldLines(decided.lines)}
      where service_lines.case_id = ${own} and service_lines.line = r.line
    ), told as (${insertEvents(decided.events, own, from)}), said as (
      insert into exchanges (${EXCHANGE_COLUMNS})
      ${exchangeRows(decided.exchanges, own, from)}
    ), found_by as (
      insert into case_lookups (key, case_id, received_from)
      select decode(value, 'hex'), ${own}, ${from}
      from json_array_elements_text(${JSON.stringify(decided.keys.map(hex))}::json)
      on conflict do nothing
    )
    select case_id from decided`.execute(tx)
  return rows.length === 1
}

const TOLD_OF_LINES = sql`told_action = r.told_action, issued_on = r.issued_on, effective_from = r.effective_from,
        effective_until = r.effective_until`

function toldLines(lines: readonly LineRow[]): RawBuilder<unknown> {
  return sql`${records(lines)} as r (line smallint, action text, decided_by text, told_action text, issued_on date,
        effective_from date, effective_until date)`
}

function insertEvents(
  rows: readonly EventRow[],
  own: RawBuilder<unknown>,
  from: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
      insert into events (case_id, sequence, event_id, type, at, actor_kind, actor_id, actor_organization_id, facts,
        sealed_detail, received_from)
      select ${own}, sequence, event_id, type, at, actor_kind, actor_id, actor_organization_id, facts, sealed_detail,
        ${from}
      from ${records(rows)} as r (sequence integer, event_id text, type text, at timestamptz, actor_kind text,
        actor_id text, actor_organization_id text, facts jsonb, sealed_detail bytea)`
}

const EXCHANGE_COLUMNS = sql.raw(
  'case_id, exchange_id, direction, format, at, counterpart, sealed_body, sealed_notes, received_from',
)

/** Adds what was said to a case. */
export async function insertExchanges(
  tx: Tx,
  id: AuthorizationId,
  receivedFrom: OrganizationId,
  rows: readonly ExchangeRow[],
): Promise<void> {
  if (rows.length === 0) return
  const said = exchangeRows(rows, sql`${id}::text`, sql`${receivedFrom}::text`)
  await sql`insert into exchanges (${EXCHANGE_COLUMNS}) ${said}`.execute(tx)
}

function exchangeRows(
  rows: readonly ExchangeRow[],
  own: RawBuilder<unknown>,
  from: RawBuilder<unknown>,
): RawBuilder<unknown> {
  if (rows.length === 0) return sql`select '', '', '', '', now(), '', ''::bytea, null::bytea, '' where false`
  const values = rows.map(
    ({
      exchange_id,
      direction,
      format,
      at,
      counterpart,
      sealed_body,
      sealed_notes,
    }) => sql`(${own}, ${exchange_id}::text,
      ${direction}::text, ${format}::text, ${at}::timestamptz, ${counterpart}::text, ${sealed_body}::bytea,
      ${sealed_notes}::bytea, ${from})`,
  )
  return sql`values ${sql.join(values)}`
}

function records(rows: readonly object[]): RawBuilder<unknown> {
  return sql`json_to_recordset(${JSON.stringify(rows, bytesAsText)}::json)`
}

function bytesAsText(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? `\\x${hex(value)}` : value
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** A case and those who take part in it, as far as every reader may know. */
export interface FoundCase extends CaseRow {
  readonly participants: readonly Pick<ParticipantRow, 'role' | 'npi'>[]
}

const FOUND = sql`authorizations.*, coalesce((
    select json_agg(json_build_object('role', role, 'npi', npi) order by position) from participants
    where participants.case_id = authorizations.case_id), '[]') as participants`

export async function selectCase(tx: Tx, id: AuthorizationId): Promise<FoundCase | undefined> {
  const { rows } = await sql<FoundCase>`select ${FOUND} from authorizations where case_id = ${id}`.execute(tx)
  return rows[0]
}

/**
 * Waits until no other transaction is changing the case, and keeps others waiting until this one ends. A statement of its
 * own: what reads the case after it sees what the one before has committed.
 *
 * @returns whether there is such a case that this session may change
 */
export async function lockCase(tx: Tx, id: AuthorizationId): Promise<boolean> {
  const { rows } = await sql`select case_id from authorizations where case_id = ${id} for update`.execute(tx)
  return rows.length === 1
}

/** What an answer tells, as it is asked for. */
export interface ToldNarrowing {
  readonly action?: string
  readonly issued?: DatePeriod
  /** The last certified day is one of these. */
  readonly expires?: DatePeriod
  /** The certified days overlap these. */
  readonly effective?: DatePeriod
}

export interface LineNarrowing extends ToldNarrowing {
  readonly procedure?: string
  readonly partyNpis?: readonly string[]
}

export interface Narrowing {
  readonly payerId: PayerId
  readonly period?: DatePeriod
  readonly admission?: DatePeriod
  readonly received?: DatePeriod
  readonly told?: ToldNarrowing
  readonly lines?: readonly LineNarrowing[]
  readonly isStanding?: true
  readonly partyNpis?: readonly string[]
  readonly olderThan?: AuthorizationId
  readonly limit: number
}

/** Cases that one key leads to, newest first: case ids sort by the moment they were made. */
export async function selectByKey(
  tx: Tx,
  keys: readonly [Uint8Array, ...Uint8Array[]],
  narrowing: Narrowing,
): Promise<readonly FoundCase[]> {
  const [way, ...others] = keys
  const { olderThan, limit } = narrowing
  const conditions = [
    sql`case_lookups.key = ${way}`,
    ...(olderThan === undefined ? [] : [sql`case_lookups.case_id < ${olderThan}`]),
    ...others.map(
      (key) => sql`exists (select from case_lookups as other
        where other.key = ${key} and other.case_id = authorizations.case_id)`,
    ),
    ...conditionsOf(narrowing),
  ]
  const { rows } = await sql<FoundCase>`
    select ${FOUND} from case_lookups join authorizations using (case_id)
    where ${sql.join(conditions, sql` and `)}
    order by case_lookups.case_id desc limit ${limit}`.execute(tx)
  return rows
}

/** What is asked of the cases that a key leads to: columns of the case itself, and its lines by the index of theirs. */
function conditionsOf(narrowing: Narrowing): readonly RawBuilder<unknown>[] {
  const { payerId, period, admission, received, told, lines, isStanding, partyNpis = [] } = narrowing
  return [
    sql`authorizations.payer_id = ${payerId}`,
    ...(period
      ? [sql`(authorizations.care_from is null or ${overlaps('authorizations.care', period)})`]
      : []),
    ...(admission
      ? [
          sql`(authorizations.care_from is null or case when authorizations.admitted_from is null
            then ${overlaps('authorizations.care', admission)} else ${overlaps('authorizations.admitted', admission)} end)`,
        ]
      : []),
    ...(received
      ? [
          sql`authorizations.received_at >= ${`${received.from}T00:00:00Z`}::timestamptz
            and authorizations.received_at < ${`${received.until}T00:00:00Z`}::timestamptz + interval '24 hours'`,
        ]
      : []),
    ...(told ? toldConditions('authorizations', told) : []),
    ...(isStanding ? [sql`authorizations.told_action <> 'cancelled'`] : []),
    ...(lines
      ? [
          sql`exists (select from service_lines where service_lines.case_id = authorizations.case_id
            and (${sql.join(lines.map(lineCondition), sql` or `)}) offset 0)`,
        ]
      : []),
    ...partyNpis.map((npi) => takesPart('authorizations', npi)),
  ]
}

function takesPart(table: 'authorizations' | 'service_lines', npi: string): RawBuilder<unknown> {
  return sql`exists (select from participants where participants.case_id = ${sql.ref(`${table}.case_id`)}
    and participants.npi = ${npi} offset 0)`
}

function lineCondition({ procedure, partyNpis = [], ...told }: LineNarrowing): RawBuilder<unknown> {
  const conditions = [
    ...(procedure === undefined ? [] : [sql`procedure_code = ${procedure}`]),
    ...toldConditions('service_lines', told),
    ...partyNpis.map((npi) => takesPart('service_lines', npi)),
  ]
  return sql`(${sql.join(conditions, sql` and `)})`
}

function toldConditions(
  table: 'authorizations' | 'service_lines',
  { action, issued, expires, effective }: ToldNarrowing,
): readonly RawBuilder<unknown>[] {
  const of = (column: keyof ToldRow) => sql.ref(`${table}.${column}`)
  return [
    ...(action === undefined ? [] : [sql`${of('told_action')} = ${action}`]),
    ...(issued ? [sql`${of('issued_on')} between ${issued.from}::date and ${issued.until}::date`] : []),
    ...(expires
      ? [sql`${of('effective_until')} between ${expires.from}::date and ${expires.until}::date`]
      : []),
    ...(effective ? [overlaps(`${table}.effective`, effective)] : []),
  ]
}

/** @param days the columns `<days>_from` and `<days>_until` */
function overlaps(days: string, { from, until }: DatePeriod): RawBuilder<unknown> {
  return sql`(${sql.ref(`${days}_from`)} <= ${until}::date and ${sql.ref(`${days}_until`)} >= ${from}::date)`
}

/** Those that nobody has answered, oldest first. */
export async function selectOpenFollowers(tx: Tx, id: AuthorizationId): Promise<readonly FoundCase[]> {
  const { rows } = await sql<FoundCase>`
    select ${FOUND} from authorizations where follows = ${id} and state in (${sql.join([...OPEN_STATES])})
    order by case_id`.execute(tx)
  return rows
}

/** Newest first. */
export async function selectIdsByKey(
  tx: Tx,
  key: Uint8Array,
  payerId: string,
): Promise<readonly AuthorizationId[]> {
  const { rows } = await sql<{ id: AuthorizationId }>`
    select case_id as id from case_lookups join authorizations using (case_id)
    where case_lookups.key = ${key} and authorizations.payer_id = ${payerId} order by case_id desc`.execute(
    tx,
  )
  return rows.map(({ id }) => id)
}

export type OpenCase = Pick<
  CaseRow,
  'case_id' | 'state' | 'action' | 'administrative_reference' | 'received_at'
>

/**
 * Waits until no other transaction is looking for, or keeping, a case for the same care. A statement of its own: what
 * comes after must see what the one before it has committed.
 */
export async function lockCare(tx: Tx, key: Uint8Array): Promise<void> {
  const number = Buffer.from(key).readBigInt64BE(0)
  await sql`select pg_advisory_xact_lock(${number.toString()}::bigint)`.execute(tx)
}

export async function selectOpen(
  tx: Tx,
  key: Uint8Array,
  except: AuthorizationId,
): Promise<OpenCase | undefined> {
  const { rows } = await sql<OpenCase>`
    select authorizations.case_id, state, action, administrative_reference, received_at
    from case_lookups join authorizations using (case_id)
    where case_lookups.key = ${key} and state in (${sql.join([...OPEN_STATES])}) and case_id <> ${except}
    order by case_lookups.case_id desc limit 1`.execute(tx)
  return rows[0]
}

export async function selectEvents(
  tx: Tx,
  id: AuthorizationId,
): Promise<readonly (EventRow & { readonly payer_id: PayerId })[]> {
  const { rows } = await sql<EventRow & { payer_id: PayerId }>`
    select events.*, payer_id from events join authorizations using (case_id)
    where case_id = ${id} order by sequence`.execute(tx)
  return rows
}

export async function selectExchanges(
  tx: Tx,
  id: AuthorizationId,
): Promise<readonly (ExchangeRow & { readonly payer_id: PayerId })[]> {
  const { rows } = await sql<ExchangeRow & { payer_id: PayerId }>`
    select exchanges.*, payer_id from exchanges join authorizations using (case_id)
    where case_id = ${id} order by exchange_id`.execute(tx)
  return rows
}
