import { mintId } from '../../kernel/ids.ts'
import type { Membership } from '../organizations/index.ts'
import type { Person } from '../people/index.ts'
import { hashOf } from '../subscriptions/index.ts'
import { requireAmendable } from './amend.ts'
import { type Conditions, compose } from './compose.ts'
import type { ContractsDeps } from './deps.ts'
import type { Wish } from './draft.ts'
import { locked, requestOf, sessionOf } from './find.ts'
import type { Contract, ProductionRequest } from './model.ts'
import { put, type Seen } from './move.ts'
import { requireMove } from './moves.ts'
import * as store from './store.ts'

export interface Offered {
  readonly request: ProductionRequest
  readonly contract: Contract
}

/**
 * Offers a contract on a request. Its text is frozen here: a template that is published later changes nothing of it.
 *
 * @throws Problem `state/not-found`; `state/not-allowed`; `state/moved-on`; `request/invalid` the conditions cannot be
 *         offered, or the plan is offered no more
 */
export function offer(
  deps: ContractsDeps,
  person: Person,
  { requestId, version, ...conditions }: Seen & Conditions,
): Promise<Offered> {
  return deps.database.transaction({ role: 'staff' }, async (tx) => {
    const before = await locked(tx, () => requestOf(tx, requestId))
    requireMove('offer', before, version)
    const now = deps.clock.now()
    const { amends, organizationId, plan } = before
    if (amends !== undefined) await requireAmendable(tx, amends, conditions.beginsAt ?? now, now)
    const organization = await store.findOrganization(tx, organizationId)
    const id = mintId('contract', now, deps.random)
    const of = amends === undefined ? {} : { amends }
    const wanted = { id, organization, plan, products: before.products, ...of, conditions }
    const { text, terms, products } = await compose(deps, tx, wanted, now)
    const contract: Contract = {
      id,
      organizationId,
      kind: 'electronic',
      requestId: before.id,
      ...of,
      state: 'offered',
      plan,
      products,
      terms,
      text,
      textHash: hashOf(text),
      offeredAt: now,
    }
    await store.insertContract(tx, contract, person.id)
    const acting = { side: 'operator', person } as const
    const request = await put(
      tx,
      before,
      { state: 'offered', contractId: id },
      { acting, name: 'offer', now },
    )
    return { request, contract }
  })
}

/**
 * The contract as it would be offered on a wish, for the company to read before it asks.
 *
 * @throws Problem `request/invalid`
 */
export function preview(deps: ContractsDeps, membership: Membership, wish: Wish): Promise<string> {
  const { organization } = membership
  return deps.database.transaction(sessionOf({ side: 'partner', membership }), async (tx) => {
    const wanted = { ...wish, id: '(numbered when it is offered)', organization, conditions: {} }
    return (await compose(deps, tx, wanted, deps.clock.now())).text
  })
}
