import type { Grant } from '../../gateway/administration/index.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Membership } from '../organizations/index.ts'
import type { Visitor } from '../people/index.ts'
import { requireAcknowledged } from './alarm.ts'
import type { ChangedGrant } from './change.ts'
import { type Delivery, deliverPending } from './deliver.ts'
import type { SubscriptionsDeps } from './deps.ts'
import { issueSandboxGrant } from './issue.ts'
import { addProduct, type ProductChange, withdrawProduct } from './products.ts'
import { endProvider, type ProviderRegistration, registerProvider } from './providers.ts'
import { settleDue } from './settle.ts'
import * as store from './store.ts'
import { type Choice, readTerms, subscribe, unsubscribe } from './subscribe.ts'
import type { Subscription } from './subscription.ts'
import type { ShownTerms } from './terms.ts'

export interface Subscriptions {
  /**
   * Grants a company the sandbox and waits until the gateway has it. Again it changes nothing, and delivers what was left.
   *
   * @throws Problem `system/unavailable` when the gateway did not acknowledge; the grant is kept and delivered later
   */
  grantSandbox(
    organization: { readonly id: OrganizationId; readonly name: string },
    actor: Actor,
  ): Promise<void>
  /** @see deliverPending; for a timer, and at start */
  deliverPending(): Promise<Delivery>
  /**
   * The grant by which a company may act in an environment now, once its gateway has it.
   *
   * @throws Problem `access/no-grant` when there is none, it has ended or not begun; `system/unavailable` when the gateway
   *         did not acknowledge
   */
  liveGrant(organizationId: OrganizationId, environment: Environment): Promise<Grant>
  /** The version that counts, live or not; undefined when there never was one. */
  grantOf(organizationId: OrganizationId, environment: Environment): Promise<ChangedGrant | undefined>
  /** @see withdrawProduct */
  withdrawProduct(change: ProductChange, actor: Actor): Promise<ChangedGrant>
  /** @see addProduct */
  addProduct(change: ProductChange, actor: Actor): Promise<ChangedGrant>
  /** @see registerProvider */
  registerProvider(registration: ProviderRegistration, actor: Actor): Promise<ChangedGrant>
  /** @see endProvider */
  endProvider(ending: Parameters<typeof endProvider>[1], actor: Actor): Promise<ChangedGrant>
  /** @see readTerms */
  readTerms(membership: Membership, choice: Choice): Promise<ShownTerms>
  /** @see subscribe */
  subscribe(
    membership: Membership,
    accepted: Parameters<typeof subscribe>[2],
    visitor: Visitor,
  ): Promise<Subscription>
  /** @see unsubscribe */
  unsubscribe(membership: Membership): Promise<void>
  /** What a company has accepted, the newest first. */
  accepted(organizationId: OrganizationId): Promise<readonly Subscription[]>
  /** @see settleDue */
  settleDue(): Promise<void>
  /** @see requireAcknowledged */
  requireAcknowledged(): Promise<{ readonly pending: number }>
}

export function openSubscriptions(deps: SubscriptionsDeps): Subscriptions {
  return {
    grantSandbox: async (organization, actor) => {
      await issueSandboxGrant(deps, organization, actor)
      await requireDelivery(deps, organization.id, 'sandbox')
    },
    deliverPending: () => deliverPending(deps),
    grantOf: async (organizationId, environment) => {
      const issued = await latest(deps, organizationId, environment)
      return issued && { grant: issued.grant, isAcknowledged: issued.state === 'acknowledged' }
    },
    withdrawProduct: async (change, actor) => withdrawProduct(deps, change, actor),
    addProduct: async (change, actor) => addProduct(deps, change, actor),
    registerProvider: (registration, actor) => registerProvider(deps, registration, actor),
    endProvider: (ending, actor) => endProvider(deps, ending, actor),
    readTerms: (membership, choice) => readTerms(deps, membership, choice),
    subscribe: (membership, accepted, visitor) => subscribe(deps, membership, accepted, visitor),
    unsubscribe: (membership) => unsubscribe(deps, membership),
    accepted: (organizationId) =>
      deps.database.transaction({ role: 'tenant', organization: organizationId }, (tx) =>
        store.findSubscriptions(tx, organizationId),
      ),
    settleDue: () => settleDue(deps),
    requireAcknowledged: () => requireAcknowledged(deps),
    liveGrant: async (organizationId, environment) => {
      const issued = await latest(deps, organizationId, environment)
      const now = deps.clock.now()
      const isLive =
        issued &&
        // One of which every product was taken away allows nothing, so it is none.
        issued.grant.products.length > 0 &&
        issued.grant.from <= now &&
        (issued.grant.until === undefined || now < issued.grant.until)
      if (!isLive)
        throw new Problem(
          'access/no-grant',
          environment === 'production'
            ? 'Production needs a contract that both sides have signed; ask for production first.'
            : 'The company has no grant for the sandbox.',
        )
      if (issued.state === 'pending') await requireDelivery(deps, organizationId, environment)
      return issued.grant
    },
  }
}

function latest(deps: SubscriptionsDeps, organizationId: OrganizationId, environment: Environment) {
  return deps.database.transaction({ role: 'tenant', organization: organizationId }, (tx) =>
    store.findLatest(tx, organizationId, environment),
  )
}

async function requireDelivery(
  deps: SubscriptionsDeps,
  organizationId: OrganizationId,
  environment: Environment,
): Promise<void> {
  if ((await latest(deps, organizationId, environment))?.state === 'acknowledged') return
  const { failures } = await deliverPending(deps, organizationId)
  if ((await latest(deps, organizationId, environment))?.state === 'acknowledged') return
  throw new Problem(
    'system/unavailable',
    `The ${environment} gateway does not answer; try again in a minute.`,
    {
      cause: failures[0],
      retryAfterSeconds: 60,
    },
  )
}
