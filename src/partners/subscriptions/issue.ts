import { record } from '../../audit/index.ts'
import type { Scope } from '../../gateway/administration/index.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import { mintId, type OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { products as catalogue } from '../catalogue/index.ts'
import type { SubscriptionsDeps } from './deps.ts'
import * as store from './store.ts'

/** Every product of the catalogue, without end: what each company may do in the sandbox. Again it changes nothing. */
export function issueSandboxGrant(
  deps: SubscriptionsDeps,
  organization: { readonly id: OrganizationId; readonly name: string },
  actor: Actor,
): Promise<void> {
  return deps.database.transaction({ role: 'worker' }, async (tx) => {
    if (await store.findLatest(tx, organization.id, 'sandbox')) return
    const products = await catalogue(tx)
    await issue(deps, tx, 'sandbox', actor, {
      organizationId: organization.id,
      organizationName: organization.name,
      version: 1,
      products: products.map((product) => product.id),
      scopes: [...new Set(products.flatMap((product) => product.scopes))].sort(),
      from: deps.clock.now(),
    })
  })
}

interface Terms {
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly version: number
  readonly products: readonly string[]
  readonly scopes: readonly Scope[]
  readonly from: Instant
}

async function issue(
  deps: SubscriptionsDeps,
  tx: Tx,
  environment: Environment,
  actor: Actor,
  terms: Terms,
): Promise<void> {
  const now = deps.clock.now()
  const grant = { id: mintId('grant', now, deps.random), ...terms }
  if (!(await store.insertGrant(tx, environment, grant, now))) return
  await record(tx, {
    at: now,
    actor,
    act: 'grant.issue',
    on: grant.id,
    organizationId: terms.organizationId,
    outcome: 'done',
    detail: { environment, version: terms.version },
  })
}
