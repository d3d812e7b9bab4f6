import { Problem } from '../../../kernel/problem.ts'
import { type ClientRecord, isClientId } from '../../clients/index.ts'
import type { AuthenticationMethod, TokenRequest, Verifier } from './method.ts'
import { privateKeyJwt } from './private-key-jwt.ts'
import { secretBasic } from './secret-basic.ts'
import { secretPost } from './secret-post.ts'

export { verifierByKey } from './key-verifier.ts'
export type { TokenRequest, Verifier } from './method.ts'
export { AssertionRefused } from './private-key-jwt.ts'
export { refuseClient } from './secret.ts'

/** Every way for a client to prove itself here. */
const METHODS: readonly AuthenticationMethod[] = [secretBasic, secretPost, privateKeyJwt]

/** As published in the metadata. @see RFC 8414 section 2, token_endpoint_auth_methods_supported */
export const METHOD_NAMES: readonly string[] = METHODS.map(({ name }) => name)

/**
 * Authenticates the client of a token request by the one method it uses.
 *
 * @throws Problem `request/invalid` more than one method; `access/client-invalid` none, or a proof that is not good;
 *         `access/wrong-environment`
 * @see RFC 6749 sections 2.3 and 5.2
 */
export async function authenticateClient(request: TokenRequest, verifier: Verifier): Promise<ClientRecord> {
  const [method, another] = METHODS.filter((each) => each.isTried(request))
  if (another)
    throw new Problem('request/invalid', 'More than one way of authenticating the client was used; use one.')
  if (!method)
    throw new Problem(
      'access/client-invalid',
      'No client authentication was sent. Send client_id and client_secret, in the Authorization header or in the body, or a client_assertion.',
    )
  return method.authenticate(request, verifier)
}

/** The client that a request names, proved or not; undefined unless the name has the form of one, as it is written down. */
export function claimedClient(request: TokenRequest): string | undefined {
  const claims = METHODS.filter((each) => each.isTried(request)).map((each) => each.claimed(request))
  return claims.find((claim) => claim !== undefined && isClientId(claim))
}
