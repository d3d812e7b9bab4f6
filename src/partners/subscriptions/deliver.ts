import { record } from '../../audit/index.ts'
import type { Grant } from '../../gateway/administration/index.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { SubscriptionsDeps } from './deps.ts'
import * as store from './store.ts'

/** So many grants of each environment are delivered in one go. */
const AT_ONCE = 100

const ACTOR = { kind: 'system', part: 'grant-delivery' } as const

export interface Delivery {
  readonly acknowledged: number
  /** Of each that failed, why. They stay pending. */
  readonly failures: readonly unknown[]
}

/**
 * Hands the grants that no gateway has acknowledged to theirs, earliest first. Delivering one twice does no harm.
 *
 * @param organizationId only this company's
 */
export async function deliverPending(
  deps: SubscriptionsDeps,
  organizationId?: OrganizationId,
): Promise<Delivery> {
  const pending = await deps.database.transaction({ role: 'worker' }, async (tx) => [
    ...(await store.findPending(tx, 'sandbox', organizationId, AT_ONCE)),
    ...(await store.findPending(tx, 'production', organizationId, AT_ONCE)),
  ])
  let acknowledged = 0
  const failures: unknown[] = []
  for (const { environment, grant } of pending) {
    try {
      await deps.gateways[environment].applyGrant(grant, ACTOR)
      await acknowledge(deps, grant)
      acknowledged++
    } catch (error) {
      failures.push(error)
    }
  }
  return { acknowledged, failures }
}

function acknowledge(deps: SubscriptionsDeps, { id, organizationId }: Grant): Promise<void> {
  return deps.database.transaction({ role: 'worker' }, async (tx) => {
    const now = deps.clock.now()
    if (!(await store.markAcknowledged(tx, id, now))) return
    await record(tx, {
      at: now,
      actor: ACTOR,
      act: 'grant.acknowledge',
      on: id,
      organizationId,
      outcome: 'done',
    })
  })
}
