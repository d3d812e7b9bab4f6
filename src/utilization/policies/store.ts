import { sql } from 'kysely'
import type { PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { PolicyId, PublishedPolicy } from './model.ts'

export async function newestPolicy(tx: Tx, payerId: PayerId): Promise<PublishedPolicy | undefined> {
  const { rows } = await sql<{ id: PolicyId; version: number }>`
    select id, version from policies where payer_id = ${payerId} order by version desc limit 1`.execute(tx)
  return rows[0]
}

export async function selectGraph(tx: Tx, id: PolicyId): Promise<unknown> {
  const { rows } = await sql<{ graph: unknown }>`select graph from policies where id = ${id}`.execute(tx)
  return rows[0]?.graph
}

export async function hasPolicy(tx: Tx, payerId: PayerId, checksum: Uint8Array): Promise<boolean> {
  const { rows } = await sql`
    select 1 from policies where payer_id = ${payerId} and checksum = ${checksum} limit 1`.execute(tx)
  return rows.length > 0
}

/** Holds off other publications for the payer until this transaction ends. */
export async function lockPolicies(tx: Tx, payerId: PayerId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('policies'), hashtext(${payerId}))`.execute(tx)
}

export async function insertPolicy(
  tx: Tx,
  policy: PublishedPolicy & {
    readonly payerId: PayerId
    readonly at: Instant
    readonly graph: object
    readonly checksum: Uint8Array
  },
): Promise<void> {
  await sql`insert into policies (id, payer_id, version, published_at, checksum, graph)
    values (${policy.id}, ${policy.payerId}, ${policy.version}, ${new Date(policy.at).toISOString()},
      ${policy.checksum}, ${JSON.stringify(policy.graph)}::jsonb)`.execute(tx)
}
