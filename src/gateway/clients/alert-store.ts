import { sql } from 'kysely'
import type { Id, OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { AlertKind } from './model.ts'
import { instant, tables, text } from './tables.ts'

/** Something about a client that somebody should look at. */
export interface AccessAlert {
  readonly id: Id<'alert'>
  readonly kind: AlertKind
  readonly clientId: string
  readonly secretId: string | undefined
  readonly organizationId: OrganizationId
  /** `/24` of IPv4 or `/48` of IPv6. */
  readonly network: string | undefined
  readonly at: Instant
}

export async function saveAlert(tx: Tx, alert: AccessAlert): Promise<void> {
  await tables(tx)
    .insertInto('access_alerts')
    .values({
      id: alert.id,
      kind: alert.kind,
      client_id: alert.clientId,
      secret_id: alert.secretId ?? null,
      organization_id: alert.organizationId,
      network: alert.network ?? null,
      at: text(alert.at),
      acknowledged_at: null,
    })
    .execute()
}

/** Waits until no other transaction raises an alert about a client: of two at once, the later finds that of the earlier. */
export async function lockAlerts(tx: Tx, clientId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(
    current_schema() || '.access_alerts.' || ${clientId}::text, 0))`.execute(tx)
}

/** Whether an alert of this kind was raised for a client, or for one secret of it, after a moment. */
export async function hasAlert(
  tx: Tx,
  about: { readonly kind: AlertKind; readonly clientId: string; readonly secretId: string | undefined },
  after: Instant,
): Promise<boolean> {
  let query = tables(tx)
    .selectFrom('access_alerts')
    .where('client_id', '=', about.clientId)
    .where('kind', '=', about.kind)
    .where('at', '>', text(after))
  if (about.secretId !== undefined) query = query.where('secret_id', '=', about.secretId)
  return (await query.select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Newest first, a thousand at most. */
export async function alertsOf(
  tx: Tx,
  organizationId: OrganizationId | undefined,
  since: Instant,
): Promise<readonly (AccessAlert & { readonly acknowledgedAt: Instant | undefined })[]> {
  let query = tables(tx).selectFrom('access_alerts').where('at', '>=', text(since))
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId)
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(1000).selectAll().execute()
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    clientId: row.client_id,
    secretId: row.secret_id ?? undefined,
    organizationId: row.organization_id,
    network: row.network ?? undefined,
    at: instant(row.at),
    acknowledgedAt: row.acknowledged_at === null ? undefined : instant(row.acknowledged_at),
  }))
}

/** @returns whether it was there to be looked at; one that was looked at before keeps its moment */
export async function markAcknowledged(tx: Tx, alertId: string, at: Instant): Promise<boolean> {
  const updated = await tables(tx)
    .updateTable('access_alerts')
    .set((alert) => ({ acknowledged_at: alert.fn.coalesce('acknowledged_at', alert.val(text(at))) }))
    .where('id', '=', alertId as Id<'alert'>)
    .executeTakeFirst()
  return updated.numUpdatedRows > 0n
}
