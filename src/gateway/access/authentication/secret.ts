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
 * A secret that breaks its own checksum is refused without asking the database: whoever sent it could know that
 * already. Otherwise the way is the same for a client that exists and one that does not: one look-up, as many hashes as a
 * client may have secrets, and as many comparisons in constant time. A refusal then waits for its audit row, which takes
 * far longer than any of this.
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
  const client = isReadable ? await verifier.find(clientId) : undefined
  const secrets = client?.secrets ?? []
  if (secrets.some(({ keyId }) => !verifier.peppers.find(keyId))) await verifier.peppers.refresh()
  const match = matchSecret(verifier.peppers, secrets, secret, verifier.now)
  if (!client || !match || client.disabled) throw refuseClient()
  await verifier.used(client, match)
  return client
}
