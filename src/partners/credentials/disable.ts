import type { RevocationReason } from '../../gateway/administration/index.ts'
import type { CredentialsDeps } from './deps.ts'
import { environmentOf } from './find.ts'
import { actorOf, organizationOf, type Requester, requireMayCreate } from './model.ts'

export interface Disabling {
  readonly clientId: string
  readonly reason?: RevocationReason
}

/**
 * Disables a credential for good, with all of its secrets, keys and tokens, within a second. Again it changes nothing.
 *
 * @throws Problem `access/role-missing`; `state/not-found` no such credential of the company
 */
export async function disable(
  deps: CredentialsDeps,
  requester: Requester,
  { clientId, reason }: Disabling,
): Promise<void> {
  requireMayCreate(requester)
  const { id: organizationId } = organizationOf(requester)
  const environment = await environmentOf(deps, organizationId, clientId)
  await deps.gateways[environment].revokeClient({ organizationId, clientId, reason }, actorOf(requester))
}

/**
 * Ends the tokens that a credential has, within a second; it can get new ones.
 *
 * @throws Problem `access/role-missing`; `state/not-found` no such credential of the company
 */
export async function endTokens(
  deps: CredentialsDeps,
  requester: Requester,
  { clientId }: Pick<Disabling, 'clientId'>,
): Promise<void> {
  requireMayCreate(requester)
  const { id: organizationId } = organizationOf(requester)
  const environment = await environmentOf(deps, organizationId, clientId)
  await deps.gateways[environment].endTokens({ organizationId, clientId }, actorOf(requester))
}
