import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Session, Tx } from '../../platform/database/index.ts'
import type { Acting, Contract, ProductionRequest } from './model.ts'
import * as store from './store.ts'

/** As whom the database is asked: a company sees its own, the operator's people see all. */
export function sessionOf(acting: Acting): Session {
  return acting.side === 'operator'
    ? { role: 'staff' }
    : { role: 'tenant', organization: acting.membership.organization.id }
}

/** @throws Problem `state/not-found` for another company's, too */
export async function requestOf(tx: Tx, id: string): Promise<ProductionRequest> {
  const found = await store.findRequest(tx, id)
  if (!found) throw new Problem('state/not-found', 'There is no such request.')
  return found
}

/** @throws Problem `state/not-found` for another company's, too */
export async function contractOf(tx: Tx, id: string): Promise<Contract> {
  const found = await store.findContract(tx, id)
  if (!found) throw new Problem('state/not-found', 'There is no such contract.')
  return found
}

/**
 * What `find` finds, once nobody else acts on the company that it belongs to.
 *
 * @throws what `find` throws
 */
export async function locked<T extends { readonly organizationId: OrganizationId }>(
  tx: Tx,
  find: () => Promise<T>,
): Promise<T> {
  const { organizationId } = await find()
  await store.lockCompany(tx, organizationId)
  return find()
}
