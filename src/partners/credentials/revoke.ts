import type { CredentialsDeps } from './deps.ts'
import { environmentOf } from './find.ts'
import { actorOf, organizationOf, type Requester, requireMayCreate } from './model.ts'

/**
 * Ends one secret of a credential, and every token of its client, within a second. The gateway puts it on the record.
 *
 * @throws Problem `access/role-missing`; `state/not-found` no such credential of the company, or no such secret
 */
export async function revoke(
  deps: CredentialsDeps,
  requester: Requester,
  { clientId, secretId }: { readonly clientId: string; readonly secretId: string },
): Promise<void> {
  requireMayCreate(requester)
  const { id: organizationId } = organizationOf(requester)
  const environment = await environmentOf(deps, organizationId, clientId)
  await deps.gateways[environment].revokeSecret({ organizationId, clientId, secretId }, actorOf(requester))
}
