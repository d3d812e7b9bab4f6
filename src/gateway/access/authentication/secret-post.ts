import { Problem } from '../../../kernel/problem.ts'
import type { AuthenticationMethod } from './method.ts'
import { proveBySecret } from './secret.ts'

/**
 * The client's id and secret among the parameters of the body.
 *
 * @see RFC 6749 section 2.3.1
 */
export const secretPost: AuthenticationMethod = {
  name: 'client_secret_post',
  isTried: ({ parameters }) => parameters.has('client_secret'),
  claimed: ({ parameters }) => parameters.get('client_id'),
  authenticate: async ({ parameters }, verifier) => {
    const clientId = parameters.get('client_id')
    if (clientId === undefined)
      throw new Problem('request/invalid', 'client_secret was sent without client_id.')
    return proveBySecret(verifier, clientId, parameters.get('client_secret') ?? '')
  },
}
