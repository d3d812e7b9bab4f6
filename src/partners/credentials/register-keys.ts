import type { KeysWanted } from '../../gateway/administration/index.ts'
import { Problem } from '../../kernel/problem.ts'
import type { CredentialsDeps } from './deps.ts'
import { actorOf, organizationOf, type Requester, requireMayCreate } from './model.ts'
import { environmentOf } from './store.ts'

export interface KeysFor {
  readonly clientId: string
  readonly keys: KeysWanted
}

/**
 * Has a gateway put keys in place of those that a client had. They are kept by the gateway alone, and so is the record of
 * it.
 *
 * @throws Problem `access/role-missing`; `state/not-found` the company has no such client; `request/invalid` a key cannot
 *         be used
 */
export async function registerKeys(
  deps: CredentialsDeps,
  requester: Requester,
  { clientId, keys }: KeysFor,
): Promise<void> {
  const organizationId = organizationOf(requester).id
  requireMayCreate(requester)
  const environment = await deps.database.transaction(
    { role: 'tenant', organization: organizationId },
    (tx) => environmentOf(tx, clientId),
  )
  if (environment === undefined)
    throw new Problem('state/not-found', 'The company has no client with this id.')
  await deps.gateways[environment].registerKeys({ organizationId, clientId, keys }, actorOf(requester))
}
