import { record } from '../../audit/index.ts'
import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { OrganizationsDeps } from './deps.ts'
import type { Organization, OrganizationType } from './model.ts'
import * as store from './store.ts'

/**
 * Makes a company for the operator, who vouches for it.
 *
 * @throws Problem `state/already-there` when one bears the name: the operator calls companies by name
 */
export function create(
  deps: OrganizationsDeps,
  wanted: { readonly name: string; readonly type: OrganizationType },
): Promise<Organization> {
  return deps.database.transaction({ role: 'staff' }, async (tx) => {
    const name = wanted.name.trim()
    await store.lockName(tx, name)
    const [before] = await store.findByName(tx, name)
    if (before) throw new Problem('state/already-there', `A company of this name is ${before.id}.`)
    const now = deps.clock.now()
    const organization: Organization = {
      id: mintId('organization', now, deps.random),
      name,
      type: wanted.type,
      createdAt: now,
    }
    await store.insertOrganization(tx, organization, undefined)
    await record(tx, {
      at: now,
      actor: { kind: 'operator' },
      act: 'organization.create',
      on: organization.id,
      organizationId: organization.id,
      outcome: 'done',
    })
    return organization
  })
}
