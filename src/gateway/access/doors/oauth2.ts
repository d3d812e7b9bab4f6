import type { FastifyRequest } from 'fastify'
import type { ProblemCode } from '../../../kernel/problem.ts'
import { Problem } from '../../../kernel/problem.ts'
import { quotable } from '../challenge.ts'
import { PATHS } from '../metadata.ts'
import type { Spelling } from './door.ts'
import { formParameters } from './parameters.ts'

/** @see RFC 6749 section 5.2 */
export type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'temporarily_unavailable'
  | 'server_error'

const ERRORS: Partial<Record<ProblemCode, OAuthError>> = {
  'access/client-invalid': 'invalid_client',
  'access/wrong-environment': 'invalid_client',
  'access/no-grant': 'unauthorized_client',
  'access/grant-type-unsupported': 'unsupported_grant_type',
  'access/scope-not-allowed': 'invalid_scope',
  'request/too-many': 'temporarily_unavailable',
  'system/unavailable': 'temporarily_unavailable',
  'system/unexpected': 'server_error',
}

/**
 * A problem in the words of OAuth.
 *
 * The last two codes are those of RFC 6749 section 4.1.2.1, as section 5.2 has none for a fault of the server, nor for a
 * limit: `temporarily_unavailable` there means an overload that passes. `slow_down` (RFC 8628) would say it better, but
 * belongs to a grant that polls, and clients of this one do not know it.
 */
export function oauthError(problem: Problem): {
  readonly error: OAuthError
  readonly error_description: string
} {
  return { error: ERRORS[problem.code] ?? 'invalid_request', error_description: quotable(problem.detail) }
}

/** Section 5.2 wants 400 unless it says otherwise; these are HTTP's own answers, which it leaves alone. */
const KEPT_STATUSES: readonly number[] = [401, 405, 413, 429, 500, 503]

/** The token endpoint of the standard. @see RFC 6749 sections 3.2, 4.4 and 5 */
export const oauth2: Spelling = {
  path: PATHS.token,
  mediaType: 'application/x-www-form-urlencoded',
  lifetimeSeconds: 300,
  read: (body, request) => {
    refuseCredentialsInUrl(request.query)
    return { authorization: request.headers.authorization, parameters: formParameters(body) }
  },
  answer: (token) => ({
    access_token: token.accessToken,
    token_type: 'Bearer',
    expires_in: token.expiresInSeconds,
    scope: token.scopes.join(' '),
  }),
  refuse: (problem, request) => ({
    status: KEPT_STATUSES.includes(problem.status) ? problem.status : 400,
    body: oauthError(problem),
    ...(problem.status === 401 && !isProofInBody(request)
      ? { headers: { 'www-authenticate': 'Basic realm="countersign", charset="UTF-8"' } }
      : {}),
  }),
}

const PROOFS = ['client_secret', 'client_assertion', 'client_assertion_type'] as const

/**
 * A client that put its secret or an assertion in the body gets no challenge: section 5.2 asks for one only when the header was used, and
 * client libraries that see one report it in place of the error.
 */
function isProofInBody({ headers, body }: FastifyRequest): boolean {
  if (headers.authorization !== undefined || !(body instanceof URLSearchParams)) return false
  return PROOFS.some((name) => body.has(name))
}

/** @see RFC 6749 section 2.3.1: credentials must not be in the URI */
function refuseCredentialsInUrl(query: unknown): void {
  if (
    typeof query === 'object' &&
    query !== null &&
    ('client_secret' in query || 'client_assertion' in query)
  )
    throw new Problem(
      'request/invalid',
      'Credentials must not be in the URL. Treat this one as leaked: replace it.',
    )
}
