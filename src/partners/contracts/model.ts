import type { Actor } from '../../kernel/actor.ts'
import type { Id, OrganizationId, PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Price } from '../catalogue/index.ts'
import type { Membership } from '../organizations/index.ts'
import type { Person } from '../people/index.ts'

export type RequestId = Id<'productionRequest'>
export type ContractId = Id<'contract'>

/** How far a request for production has come. Its contract goes on from `countersigned`: see `Standing`. */
export type RequestState =
  | { readonly state: 'draft' | 'submitted' | 'in-review' }
  | { readonly state: 'offered' | 'partner-signed' | 'countersigned'; readonly contractId: ContractId }
  | { readonly state: 'declined'; readonly reason: string }
  | { readonly state: 'withdrawn'; readonly reason?: string }
export type RequestStateName = RequestState['state']

/** A company asks for production, or for a change of what it has there. */
export type ProductionRequest = RequestState & {
  readonly id: RequestId
  readonly organizationId: OrganizationId
  /** The contract that it would replace; absent for the first. */
  readonly amends?: ContractId
  readonly plan: string
  /** Ids of products; never empty. */
  readonly products: readonly string[]
  /** What the company says of it. */
  readonly note: string
  /** Raised by every change: whoever acts names the one that they have seen. */
  readonly version: number
  readonly createdAt: Instant
  readonly createdBy: PersonId
  /** When it came to its state. */
  readonly movedAt: Instant
}

/** What both sides agree on beyond the text of the templates. */
export interface Terms {
  /** Absent: on the day of the second signature. */
  readonly beginsAt?: Instant
  readonly months: number
  /** `by-notice`: it goes on for as many months each time, unless a side gives notice. `never`: it ends. */
  readonly renews: 'by-notice' | 'never'
  /** How long before such an end notice is due. */
  readonly noticeDays: number
  readonly prices: readonly Price[]
}

/** How a contract came to its end, or will. */
export type EndKind = 'notice' | 'terminated' | 'amended' | 'renewed'

/** What is offered and signed. Its text is frozen when it is offered. */
export interface Contract {
  readonly id: ContractId
  readonly organizationId: OrganizationId
  readonly kind: 'electronic' | 'paper'
  /** Absent for a paper contract. */
  readonly requestId?: RequestId
  /** The contract that it takes the place of. */
  readonly amends?: ContractId
  readonly state: 'offered' | 'partner-signed' | 'countersigned' | 'void'
  readonly plan?: string
  readonly products: readonly string[]
  readonly terms: Terms
  /** Empty for paper. */
  readonly text: string
  /** SHA-256 of the text in UTF-8, or of the paper's file; hexadecimal. */
  readonly textHash: string
  readonly offeredAt: Instant
  readonly countersignedAt?: Instant
  /** From when it holds; there once it is countersigned. */
  readonly beginsAt?: Instant
  /** Exclusive. Absent: until further notice. */
  readonly endsAt?: Instant
  readonly endKind?: EndKind
  readonly endReason?: string
  /** Who attests that both sides have signed a paper contract. */
  readonly attestedBy?: string
}

export type Side = 'partner' | 'operator'

/** Who signed, and what shows it. @see 15 USC 7001(c); UETA sections 5, 7 and 9 */
export interface Signature {
  readonly id: Id<'signature'>
  readonly contractId: ContractId
  readonly organizationId: OrganizationId
  readonly side: Side
  readonly personId: PersonId
  /** As the signer wrote it. */
  readonly name: string
  readonly title: string
  readonly textHash: string
  /** In the words that the signer was shown. */
  readonly statements: Statements
  readonly identityMethod: 'password'
  readonly address: string
  readonly userAgent: string
  readonly signedAt: Instant
}

export interface Statements {
  readonly intent: string
  readonly consent: string
  readonly authority: string
}

/** What a signer agrees to, by a tick of their own each. Kept with the signature as it was shown. */
export const STATEMENTS: Statements = {
  intent: 'I mean my name, written here, to be my signature under this agreement.',
  consent:
    'I agree to sign by electronic means, and to get this agreement and what follows from it as an electronic record, which I can keep and print.',
  authority: 'I have the authority to bind the party that I sign for.',
}

/** Somebody of a company, or of the operator, who acts. */
export type Acting =
  | { readonly side: 'partner'; readonly membership: Membership }
  | { readonly side: 'operator'; readonly person: Person }

export function actorOf(acting: Acting): Actor {
  if (acting.side === 'operator') return { kind: 'person', personId: acting.person.id }
  const { personId, organization } = acting.membership
  return { kind: 'person', personId, organizationId: organization.id }
}
