import { record } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { mintId, type OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { choose } from '../catalogue/index.ts'
import type { Membership } from '../organizations/index.ts'
import type { Visitor } from '../people/index.ts'
import { deliverPending } from './deliver.ts'
import type { SubscriptionsDeps } from './deps.ts'
import { settleProduction } from './settle.ts'
import * as store from './store.ts'
import type { Subscription } from './subscription.ts'
import { type ShownTerms, showTerms } from './terms.ts'

export interface Choice {
  readonly plan: string
  /** Ids of products of the plan; at least one. */
  readonly products: readonly string[]
}

/** @throws Problem `request/invalid` no such self-service plan is offered, or it does not hold a product */
export function readTerms(
  deps: SubscriptionsDeps,
  { organization }: Membership,
  choice: Choice,
): Promise<ShownTerms> {
  return deps.database.transaction({ role: 'tenant', organization: organization.id }, async (tx) =>
    showTerms(tx, deps.operatorName, organization, await choose(tx, choice, 'self-service')),
  )
}

/**
 * Accepts the terms of a self-service plan: production is granted at once. Accepting the same terms again changes nothing;
 * accepting others, for more or fewer products, takes the place of what was accepted before.
 *
 * @param accepted `termsHash` names the terms that were shown
 * @throws Problem `access/role-missing`; `request/invalid`; `state/moved-on` the terms are others by now
 */
export async function subscribe(
  deps: SubscriptionsDeps,
  membership: Membership,
  accepted: Choice & { readonly termsHash: string },
  visitor: Visitor,
): Promise<Subscription> {
  requireMayAccept(membership)
  const { organization, personId } = membership
  const subscription = await deps.database.transaction({ role: 'worker' }, async (tx) => {
    await store.lockGrants(tx, organization.id, 'production')
    const before = await inForce(tx, organization.id)
    if (before?.termsHash === accepted.termsHash) return before
    const chosen = await choose(tx, accepted, 'self-service')
    const terms = await showTerms(tx, deps.operatorName, organization, chosen)
    if (terms.hash !== accepted.termsHash)
      throw new Problem('state/moved-on', 'The terms have changed since you read them. Read them again.')
    const now = deps.clock.now()
    const actor = { kind: 'person', personId, organizationId: organization.id } as const
    if (before) await end(tx, before, actor, now)
    const made: Subscription = {
      id: mintId('subscription', now, deps.random),
      organizationId: organization.id,
      plan: chosen.plan.id,
      planVersion: chosen.plan.version,
      terms: terms.text,
      termsHash: terms.hash,
      acceptedBy: personId,
      acceptedAt: now,
      address: visitor.address,
      userAgent: visitor.userAgent.slice(0, 300),
    }
    await store.insertSubscription(tx, made)
    await store.insertEntitlement(
      tx,
      {
        id: mintId('entitlement', now, deps.random),
        organizationId: organization.id,
        basis: 'subscription',
        basisId: made.id,
        products: chosen.products.map(({ id }) => id),
        from: now,
      },
      now,
    )
    await record(tx, {
      at: now,
      actor,
      act: 'subscription.accept',
      on: made.id,
      outcome: 'done',
      detail: { plan: chosen.plan.id, terms: terms.hash },
    })
    await settleProduction(deps, tx, organization, actor, now)
    return made
  })
  await deliverPending(deps, organization.id)
  return subscription
}

/**
 * Ends a company's subscription now: what it alone allowed is refused on the next call.
 *
 * @throws Problem `access/role-missing`; `state/not-found` none is in force
 */
export async function unsubscribe(deps: SubscriptionsDeps, membership: Membership): Promise<void> {
  requireMayAccept(membership)
  const { organization, personId } = membership
  const actor = { kind: 'person', personId, organizationId: organization.id } as const
  await deps.database.transaction({ role: 'worker' }, async (tx) => {
    await store.lockGrants(tx, organization.id, 'production')
    const before = await inForce(tx, organization.id)
    if (!before) throw new Problem('state/not-found', 'No subscription is in force.')
    const now = deps.clock.now()
    await end(tx, before, actor, now)
    await settleProduction(deps, tx, organization, actor, now)
  })
  await deliverPending(deps, organization.id)
}

async function end(tx: Tx, { id }: Subscription, actor: Actor, now: Instant): Promise<void> {
  await store.endSubscription(tx, id, now)
  await store.endEntitlement(tx, id, now)
  await record(tx, { at: now, actor, act: 'subscription.end', on: id, outcome: 'done' })
}

async function inForce(tx: Tx, id: OrganizationId) {
  return (await store.findSubscriptions(tx, id)).find(({ endedAt }) => endedAt === undefined)
}

function requireMayAccept({ role }: Membership): void {
  if (role !== 'administrator' && role !== 'signatory')
    throw new Problem('access/role-missing', 'An administrator or signatory of the company may do this.')
}
