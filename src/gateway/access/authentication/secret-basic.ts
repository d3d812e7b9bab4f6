import { Problem } from '../../../kernel/problem.ts'
import type { AuthenticationMethod } from './method.ts'
import { proveBySecret, refuseClient } from './secret.ts'

/**
 * The client's id and secret in the `Authorization` header.
 *
 * @see RFC 6749 section 2.3.1, RFC 7617 section 2
 */
export const secretBasic: AuthenticationMethod = {
  name: 'client_secret_basic',
  isTried: ({ authorization }) => authorization !== undefined,
  claimed: ({ authorization }) => decodeBasic(authorization ?? '')?.clientId,
  authenticate: async ({ authorization, parameters }, verifier) => {
    const credentials = decodeBasic(authorization ?? '')
    if (!credentials) throw refuseClient()
    const named = parameters.get('client_id')
    if (named !== undefined && named !== credentials.clientId)
      throw new Problem(
        'request/invalid',
        'client_id and the Authorization header name two different clients.',
      )
    return proveBySecret(verifier, credentials.clientId, credentials.secret)
  },
}

/** Base64 with its padding, or with none of it. Decoders take any amount. @see RFC 4648 section 4 */
const BASIC = /^Basic +((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?)$/i

/** @returns undefined for another scheme, and for anything that does not decode */
function decodeBasic(header: string): { readonly clientId: string; readonly secret: string } | undefined {
  const encoded = BASIC.exec(header)?.[1]
  if (encoded === undefined) return undefined
  try {
    const pair = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64'))
    const colon = pair.indexOf(':')
    if (colon < 0) return undefined
    return { clientId: formDecode(pair.slice(0, colon)), secret: formDecode(pair.slice(colon + 1)) }
  } catch {
    return undefined
  }
}

/** Each part was form-encoded before the two were joined. @see RFC 6749 section 2.3.1 and appendix B */
const formDecode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
