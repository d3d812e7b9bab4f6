import { record } from '../../audit/index.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { DataKey } from '../../platform/secrets/index.ts'
import { type Pledge, sessionOf } from '../access/index.ts'
import type { BatchesDeps } from './deps.ts'
import type { Item, RunItem } from './model.ts'
import { keptProblem } from './outcome.ts'
import { keyOf, placeOf, sealJson } from './sealing.ts'
import * as store from './store.ts'

/** Items of all batches that a node works on at one time, so that single calls stay quick. */
export const AT_ONCE = 4
/** Items that are handed out to a node together. */
const HANDED_OUT = 16
/** For how long nobody else takes what was handed out: what a node that died had in hand is taken up again after it. */
export const LEASE_MS = 30_000
/** Tries of an item that fails for a fault of ours. */
const MOST_ATTEMPTS = 3

/** What passes by itself: the item waits, and is tried again. */
const PASSES: ReadonlySet<string> = new Set([
  'system/unavailable',
  'idempotency/in-flight',
  'request/too-many',
])

/**
 * Works through what waits, batch by batch in turn, until nothing does. Safe to call often, and on several nodes: an item
 * ends in the transaction that answers it, so it is never done twice, and one that was in hand when a node died is done by
 * another.
 *
 * @param goesOn asked before each helping; false lets it stop early
 * @returns how many items ended
 */
export async function work(deps: BatchesDeps, run: RunItem, goesOn: () => boolean): Promise<number> {
  let ended = 0
  while (goesOn()) {
    const now = deps.clock.now()
    const at = new Date(now).toISOString()
    const until = new Date(now + LEASE_MS).toISOString()
    const helping = await deps.database.transaction({ role: 'worker' }, (tx) =>
      store.handOut(tx, { at, until, most: HANDED_OUT }),
    )
    if (!helping) break
    ended += await workOn(deps, run, helping)
    await finish(deps)
  }
  // A node may have died between the last item of a batch and its end.
  await finish(deps)
  return ended
}

function finish({ database, clock }: BatchesDeps): Promise<number> {
  const at = new Date(clock.now()).toISOString()
  return database.transaction({ role: 'worker' }, (tx) => store.finishBatches(tx, at))
}

interface Taken {
  readonly organizationId: OrganizationId
  readonly pledge: Pledge
  readonly key: DataKey
  readonly item: Item
  readonly attempts: number
}

async function workOn(deps: BatchesDeps, run: RunItem, helping: store.HandedOut): Promise<number> {
  const { batchId, organizationId } = helping
  const taken = await deps.database.transaction(
    { role: 'tenant', organization: organizationId },
    async (tx): Promise<readonly Taken[]> => {
      const batch = await store.selectBatch(tx, batchId)
      if (!batch) return []
      const key = keyOf(deps.vault, batch)
      const rows = await store.selectWaiting(tx, batchId, helping.items)
      return rows.map((row) => ({
        organizationId,
        pledge: pledgeOf(batch),
        key,
        attempts: row.attempts,
        item: {
          batchId,
          number: row.item,
          format: batch.format,
          body: key.open(row.sealed_body, placeOf(batchId, row.item, 'body')),
          requestId: row.request_id,
        },
      }))
    },
  )
  let ended = 0
  const queue = taken.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const each of queue) if (await end(deps, run, each)) ended++
    }),
  )
  return ended
}

function pledgeOf(batch: store.BatchRow): Pledge {
  return {
    clientId: batch.client_id,
    organizationId: batch.organization_id,
    tokenId: batch.token_id,
    epoch: batch.epoch,
    scopes: batch.scopes,
  }
}

/** @returns whether the item has ended by this */
async function end(deps: BatchesDeps, run: RunItem, taken: Taken): Promise<boolean> {
  try {
    return await answer(deps, run, taken)
  } catch (error) {
    return await refuse(deps, taken, error)
  }
}

async function answer(deps: BatchesDeps, run: RunItem, { pledge, key, item }: Taken): Promise<boolean> {
  const { batchId, number } = item
  const caller = await deps.access.redeem(pledge)
  const asked = await run(item, caller)
  return deps.database.transaction(sessionOf(caller), async (tx) => {
    // Ours until the end of this transaction: whoever else has it in hand finds that it has ended.
    if (!(await store.lockItem(tx, batchId, number))) return false
    const answered = await asked.work(tx)
    await store.endItem(tx, batchId, number, {
      status: 'answered',
      operation: asked.operation,
      ...(answered.on === undefined ? {} : { on: answered.on }),
      at: new Date(deps.clock.now()).toISOString(),
      isAccepted: true,
      sealedOutcome: sealJson(key, { answer: answered }, placeOf(batchId, number, 'outcome')),
    })
    return true
  })
}

/** Tells an item what it was refused with; the case that it would have made is not there. */
async function refuse(deps: BatchesDeps, taken: Taken, error: unknown): Promise<boolean> {
  const { organizationId, pledge, key, item, attempts } = taken
  if (error instanceof Problem && PASSES.has(error.code)) return false
  const session = { role: 'tenant', organization: organizationId } as const
  if (!(error instanceof Problem)) {
    deps.onFailure(error)
    if (attempts + 1 < MOST_ATTEMPTS) {
      await deps.database.transaction(session, (tx) => store.countAttempt(tx, item.batchId, item.number))
      return false
    }
  }
  const problem = error instanceof Problem ? error : unexpected()
  return deps.database.transaction(session, async (tx) => {
    if (!(await store.lockItem(tx, item.batchId, item.number))) return false
    const now = deps.clock.now()
    await record(
      tx,
      {
        at: now,
        actor: { kind: 'client', clientId: pledge.clientId, organizationId },
        act: 'batch.run-item',
        on: item.batchId,
        outcome: 'refused',
        problem: problem.code,
        requestId: item.requestId,
        detail: { item: item.number },
      },
      deps.random,
    )
    await store.endItem(tx, item.batchId, item.number, {
      status: 'refused',
      problem: problem.code,
      at: new Date(now).toISOString(),
      isAccepted: true,
      sealedOutcome: sealJson(
        key,
        { problem: keptProblem(problem, item.requestId) },
        placeOf(item.batchId, item.number, 'outcome'),
      ),
    })
    return true
  })
}

function unexpected(): Problem {
  return new Problem(
    'system/unexpected',
    'The fault is on our side. The request id finds its cause in our log; send the item again as a request of its own.',
  )
}
