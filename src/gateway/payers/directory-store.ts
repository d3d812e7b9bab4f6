import { sql } from 'kysely'
import type { LineOfBusiness } from '../../core/deadlines.ts'
import type { PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Outage, PayerIdentifier, Plan } from './entry.ts'
import type { PayerOperation, Way } from './ways.ts'

/** What the directory holds of a payer beside the payer itself. */
export interface StoredEntry {
  readonly systems: ReadonlyMap<string, string>
  readonly plans: readonly Plan[]
  readonly ways: Readonly<Partial<Record<PayerOperation, Way>>>
  readonly outages: readonly Outage[]
}

interface Row {
  readonly payer_id: PayerId
  readonly systems: readonly { readonly wire_id: string; readonly system: string }[]
  readonly plans: readonly {
    readonly plan_id: string
    readonly name: string
    readonly line_of_business: LineOfBusiness | null
  }[]
  readonly ways: readonly { readonly operation: PayerOperation; readonly way: Way }[]
  readonly outages: readonly {
    readonly id: string
    readonly operation: PayerOperation | null
    readonly from_at: string
    readonly until_at: string | null
    readonly note: string
  }[]
}

/** Of the payers named, in one round trip. @param at outages that ended before are left out */
export async function selectEntries(
  tx: Tx,
  payers: readonly PayerId[],
  at: Instant,
): Promise<ReadonlyMap<PayerId, StoredEntry>> {
  const { rows } = await sql<Row>`
    select p.id as payer_id,
      coalesce((select jsonb_agg(s) from payer_id_systems s join payer_wire_ids w using (wire_id)
        where w.payer_id = p.id), '[]') as systems,
      coalesce((select jsonb_agg(l order by l.plan_id) from payer_plans l where l.payer_id = p.id), '[]') as plans,
      coalesce((select jsonb_agg(y) from payer_ways y where y.payer_id = p.id), '[]') as ways,
      coalesce((select jsonb_agg(o order by o.from_at, o.id) from payer_outages o
        where o.payer_id = p.id and (o.until_at is null or o.until_at > ${moment(at)})), '[]') as outages
    from payers p where p.id = any(${payers}::text[])`.execute(tx)
  return new Map(rows.map((row) => [row.payer_id, entryOf(row)]))
}

function entryOf({ systems, plans, ways, outages }: Row): StoredEntry {
  return {
    systems: new Map(systems.map(({ wire_id, system }) => [wire_id, system])),
    plans: plans.map(({ plan_id, name, line_of_business }) => ({
      id: plan_id,
      name,
      ...(line_of_business !== null && { lineOfBusiness: line_of_business }),
    })),
    ways: Object.fromEntries(ways.map(({ operation, way }) => [operation, way])),
    outages: outages.map(({ id, operation, from_at, until_at, note }) => ({
      id,
      note,
      from: Date.parse(from_at) as Instant,
      ...(operation !== null && { operation }),
      ...(until_at !== null && { until: Date.parse(until_at) as Instant }),
    })),
  }
}

/** Puts these in place of what the payer had. Its ids are there already. */
export async function replaceEntry(
  tx: Tx,
  payerId: PayerId,
  identifiers: readonly PayerIdentifier[],
  plans: readonly Plan[],
  ways: Readonly<Partial<Record<PayerOperation, Way>>>,
): Promise<void> {
  await sql`delete from payer_id_systems where wire_id in
    (select wire_id from payer_wire_ids where payer_id = ${payerId})`.execute(tx)
  await sql`delete from payer_plans where payer_id = ${payerId}`.execute(tx)
  await sql`delete from payer_ways where payer_id = ${payerId}`.execute(tx)
  const systems = identifiers.flatMap(({ value, system }) =>
    system === undefined ? [] : [{ value, system }],
  )
  await sql`
    insert into payer_id_systems (wire_id, system)
    select value, system from jsonb_to_recordset(${JSON.stringify(systems)}::jsonb) as s (value text, system text)`.execute(
    tx,
  )
  await sql`
    insert into payer_plans (payer_id, plan_id, name, line_of_business)
    select ${payerId}, id, name, "lineOfBusiness"
    from jsonb_to_recordset(${JSON.stringify(plans)}::jsonb) as p (id text, name text, "lineOfBusiness" text)`.execute(
    tx,
  )
  const pairs = Object.entries(ways).map(([operation, way]) => ({ operation, way }))
  await sql`
    insert into payer_ways (payer_id, operation, way)
    select ${payerId}, operation, way
    from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as w (operation text, way text)`.execute(tx)
}

export async function insertOutage(tx: Tx, payerId: PayerId, outage: Outage, at: Instant): Promise<void> {
  await sql`
    insert into payer_outages (id, payer_id, operation, from_at, until_at, note, announced_at)
    values (${outage.id}, ${payerId}, ${outage.operation ?? null}, ${moment(outage.from)},
      ${outage.until === undefined ? null : moment(outage.until)}, ${outage.note}, ${moment(at)})`.execute(tx)
}

/** @returns the payer that it was of; undefined when there is no such outage, or it has ended before */
export async function endOutage(tx: Tx, id: string, at: Instant): Promise<PayerId | undefined> {
  const { rows } = await sql<{ payer_id: PayerId }>`
    update payer_outages set until_at = ${moment(at)}
    where id = ${id} and from_at < ${moment(at)} and (until_at is null or until_at > ${moment(at)})
    returning payer_id`.execute(tx)
  return rows[0]?.payer_id
}

const moment = (instant: Instant) => new Date(instant).toISOString()
