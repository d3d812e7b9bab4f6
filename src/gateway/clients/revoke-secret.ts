import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { RevokedFor } from './model.ts'
import { noSuchClient } from './rotate-secret.ts'
import { lockClient, raiseEpoch, revoke } from './secret-store.ts'

export interface SecretRevocation {
  readonly organizationId: OrganizationId
  readonly clientId: string
  readonly secretId: string
}

/**
 * Ends one secret now, and every token of its client: which secret a token was got with is not known, and none of those
 * got with this one may go on. A client that has another secret gets itself a new token.
 *
 * @returns whether it did; false when the secret was revoked before
 * @throws Problem `state/not-found` no such client of this company, or no such secret of the client
 */
export async function revokeSecret(
  { clock }: { readonly clock: Clock },
  tx: Tx,
  { organizationId, clientId, secretId }: SecretRevocation,
  why: RevokedFor = 'request',
): Promise<boolean> {
  if (!(await lockClient(tx, organizationId, clientId))) throw noSuchClient()
  const outcome = await revoke(tx, clientId, secretId, why, clock.now())
  if (outcome === 'absent') throw new Problem('state/not-found', 'The client has no such secret.')
  if (outcome === 'before') return false
  await raiseEpoch(tx, clientId)
  return true
}
