import type { Environment } from '../../kernel/actor.ts'
import type { Problem, ProblemCode } from '../../kernel/problem.ts'
import { ScopeMissing } from './authenticate.ts'

/** The error code of RFC 6750 for each refusal; `null` where the challenge carries none. */
const ERRORS: Partial<Record<ProblemCode, string | null>> = {
  // A call without authentication, or with another kind, is told what is wanted and nothing more.
  'access/token-missing': null,
  'access/token-misplaced': 'invalid_request',
  'access/token-invalid': 'invalid_token',
  'access/token-expired': 'invalid_token',
  'access/wrong-environment': 'invalid_token',
  'access/scope-missing': 'insufficient_scope',
  'access/no-grant': 'insufficient_scope',
}

/**
 * The `WWW-Authenticate` header that goes with a refusal; undefined for a problem that is not about the token.
 *
 * @param metadataUrl where the protected resource describes itself
 * @see RFC 6750 section 3, RFC 9728 section 5.1
 */
export function challenge(
  problem: Problem,
  environment: Environment,
  metadataUrl: string,
): string | undefined {
  const error = ERRORS[problem.code]
  if (error === undefined) return undefined
  const parameters = [`realm="countersign ${environment}"`]
  if (error !== null) parameters.push(`error="${error}"`, `error_description="${quotable(problem.detail)}"`)
  if (problem instanceof ScopeMissing) parameters.push(`scope="${problem.scope}"`)
  parameters.push(`resource_metadata="${metadataUrl}"`)
  return `Bearer ${parameters.join(', ')}`
}

/** The characters that an error_description may have. @see RFC 6750 section 3, RFC 6749 section 5.2 */
export const quotable = (text: string): string => text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'")
