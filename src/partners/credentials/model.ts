import type { KeySetSummary } from '../../gateway/administration/index.ts'
import type { Actor, Environment } from '../../kernel/actor.ts'
import type { PersonId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Membership, Organization, Role } from '../organizations/index.ts'

/** What a company proves itself with to one gateway. Never with its secret. */
export interface Credential {
  readonly clientId: string
  readonly label: string
  readonly environment: Environment
  readonly scopes: readonly string[]
  readonly createdAt: Instant
  /** When it was ended for good; absent while it may be used. */
  readonly disabledAt?: Instant
  /** Absent: it has no secret. */
  readonly secretHint?: string
  /** Absent: it has no keys. */
  readonly keys?: KeySetSummary
  /** Addresses and CIDR ranges that it may call from; none means any. */
  readonly allowedAddresses: readonly string[]
  /** The live ones and those that ended within thirty days, oldest first. */
  readonly secrets: readonly CredentialSecret[]
  /** Why a live secret of it should be replaced; absent when nothing speaks for it. */
  readonly rotationDue?: 'seen by somebody who left'
}

/** A secret as people see it in a list. */
export interface CredentialSecret {
  readonly id: string
  readonly hint: string
  readonly isLive: boolean
  readonly createdAt: Instant
  readonly expiresAt: Instant | undefined
  /** Whether it is live and ends within 14 days. */
  readonly expiresSoon: boolean
  readonly revokedFor: 'request' | 'replaced' | 'leak' | undefined
  /** To the minute. */
  readonly lastUsedAt: Instant | undefined
  /** `/24` of IPv4 or `/48` of IPv6. */
  readonly lastUsedFrom: string | undefined
  /** Tokens got with it; those of the last minute may be missing. */
  readonly uses: number
}

/** A secret just made for a client that was there: the one moment at which it is seen. */
export interface FreshSecret {
  readonly clientId: string
  readonly clientSecret: string
  readonly secretId: string
  readonly environment: Environment
  readonly expiresAt: Instant | undefined
  readonly replaces: { readonly secretId: string; readonly endsAt: Instant } | undefined
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
const MAY_CREATE: ReadonlySet<Role> = new Set<Role>(['administrator', 'developer'])

/** @throws Problem `access/role-missing` */
export function requireMayCreate(requester: Requester): void {
  if (requester.kind === 'member' && !MAY_CREATE.has(requester.membership.role))
    throw new Problem('access/role-missing', 'An administrator or developer of the company may do this.')
}

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
