import type { Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** Every scope of this platform, and what it opens. */
export const SCOPES = {
  'pa:determine': 'Ask whether a service needs prior authorization',
  'pa:inquire': 'Ask for the status of a prior authorization',
  'pa:submit': 'Request a prior authorization',
  'pa:admit': 'Send a notice of admission',
  'pa:read': 'Read the prior authorizations one takes part in',
} as const

export type Scope = keyof typeof SCOPES

/** What a company may do in one environment: decided by the control plane, delivered whole, newest version wins. */
export interface Grant {
  readonly id: string
  readonly organizationId: OrganizationId
  readonly organizationName: string
  /** Counts up from 1 for each organization. */
  readonly version: number
  readonly products: readonly string[]
  readonly scopes: readonly Scope[]
  readonly from: Instant
  /** Exclusive; absent means until a later version says otherwise. */
  readonly until?: Instant
  /** In whose name it may act. Absent: in the sandbox anybody's, in production nobody's. */
  readonly providers?: readonly GrantedProvider[]
}

/** A provider that a company is, or that has given it authority to act. */
export interface GrantedProvider {
  /** Ten digits. */
  readonly npi: string
  readonly relation: 'own' | 'represented'
  /** What a caller names it by to choose among several (`x-optum-tenant-id`); its NPI always does as well. */
  readonly tenantId?: string
  readonly from: Instant
  /** Exclusive. */
  readonly until?: Instant
}

/** What of a grant decides a call. */
export interface GrantTerms {
  readonly scopes: readonly string[]
  readonly from: Instant
  readonly until: Instant | undefined
  /** Undefined when the grant says nothing of providers. */
  readonly providers: readonly GrantedProvider[] | undefined
}

/** So that one can take the place of the other while both work, and no more. */
export const MOST_LIVE_SECRETS = 2

/** How things stand with a client, whatever it has proved. */
export interface ClientStanding {
  readonly clientId: string
  readonly organizationId: OrganizationId
  /** Tokens of another epoch are void. */
  readonly epoch: number
  readonly disabled: boolean
  readonly scopes: readonly string[]
  /** Addresses and CIDR ranges that it may call from; none means any. */
  readonly allowedAddresses: readonly string[]
  /** Absent when no grant was ever delivered for its organization. */
  readonly grant: GrantTerms | undefined
}

/** Whether a grant is in force. */
export function isLive(grant: GrantTerms | undefined, now: Instant): grant is GrantTerms {
  return grant !== undefined && grant.from <= now && (grant.until === undefined || now < grant.until)
}

/** The providers that a company may act for now; `any` in a sandbox whose grant says nothing of them. */
export function providersInForce(
  grant: GrantTerms | undefined,
  environment: Environment,
  now: Instant,
): readonly GrantedProvider[] | 'any' {
  if (!isLive(grant, now)) return []
  if (grant.providers === undefined) return environment === 'sandbox' ? 'any' : []
  return grant.providers.filter(({ from, until }) => from <= now && (until === undefined || now < until))
}

/** The scopes that a client has now: its own, as far as its organization's live grant still covers them. */
export function scopesInForce(client: ClientStanding, now: Instant): readonly string[] {
  const { grant } = client
  return isLive(grant, now) ? client.scopes.filter((scope) => grant.scopes.includes(scope)) : []
}

export type AlertKind =
  /** A secret that has been used before was used from a network that it never was. */
  | 'unseen-network'
  /** A secret was used from three or more new networks within an hour. */
  | 'many-networks'
  /** A client proved itself from an address that is not on its list. */
  | 'address-refused'
  /** A secret was reported as found where it does not belong, and ended. */
  | 'leaked-secret'

/** Why a secret was ended before its time. */
export type RevokedFor = 'request' | 'replaced' | 'leak'
