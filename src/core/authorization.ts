/**
 * A prior authorization as a case: what was asked, whose it is, and how far it has come.
 *
 * What a state cannot have, its type does not have: an adverse state holds no machine's decision.
 */
import type { Actor } from '../kernel/actor.ts'
import type { AuthorizationId, OrganizationId, PayerId } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import type { Decided, MachineAction, PendReason, Rejection } from './decision.ts'
import type { ReviewRequest } from './request.ts'

/** Every state a case can be in; which follows which is `TRANSITIONS` in `lifecycle/transitions.ts`. */
export type AuthorizationState =
  | 'received'
  | 'not-required'
  | 'rejected'
  | 'submitted'
  | 'forwarding'
  | 'payer-unconfirmed'
  | 'payer-received'
  | 'approved'
  | 'pended'
  | 'modified'
  | 'partially-approved'
  | 'denied'
  | 'withdrawn'
  | 'cancelled'
  | 'dismissed'
  | 'revised'
  | 'extended'
  | 'voided'
  | 'exhausted'
  | 'expired'
  | 'appealed'
  | 'upheld'
  | 'overturned'
  | 'partially-overturned'
  | 'forwarded-to-external-review'

/** By which door a request came in. The door does not change the answer; it is kept so that it can be accounted for. */
export type Door = 'json-v1' | 'resources' | 'fhir' | 'cds-hooks'

/** Somebody who takes part in a case. */
export interface Participant {
  readonly role: 'requester' | 'servicing' | 'facility' | 'represented'
  /** Ten digits; absent when the request names the party otherwise. */
  readonly npi?: string
  /** The company that acts for this party here, and may therefore see the case; absent when none is known. */
  readonly organizationId?: OrganizationId
}

/** What is true of a case whatever its state. */
export interface CaseFacts {
  readonly id: AuthorizationId
  readonly payerId: PayerId
  /** The company that sent the request. */
  readonly receivedFrom: OrganizationId
  readonly door: Door
  readonly receivedAt: Instant
  readonly request: ReviewRequest
  readonly participants: readonly Participant[]
  /** The number of the last event; events are numbered from 1, without gaps. */
  readonly lastSequence: number
  /** The case that this one revises, extends or renews. */
  readonly follows?: AuthorizationId
}

/** A decision and when it was made. */
export interface Decision<By extends Decided = Decided> {
  readonly decided: By
  readonly decidedAt: Instant
}

export type MachineDecided = Extract<Decided, { by: 'machine' }>
/** A decision that may be adverse: a machine's is not among them. */
export type AnsweredFor = Exclude<Decided, MachineDecided>

/** Why a case waits, for whom, and by when the payer owes its decision. */
export interface Pending extends PendReason {
  readonly dueAt: Instant
}

/** The payer's number for the request; every case that was considered has one. */
interface Referenced {
  readonly administrativeReference: string
}

export type ReceivedCase = CaseFacts & { readonly state: 'received' }
export type RejectedCase = CaseFacts & {
  readonly state: 'rejected'
  readonly rejectedAt: Instant
  readonly rejections: readonly Rejection[]
}
export type SubmittedCase = CaseFacts & Referenced & { readonly state: 'submitted' }
/** Passed on to the payer that decides it: on its way, perhaps there, or there for certain. */
export type ForwardedCase = CaseFacts &
  Referenced & { readonly state: 'forwarding' | 'payer-unconfirmed' | 'payer-received' }
export type NotRequiredCase = CaseFacts & Referenced & Decision & { readonly state: 'not-required' }
export type ApprovedCase = CaseFacts &
  Referenced &
  Decision & { readonly state: 'approved'; readonly authorizationNumber: string }
export type PendedCase = CaseFacts &
  Referenced &
  Decision & { readonly state: 'pended'; readonly pending: Pending }
/** Reduced: part of what was asked is certified, so there is a number. */
export type ReducedCase = CaseFacts &
  Referenced &
  Decision<AnsweredFor> & {
    readonly state: 'modified' | 'partially-approved'
    readonly authorizationNumber: string
  }
export type DeniedCase = CaseFacts & Referenced & Decision<AnsweredFor> & { readonly state: 'denied' }

/** How a decision is asked to be looked at again. `immediate` is on the expedited clock, whatever else is said. */
export type AppealKind = 'immediate' | 'standard' | 'reconsideration'

/** A decision that is contested. What stands of it (a part that is certified) stands until the appeal is decided. */
export interface Appeal {
  readonly kind: AppealKind
  readonly receivedAt: Instant
  readonly dueAt: Instant
}

/** Looked at again by a reviewer; there is a number where a part was certified. */
export type AppealedCase = CaseFacts &
  Referenced &
  Decision<AnsweredFor> & {
    readonly state: 'appealed'
    readonly appeal: Appeal
    readonly authorizationNumber?: string
  }
/** Taken back by the requester while the payer still owed a decision. Nothing is certified. */
export type WithdrawnCase = CaseFacts &
  Referenced &
  Decision & { readonly state: 'withdrawn'; readonly endedAt: Instant }
/** Given up by the requester after it was certified. The number is kept, and good for nothing more. */
export type CancelledCase = CaseFacts &
  Referenced &
  Decision & {
    readonly state: 'cancelled'
    readonly authorizationNumber: string
    readonly endedAt: Instant
  }
/** The case that takes the place of another, and the number that holds from now on. */
export interface Successor {
  readonly id: AuthorizationId
  readonly authorizationNumber: string
}
/** Another certified case goes on from here. */
export type SupersededCase = CaseFacts &
  Referenced &
  Decision & {
    readonly state: 'revised' | 'extended'
    readonly authorizationNumber: string
    readonly endedAt: Instant
    readonly successor: Successor
  }

/** A case in one of the states that are built. */
export type Authorization =
  | ReceivedCase
  | RejectedCase
  | SubmittedCase
  | ForwardedCase
  | NotRequiredCase
  | ApprovedCase
  | PendedCase
  | ReducedCase
  | DeniedCase
  | AppealedCase
  | WithdrawnCase
  | CancelledCase
  | SupersededCase

export type CaseEventType =
  | 'authorization.received'
  | 'authorization.rejected'
  | 'authorization.submitted'
  | 'authorization.forwarding'
  | 'authorization.retry-scheduled'
  | 'authorization.payer-unconfirmed'
  | 'authorization.payer-received'
  | 'authorization.payer-refused'
  | 'authorization.not-required'
  | 'authorization.pended'
  | 'authorization.decided'
  | 'authorization.appealed'
  | 'authorization.withdrawn'
  | 'authorization.cancelled'
  | 'authorization.revised'
  | 'authorization.extended'

/** One change of a case. The case is what its events say. */
export interface CaseEvent {
  /** From 1 up, without gaps, per case. */
  readonly sequence: number
  readonly type: CaseEventType
  readonly at: Instant
  readonly actor: Actor
  /** Ids, states, codes and moments alone: kept in clear. */
  readonly facts: Readonly<Record<string, string | number>>
  /** The decision, where there is one. It may quote free text, so it is kept sealed. */
  readonly decided?: Decided
}

/** What a move came to: the case as it is now, and the events that tell of it, in order. */
export interface Moved<Case extends Authorization = Authorization> {
  readonly authorization: Case
  readonly events: readonly CaseEvent[]
}

// A machine's action never names an adverse state: if MachineAction is ever widened, this stops compiling.
type Adverse = 'certified-partially' | 'not-certified' | 'modified'
type NeverAdverse = MachineAction & Adverse extends never ? true : false
const machineIsNeverAdverse: NeverAdverse = true
void machineIsNeverAdverse
