import { record } from '../../audit/index.ts'
import { settle } from '../../core/lifecycle.ts'
import { authorizationNumber, NUMBER_BYTES } from '../../core/reference-number.ts'
import type { AuthorizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Database, Tx } from '../../platform/database/index.ts'
import type { ExchangeDeps } from './deps.ts'
import { giveWay } from './give-way.ts'
import { SIMULATOR } from './simulate.ts'

/** Cases that are settled in one transaction. */
const MOST_AT_ONCE = 100

/**
 * Certifies the cases of the sandbox whose time has come by the clock of their company. Safe to call often, and from
 * several processes. Does nothing in production, where no case is settled by time.
 *
 * @returns how many were certified
 */
export async function settleDue(deps: ExchangeDeps, database: Database): Promise<number> {
  const { simulator } = deps
  if (!simulator) return 0
  let settled = 0
  for (let taken = MOST_AT_ONCE; taken === MOST_AT_ONCE; )
    taken = await database.transaction({ role: 'worker' }, async (tx) => {
      const at = deps.clock.now()
      const due = await simulator.takeDue(tx, at, MOST_AT_ONCE)
      for (const id of due) {
        if (await certify(deps, simulator, tx, id, at)) settled += 1
        // Its row is what lets the worker write to the case, so it goes last.
        await simulator.settled(tx, id)
      }
      return due.length
    })
  return settled
}

/** @returns whether the case still waited */
async function certify(
  deps: ExchangeDeps,
  simulator: NonNullable<ExchangeDeps['simulator']>,
  tx: Tx,
  id: AuthorizationId,
  at: Instant,
): Promise<boolean> {
  const pended = await deps.record.lock(tx, id)
  if (pended?.state !== 'pended') return false
  const { authorization, events } = settle(pended, simulator.approve(pended.request), at, {
    administrativeReference: pended.administrativeReference,
    authorizationNumber: authorizationNumber(deps.random(NUMBER_BYTES)),
    dueAt: pended.pending.dueAt,
  })
  await deps.record.decide(tx, authorization, events)
  const earlier = authorization.follows && (await deps.record.lock(tx, authorization.follows))
  if (earlier) await giveWay(deps, tx, earlier, authorization)
  const { receivedFrom: organizationId, state } = authorization
  await record(
    tx,
    {
      at,
      actor: SIMULATOR,
      act: 'authorization.decide',
      on: id,
      organizationId,
      outcome: 'done',
      detail: { state },
    },
    deps.random,
  )
  return true
}
