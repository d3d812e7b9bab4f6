import { sql } from 'kysely'
import type { Tx } from '../platform/database/index.ts'

/** Something that somebody did to one thing, as an auditor reads it. */
export interface Touch {
  readonly entryId: string
  /** In ISO form, UTC. */
  readonly at: string
  readonly actorKind: string
  readonly actorId: string | null
  readonly organizationId: string | null
  readonly act: string
  readonly outcome: string
  readonly on: string
  readonly requestId: string | null
}

/**
 * Every entry about one of these things, oldest first; for the staff, and a company's own for a company. What shows many
 * cases at once is one entry that names them, and counts for each of those.
 */
export async function touchesOf(tx: Tx, ids: readonly string[]): Promise<readonly Touch[]> {
  const { rows } = await sql<Touch>`
    select id as "entryId", at, actor_kind as "actorKind", actor_id as "actorId", organization_id as "organizationId",
      act, outcome, on_id as "on", request_id as "requestId"
    from audit_entries where on_id = any(${ids}::text[])
    union all
    select id, at, actor_kind, actor_id, organization_id, act, outcome, found.on, request_id
    from audit_entries cross join lateral unnest(string_to_array(detail ->> 'cases', ' ')) as found ("on")
    where act in ('authorization.search', 'authorization.follow-events', 'batch.read-answers')
      and string_to_array(detail ->> 'cases', ' ') && ${ids}::text[]
      and found.on = any(${ids}::text[])
    order by "entryId"`.execute(tx)
  return rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() }))
}
