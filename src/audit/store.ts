import { type RawBuilder, sql } from 'kysely'
import type { AuditRow } from './entry.ts'

/**
 * Adds rows, by a statement whose text does not depend on how many there are.
 *
 * A row that names no company is the record of the transaction's own tenant, where it has one.
 */
export const insertEntries = (rows: readonly AuditRow[]): RawBuilder<unknown> => sql`
  insert into audit_entries (id, at, actor_kind, actor_id, organization_id, act, on_id, outcome, problem, request_id, detail)
  select id, at, actor_kind, actor_id, coalesce(organization_id, current_organization()), act, on_id, outcome, problem,
    request_id, detail
  from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as entry (id text, at timestamptz, actor_kind text,
    actor_id text, organization_id text, act text, on_id text, outcome text, problem text, request_id text, detail jsonb)`
