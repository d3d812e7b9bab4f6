import { record } from '../../audit/index.ts'
import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/database/index.ts'
import { sessionOf } from '../access/index.ts'
import type { BatchesDeps } from './deps.ts'
import {
  type BatchFormat,
  type BatchId,
  type BatchReader,
  type ItemPlace,
  MOST_OPEN,
  type NewItem,
  UPLOAD,
  type Upload,
} from './model.ts'
import { keptProblem } from './outcome.ts'
import { batchOf } from './read.ts'
import { keyContext, placeOf, sealJson } from './sealing.ts'
import * as store from './store.ts'

/**
 * Begins an upload. What is added to it is sealed and kept at once, a part to a transaction, so that neither memory nor a
 * transaction is held for as long as its sender takes; and nobody is shown it before it is received whole.
 */
export async function beginUpload(
  deps: BatchesDeps,
  { caller, requestId }: BatchReader,
  format: BatchFormat,
): Promise<Upload> {
  const { database, vault, clock, random } = deps
  const { organizationId, clientId } = caller
  const session = sessionOf(caller)
  const begunAt = clock.now()
  const id: BatchId = mintId('batch', begunAt, random)
  const { key, sealed } = vault.newDataKey(keyContext(id))
  let count = 0
  await database.transaction(session, (tx) =>
    store.insertBatch(tx, {
      batch_id: id,
      organization_id: organizationId,
      client_id: clientId,
      token_id: caller.tokenId,
      epoch: caller.epoch,
      scopes: [...caller.scopes],
      request_id: requestId,
      format,
      begun_at: new Date(begunAt).toISOString(),
      sealed_key: sealed,
    }),
  )

  const rowOf = (item: number, { place, body, problem, facts }: NewItem): store.ItemRow => {
    const own = mintId('request', clock.now(), random)
    return {
      item,
      ...columnsOf(place),
      status: problem ? 'refused' : 'waiting',
      is_accepted: problem === undefined,
      problem: problem?.code ?? null,
      request_id: own,
      ended_at: problem ? new Date(clock.now()).toISOString() : null,
      sealed_body: body && !problem ? key.seal(body, placeOf(id, item, 'body')) : null,
      sealed_facts: facts ? sealJson(key, facts, placeOf(id, item, 'facts')) : null,
      sealed_outcome: problem
        ? sealJson(key, { problem: keptProblem(problem, own) }, placeOf(id, item, 'outcome'))
        : null,
    }
  }
  const refuse = async (tx: Tx, items: readonly number[], refusal: Problem) => {
    const at = new Date(clock.now()).toISOString()
    for (const item of items)
      await store.endItem(tx, id, item, {
        status: 'refused',
        problem: refusal.code,
        at,
        isAccepted: false,
        sealedOutcome: sealJson(
          key,
          { problem: keptProblem(refusal, requestId) },
          placeOf(id, item, 'outcome'),
        ),
      })
  }

  return {
    id,
    add: async (items) => {
      if (items.length === 0) return
      if (count + items.length > UPLOAD.items) throw tooMany()
      const rows = items.map((item, i) => rowOf(count + i + 1, item))
      await database.transaction(session, (tx) => store.insertItems(tx, id, organizationId, rows))
      count += rows.length
    },
    addInterchange: (interchange, facts, refusal) =>
      database.transaction(session, async (tx) => {
        const place = placeOf(id, interchange, 'interchange')
        await store.insertInterchange(tx, id, organizationId, interchange, sealJson(key, facts, place))
        if (refusal) await refuse(tx, await store.selectWaitingOf(tx, id, interchange), refusal)
      }),
    refuseGroup: (interchange, group, refusal) =>
      database.transaction(session, async (tx) =>
        refuse(tx, await store.selectWaitingOf(tx, id, interchange, group), refusal),
      ),
    receive: async (tx, bytes) => {
      if (count === 0) throw empty()
      if ((await store.countOpen(tx)) >= MOST_OPEN) throw tooManyOpen()
      const now = clock.now()
      const at = new Date(now).toISOString()
      if (!(await store.receiveBatch(tx, id, { items: count, bytes, at })))
        throw new Error(`upload ${id} is gone`)
      await record(
        tx,
        {
          at: now,
          actor: { kind: 'client', clientId, organizationId },
          act: 'batch.receive',
          on: id,
          outcome: 'done',
          requestId,
          detail: { format, items: count, bytes },
        },
        random,
      )
      const row = await store.selectBatch(tx, id)
      if (!row) throw new Error(`batch ${id} is gone`)
      return batchOf(row)
    },
    discard: () => database.transaction(session, (tx) => store.deleteReceiving(tx, id)),
  }
}

function columnsOf(place: ItemPlace) {
  return 'line' in place
    ? { line: place.line, interchange: null, functional_group: null, transaction: null }
    : {
        line: null,
        interchange: place.interchange,
        functional_group: place.group,
        transaction: place.transaction,
      }
}

const figure = (value: number) => value.toLocaleString('en-US')

export function tooMany(): Problem {
  return new Problem(
    'request/too-large',
    `A batch has ${figure(UPLOAD.items)} items at most; nothing was kept. Send the rest as another batch.`,
  )
}

function empty(): Problem {
  return new Problem(
    'request/invalid',
    'The upload holds no item; nothing was kept. Send at least one line, or one interchange with a transaction.',
    { faults: [{ at: '', message: 'holds no item' }] },
  )
}

function tooManyOpen(): Problem {
  return new Problem(
    'request/too-many',
    `Your company has ${MOST_OPEN} batches that are not finished, which is the most at one time; nothing was kept. Send it again when one has ended.`,
    { retryAfterSeconds: 30 },
  )
}
