import type { CredentialsDeps } from './deps.ts'
import { environmentOf } from './find.ts'
import { actorOf, organizationOf, type Requester, requireMayCreate } from './model.ts'

/**
 * Says where a credential may be used from; an empty list: anywhere. The gateway puts it on the record.
 *
 * @returns the list as it is kept
 * @throws Problem `access/role-missing`; `state/not-found`; `request/invalid` with a fault for each entry that is none
 */
export async function allow(
  deps: CredentialsDeps,
  requester: Requester,
  { clientId, addresses }: { readonly clientId: string; readonly addresses: readonly string[] },
): Promise<readonly string[]> {
  requireMayCreate(requester)
  const { id: organizationId } = organizationOf(requester)
  const environment = await environmentOf(deps, organizationId, clientId)
  return deps.gateways[environment].allowAddresses(
    { organizationId, clientId, addresses },
    actorOf(requester),
  )
}
