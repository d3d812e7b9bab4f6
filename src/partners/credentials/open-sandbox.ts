import { Problem } from '../../kernel/problem.ts'
import type { Membership } from '../organizations/index.ts'
import type { Person } from '../people/index.ts'
import { create } from './create.ts'
import type { CredentialsDeps } from './deps.ts'
import type { FreshCredential } from './model.ts'

const FIRST_LABEL = 'First sandbox client'

export interface OpenedSandbox {
  readonly membership: Membership
  /** Absent when the gateway did not answer: it is made from the portal then. */
  readonly credential?: FreshCredential
}

/**
 * What a person gets for confirming their address: their company, its sandbox grant and a first client, its secret shown
 * this once.
 *
 * Each step stands by itself: what fails is completed by `settle`, by the delivery of grants, or from the portal. The link
 * is used by now, so a gateway that does not answer must not make this fail.
 */
export async function openSandbox(deps: CredentialsDeps, person: Person): Promise<OpenedSandbox> {
  const membership = await settle(deps, person)
  if (!membership) throw new Error(`${person.id} confirmed an address and founded no company`)
  const wanted = { environment: 'sandbox', label: FIRST_LABEL } as const
  try {
    return { membership, credential: await create(deps, { kind: 'member', membership }, wanted) }
  } catch (error) {
    if (error instanceof Problem && error.code === 'system/unavailable') return { membership }
    throw error
  }
}

/**
 * The company of a person. One who confirmed their address, and whose company was not made because something failed
 * between, gets it now.
 *
 * @returns undefined when they belong to none and founded none, have left it, or are of the operator's own people
 */
export async function settle(deps: CredentialsDeps, person: Person): Promise<Membership | undefined> {
  const membership = await deps.organizations.membershipOf(person.id)
  if (membership) return membership
  if (await deps.operators.isOperator(person.id)) return undefined
  const founding = await deps.people.founding(person.id)
  return founding && deps.organizations.found(person, founding)
}

/** @throws Problem `access/role-missing` when the person belongs to no company */
export async function requireMembership(deps: CredentialsDeps, person: Person): Promise<Membership> {
  const membership = await settle(deps, person)
  if (!membership) throw new Problem('access/role-missing', 'You belong to no company yet.')
  return membership
}
