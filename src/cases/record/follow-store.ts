import { type RawBuilder, sql } from 'kysely'
import type { AuthorizationId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Following } from './model.ts'
import type { EventRow } from './store.ts'

/** An event as its row holds it, without what is sealed. */
export interface FollowingRow extends Omit<EventRow, 'event_id' | 'sealed_detail'> {
  readonly case_id: AuthorizationId
  readonly written_in: string
}

/**
 * Events of the cases that the session may see, in the order of the transactions that wrote them, below the oldest that
 * still runs: one with a smaller number cannot come any more.
 *
 * Those of cases that the company sent are read along an index, no further than the page needs. Those of cases that others
 * sent are looked up case by case.
 *
 * @see PostgreSQL, "Transaction ID and Snapshot Information Functions": pg_snapshot_xmin
 */
export async function selectFollowing(tx: Tx, following: Following): Promise<readonly FollowingRow[]> {
  return (await followed(following).execute(tx)).rows
}

/** The query of `selectFollowing`. */
export function followed({ after, types, limit }: Following): RawBuilder<FollowingRow> {
  const bounds = sql.join(
    [
      sql`events.written_in < pg_snapshot_xmin(pg_current_snapshot())`,
      ...(after
        ? [
            sql`(events.written_in, events.case_id, events.sequence)
              > (${after.writtenIn}::xid8, ${after.caseId}::text, ${after.sequence}::int)`,
          ]
        : []),
      ...(types
        ? [sql`events.type in (select json_array_elements_text(${JSON.stringify(types)}::json))`]
        : []),
    ],
    sql` and `,
  )
  const inOrder = sql`order by written_in, case_id, sequence limit ${limit}`
  return sql<FollowingRow>`
    with sent as (
      select events.* from events where received_from = current_organization() and ${bounds} ${inOrder}
    ), taking_part as (
      select case_id from case_access
      where organization_id = current_organization() and received_from <> current_organization()
      union
      select case_id from case_parties
      where npi = any(current_providers()) and received_from <> current_organization()
    ), others as (
      select events.* from taking_part join events using (case_id) where ${bounds} ${inOrder}
    )
    select case_id, sequence, type, at, actor_kind, actor_id, actor_organization_id, facts,
      written_in::text as written_in
    from (select * from sent union all select * from others) as found
    order by found.written_in, case_id, sequence limit ${limit}`
}
