import { record } from '../../audit/index.ts'
import type { PayersInScope } from '../../gateway/administration/index.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Person } from '../people/index.ts'
import type { OperatorsDeps } from './deps.ts'
import { ENVIRONMENTS, type GrantedRole, isSameScope, type OperatorRole } from './model.ts'
import { type NamedPayers, payersIn } from './payers.ts'
import { personBehind } from './person.ts'
import * as store from './store.ts'

export interface RoleWanted {
  readonly email: string
  readonly role: OperatorRole
  /** Both when absent. */
  readonly environment?: Environment
  readonly payers: NamedPayers
  /** Takes them out of the company that they belong to, which nobody of the operator may. */
  readonly leaveCompany?: boolean
}

/**
 * Gives a person a role for some payers. Again it changes nothing; for other payers it replaces what they had, which stays
 * as withdrawn.
 *
 * @returns the roles as they are in force now, one for each environment asked for
 * @throws Problem `state/not-found` nobody has confirmed this address; `request/invalid` an unknown payer, or a person who
 *         belongs to a company; `system/unavailable` a gateway that must say whom it knows does not answer
 */
export async function grant(
  deps: OperatorsDeps,
  wanted: RoleWanted,
  actor: Actor,
): Promise<readonly GrantedRole[]> {
  const person = await personBehind(deps, wanted.email)
  const environments = wanted.environment === undefined ? ENVIRONMENTS : [wanted.environment]
  const scopes: (readonly [Environment, PayersInScope])[] = []
  for (const environment of environments)
    scopes.push([environment, await payersIn(deps, environment, wanted.payers)])
  await requireOneSide(deps, person, wanted, actor)
  return deps.database.transaction({ role: 'staff' }, async (tx) => {
    await store.lockPerson(tx, person.id)
    const now = deps.clock.now()
    const grantedBy = actor.kind === 'person' ? actor.personId : undefined
    const inForce = await store.findInForce(tx, person.id)
    const granted: GrantedRole[] = []
    for (const [environment, payers] of scopes) {
      const before = inForce.find((held) => held.role === wanted.role && held.environment === environment)
      if (before && isSameScope(before.payers, payers)) {
        granted.push(before)
        continue
      }
      if (before) await store.markWithdrawn(tx, [before.id], now, grantedBy)
      const role: GrantedRole = {
        id: mintId('operatorRole', now, deps.random),
        personId: person.id,
        role: wanted.role,
        environment,
        payers,
        grantedAt: now,
        ...(grantedBy && { grantedBy }),
      }
      await store.insertRole(tx, role)
      await record(tx, {
        at: now,
        actor,
        act: 'operator.grant',
        on: person.id,
        outcome: 'done',
        detail: { role: wanted.role, environment, payers: payers === 'all' ? 'all' : payers.join(' ') },
      })
      granted.push(role)
    }
    return granted
  })
}

/** Whoever could act for a company and for the operator could sign for both. The database says so too. */
async function requireOneSide(
  { organizations }: OperatorsDeps,
  person: Person,
  { leaveCompany }: RoleWanted,
  actor: Actor,
): Promise<void> {
  const membership = await organizations.membershipOf(person.id)
  if (!membership) return
  if (leaveCompany !== true)
    throw new Problem('request/invalid', 'Nobody acts for a company and for the operator.', {
      faults: [
        {
          at: '/email',
          message: `belongs to ${membership.organization.id}: they must leave it first`,
        },
      ],
    })
  await organizations.leave(person.id, actor)
}
