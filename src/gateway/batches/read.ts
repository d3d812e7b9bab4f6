import { record } from '../../audit/index.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { DataKey } from '../../platform/secrets/index.ts'
import { sessionOf } from '../access/index.ts'
import { openCursor, sealCursor } from './cursor.ts'
import type { BatchesDeps } from './deps.ts'
import {
  type Batch,
  type BatchId,
  type BatchPage,
  type BatchReader,
  type EndedItem,
  type ItemPage,
  type ItemStatus,
  KEPT_DAYS,
} from './model.ts'
import { itemPlace, type Outcome } from './outcome.ts'
import { keyOf, openJson, placeOf } from './sealing.ts'
import * as store from './store.ts'

const DAY_MS = 86_400_000

export function batchOf(row: store.BatchRow): Batch {
  const { received, accepted, answered, refused, cancelled } = row
  const instant = (text: string) => Date.parse(text) as Instant
  return {
    id: row.batch_id,
    format: row.format,
    state: row.state,
    clientId: row.client_id,
    bytes: Number(row.bytes),
    counts: {
      received,
      accepted,
      answered,
      refused,
      cancelled,
      remaining: received - answered - refused - cancelled,
    },
    receivedAt: instant(row.received_at),
    ...(row.started_at === null ? {} : { startedAt: instant(row.started_at) }),
    ...(row.finished_at === null ? {} : { finishedAt: instant(row.finished_at) }),
    expiresAt: (instant(row.begun_at) + KEPT_DAYS * DAY_MS) as Instant,
  }
}

/** Another company's batch and one that never was are told apart by nothing. */
export function noSuchBatch(): Problem {
  return new Problem(
    'state/not-found',
    `No batch of yours has this id. Take it from the answer to an upload; a batch is kept for ${KEPT_DAYS} days.`,
  )
}

export async function readBatch(deps: BatchesDeps, { caller }: BatchReader, id: BatchId): Promise<Batch> {
  const row = await deps.database.transaction(sessionOf(caller), (tx) => store.selectBatch(tx, id))
  if (!row) throw noSuchBatch()
  return batchOf(row)
}

export async function listBatches(
  deps: BatchesDeps,
  { caller }: BatchReader,
  { cursor, limit }: { readonly cursor?: string; readonly limit: number },
): Promise<BatchPage> {
  const of = `batches/${caller.organizationId}`
  const olderThan = cursor === undefined ? undefined : (openCursor(deps.vault, cursor, of) as BatchId)
  const rows = await deps.database.transaction(sessionOf(caller), (tx) =>
    store.selectBatches(tx, { ...(olderThan && { olderThan }), limit: limit + 1 }),
  )
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    batches: page.map(batchOf),
    ...(last ? { next: sealCursor(deps.vault, last.batch_id, of) } : {}),
  }
}

/** Items as they stand, in their order; each page that tells what became of them is on the record. */
export async function listItems(
  deps: BatchesDeps,
  { caller, requestId }: BatchReader,
  id: BatchId,
  wanted: { readonly status?: ItemStatus; readonly cursor?: string; readonly limit: number },
): Promise<ItemPage> {
  const { status, cursor, limit } = wanted
  const of = `batch-items/${caller.organizationId}/${id}/${status ?? ''}`
  const after = cursor === undefined ? 0 : Number(openCursor(deps.vault, cursor, of))
  return deps.database.transaction(sessionOf(caller), async (tx) => {
    const batch = await store.selectBatch(tx, id)
    if (!batch) throw noSuchBatch()
    const rows = await store.selectItems(tx, id, { after, limit: limit + 1, ...(status && { status }) })
    const key = keyOf(deps.vault, batch)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    await record(tx, entry(deps, { caller, requestId }, 'batch.list-items', id, page.length), deps.random)
    return {
      items: page.map((row) => endedItem(id, key, row)),
      ...(last ? { next: sealCursor(deps.vault, String(last.item), of) } : {}),
    }
  })
}

/** Items of an answer that are read, and in memory, at one time. */
const AT_ONCE = 50

/**
 * What became of the items, in their order, so few at a time that neither memory nor a transaction is held while somebody
 * reads slowly.
 *
 * @throws Problem `state/not-found`, at once
 */
export async function openAnswers(
  deps: BatchesDeps,
  reader: BatchReader,
  id: BatchId,
): Promise<{
  readonly batch: Batch
  items(of?: { readonly interchange: number }): AsyncGenerator<EndedItem>
  interchanges(): Promise<readonly { readonly interchange: number; readonly facts: unknown }[]>
}> {
  const session = sessionOf(reader.caller)
  const row = await deps.database.transaction(session, async (tx) => {
    const found = await store.selectBatch(tx, id)
    if (!found) throw noSuchBatch()
    return found
  })
  const key = keyOf(deps.vault, row)
  return {
    batch: batchOf(row),
    items: async function* (of) {
      for (let after = 0; ; ) {
        const rows = await deps.database.transaction(session, async (tx) => {
          const page = await store.selectItems(tx, id, { after, limit: AT_ONCE, ...of })
          await record(tx, showing(deps, reader, id, page), deps.random)
          return page
        })
        for (const each of rows) yield endedItem(id, key, each)
        after = rows.at(-1)?.item ?? after
        if (rows.length < AT_ONCE) return
      }
    },
    interchanges: async () => {
      const rows = await deps.database.transaction(session, (tx) => store.selectInterchanges(tx, id))
      return rows.map(({ interchange, sealed_facts }) => ({
        interchange,
        facts: openJson(key, sealed_facts, placeOf(id, interchange, 'interchange')),
      }))
    },
  }
}

function endedItem(id: BatchId, key: DataKey, row: store.KeptItemRow): EndedItem {
  const outcome = row.sealed_outcome
    ? (openJson(key, row.sealed_outcome, placeOf(id, row.item, 'outcome')) as Outcome)
    : {}
  return {
    item: row.item,
    place: itemPlace(row),
    status: row.status,
    requestId: row.request_id,
    ...(row.operation === null ? {} : { operation: row.operation }),
    ...(row.on_id === null ? {} : { on: row.on_id }),
    ...outcome,
    ...(row.sealed_facts
      ? { facts: openJson(key, row.sealed_facts, placeOf(id, row.item, 'facts')) as object }
      : {}),
  }
}

/** An entry for each page that is given out, which names the cases on it: whoever is asked who saw one finds it. */
function showing(deps: BatchesDeps, reader: BatchReader, id: BatchId, page: readonly store.KeptItemRow[]) {
  const { detail, ...about } = entry(deps, reader, 'batch.read-answers', id, page.length)
  const cases = page.flatMap(({ on_id }) => on_id ?? []).join(' ')
  return { ...about, detail: { ...detail, cases } }
}

function entry(
  { clock }: BatchesDeps,
  { caller, requestId }: BatchReader,
  act: string,
  on: BatchId,
  items: number,
) {
  const { clientId, organizationId } = caller
  return {
    at: clock.now(),
    actor: { kind: 'client', clientId, organizationId },
    act,
    on,
    outcome: 'done',
    requestId,
    detail: { items },
  } as const
}
