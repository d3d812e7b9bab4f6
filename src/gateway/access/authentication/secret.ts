import { Problem } from '../../../kernel/problem.ts'
import { type ClientRecord, isClientId, isForeign, isSecret, matchSecret } from '../../clients/index.ts'
import type { Verifier } from './method.ts'

/** One answer for every reason: no such client, a wrong, malformed or expired secret, a client that was disabled. */
export const refuseClient = (): Problem =>
  new Problem(
    'access/client-invalid',
    'Client authentication failed. Check client_id and client_secret, and that they are of this environment.',
  )

/**
 * Authenticates a client by its secret.
 *
 * A client that this node knows gets in without a look-up. A secret that breaks its own checksum is refused without one:
 * whoever sent it could know that already. Every other refusal takes the same way, whether the client exists or not: twice
 * as many hashes as a client may have secrets, as many comparisons in constant time, and one look-up between, which also
 * finds the secret that was made a moment ago. A refusal then waits for its audit row, which takes far longer than any of this.
 *
 * @throws Problem `access/wrong-environment` known by the mark; else `access/client-invalid`
 * @see RFC 6749 section 2.3.1
 */
export async function proveBySecret(
  verifier: Verifier,
  clientId: string,
  secret: string,
): Promise<ClientRecord> {
  const { environment } = verifier
  if (isForeign(environment, clientId) || isForeign(environment, secret)) {
    const other = environment === 'sandbox' ? 'production' : 'sandbox'
    throw new Problem(
      'access/wrong-environment',
      `This is a ${other} credential; this is the ${environment}.`,
    )
  }
  const isReadable = isClientId(clientId) && isSecret(secret)
  const known = isReadable ? await verifier.known(clientId) : undefined
  const proved =
    (await prove(verifier, known, secret)) ??
    (isReadable ? await prove(verifier, await verifier.find(clientId), secret) : undefined)
  if (!proved) throw refuseClient()
  await verifier.used(proved.client, proved.secret)
  return proved.client
}

async function prove(verifier: Verifier, client: ClientRecord | undefined, secret: string) {
  const secrets = client?.secrets ?? []
  if (secrets.some(({ keyId }) => !verifier.peppers.find(keyId))) await verifier.peppers.refresh()
  const match = matchSecret(verifier.peppers, secrets, secret, verifier.now)
  return client && match && !client.disabled ? { client, secret: match } : undefined
}
