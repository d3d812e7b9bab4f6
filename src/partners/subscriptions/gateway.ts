import type { Actor, Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** What a company may do in an environment. A later version replaces the earlier ones. */
export interface Grant {
  readonly id: string
  readonly organizationId: OrganizationId
  readonly organizationName: string
  readonly version: number
  readonly products: readonly string[]
  readonly scopes: readonly string[]
  readonly from: Instant
  /** Absent: without end. */
  readonly until?: Instant
}

export interface NewClient {
  readonly clientId: string
  /** Here and never again. */
  readonly clientSecret: string
  readonly scopes: readonly string[]
  readonly tokenUrl: string
  readonly baseUrl: string
}

export interface ClientSummary {
  readonly clientId: string
  readonly label: string
  readonly scopes: readonly string[]
  readonly createdAt: Instant
  /** The last characters of its secret, to tell secrets apart. */
  readonly secretHint: string
}

/** What the control plane may ask of a gateway: in process, or elsewhere. */
export interface GatewayAdministration {
  readonly environment: Environment
  /** Idempotent by organization and version. */
  applyGrant(grant: Grant, actor: Actor): Promise<void>
  createClient(
    request: {
      readonly organizationId: OrganizationId
      readonly label: string
      readonly scopes?: readonly string[]
    },
    actor: Actor,
  ): Promise<NewClient>
  clients(organizationId: OrganizationId): Promise<readonly ClientSummary[]>
}

export type Gateways = Readonly<Record<Environment, GatewayAdministration>>
