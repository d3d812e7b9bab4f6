import type { ProblemCode } from '../../../kernel/problem.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Spelling } from './door.ts'
import { formParameters } from './parameters.ts'

const REASONS: Partial<Record<ProblemCode, readonly [status: number, failureReason: string]>> = {
  'access/client-invalid': [401, 'InvalidClient'],
  'access/wrong-environment': [401, 'InvalidClient'],
  'access/scope-not-allowed': [403, 'InsufficientScope'],
  'access/no-grant': [403, 'InsufficientScope'],
  'request/media-type': [415, 'UnsupportedMediaType'],
  'request/method-not-allowed': [405, 'MethodNotAllowed'],
  'request/too-large': [413, 'ValidationError'],
  'request/too-many': [429, 'TooManyRequests'],
  'system/unavailable': [503, 'ServerError'],
  'system/unexpected': [500, 'ServerError'],
}

/**
 * The compatible token endpoint with a form body, its answers shaped like Keycloak's.
 *
 * @see reference/prior-authorization-api.md section 1.3
 */
export const apipSntl: Spelling = {
  path: '/apip/auth/sntl/v1/token',
  mediaType: 'application/x-www-form-urlencoded',
  lifetimeSeconds: 7200,
  read: (body) => {
    const parameters = formParameters(body)
    const missing = ['grant_type', 'client_id', 'client_secret'].filter((name) => !parameters.has(name))
    if (missing.length > 0)
      throw new Problem('request/invalid', '', {
        faults: missing.map((name) => ({ at: name, message: REQUIRED_MESSAGES[name] ?? '' })),
      })
    return { parameters }
  },
  answer: (token) => ({
    access_token: token.accessToken,
    token_type: 'bearer',
    refresh_expires_in: 0,
    expires_in: token.expiresInSeconds,
    'not-before-policy': 0,
    scope: token.scopes.join(' '),
  }),
  refuse: (problem) => {
    const [status, failureReason] = REASONS[problem.code] ?? [400, 'ValidationError']
    const messages = problem.faults.map((fault) => fault.message)
    return {
      status,
      body: {
        status: String(status),
        failureReason,
        Errors: messages.length > 0 ? messages : [problem.detail],
      },
    }
  },
}

const REQUIRED_MESSAGES: Readonly<Record<string, string>> = {
  grant_type: "Field 'grant_type' is required and must be 'client_credentials'.",
  client_id: "Field 'client_id' is required.",
  client_secret: "Field 'client_secret' is required.",
}
