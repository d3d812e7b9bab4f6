import type { OrganizationId, PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

export const ORGANIZATION_TYPES = ['provider', 'ehr', 'rcm', 'clearinghouse', 'payer'] as const
export type OrganizationType = (typeof ORGANIZATION_TYPES)[number]

/** A company that calls us, or means to. */
export interface Organization {
  readonly id: OrganizationId
  /** Its legal name, as somebody of it said; several may bear the same. */
  readonly name: string
  readonly type: OrganizationType
  readonly createdAt: Instant
}

export type Role = 'administrator' | 'signatory' | 'developer' | 'billing' | 'viewer'

export interface Membership {
  readonly organization: Organization
  readonly personId: PersonId
  readonly role: Role
}
