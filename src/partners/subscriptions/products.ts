import type { Grant, Scope } from '../../gateway/administration/index.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/database/index.ts'
import { products as catalogue } from '../catalogue/index.ts'
import { type ChangedGrant, changeGrant, type GrantChange } from './change.ts'
import type { SubscriptionsDeps } from './deps.ts'
import * as store from './store.ts'

export interface ProductChange {
  readonly organizationId: OrganizationId
  readonly environment: Environment
  readonly product: string
}

/**
 * Takes a product away from a company. Its gateway refuses what that product allowed on the next call, with tokens that
 * are out as well; what another product of the company allows too is left.
 *
 * @throws Problem `access/no-grant`; `request/invalid` there is no such product
 */
export function withdrawProduct(
  deps: SubscriptionsDeps,
  { organizationId, environment, product }: ProductChange,
  actor: Actor,
): Promise<ChangedGrant> {
  return changeGrant(
    deps,
    organizationId,
    environment,
    actor,
    async (tx, { products }) => {
      await requireProduct(tx, product)
      // Or its entitlements would bring it back when the next one begins or ends.
      if (environment === 'production') await store.removeFromEntitlements(tx, organizationId, product)
      if (!products.includes(product)) return undefined
      return withProducts(
        tx,
        products.filter((each) => each !== product),
      )
    },
    { withdrawn: product },
  )
}

/**
 * Gives a company a product of the sandbox. In production products come with a contract.
 *
 * @throws Problem `access/no-grant`; `request/invalid` there is no such product
 */
export function addProduct(
  deps: SubscriptionsDeps,
  { organizationId, environment, product }: ProductChange,
  actor: Actor,
): Promise<ChangedGrant> {
  if (environment === 'production')
    throw new Problem(
      'access/no-grant',
      'A product of production needs a contract that both sides have signed.',
    )
  return changeGrant(
    deps,
    organizationId,
    environment,
    actor,
    async (tx, { products }) => {
      await requireProduct(tx, product)
      return products.includes(product) ? undefined : withProducts(tx, [...products, product])
    },
    { added: product },
  )
}

async function withProducts(tx: Tx, products: Grant['products']): Promise<GrantChange> {
  const granted = (await catalogue(tx)).filter(({ id }) => products.includes(id))
  const scopes = new Set<Scope>(granted.flatMap((product) => product.scopes))
  return { products: granted.map(({ id }) => id), scopes: [...scopes].sort() }
}

async function requireProduct(tx: Tx, product: string): Promise<void> {
  const known = (await catalogue(tx)).map(({ id }) => id)
  if (known.includes(product)) return
  throw new Problem('request/invalid', 'There is no such product.', {
    faults: [{ at: '/product', message: `expected one of ${known.join(', ')}` }],
  })
}
