import type { Environment } from '../../kernel/actor.ts'
import { mintId, type OrganizationId, type Random } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import { hintOf, mintClientId, mintSecret } from './credential.ts'
import { isLive, type Scope } from './model.ts'
import { hashSecret, secretKeyId } from './secret-hash.ts'
import * as store from './store.ts'

export interface Registrar {
  readonly environment: Environment
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Random
}

export interface ClientRequest {
  readonly organizationId: OrganizationId
  /** What people call it, 1 to 100 characters. */
  readonly label: string
  /** All of the grant's when absent. */
  readonly scopes?: readonly Scope[] | undefined
}

export interface RegisteredClient {
  readonly clientId: string
  /** Shown to the one who asked, once; nobody can read it again. */
  readonly clientSecret: string
  readonly scopes: readonly Scope[]
}

/**
 * Makes a client with its first secret, for an organization that has a live grant.
 *
 * @throws Problem `access/no-grant`; `access/scope-not-allowed` a scope that the grant does not have; `request/invalid`
 *         the label
 */
export async function registerClient(
  registrar: Registrar,
  tx: Tx,
  request: ClientRequest,
): Promise<RegisteredClient> {
  const { environment, vault, clock, random } = registrar
  const now = clock.now()
  const { label, scopes } = await fitRequest(registrar, tx, request)
  const clientId = mintClientId(environment, random)
  const clientSecret = mintSecret(environment, random)
  const secret = {
    id: mintId('secret', now, random),
    hash: hashSecret(vault, clientSecret),
    keyId: secretKeyId(vault),
    hint: hintOf(clientSecret),
  }
  await store.saveClient(tx, { ...request, label, clientId, scopes, secret }, now)
  return { clientId, clientSecret, scopes }
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
