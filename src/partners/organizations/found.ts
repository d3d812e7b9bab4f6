import { record } from '../../audit/index.ts'
import { mintId } from '../../kernel/ids.ts'
import type { Founding, Person } from '../people/index.ts'
import type { OrganizationsDeps } from './deps.ts'
import type { Membership, Organization } from './model.ts'
import * as store from './store.ts'

/**
 * Makes the company of a person who has confirmed their address: the company, its first administrator and the acceptance
 * of the sandbox terms, together. Again for the same person it changes nothing.
 *
 * @returns undefined for somebody who founded theirs before and belongs to none now: they have left it
 */
export function found(
  deps: OrganizationsDeps,
  person: Person,
  founding: Founding,
): Promise<Membership | undefined> {
  return deps.database.transaction({ role: 'worker' }, async (tx) => {
    const before = await store.findMembership(tx, person.id)
    if (before) return before
    const now = deps.clock.now()
    const organization: Organization = {
      id: mintId('organization', now, deps.random),
      name: founding.company,
      type: 'provider',
      createdAt: now,
    }
    if (!(await store.insertOrganization(tx, organization, person.id))) {
      // Founded between our look and our insert, and committed (the insert waited for it), or long ago.
      return store.findMembership(tx, person.id)
    }
    await store.insertMembership(tx, organization.id, person.id, 'administrator', now)
    await store.insertTermsAcceptance(tx, {
      organizationId: organization.id,
      document: 'sandbox-terms',
      version: founding.terms.version,
      personId: person.id,
      acceptedAt: founding.terms.acceptedAt,
    })
    await record(tx, {
      at: now,
      actor: { kind: 'person', personId: person.id, organizationId: organization.id },
      act: 'organization.found',
      on: organization.id,
      outcome: 'done',
      detail: { terms: founding.terms.version },
    })
    return { organization, personId: person.id, role: 'administrator' }
  })
}
