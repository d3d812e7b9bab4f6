import { sql } from 'kysely'
import type { DeterminationRule } from '../../core/determination/index.ts'
import type { PayerId } from '../../kernel/ids.ts'
import type { Instant, PlainDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { AskedCode, DraftRule } from './model.ts'

/** Columns of an import's rows, in the order of `ROW`; sent as one JSON text for many rows. */
interface StoredRule {
  readonly id: string
  readonly version: number
  readonly code_system: string
  readonly code: string
  readonly code_until: string | null
  readonly plan: string | null
  readonly line_of_business: string | null
  readonly modifiers: readonly string[] | null
  readonly places: readonly string[] | null
  readonly service_types: readonly string[] | null
  readonly age_from: number | null
  readonly age_until: number | null
  readonly diagnoses: readonly string[] | null
  readonly effective_from: string
  readonly effective_until: string | null
  readonly answer: DeterminationRule['answer']
  readonly reviewer: string | null
  readonly documents: readonly string[]
  readonly text: string
  readonly source: string
}

const FIELDS = sql.raw(
  `r.id, r.version, r.code_system, r.code, r.code_until, r.plan, r.line_of_business, r.modifiers, r.places,
   r.service_types, r.age_from, r.age_until, r.diagnoses, r.effective_from, r.effective_until, r.answer, r.reviewer,
   r.documents, r.text, r.source`,
)

/** An import, as its rows are kept by. */
export interface Stamped {
  readonly version: number
  /** Its own for each import, even for one that was rolled back. */
  readonly stamp: string
}

export async function newestImport(tx: Tx, payerId: PayerId): Promise<Stamped | undefined> {
  const { rows } = await sql<Stamped>`
    select version, stamp from rule_imports where payer_id = ${payerId} order by version desc limit 1`.execute(
    tx,
  )
  return rows[0]
}

/**
 * The rows of an import that may concern each of these codes: those that name it and those whose range holds it. Rows
 * that name no code stand under an empty one.
 *
 * @returns for each code, in the order asked
 */
export async function selectRules(
  tx: Tx,
  payerId: PayerId,
  version: number,
  codes: readonly AskedCode[],
): Promise<readonly (readonly DeterminationRule[])[]> {
  const systems = codes.map(({ system }) => system)
  const texts = codes.map(({ code }) => code)
  const spanned = codes.map(({ system, code }) => `${payerId}/${version}/${system}/${code}`)
  const { rows } = await sql<StoredRule & { asked: number }>`
    with asked as (
      select system collate "C" as system, code collate "C" as code, spanned collate "C" as spanned, asked::int as asked
      from unnest(${systems}::text[], ${texts}::text[], ${spanned}::text[]) with ordinality as a (system, code, spanned, asked))
    select a.asked, ${FIELDS} from asked a join rules r on r.payer_id = ${payerId} and r.version = ${version}
      and r.code_system = a.system and r.code = a.code and r.code_until is null
    union all
    select a.asked, ${FIELDS} from asked a join rules r on r.code_until is not null
      and r.span @> a.spanned and length(r.code) = length(a.code)`.execute(tx)
  return codes.map((_, i) => rows.filter(({ asked }) => asked === i + 1).map(ruleOf))
}

function ruleOf(row: StoredRule): DeterminationRule {
  return {
    id: row.id,
    version: row.version,
    ...(row.code !== '' && {
      procedure: {
        system: row.code_system,
        code: row.code,
        ...(row.code_until !== null && { until: row.code_until }),
      },
    }),
    ...(row.plan !== null && { plan: row.plan }),
    ...(row.line_of_business !== null && { lineOfBusiness: row.line_of_business }),
    ...(row.modifiers !== null && { modifiers: row.modifiers }),
    ...(row.places !== null && { places: row.places }),
    ...(row.service_types !== null && { serviceTypes: row.service_types }),
    ...(row.age_from !== null &&
      row.age_until !== null && { age: { from: row.age_from, until: row.age_until } }),
    ...(row.diagnoses !== null && { diagnoses: row.diagnoses }),
    effective: {
      from: row.effective_from as PlainDate,
      ...(row.effective_until !== null && { until: row.effective_until as PlainDate }),
    },
    answer: row.answer,
    ...(row.reviewer !== null && { reviewer: row.reviewer }),
    documents: row.documents,
    text: row.text,
    source: row.source,
  }
}

/** Holds off other imports for the payer until this transaction ends. */
export async function lockImports(tx: Tx, payerId: PayerId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('rule_imports'), hashtext(${payerId}))`.execute(tx)
}

export async function hasImport(tx: Tx, payerId: PayerId, checksum: Uint8Array): Promise<boolean> {
  const { rows } = await sql`
    select 1 from rule_imports where payer_id = ${payerId} and checksum = ${checksum} limit 1`.execute(tx)
  return rows.length > 0
}

export async function insertImport(
  tx: Tx,
  batch: {
    readonly payerId: PayerId
    readonly version: number
    readonly at: Instant
    readonly rows: number
    readonly checksum: Uint8Array
  },
): Promise<void> {
  await sql`insert into rule_imports (payer_id, version, imported_at, rows, checksum)
    values (${batch.payerId}, ${batch.version}, ${new Date(batch.at).toISOString()}, ${batch.rows}, ${batch.checksum})`.execute(
    tx,
  )
}

export async function insertRules(
  tx: Tx,
  payerId: PayerId,
  version: number,
  rules: readonly (DraftRule & { readonly id: string })[],
): Promise<void> {
  const rows = rules.map((rule) => ({
    id: rule.id,
    line: rule.line,
    code_system: rule.procedure?.system ?? '',
    code: rule.procedure?.code ?? '',
    code_until: rule.procedure?.until,
    plan: rule.plan,
    line_of_business: rule.lineOfBusiness,
    modifiers: rule.modifiers,
    places: rule.places,
    service_types: rule.serviceTypes,
    age_from: rule.age?.from,
    age_until: rule.age?.until,
    diagnoses: rule.diagnoses,
    effective_from: rule.effective.from,
    effective_until: rule.effective.until,
    answer: rule.answer,
    reviewer: rule.reviewer,
    documents: rule.documents,
    text: rule.text,
    source: rule.source,
  }))
  await sql`
    insert into rules (id, payer_id, version, line, code_system, code, code_until, plan, line_of_business, modifiers,
      places, service_types, age_from, age_until, diagnoses, effective_from, effective_until, answer, reviewer,
      documents, text, source)
    select id, ${payerId}, ${version}, line, code_system, code, code_until, plan, line_of_business, modifiers,
      places, service_types, age_from, age_until, diagnoses, effective_from, effective_until, answer, reviewer,
      documents, text, source
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (id text, line int, code_system text, code text,
      code_until text, plan text, line_of_business text, modifiers text[], places text[], service_types text[],
      age_from int, age_until int, diagnoses text[], effective_from date, effective_until date, answer text,
      reviewer text, documents text[], text text, source text)`.execute(tx)
}
