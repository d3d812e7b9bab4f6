import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/database/index.ts'
import { mintClientId } from './credential.ts'
import { addSecret, type MintedSecret, requireTerms, type SecretTerms } from './mint-secret.ts'
import { isLive, type Scope } from './model.ts'
import type { Registrar } from './registrar.ts'
import { requireRoom, withoutUnseen } from './rotate-secret.ts'
import { findRequested } from './secret-store.ts'
import * as store from './store.ts'

export interface ClientRequest extends SecretTerms {
  readonly organizationId: OrganizationId
  /** What people call it, 1 to 100 characters. */
  readonly label: string
  /** All of the grant's when absent. */
  readonly scopes?: readonly Scope[] | undefined
}

export interface RegisteredClient extends MintedSecret {
  readonly clientId: string
  readonly scopes: readonly Scope[]
}

/**
 * Makes a client with its first secret, for an organization that has a live grant.
 *
 * Asked again with the same request id, the client is the one that was made before, and its secret a fresh one: nobody
 * who asks again has seen the first, which ends.
 *
 * @throws Problem `access/no-grant`; `access/scope-not-allowed` a scope that the grant does not have; `request/invalid`
 *         the label
 */
export async function registerClient(
  registrar: Registrar,
  tx: Tx,
  request: ClientRequest,
): Promise<RegisteredClient> {
  const { environment, clock, random } = registrar
  const now = clock.now()
  requireTerms(request)
  const { label, scopes } = await fitRequest(registrar, tx, request)
  const { organizationId, requestId } = request
  const before = requestId === undefined ? undefined : await findRequested(tx, organizationId, requestId)
  if (before) {
    requireRoom(await withoutUnseen(tx, before.clientId, requestId, now))
    const scopes = before.scopes as readonly Scope[]
    return {
      clientId: before.clientId,
      scopes,
      ...(await addSecret(registrar, tx, before.clientId, request)),
    }
  }
  const clientId = mintClientId(environment, random)
  await store.saveClient(tx, { clientId, organizationId, label, scopes, requestId }, now)
  return { clientId, scopes, ...(await addSecret(registrar, tx, clientId, request)) }
}

/**
 * What of a request for a client is the same whatever the client proves itself with.
 *
 * @throws Problem as `registerClient`
 */
export async function fitRequest(
  { environment, clock }: Pick<Registrar, 'environment' | 'clock'>,
  tx: Tx,
  request: ClientRequest,
): Promise<{ readonly label: string; readonly scopes: readonly Scope[] }> {
  const label = request.label.trim()
  if (label === '' || label.length > 100)
    throw new Problem('request/invalid', 'A label has 1 to 100 characters.')
  const grant = await store.findGrant(tx, request.organizationId)
  if (!isLive(grant, clock.now()))
    throw new Problem('access/no-grant', `The company has no live grant in the ${environment}.`)
  const scopes = request.scopes ?? (grant.scopes as readonly Scope[])
  if (scopes.length === 0 || !scopes.every((scope) => grant.scopes.includes(scope)))
    throw new Problem('access/scope-not-allowed', `The company's grant has: ${grant.scopes.join(' ')}.`)
  return { label, scopes: [...new Set(scopes)] }
}
