import { record } from '../../audit/index.ts'
import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { choose } from '../catalogue/index.ts'
import type { Membership } from '../organizations/index.ts'
import { moveIntoRequest } from '../questions/index.ts'
import { requireAmendable } from './amend.ts'
import type { ContractsDeps } from './deps.ts'
import { locked, requestOf, sessionOf } from './find.ts'
import { actorOf, type ProductionRequest } from './model.ts'
import { requireMayMove, requireMove } from './moves.ts'
import * as store from './store.ts'

export interface Wish {
  readonly plan: string
  /** Ids of products of the plan; at least one. */
  readonly products: readonly string[]
  readonly note?: string
}

/**
 * Drafts a request for production. The operator sees it once it is submitted.
 *
 * @param amends the contract in force that it would take the place of; needed where there is one
 * @throws Problem `access/role-missing`; `request/invalid`; `state/already-there` a request is open;
 *         `state/not-found` no such contract; `state/not-allowed` that contract cannot be amended, or one is in force and was
 *         not named
 */
export function draft(
  deps: ContractsDeps,
  membership: Membership,
  { plan, products, note = '', amends }: Wish & { readonly amends?: string },
): Promise<ProductionRequest> {
  requireMayMove('submit', membership)
  const acting = { side: 'partner', membership } as const
  const { organization, personId } = membership
  return deps.database.transaction(sessionOf(acting), async (tx) => {
    await store.lockCompany(tx, organization.id)
    const now = deps.clock.now()
    const amended = amends === undefined ? undefined : await requireAmendable(tx, amends, now, now)
    const inForce = await store.findInForce(tx, organization.id, now)
    if (!amended && inForce.length > 0)
      throw new Problem(
        'state/not-allowed',
        `A contract is in force: name it as the one to amend (${inForce.map(({ id }) => id).join(', ')}).`,
      )
    const chosen = await choose(tx, { plan, products }, 'contract')
    const request: ProductionRequest = {
      id: mintId('productionRequest', now, deps.random),
      organizationId: organization.id,
      ...(amended && { amends: amended.id }),
      plan,
      products: chosen.products.map(({ id }) => id),
      note: note.trim(),
      state: 'draft',
      version: 1,
      createdAt: now,
      createdBy: personId,
      movedAt: now,
    }
    if (!(await store.insertRequest(tx, request)))
      throw new Problem('state/already-there', 'A request is open already. Change it, or withdraw it first.')
    await moveIntoRequest(tx, organization.id, request.id)
    await record(tx, {
      at: now,
      actor: actorOf(acting),
      act: 'production-request.draft',
      on: request.id,
      outcome: 'done',
      detail: { plan, products: request.products.join(' ') },
    })
    return request
  })
}

/**
 * Puts another wish in place of what was asked for; one that was submitted, and not taken up, is a draft again.
 *
 * @throws Problem `access/role-missing`; `state/not-found`; `state/not-allowed`; `state/moved-on`; `request/invalid`
 */
export function change(
  deps: ContractsDeps,
  membership: Membership,
  requestId: string,
  { version, plan, products, note = '' }: Wish & { readonly version: number },
): Promise<ProductionRequest> {
  requireMayMove('change', membership)
  const acting = { side: 'partner', membership } as const
  return deps.database.transaction(sessionOf(acting), async (tx) => {
    const before = await locked(tx, () => requestOf(tx, requestId))
    requireMove('change', before, version)
    const chosen = await choose(tx, { plan, products }, 'contract')
    const now = deps.clock.now()
    const after: ProductionRequest = {
      ...before,
      state: 'draft',
      plan,
      products: chosen.products.map(({ id }) => id),
      note: note.trim(),
      version: before.version + 1,
      movedAt: now,
    }
    await store.changeRequest(tx, after)
    await record(tx, {
      at: now,
      actor: actorOf(acting),
      act: 'production-request.change',
      on: after.id,
      outcome: 'done',
      detail: { plan, products: after.products.join(' ') },
    })
    return after
  })
}
