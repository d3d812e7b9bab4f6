/**
 * What was answered. A machine may certify as asked, find that nothing is needed, or pend; everything adverse needs a
 * licensed person, and the types say so.
 */
import type { DatePeriod, Instant, PlainDate } from '../kernel/time.ts'
import type {
  Address,
  Attachment,
  Code,
  Contact,
  DeliveryPattern,
  PartyName,
  PrimaryIdentifier,
  Quantity,
  ReviewRequest,
  YesOrNo,
} from './request.ts'

/** The outcome of a line or of a whole event. X12 306 spells them A1, A2, A3, A4, A6, C, CT and NA. */
export type CertificationAction =
  | 'certified'
  | 'certified-partially'
  | 'not-certified'
  | 'pended'
  | 'modified'
  | 'cancelled'
  | 'contact-payer'
  | 'no-action-required'

/** What a machine may answer without a person. */
export type MachineAction = Extract<
  CertificationAction,
  'certified' | 'pended' | 'no-action-required' | 'contact-payer'
>

/** Why a case waits, and for whom. */
export interface PendReason {
  readonly waitingFor: 'reviewer' | 'information' | 'payer'
  /** For people; holds nothing that names or describes a patient. */
  readonly text: string
}

/** Which rule or policy row an answer rests on, so that it can be explained. */
export interface Ground {
  readonly kind: 'determination-rule' | 'policy'
  readonly id: string
  readonly version: number
  /** The row that fired, in the words of its author. */
  readonly text: string
  /** Where the payer says so: a document and its section. */
  readonly source: string
}

/** Why it was decided so, in the code of the payer (X12 HCR03), and whether a second opinion is asked for (HCR04). */
export interface DecisionReason {
  readonly reasonCode?: Code
  readonly secondOpinion?: YesOrNo
}

/** What a payer still wants to know, and where it is to be sent (X12 PWK, and loops 2010EB and 2010FB of an answer). */
export interface InformationRequest {
  /** Up to ten kinds of documents; may be empty, when words say what is wanted. */
  readonly documents: readonly Attachment[]
  readonly contact?: {
    readonly name?: PartyName
    readonly identifier?: PrimaryIdentifier
    readonly address?: Address
    readonly contact?: Contact
  }
}

export interface LineOutcome<Action extends CertificationAction = CertificationAction>
  extends DecisionReason {
  /** The number of the service line; 0 stands for the event when it has no lines. */
  readonly line: number
  readonly action: Action
  readonly grounds: readonly Ground[]
  readonly pend?: PendReason
  readonly certifiedQuantity?: Quantity
  /** How often and when `certifiedQuantity` is certified. */
  readonly certifiedPattern?: DeliveryPattern
  readonly certifiedPeriod?: DatePeriod
  /** Where it differs from the number of the whole (X12 HCR02 of the line). */
  readonly authorizationNumber?: string
  /** Where it differs from the day of the whole (X12 DTP*102 of the line). */
  readonly issuedOn?: PlainDate
  readonly informationWanted?: InformationRequest
  readonly message?: string
}

/** Who decided. Only a reviewer, another payer, an import or a simulation can be adverse. */
export type Decided =
  | {
      readonly by: 'machine'
      readonly action: MachineAction
      readonly lines: readonly LineOutcome<MachineAction>[]
    }
  | {
      readonly by: 'reviewer'
      readonly action: CertificationAction
      readonly lines: readonly LineOutcome[]
      readonly reviewerId: string
    }
  | {
      readonly by: 'upstream'
      readonly action: CertificationAction
      readonly lines: readonly LineOutcome[]
      readonly exchangeId: string
    }
  | { readonly by: 'imported'; readonly action: CertificationAction; readonly lines: readonly LineOutcome[] }
  | {
      readonly by: 'simulated'
      readonly action: CertificationAction
      readonly lines: readonly LineOutcome[]
      readonly scenario: string
    }

/** A payer's refusal to consider a request as sent. An answer, not an HTTP error (X12 AAA). */
export interface Rejection {
  readonly level: 'system' | 'payer' | 'requester' | 'subscriber' | 'dependent' | 'event' | 'line'
  /** With `level: 'line'`: the number of the service line. */
  readonly line?: number
  /** With `event` or `line`: which of its providers it concerns, counted from 1. */
  readonly provider?: number
  /** With `event`: which stop of the journey it concerns, counted from 1. */
  readonly stop?: number
  /** X12 901: why. */
  readonly reason: Code
  /** X12 889: what the sender may do next. */
  readonly followUp: Code
}

/** What is known of a case when it is told to somebody: the answer that the codecs spell. */
export interface ReviewAnswer {
  /** The request that is answered; its correspondence is turned round by the codec. */
  readonly request: ReviewRequest
  readonly payer: { readonly id: string; readonly name: string; readonly contact?: Contact }
  readonly answeredAt: Instant
  readonly outcome:
    | { readonly kind: 'rejected'; readonly rejections: readonly Rejection[] }
    | (DecisionReason & {
        readonly kind: 'decided'
        readonly action: CertificationAction
        readonly lines: readonly LineOutcome[]
        /** The number that a claim will carry (X12 HCR02); present once certified. */
        readonly authorizationNumber?: string
        /** The payer's number for the request, decided or not (X12 REF*NT). */
        readonly administrativeReference: string
        readonly requestedOn: PlainDate
        readonly issuedOn?: PlainDate
        readonly effective?: DatePeriod
        readonly informationWanted?: InformationRequest
        readonly message?: string
      })
}
