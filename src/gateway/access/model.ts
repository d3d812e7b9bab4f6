import type { Environment } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'

/** Who calls the API: what a verified access token came to. The tenant of everything behind is `organizationId`. */
export interface Caller {
  readonly environment: Environment
  readonly clientId: string
  readonly organizationId: OrganizationId
  /** Those of the token that the client and its organization's grant still have. */
  readonly scopes: ReadonlySet<string>
  /** The token's `jti`. */
  readonly tokenId: string
}
