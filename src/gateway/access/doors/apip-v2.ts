import { Problem } from '../../../kernel/problem.ts'
import type { Spelling } from './door.ts'
import { oauthError } from './oauth2.ts'
import { jsonParameters } from './parameters.ts'

const REQUIRED = ['client_id', 'client_secret', 'grant_type'] as const

/**
 * The compatible token endpoint with a JSON body.
 *
 * @see reference/prior-authorization-api.md section 1.2; the error codes are those of RFC 6749 section 5.2
 */
export const apipV2: Spelling = {
  path: '/apip/auth/v2/token',
  mediaType: 'application/json',
  lifetimeSeconds: 3600,
  read: (body) => {
    const parameters = jsonParameters(body, [...REQUIRED, 'scope'])
    const missing = REQUIRED.filter((name) => !parameters.has(name))
    if (missing.length > 0) throw new Problem('request/invalid', `Missing: ${missing.join(', ')}.`)
    return { parameters }
  },
  answer: (token) => ({
    access_token: token.accessToken,
    expires_in: token.expiresInSeconds,
    token_type: 'bearer',
    scope: token.scopes.join(' '),
  }),
  // Of the client's faults only 400 and 401 are declared; what HTTP itself refuses (a method, a size, a
  // limit) keeps its status.
  refuse: (problem) => ({
    status: [401, 405, 413, 429, 500, 503].includes(problem.status) ? problem.status : 400,
    body: oauthError(problem),
  }),
}
