import { record } from '../../audit/index.ts'
import type { Grant, Scope } from '../../gateway/administration/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { mintId, type OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { products as catalogue } from '../catalogue/index.ts'
import type { SubscriptionsDeps } from './deps.ts'
import { type Entitlement, entitledAt } from './entitlement.ts'
import * as store from './store.ts'

const ACTOR = { kind: 'system', part: 'entitlements' } as const

/** Whom an entitlement is for. */
export interface Entitling {
  readonly id: OrganizationId
  readonly name: string
}

/**
 * Issues the grant for production that a company's entitlements come to, where the latest says otherwise. It is the one
 * place that grants production.
 *
 * Delivered by whoever calls, once the transaction is committed.
 *
 * @param tx as staff or worker
 */
export async function settleProduction(
  { random }: Pick<SubscriptionsDeps, 'random'>,
  tx: Tx,
  organization: Entitling,
  actor: Actor,
  now: Instant,
): Promise<void> {
  await store.lockGrants(tx, organization.id, 'production')
  const entitlements = await store.findEntitlements(tx, organization.id)
  const latest = (await store.findLatest(tx, organization.id, 'production'))?.grant
  const wanted = await wantedGrant(tx, entitlements, latest, now)
  if (!wanted || (latest && isSame(latest, wanted))) return
  const grant: Grant = {
    id: mintId('grant', now, random),
    organizationId: organization.id,
    organizationName: organization.name,
    version: (latest?.version ?? 0) + 1,
    ...(latest?.providers && { providers: latest.providers }),
    ...wanted,
  }
  if (!(await store.insertGrant(tx, 'production', grant, now)))
    throw new Error(`version ${grant.version} of a grant was there already`)
  await record(tx, {
    at: now,
    actor,
    act: 'grant.issue',
    on: grant.id,
    organizationId: organization.id,
    outcome: 'done',
    detail: {
      environment: 'production',
      version: grant.version,
      products: grant.products.join(' '),
      ...(grant.until === undefined ? {} : { until: new Date(grant.until).toISOString() }),
    },
  })
}

type Wanted = Pick<Grant, 'products' | 'scopes' | 'from' | 'until'>

async function wantedGrant(
  tx: Tx,
  entitlements: readonly Entitlement[],
  latest: Grant | undefined,
  now: Instant,
): Promise<Wanted | undefined> {
  const entitled = entitledAt(entitlements, now)
  if (!entitled) {
    const isOver = !latest || (latest.until !== undefined && latest.until <= now)
    if (isOver) return undefined
    // Ended now, also one that would have begun later.
    const from = (latest.from < now ? latest.from : now - 1) as Instant
    return { products: [], scopes: [], from, until: now }
  }
  const granted = (await catalogue(tx)).filter(({ id }) => entitled.products.includes(id))
  const scopes = [...new Set<Scope>(granted.flatMap((product) => product.scopes))].sort()
  return { ...entitled, products: granted.map(({ id }) => id), scopes }
}

/** Whether a grant says what is wanted; when it began matters while it has not. */
function isSame(grant: Grant, wanted: Wanted): boolean {
  return (
    grant.until === wanted.until &&
    grant.from === wanted.from &&
    grant.products.join() === wanted.products.join() &&
    grant.scopes.join() === wanted.scopes.join()
  )
}

/** Settles every company of whose entitlements one has begun or ended since its grant was issued. For a timer. */
export async function settleDue(deps: SubscriptionsDeps): Promise<void> {
  const due = await deps.database.transaction({ role: 'worker' }, (tx) =>
    store.findUnsettled(tx, deps.clock.now()),
  )
  for (const organization of due)
    await deps.database.transaction({ role: 'worker' }, (tx) =>
      settleProduction(deps, tx, organization, ACTOR, deps.clock.now()),
    )
}
