import { record } from '../../audit/index.ts'
import { Problem } from '../../kernel/problem.ts'
import { sessionOf } from '../access/index.ts'
import type { BatchesDeps } from './deps.ts'
import type { Batch, BatchId, BatchReader } from './model.ts'
import { batchOf, noSuchBatch } from './read.ts'
import * as store from './store.ts'

/**
 * Stops the items of a batch that have not begun; what was answered stays as it is. Cancelling again changes nothing.
 *
 * @throws Problem `state/not-found`; `state/not-allowed` it has finished
 */
export function cancelBatch(
  deps: BatchesDeps,
  { caller, requestId }: BatchReader,
  id: BatchId,
): Promise<Batch> {
  return deps.database.transaction(sessionOf(caller), async (tx) => {
    const now = deps.clock.now()
    const at = new Date(now).toISOString()
    const state = await store.lockBatch(tx, id)
    if (state === undefined) throw noSuchBatch()
    if (state === 'finished')
      throw new Problem(
        'state/not-allowed',
        'The batch has finished: each of its items has its answer, and there is nothing left to stop.',
      )
    if (state === 'open') {
      const items = await store.cancelWaiting(tx, id, at)
      await store.cancelBatch(tx, id, at)
      const { clientId, organizationId } = caller
      const actor = { kind: 'client', clientId, organizationId } as const
      const detail = { items }
      await record(
        tx,
        { at: now, actor, act: 'batch.cancel', on: id, outcome: 'done', requestId, detail },
        deps.random,
      )
    }
    const row = await store.selectBatch(tx, id)
    if (!row) throw noSuchBatch()
    return batchOf(row)
  })
}
