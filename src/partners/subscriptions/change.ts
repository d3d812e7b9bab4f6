import { record } from '../../audit/index.ts'
import type { Grant } from '../../gateway/administration/index.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import { mintId, type OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { deliverPending } from './deliver.ts'
import type { SubscriptionsDeps } from './deps.ts'
import * as store from './store.ts'

/** What a change says of the next version; what it leaves out stays. */
export type GrantChange = Partial<Pick<Grant, 'products' | 'scopes' | 'providers'>>

export interface ChangedGrant {
  readonly grant: Grant
  /** Whether its gateway holds it by now; else it is delivered until it does. */
  readonly isAcknowledged: boolean
}

/**
 * Issues the next version of a company's grant and delivers it at once.
 *
 * @param change   from the version that counts to what is other in the next; undefined when nothing is
 * @param what     as the audit record names the change, ids and counts alone
 * @throws Problem `access/no-grant` there is none to change; and what `change` throws
 */
export async function changeGrant(
  deps: SubscriptionsDeps,
  organizationId: OrganizationId,
  environment: Environment,
  actor: Actor,
  change: (tx: Tx, grant: Grant, now: Instant) => Promise<GrantChange | undefined>,
  what: Readonly<Record<string, string>>,
): Promise<ChangedGrant> {
  const grant = await deps.database.transaction({ role: 'worker' }, async (tx) => {
    await store.lockGrants(tx, organizationId, environment)
    const latest = await store.findLatest(tx, organizationId, environment)
    if (!latest)
      throw new Problem(
        'access/no-grant',
        `The company has no grant in the ${environment} that could be changed.`,
      )
    const now = deps.clock.now()
    const changed = await change(tx, latest.grant, now)
    if (!changed) return latest.grant
    const version = latest.grant.version + 1
    const next = { ...latest.grant, ...changed, id: mintId('grant', now, deps.random), version }
    if (!(await store.insertGrant(tx, environment, next, now)))
      throw new Error(`version ${version} of a grant was there already`)
    await record(tx, {
      at: now,
      actor,
      act: 'grant.issue',
      on: next.id,
      organizationId,
      outcome: 'done',
      detail: { environment, version, ...what },
    })
    return next
  })
  await deliverPending(deps, organizationId)
  const latest = await deps.database.transaction({ role: 'worker' }, (tx) =>
    store.findLatest(tx, organizationId, environment),
  )
  return { grant, isAcknowledged: latest?.state === 'acknowledged' }
}
