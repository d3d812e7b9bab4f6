import type { Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'

/** A provider in whose name a company acts. */
export interface ActingFor {
  readonly npi: string
  readonly tenantId: string
}

/** Who calls the API: what a verified access token came to. The tenant of everything behind is `organizationId`. */
export interface Caller {
  readonly environment: Environment
  readonly clientId: string
  readonly organizationId: OrganizationId
  /** Those of the token that the client and its organization's grant still have. */
  readonly scopes: ReadonlySet<string>
  /** Whom it may act for now: each by NPI and by the name it is chosen by; `any` where it need not say. */
  readonly providers: readonly ActingFor[] | 'any'
  /** The token's `jti`. */
  readonly tokenId: string
  /** The client's, which its token is of: tokens of another one are void. */
  readonly epoch: number
}

/** What a caller leaves behind for work that goes on after the call: by it they are judged anew. */
export type Pledge = Pick<Caller, 'clientId' | 'organizationId' | 'tokenId' | 'epoch'> & {
  readonly scopes: readonly string[]
}
