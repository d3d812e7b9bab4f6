import type { Environment } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Person } from '../people/index.ts'
import type { OperatorsDeps } from './deps.ts'
import type { OperatorRole } from './model.ts'
import { requireAuthority } from './who-saw.ts'

/**
 * Lets somebody of the operator pass who has one of these roles in an environment.
 *
 * @throws Problem `state/not-found` they have no role at the operator at all; `access/role-missing` they have others
 */
export async function requireRole(
  deps: Pick<OperatorsDeps, 'database'>,
  person: Person,
  roles: readonly OperatorRole[],
  environment: Environment,
): Promise<void> {
  const held = await requireAuthority(deps, person)
  if (held.some((each) => each.environment === environment && roles.includes(each.role))) return
  throw new Problem('access/role-missing', `This needs a role of the ${environment}: ${roles.join(' or ')}.`)
}
