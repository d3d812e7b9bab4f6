import { type RawBuilder, sql } from 'kysely'
import type { AuthorizationState } from '../../core/authorization.ts'
import type { AuthorizationId, PayerId } from '../../kernel/ids.ts'
import type { DatePeriod } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { CaseRow } from './store.ts'

/** What of a case is in clear: nothing that names or describes a person. */
export type SummaryRow = Pick<
  CaseRow,
  | 'case_id'
  | 'payer_id'
  | 'state'
  | 'action'
  | 'purpose'
  | 'urgency'
  | 'care_from'
  | 'care_until'
  | 'authorization_number'
  | 'administrative_reference'
  | 'received_at'
  | 'decided_at'
  | 'due_at'
>

export interface Conditions {
  /** Each inner list holds the keys of one thing that is looked for; a case has one key of each. */
  readonly keys: readonly (readonly Uint8Array[])[]
  readonly payerIds?: readonly PayerId[]
  readonly states?: readonly AuthorizationState[]
  readonly procedureCode?: string
  readonly requesterNpi?: string
  /** Moments, ISO 8601; the end is excluded. */
  readonly receivedFrom?: string
  readonly receivedBefore?: string
  readonly care?: DatePeriod
  /** Cases older than this one. */
  readonly olderThan?: AuthorizationId
  readonly limit: number
}

/**
 * Cases of the transaction's own company, newest first: case ids sort by the moment a case was received.
 *
 * By a key it starts at the cases that have it. Without one it walks the company's own cases, and those of each provider
 * that the company acts for, backwards along an index and no further than the page needs.
 */
export async function selectSummaries(tx: Tx, wanted: Conditions): Promise<readonly SummaryRow[]> {
  return (await summaries(wanted).execute(tx)).rows
}

/** The query of `selectSummaries`. */
export function summaries(wanted: Conditions): RawBuilder<SummaryRow> {
  const { limit } = wanted
  const [first, ...others] = wanted.keys
  const found = first
    ? sql`${page(sql`case_lookups`, [sql`case_lookups.key = any(${listed(first)})`], wanted, others)}`
    : sql`(${page(sql`case_access`, [sql`case_access.organization_id = current_organization()`], wanted, others)})
      union
      select parties.case_id from unnest(current_providers()) as provider (npi) cross join lateral (
        ${page(sql`case_parties`, [sql`case_parties.npi = provider.npi`], wanted, others)}) as parties`
  return sql<SummaryRow>`
    with found as (${found})
    select case_id, payer_id, state, action, purpose, urgency, care_from, care_until, authorization_number,
      administrative_reference, received_at, decided_at, due_at
    from authorizations where case_id in (select case_id from found order by case_id desc limit ${limit})
    order by case_id desc`
}

/** The newest cases that one table leads to. */
function page(
  way: RawBuilder<unknown>,
  entry: readonly RawBuilder<unknown>[],
  wanted: Conditions,
  otherKeys: Conditions['keys'],
): RawBuilder<unknown> {
  const bounds = [
    ...(wanted.olderThan === undefined ? [] : [sql`${way}.case_id < ${wanted.olderThan}`]),
    ...(wanted.receivedFrom ? [sql`${way}.case_id >= ${earliestId(wanted.receivedFrom, -SLACK_MS)}`] : []),
    ...(wanted.receivedBefore ? [sql`${way}.case_id < ${earliestId(wanted.receivedBefore, SLACK_MS)}`] : []),
  ]
  return sql`select ${way}.case_id from ${way} join authorizations using (case_id)
    where ${sql.join([...entry, ...bounds, ...narrowed(wanted), ...otherKeys.map(alsoHas)], sql` and `)}
    order by ${way}.case_id desc limit ${wanted.limit}`
}

/** An id may be made a little before or after the moment that its case is said to be received. */
const SLACK_MS = 3_600_000

/** No case that was received later has a smaller id: it begins with its moment. @see RFC 9562 section 5.7 */
function earliestId(moment: string, slackMs: number): string {
  const hex = Math.max(0, Date.parse(moment) + slackMs)
    .toString(16)
    .padStart(12, '0')
  return `auth_${hex.slice(0, 8)}-${hex.slice(8)}`
}

// "offset 0" keeps it a probe for each case of the company; else all companies' lines of that code may be read first.
function narrowed(wanted: Conditions): readonly RawBuilder<unknown>[] {
  const { payerIds, states, care, receivedFrom, receivedBefore, procedureCode, requesterNpi } = wanted
  return [
    ...(payerIds ? [sql`authorizations.payer_id in (${texts(payerIds)})`] : []),
    ...(states ? [sql`authorizations.state in (${texts(states)})`] : []),
    ...(receivedFrom ? [sql`authorizations.received_at >= ${receivedFrom}::timestamptz`] : []),
    ...(receivedBefore ? [sql`authorizations.received_at < ${receivedBefore}::timestamptz`] : []),
    ...(care
      ? [
          sql`authorizations.care_from <= ${care.until}::date and authorizations.care_until >= ${care.from}::date`,
        ]
      : []),
    ...(procedureCode === undefined
      ? []
      : [
          sql`exists (select from service_lines where service_lines.case_id = authorizations.case_id
            and procedure_code = ${procedureCode} offset 0)`,
        ]),
    ...(requesterNpi === undefined
      ? []
      : [
          sql`exists (select from participants where participants.case_id = authorizations.case_id
            and role = 'requester' and npi = ${requesterNpi} offset 0)`,
        ]),
  ]
}

function alsoHas(keys: readonly Uint8Array[]): RawBuilder<unknown> {
  return sql`exists (select from case_lookups as other
    where other.case_id = authorizations.case_id and other.key = any(${listed(keys)}))`
}

function texts(values: readonly string[]): RawBuilder<unknown> {
  return sql`select json_array_elements_text(${JSON.stringify(values)}::json)`
}

/** As one value, which an index is asked by; a query in its place would have every key of the table compared. */
function listed(keys: readonly Uint8Array[]): RawBuilder<unknown> {
  const hex = keys.map((key) => `"\\\\x${Buffer.from(key).toString('hex')}"`)
  return sql`${`{${hex.join(',')}}`}::text::bytea[]`
}
