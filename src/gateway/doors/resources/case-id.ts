import { type AuthorizationId, readId } from '../../../kernel/ids.ts'
import { Problem } from '../../../kernel/problem.ts'

/**
 * The case that a path names.
 *
 * @throws Problem `state/not-found`
 */
export function caseIdOf(text: string): AuthorizationId {
  const id = readId('authorization', text)
  if (id) return id
  throw new Problem('state/not-found', 'An authorization has an id such as auth_01989d5e-…; this is not one.')
}
