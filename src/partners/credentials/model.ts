import type { KeySetSummary } from '../../gateway/administration/index.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import type { PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Membership, Organization, Role } from '../organizations/index.ts'

/** What a company proves itself with to one gateway. Never with its secret. */
export interface Credential {
  readonly clientId: string
  readonly label: string
  readonly environment: Environment
  readonly scopes: readonly string[]
  readonly createdAt: Instant
  /** Absent: it has no secret. */
  readonly secretHint?: string
  /** Absent: it has no keys. */
  readonly keys?: KeySetSummary
}

/** A credential just made: the one moment at which its secret is seen. */
export interface FreshCredential {
  readonly clientId: string
  /** Absent when it proves itself by its keys. */
  readonly clientSecret?: string
  readonly label: string
  readonly environment: Environment
  readonly scopes: readonly string[]
  readonly tokenUrl: string
  readonly baseUrl: string
}

/** On whose word a credential is made, and who is shown its secret. */
export type Requester =
  | { readonly kind: 'member'; readonly membership: Membership }
  | { readonly kind: 'operator'; readonly organization: Organization }

/** The roles of a company that may make credentials. */
export const MAY_CREATE: ReadonlySet<Role> = new Set<Role>(['administrator', 'developer'])

export function organizationOf(requester: Requester): Organization {
  return requester.kind === 'operator' ? requester.organization : requester.membership.organization
}

export function viewerOf(requester: Requester): PersonId | undefined {
  return requester.kind === 'operator' ? undefined : requester.membership.personId
}

export function actorOf(requester: Requester): Actor {
  if (requester.kind === 'operator') return { kind: 'operator' }
  const { organization, personId } = requester.membership
  return { kind: 'person', personId, organizationId: organization.id }
}
