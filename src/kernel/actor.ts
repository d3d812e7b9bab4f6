import type { OrganizationId, PersonId } from './ids.ts'

/** Which of the two instances of the gateway. They share code and nothing else. */
export type Environment = 'sandbox' | 'production'

/** Who did something, as the audit record keeps it. Never a name: ids only. */
export type Actor =
  | { readonly kind: 'client'; readonly clientId: string; readonly organizationId: OrganizationId }
  | { readonly kind: 'person'; readonly personId: PersonId; readonly organizationId?: OrganizationId }
  /** Somebody at the operator's own command line, on the machine itself. */
  | { readonly kind: 'operator' }
  /** A caller who has not proved who they are. */
  | { readonly kind: 'anonymous' }
  /** The platform itself; `part` names which of its duties. */
  | { readonly kind: 'system'; readonly part: string }
