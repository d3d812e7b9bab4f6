import { sql } from 'kysely'
import type { Authorization } from '../../core/authorization.ts'
import type { AuthorizationId, OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { OrganizationScenario } from './scenarios.ts'

/** Holds off other processes that seed the same sandbox until this transaction ends. */
export async function lockSeeding(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('seed'), 0)`.execute(tx)
}

export async function selectScenario(
  tx: Tx,
  organizationId: OrganizationId,
): Promise<OrganizationScenario | undefined> {
  const { rows } = await sql<{ scenario: OrganizationScenario }>`
    select scenario from organization_scenarios where organization_id = ${organizationId}`.execute(tx)
  return rows[0]?.scenario
}

export async function upsertScenario(
  tx: Tx,
  organizationId: OrganizationId,
  scenario: OrganizationScenario,
  at: Instant,
): Promise<void> {
  await sql`
    insert into organization_scenarios (organization_id, scenario, set_at)
    values (${organizationId}, ${scenario}, ${momentOf(at)}::timestamptz)
    on conflict (organization_id) do update set scenario = excluded.scenario, set_at = excluded.set_at`.execute(
    tx,
  )
}

export async function deleteScenario(tx: Tx, organizationId: OrganizationId): Promise<void> {
  await sql`delete from organization_scenarios where organization_id = ${organizationId}`.execute(tx)
}

/** How far the business clock of the session's company runs ahead, in ms. */
export async function selectAhead(tx: Tx): Promise<number> {
  const { rows } = await sql<{ ahead_ms: bigint }>`
    select ahead_ms from organization_clocks where organization_id = current_organization()`.execute(tx)
  return Number(rows[0]?.ahead_ms ?? 0)
}

/** @returns how far ahead it is now, in ms */
export async function addAhead(
  tx: Tx,
  organizationId: OrganizationId,
  byMs: number,
  at: Instant,
): Promise<number> {
  const { rows } = await sql<{ ahead_ms: bigint }>`
    insert into organization_clocks (organization_id, ahead_ms, set_at)
    values (${organizationId}, ${byMs}, ${momentOf(at)}::timestamptz)
    on conflict (organization_id) do update
      set ahead_ms = organization_clocks.ahead_ms + excluded.ahead_ms, set_at = excluded.set_at
    returning ahead_ms`.execute(tx)
  return Number(rows[0]?.ahead_ms)
}

/** @param dueAt by the business clock of the company that sent the case */
export async function insertSettlement(
  tx: Tx,
  { id, receivedFrom, follows }: Pick<Authorization, 'id' | 'receivedFrom' | 'follows'>,
  dueAt: Instant,
): Promise<void> {
  await sql`
    insert into simulated_settlements (case_id, received_from, due_at, follows)
    values (${id}, ${receivedFrom}, ${momentOf(dueAt)}::timestamptz, ${follows ?? null})`.execute(tx)
}

/** The cases whose moment has come by the business clock of their company, longest due first; nobody else takes them meanwhile. */
export async function takeDue(tx: Tx, at: Instant, limit: number): Promise<readonly AuthorizationId[]> {
  const { rows } = await sql<{ case_id: AuthorizationId }>`
    select case_id from simulated_settlements
    where due_at <= ${momentOf(at)}::timestamptz + interval '1 millisecond' * coalesce((
      select ahead_ms from organization_clocks where organization_id = simulated_settlements.received_from), 0)
    order by due_at limit ${limit} for update skip locked`.execute(tx)
  return rows.map((row) => row.case_id)
}

export async function deleteSettlement(tx: Tx, id: AuthorizationId): Promise<void> {
  await sql`delete from simulated_settlements where case_id = ${id}`.execute(tx)
}

const momentOf = (instant: Instant): string => new Date(instant).toISOString()
