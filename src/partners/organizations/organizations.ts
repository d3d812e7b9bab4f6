import type { Actor } from '../../kernel/actor.ts'
import { type PersonId, readId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Founding, Person } from '../people/index.ts'
import { create } from './create.ts'
import type { OrganizationsDeps } from './deps.ts'
import { found } from './found.ts'
import { leave } from './leave.ts'
import type { Membership, Organization, OrganizationType } from './model.ts'
import * as store from './store.ts'

export interface Organizations {
  /** @see found */
  found(person: Person, founding: Founding): Promise<Membership | undefined>
  /** @see create */
  create(wanted: { readonly name: string; readonly type: OrganizationType }): Promise<Organization>
  /** @see leave */
  leave(personId: PersonId, actor: Actor): Promise<Membership | undefined>
  membershipOf(personId: PersonId): Promise<Membership | undefined>
  list(): Promise<readonly Organization[]>
  /**
   * The one that the operator means.
   *
   * @param nameOrId its id, or its name with capitals aside
   * @throws Problem `state/not-found`; `request/invalid` when several bear the name
   */
  named(nameOrId: string): Promise<Organization>
}

export function openOrganizations(deps: OrganizationsDeps): Organizations {
  const { database } = deps
  return {
    found: (person, founding) => found(deps, person, founding),
    create: (wanted) => create(deps, wanted),
    leave: (personId, actor) => leave(deps, personId, actor),
    membershipOf: (personId) =>
      // The worker: as a tenant one must say which company, and that is the question.
      database.transaction({ role: 'worker' }, (tx) => store.findMembership(tx, personId)),
    list: () => database.transaction({ role: 'staff' }, (tx) => store.findAll(tx)),
    named: (nameOrId) => named(database, nameOrId),
  }
}

async function named(database: Database, nameOrId: string): Promise<Organization> {
  const id = nameOrId.startsWith('org_') ? readId('organization', nameOrId) : undefined
  const found = await database.transaction({ role: 'staff' }, async (tx) => {
    const byId = id && (await store.findById(tx, id))
    return byId ? [byId] : store.findByName(tx, nameOrId.trim())
  })
  const [organization, another] = found
  if (!organization) throw new Problem('state/not-found', 'No company has this name or id.')
  if (another)
    throw new Problem('request/invalid', 'Several companies bear this name: say which by its id.', {
      faults: found.map(({ id, createdAt }) => ({
        at: '/organization',
        message: `${id}, since ${new Date(createdAt).toISOString()}`,
      })),
    })
  return organization
}
