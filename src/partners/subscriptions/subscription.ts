import type { Id, OrganizationId, PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** The terms of a self-service plan, as a company accepted them. */
export interface Subscription {
  readonly id: Id<'subscription'>
  readonly organizationId: OrganizationId
  readonly plan: string
  readonly planVersion: number
  readonly terms: string
  readonly termsHash: string
  readonly acceptedBy: PersonId
  readonly acceptedAt: Instant
  readonly address: string
  readonly userAgent: string
  /** Absent while it is in force. */
  readonly endedAt?: Instant
}
