import { record } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { PersonId } from '../../kernel/ids.ts'
import type { OrganizationsDeps } from './deps.ts'
import type { Membership } from './model.ts'
import * as store from './store.ts'

/**
 * Takes a person out of their company, whose credentials go on working: what they saw of it is due to be replaced from here
 * on. Again it changes nothing.
 *
 * @returns what they had been; undefined when they belonged to none
 */
export function leave(
  { database, clock, random }: OrganizationsDeps,
  personId: PersonId,
  actor: Actor,
): Promise<Membership | undefined> {
  return database.transaction({ role: 'staff' }, async (tx) => {
    const membership = await store.findMembership(tx, personId)
    if (!membership) return undefined
    const { organization, role } = membership
    await store.deleteMembership(tx, organization.id, personId)
    await record(
      tx,
      {
        at: clock.now(),
        actor,
        act: 'membership.end',
        on: personId,
        organizationId: organization.id,
        outcome: 'done',
        detail: { role },
      },
      random,
    )
    return membership
  })
}
