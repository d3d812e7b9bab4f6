import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/database/index.ts'
import { mintClientId } from './credential.ts'
import { type KeySet, type KeysWanted, readKeysWanted } from './key-set.ts'
import { saveKeySet } from './key-store.ts'
import type { Scope } from './model.ts'
import { type ClientRequest, fitRequest } from './register.ts'
import type { Registrar } from './registrar.ts'
import { findRequested } from './secret-store.ts'
import * as store from './store.ts'

export interface KeyClientRequest extends ClientRequest {
  readonly keys: KeysWanted
}

/** A client that proves itself by its keys. No secret was made. */
export interface RegisteredKeyClient {
  readonly clientId: string
  readonly clientSecret?: never
  readonly scopes: readonly Scope[]
}

/**
 * Makes a client with its keys and without a secret, for an organization that has a live grant.
 *
 * @throws Problem as `registerClient`, and `request/invalid` when the keys cannot be used
 */
export async function registerKeyClient(
  registrar: Registrar,
  tx: Tx,
  request: KeyClientRequest,
): Promise<RegisteredKeyClient> {
  const keySet = readKeysWanted(request.keys)
  const now = registrar.clock.now()
  const { label, scopes } = await fitRequest(registrar, tx, request)
  const { organizationId, requestId } = request
  const before = requestId === undefined ? undefined : await findRequested(tx, organizationId, requestId)
  if (before) {
    // Asked again because the answer was lost: the same client, with what it is to have.
    await saveKeySet(tx, before.clientId, keySet, now)
    return { clientId: before.clientId, scopes: before.scopes as readonly Scope[] }
  }
  const clientId = mintClientId(registrar.environment, registrar.random)
  await store.saveClient(tx, { organizationId, label, clientId, scopes, requestId }, now)
  await saveKeySet(tx, clientId, keySet, now)
  return { clientId, scopes }
}

export interface KeysRequest {
  readonly organizationId: OrganizationId
  readonly clientId: string
  readonly keys: KeysWanted
}

/**
 * Puts keys in place of those that a client had. From then on an assertion by another key is refused; tokens that were
 * issued before end by themselves.
 *
 * @throws Problem `state/not-found` the organization has no such client; `request/invalid` the keys cannot be used
 */
export async function replaceKeys(
  { clock }: Pick<Registrar, 'clock'>,
  tx: Tx,
  { organizationId, clientId, keys }: KeysRequest,
): Promise<KeySet> {
  const keySet = readKeysWanted(keys)
  if (!(await store.isClientOf(tx, organizationId, clientId)))
    throw new Problem('state/not-found', 'The company has no client with this id.')
  await saveKeySet(tx, clientId, keySet, clock.now())
  return keySet
}
