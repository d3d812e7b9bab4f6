import { type RawBuilder, sql } from 'kysely'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { BatchFormat, BatchId, BatchState, ItemStatus } from './model.ts'

export interface NewBatchRow {
  readonly batch_id: BatchId
  readonly organization_id: OrganizationId
  readonly client_id: string
  readonly token_id: string
  readonly epoch: number
  readonly scopes: readonly string[]
  readonly request_id: string
  readonly format: BatchFormat
  readonly begun_at: string
  readonly sealed_key: Uint8Array
}

export interface BatchRow extends NewBatchRow {
  readonly state: BatchState
  readonly bytes: bigint
  readonly received_at: string
  readonly started_at: string | null
  readonly finished_at: string | null
  readonly received: number
  readonly accepted: number
  readonly answered: number
  readonly refused: number
  readonly cancelled: number
}

export async function insertBatch(tx: Tx, row: NewBatchRow): Promise<void> {
  await sql`
    insert into batches (batch_id, organization_id, client_id, token_id, epoch, scopes, request_id, format, state, begun_at,
      sealed_key)
    values (${row.batch_id}, ${row.organization_id}, ${row.client_id}, ${row.token_id}, ${row.epoch},
      array(select json_array_elements_text(${JSON.stringify(row.scopes)}::json)), ${row.request_id}, ${row.format},
      'receiving', ${row.begun_at}, ${row.sealed_key})`.execute(tx)
}

export interface ItemRow {
  readonly item: number
  readonly line: number | null
  readonly interchange: number | null
  readonly functional_group: number | null
  readonly transaction: number | null
  readonly status: ItemStatus
  readonly is_accepted: boolean
  readonly problem: string | null
  readonly request_id: string
  readonly ended_at: string | null
  readonly sealed_body: Uint8Array | null
  readonly sealed_facts: Uint8Array | null
  readonly sealed_outcome: Uint8Array | null
}

export async function insertItems(
  tx: Tx,
  batchId: BatchId,
  organizationId: OrganizationId,
  rows: readonly ItemRow[],
): Promise<void> {
  const values = rows.map(
    (row) => sql`(${batchId}, ${organizationId}, ${row.item}::int, ${row.line}::int, ${row.interchange}::int,
      ${row.functional_group}::int, ${row.transaction}::int, ${row.status}, ${row.is_accepted}::boolean, ${row.problem},
      ${row.request_id}, ${row.ended_at}::timestamptz, ${row.sealed_body}::bytea, ${row.sealed_facts}::bytea,
      ${row.sealed_outcome}::bytea)`,
  )
  await sql`
    insert into batch_items (batch_id, organization_id, item, line, interchange, functional_group, transaction, status,
      is_accepted, problem, request_id, ended_at, sealed_body, sealed_facts, sealed_outcome)
    values ${sql.join(values)}`.execute(tx)
}

export async function insertInterchange(
  tx: Tx,
  batchId: BatchId,
  organizationId: OrganizationId,
  interchange: number,
  sealedFacts: Uint8Array,
): Promise<void> {
  await sql`
    insert into batch_interchanges (batch_id, interchange, organization_id, sealed_facts)
    values (${batchId}, ${interchange}, ${organizationId}, ${sealedFacts})`.execute(tx)
}

export async function selectInterchanges(
  tx: Tx,
  batchId: BatchId,
): Promise<readonly { readonly interchange: number; readonly sealed_facts: Uint8Array }[]> {
  const { rows } = await sql<{ interchange: number; sealed_facts: Uint8Array }>`
    select interchange, sealed_facts from batch_interchanges where batch_id = ${batchId} order by interchange`.execute(
    tx,
  )
  return rows
}

/** Items of a part of a file that can still be refused. */
export async function selectWaitingOf(
  tx: Tx,
  batchId: BatchId,
  interchange: number,
  group?: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{ item: number }>`
    select item from batch_items where batch_id = ${batchId} and interchange = ${interchange} and status = 'waiting'
      ${group === undefined ? sql`` : sql`and functional_group = ${group}`} order by item`.execute(tx)
  return rows.map(({ item }) => item)
}

/** Makes an upload a batch. @returns false when it is none of the session's company that is still being received */
export async function receiveBatch(
  tx: Tx,
  batchId: BatchId,
  { items, bytes, at }: { readonly items: number; readonly bytes: number; readonly at: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update batches set items = ${items}, bytes = ${bytes}, received_at = ${at}::timestamptz,
      state = case when exists (select from batch_items where batch_id = ${batchId} and status = 'waiting') then 'open'
        else 'finished' end,
      finished_at = case when exists (select from batch_items where batch_id = ${batchId} and status = 'waiting') then null
        else ${at}::timestamptz end
    where batch_id = ${batchId} and state = 'receiving'`.execute(tx)
  return Number(numAffectedRows ?? 0) === 1
}

export async function deleteReceiving(tx: Tx, batchId: BatchId): Promise<void> {
  await sql`delete from batches where batch_id = ${batchId} and state = 'receiving'`.execute(tx)
}

export async function countOpen(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from batches where organization_id = current_organization() and state = 'open'`.execute(
    tx,
  )
  return rows[0]?.count ?? 0
}

const BATCH = sql`batch_id, organization_id, client_id, token_id, epoch, scopes, request_id, format, begun_at, sealed_key,
  state, bytes, received_at, started_at, finished_at, counts.*`
/** What became of the items, in one pass over them. */
const COUNTS = sql`lateral (
  select count(*)::int as received, (count(*) filter (where is_accepted))::int as accepted,
    (count(*) filter (where status = 'answered'))::int as answered,
    (count(*) filter (where status = 'refused'))::int as refused,
    (count(*) filter (where status = 'cancelled'))::int as cancelled
  from batch_items where batch_items.batch_id = batches.batch_id) as counts`

/** One of the session's company; an upload that lasts is none. */
export async function selectBatch(tx: Tx, batchId: BatchId): Promise<BatchRow | undefined> {
  const { rows } = await sql<BatchRow>`
    select ${BATCH} from batches, ${COUNTS} where batches.batch_id = ${batchId} and state <> 'receiving'`.execute(
    tx,
  )
  return rows[0]
}

/** Newest first. */
export async function selectBatches(
  tx: Tx,
  { olderThan, limit }: { readonly olderThan?: BatchId; readonly limit: number },
): Promise<readonly BatchRow[]> {
  const older = olderThan === undefined ? sql`` : sql`and batch_id < ${olderThan}`
  const { rows } = await sql<BatchRow>`
    select ${BATCH} from (
      select * from batches where organization_id = current_organization() and state <> 'receiving' ${older}
      order by batch_id desc limit ${limit}) as batches, ${COUNTS}
    order by batch_id desc`.execute(tx)
  return rows
}

export interface KeptItemRow extends Omit<ItemRow, 'is_accepted' | 'ended_at' | 'sealed_body' | 'problem'> {
  readonly operation: string | null
  readonly on_id: string | null
}

const KEPT = sql`item, line, interchange, functional_group, transaction, status, operation, on_id, request_id,
  sealed_facts, sealed_outcome`

/** In their order. */
export async function selectItems(
  tx: Tx,
  batchId: BatchId,
  wanted: {
    readonly after: number
    readonly limit: number
    readonly status?: ItemStatus
    readonly interchange?: number
  },
): Promise<readonly KeptItemRow[]> {
  const conditions: RawBuilder<unknown>[] = [
    sql`batch_id = ${batchId}`,
    sql`item > ${wanted.after}`,
    ...(wanted.status === undefined ? [] : [sql`status = ${wanted.status}`]),
    ...(wanted.interchange === undefined ? [] : [sql`interchange = ${wanted.interchange}`]),
  ]
  const { rows } = await sql<KeptItemRow>`
    select ${KEPT} from batch_items where ${sql.join(conditions, sql` and `)} order by item limit ${wanted.limit}`.execute(
    tx,
  )
  return rows
}

/** Items that were handed out, as far as they still wait. */
export async function selectWaiting(
  tx: Tx,
  batchId: BatchId,
  items: readonly number[],
): Promise<
  readonly {
    readonly item: number
    readonly request_id: string
    readonly attempts: number
    readonly sealed_body: Uint8Array
  }[]
> {
  const { rows } = await sql<{ item: number; request_id: string; attempts: number; sealed_body: Uint8Array }>`
    select item, request_id, attempts, sealed_body from batch_items
    where batch_id = ${batchId} and status = 'waiting'
      and item in (select value::int from json_array_elements_text(${JSON.stringify(items)}::json)) order by item`.execute(
    tx,
  )
  return rows
}

/** Takes an item for this transaction. @returns false when it was ended by somebody else */
export async function lockItem(tx: Tx, batchId: BatchId, item: number): Promise<boolean> {
  const { rows } = await sql<{ status: ItemStatus }>`
    select status from batch_items where batch_id = ${batchId} and item = ${item} for update`.execute(tx)
  return rows[0]?.status === 'waiting'
}

/** Ends an item that waits. What was sent is not kept beyond it: a case keeps that itself. */
export async function endItem(
  tx: Tx,
  batchId: BatchId,
  item: number,
  end: {
    readonly status: ItemStatus
    readonly problem?: string
    readonly operation?: string
    readonly on?: string
    readonly at: string
    readonly isAccepted: boolean
    readonly sealedOutcome: Uint8Array
  },
): Promise<void> {
  await sql`
    update batch_items set status = ${end.status}, problem = ${end.problem ?? null}, operation = ${end.operation ?? null},
      on_id = ${end.on ?? null}, ended_at = ${end.at}::timestamptz, is_accepted = ${end.isAccepted}, sealed_body = null,
      sealed_outcome = ${end.sealedOutcome}
    where batch_id = ${batchId} and item = ${item} and status = 'waiting'`.execute(tx)
}

export async function countAttempt(tx: Tx, batchId: BatchId, item: number): Promise<void> {
  await sql`
    update batch_items set attempts = attempts + 1 where batch_id = ${batchId} and item = ${item} and status = 'waiting'`.execute(
    tx,
  )
}

/** Stops what has not begun; what is being answered is waited for, and stays. @returns how many were stopped */
export async function cancelWaiting(tx: Tx, batchId: BatchId, at: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update batch_items set status = 'cancelled', ended_at = ${at}::timestamptz, sealed_body = null
    where batch_id = ${batchId} and status = 'waiting'`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** @returns the state before; undefined when there is none. Nobody else ends it until this transaction does */
export async function lockBatch(tx: Tx, batchId: BatchId): Promise<BatchState | undefined> {
  const { rows } = await sql<{ state: BatchState }>`
    select state from batches where batch_id = ${batchId} and state <> 'receiving' for update`.execute(tx)
  return rows[0]?.state
}

export async function cancelBatch(tx: Tx, batchId: BatchId, at: string): Promise<void> {
  await sql`
    update batches set state = 'cancelled', finished_at = ${at}::timestamptz where batch_id = ${batchId}`.execute(
    tx,
  )
}

export interface HandedOut {
  readonly batchId: BatchId
  readonly organizationId: OrganizationId
  readonly items: readonly number[]
}

/**
 * Hands out the next items of the batch whose turn it is, for so long that nobody else takes them meanwhile. Batches that
 * others are looking at this moment are passed over. In the worker's transaction.
 *
 * @returns undefined when nothing waits that is not handed out
 */
export async function handOut(
  tx: Tx,
  { at, until, most }: { readonly at: string; readonly until: string; readonly most: number },
): Promise<HandedOut | undefined> {
  const free = sql`status = 'waiting' and (leased_until is null or leased_until <= ${at}::timestamptz)`
  const { rows: found } = await sql<{ batch_id: BatchId; organization_id: OrganizationId }>`
    select batch_id, organization_id from batches
    where state = 'open' and exists (select from batch_items where batch_items.batch_id = batches.batch_id and ${free})
    order by served_at nulls first, batch_id limit 1 for update of batches skip locked`.execute(tx)
  const [batch] = found
  if (!batch) return undefined
  await sql`
    update batches set served_at = ${at}::timestamptz, started_at = coalesce(started_at, ${at}::timestamptz)
    where batch_id = ${batch.batch_id}`.execute(tx)
  const { rows } = await sql<{ item: number }>`
    update batch_items set leased_until = ${until}::timestamptz
    where batch_id = ${batch.batch_id} and item in (
      select item from batch_items where batch_id = ${batch.batch_id} and ${free}
      order by item limit ${most} for update skip locked)
    returning item`.execute(tx)
  const items = rows.map(({ item }) => item).sort((a, b) => a - b)
  return { batchId: batch.batch_id, organizationId: batch.organization_id, items }
}

/** Ends the batches whose last item has ended. In the worker's transaction. */
export async function finishBatches(tx: Tx, at: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update batches set state = 'finished', finished_at = ${at}::timestamptz
    where state = 'open' and not exists (
      select from batch_items where batch_items.batch_id = batches.batch_id and status = 'waiting')`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0)
}

/** Removes uploads that never ended, and batches whose time has passed. In the worker's transaction. */
export async function deleteOld(
  tx: Tx,
  { brokenBefore, keptSince }: { readonly brokenBefore: string; readonly keptSince: string },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from batches where batch_id in (
      select batch_id from batches
      where begun_at <= ${brokenBefore}::timestamptz and (state = 'receiving' or begun_at <= ${keptSince}::timestamptz)
      order by begun_at limit 100)`.execute(tx)
  return Number(numAffectedRows ?? 0)
}
