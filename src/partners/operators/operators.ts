import type { WhoSaw } from '../../gateway/administration/index.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import type { PersonId } from '../../kernel/ids.ts'
import type { Person } from '../people/index.ts'
import { authorityOf } from './authority.ts'
import type { OperatorsDeps } from './deps.ts'
import { grant, type RoleWanted } from './grant.ts'
import { type ListedRole, list } from './list.ts'
import type { Authority, GrantedRole, OperatorRole } from './model.ts'
import { requireRole } from './require-role.ts'
import { requireAuthority, type Search, whoSaw } from './who-saw.ts'
import { type Withdrawal, withdraw } from './withdraw.ts'

export interface Operators {
  /** @see grant */
  grant(wanted: RoleWanted, actor: Actor): Promise<readonly GrantedRole[]>
  /** @see withdraw */
  withdraw(withdrawal: Withdrawal, actor: Actor): Promise<readonly GrantedRole[]>
  /** @see list */
  list(): Promise<readonly ListedRole[]>
  /** @see authorityOf */
  authorityOf(personId: PersonId, environment?: Environment): Promise<readonly Authority[]>
  /** @see requireAuthority */
  requireAuthority(person: Person): Promise<readonly Authority[]>
  /** @see requireRole */
  requireRole(person: Person, roles: readonly OperatorRole[], environment: Environment): Promise<void>
  /** Whether somebody is of the operator now: such a person belongs to no company. */
  isOperator(personId: PersonId): Promise<boolean>
  /** @see whoSaw */
  whoSaw(person: Person, search: Search): Promise<WhoSaw>
}

export function openOperators(deps: OperatorsDeps): Operators {
  return {
    grant: (wanted, actor) => grant(deps, wanted, actor),
    withdraw: (withdrawal, actor) => withdraw(deps, withdrawal, actor),
    list: () => list(deps),
    authorityOf: (personId, environment) => authorityOf(deps, personId, environment),
    requireAuthority: (person) => requireAuthority(deps, person),
    requireRole: (person, roles, environment) => requireRole(deps, person, roles, environment),
    isOperator: async (personId) => (await authorityOf(deps, personId)).length > 0,
    whoSaw: (person, search) => whoSaw(deps, person, search),
  }
}
