/**
 * Prior authorization, as asked: the one model behind every spelling.
 *
 * Codes of the industry's code sets (service type, place of service, procedure, diagnosis, modifiers) are kept as the
 * sender wrote them. What the lifecycle or a rule depends on is a word of ours. Absent means absent: no empty strings,
 * no empty lists standing for "not sent" in optional fields.
 */
import type { DatePeriod, PlainDate } from '../kernel/time.ts'

/** A value of an external code set, as written by the sender. Never empty. */
export type Code = string

/** Whose interchange this is: the names that sender and receiver go by on the wire. */
export interface Correspondence {
  /** The submitter's own name on the wire (X12 ISA06 and GS02). */
  readonly senderId: string
  /** The clearinghouse or UM vendor that the request is addressed to (X12 GS03; the ISA08 where GS03 is absent). */
  readonly receiverId: string
  /** The submitter's number for this transaction (X12 BHT03); 1 to 50 characters. */
  readonly transactionIdentifier: string
}

export interface PayerReference {
  /** The payer's id as the sender knows it (X12 2010A NM109); 2 to 80 characters. */
  readonly id: string
  readonly name?: string
}

export type PartyName =
  | { readonly kind: 'organization'; readonly name: string }
  | {
      readonly kind: 'person'
      readonly last: string
      readonly first?: string
      readonly middle?: string
      readonly prefix?: string
      readonly suffix?: string
    }

export interface Address {
  readonly line1?: string
  readonly line2?: string
  readonly city?: string
  readonly state?: string
  readonly postalCode?: string
  readonly country?: string
  readonly countrySubdivision?: string
}

/** The ways to reach somebody. At least one field is present. */
export interface Contact {
  readonly name?: string
  readonly telephone?: string
  readonly extension?: string
  readonly facsimile?: string
  readonly email?: string
  readonly url?: string
}

/** The number that names a party first (X12 NM108 and NM109). */
export interface PrimaryIdentifier {
  readonly system:
    | 'npi'
    | 'employer'
    | 'social-security'
    | 'electronic-transmitter'
    | 'services-plan'
    | 'payer'
    | 'member'
  readonly value: string
}

/** Further numbers that a party goes by (X12 REF). */
export type ReferenceKind =
  | 'upin'
  | 'facility'
  | 'employer'
  | 'provider-site'
  | 'provider-plan-network'
  | 'facility-network'
  | 'social-security'
  | 'federal-taxpayer'
  | 'carrier-assigned'
  | 'state-license'
  | 'policy'
  | 'branch'
  | 'group'
  | 'department'
  | 'patient-account'
  | 'health-insurance-claim'
  | 'identity-card'
  | 'insurance-policy'
  | 'plan-network'
  | 'medicaid-recipient'
  | 'employee'

export interface Reference {
  readonly kind: ReferenceKind
  readonly value: string
  /** The state that issued a licence; with `state-license` only. */
  readonly state?: string
}

export type RequesterKind =
  | 'provider'
  | 'government-facility'
  | 'third-party-administrator'
  | 'employer'
  | 'facility'
  | 'payer'
  | 'utilization-management'

/** Who asks: the provider, facility or other party in whose name the request is made. */
export interface Requester {
  readonly kind: RequesterKind
  readonly name?: PartyName
  readonly identifier?: PrimaryIdentifier
  /** In the order sent; a kind may repeat. */
  readonly references: readonly Reference[]
  readonly address?: Address
  readonly contact?: Contact
  /** What part the requester plays (X12 PRV01) and its taxonomy code (PRV03). */
  readonly role?: Code
  readonly taxonomy?: Code
}

export type Gender = 'female' | 'male' | 'unknown'

/** The member in whose name the policy runs; the patient, unless there is a dependent. */
export interface Subscriber {
  readonly memberId?: string
  readonly name?: PartyName
  readonly birthDate?: PlainDate
  readonly gender?: Gender
  readonly references: readonly Reference[]
  readonly address?: Address
}

/** The patient, when the patient is covered through somebody else's policy. */
export interface Dependent {
  readonly name?: PartyName
  readonly birthDate?: PlainDate
  readonly gender?: Gender
  readonly references: readonly Reference[]
  readonly address?: Address
  /** How the dependent is related to the subscriber (X12 INS02). */
  readonly relationship?: Code
}

/** What kind of review is asked for (X12 UM01). */
export type ReviewCategory = 'health-services' | 'admission' | 'specialty-care' | 'individual'

/** What the request wants to happen (X12 UM02). */
export type Purpose =
  | 'initial'
  | 'renewal'
  | 'revised'
  | 'extension'
  | 'cancel'
  | 'appeal-immediate'
  | 'appeal-standard'
  | 'reconsideration'

/** How pressing it is (X12 UM06); it picks the clock that the payer is on. */
export type Urgency = 'emergency' | 'urgent' | 'elective'

/** Where care is given; `code` is a place of service or the first digits of a type of bill, as `system` says. */
export interface Place {
  readonly code: Code
  readonly system: 'place-of-service' | 'type-of-bill'
}

export interface Diagnosis {
  readonly role: 'principal' | 'admitting' | 'reason-for-visit' | 'other'
  readonly system: 'icd-10' | 'icd-9'
  /** With or without its point, as sent. */
  readonly code: Code
  readonly date?: PlainDate
}

export type ProviderRole =
  | 'service-provider'
  | 'referring'
  | 'facility'
  | 'attending'
  | 'admitting'
  | 'operating'
  | 'other-operating'
  | 'other-physician'
  | 'ordering'
  | 'supervising'
  | 'rendering'
  | 'primary-care'
  | 'consulting'
  | 'assistant-surgeon'
  | 'purchased-service'
  | 'gatekeeper'

export interface Provider {
  readonly role: ProviderRole
  readonly name?: PartyName
  readonly identifier?: PrimaryIdentifier
  readonly references: readonly Reference[]
  readonly address?: Address
  readonly contact?: Contact
  /** What part the provider plays (X12 PRV01) and its taxonomy code (PRV03). */
  readonly providerCode?: Code
  readonly taxonomy?: Code
}

/** Facts that a payer asks for before it certifies a kind of service (X12 CRC). */
export interface CertificationCondition {
  readonly category:
    | 'ambulance'
    | 'chiropractic'
    | 'durable-medical-equipment'
    | 'oxygen-therapy'
    | 'functional-limitations'
    | 'activities-permitted'
    | 'mental-status'
  /** Whether the conditions named by `codes` are met. */
  readonly applies: boolean
  readonly codes: readonly Code[]
}

/** An ambulance journey (X12 CR1). */
export interface AmbulanceTransport {
  /** Pounds. */
  readonly patientWeight?: string
  readonly transportCode?: Code
  readonly reasonCode?: Code
  /** Miles. */
  readonly distance?: string
  readonly roundTripPurpose?: string
  readonly stretcherPurpose?: string
}

/** A stop on an ambulance journey, in the order travelled (X12 2010EB). */
export interface TransportStop {
  readonly role: 'pick-up' | 'next-destination' | 'next-scheduled' | 'final-scheduled' | 'drop-off'
  readonly name?: string
  readonly address?: Address
}

/** A number and what it counts: `unit` is `UN` (units), `DA` (days), `MJ` (minutes), `VS` (visits) or another code. */
export interface Quantity {
  readonly unit: Code
  /** A decimal number as written; never negative. */
  readonly value: string
}

/** A procedure, drug or supply, by its code. */
export interface Procedure {
  /** Which list the code is of (X12 235): `HC` is HCPCS, which holds the CPT codes too. */
  readonly system: Code
  readonly code: Code
  /** The last code of a range that begins with `code`. */
  readonly until?: Code
  /** Up to four, in the order sent. */
  readonly modifiers: readonly Code[]
  readonly description?: string
}

/** One thing that approval is asked for. */
export interface ServiceLine {
  /** Its place in the request, from 1 up, without gaps. */
  readonly number: number
  readonly kind: 'professional' | 'institutional' | 'dental' | 'unspecified'
  readonly category?: ReviewCategory
  readonly purpose?: Purpose
  readonly serviceType?: Code
  readonly place?: Place
  readonly previousAuthorizationNumber?: string
  readonly previousAdministrativeReference?: string
  readonly period?: DatePeriod
  readonly procedure?: Procedure
  readonly revenueCode?: Code
  readonly quantity?: Quantity
  /** US dollars as a decimal number, as written. */
  readonly amount?: string
  readonly message?: string
  readonly providers: readonly Provider[]
}

/** The care that is asked about, and every fact that is common to its service lines. */
export interface PatientEvent {
  readonly category: ReviewCategory
  readonly purpose: Purpose
  readonly serviceType?: Code
  readonly place?: Place
  readonly urgency?: Urgency
  readonly previousAuthorizationNumber?: string
  readonly previousAdministrativeReference?: string
  readonly accidentDate?: PlainDate
  readonly onsetDate?: PlainDate
  readonly period?: DatePeriod
  readonly admission?: DatePeriod
  readonly dischargeDate?: PlainDate
  /** Up to twelve, principal first where one is named. */
  readonly diagnoses: readonly Diagnosis[]
  readonly conditions: readonly CertificationCondition[]
  readonly ambulance?: AmbulanceTransport
  readonly transportStops: readonly TransportStop[]
  readonly message?: string
  readonly providers: readonly Provider[]
  /** In the order sent; may be empty, when the whole event is what approval is asked for. */
  readonly lines: readonly ServiceLine[]
}

/** "Please authorize this." (X12 278, 005010X217) */
export interface ReviewRequest {
  readonly correspondence: Correspondence
  readonly payer: PayerReference
  readonly requester: Requester
  readonly subscriber: Subscriber
  readonly dependent?: Dependent
  readonly event: PatientEvent
}

/**
 * "What became of this?" (X12 278, 005010X215)
 *
 * It carries the same tree; what is present narrows the search, and `filter` holds what only an inquiry can ask by.
 */
export interface Inquiry extends ReviewRequest {
  readonly filter: {
    readonly action?: Code
    readonly issued?: DatePeriod
    readonly expires?: DatePeriod
    readonly effective?: DatePeriod
    readonly requestedOn?: DatePeriod
  }
}
