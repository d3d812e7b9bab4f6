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
  /** Beside a first line only: an interchange has no place for a second line alone. */
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

/** What was answered to a question of yes or no (X12 1073: Y, N, U, W). */
export type YesOrNo = 'yes' | 'no' | 'unknown' | 'not-applicable'

/** The member in whose name the policy runs; the patient, unless there is a dependent. */
export interface Subscriber {
  readonly memberId?: string
  readonly name?: PartyName
  readonly birthDate?: PlainDate
  readonly gender?: Gender
  readonly references: readonly Reference[]
  readonly address?: Address
  /** How the subscriber is tied to the armed forces (X12 INS08). */
  readonly militaryRelationship?: Code
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
  /** Which of several children of one birth the dependent is, counted from 1 (X12 INS17). */
  readonly birthSequence?: string
}

/** What kind of review is asked for (X12 UM01); a reservation sets services aside before they are needed. */
export type ReviewCategory = 'health-services' | 'admission' | 'specialty-care' | 'reservation'

/** What the request wants to happen (X12 UM02). */
export type Purpose =
  | 'initial'
  | 'renewal'
  | 'revised'
  | 'extension'
  | 'cancel'
  | 'appeal-immediate'
  | 'appeal-standard'
  | 'notification'
  | 'verification'
  | 'reconsideration'

/** How pressing it is (X12 UM06); it picks the clock that the payer is on. */
export type Urgency = 'emergency' | 'urgent' | 'elective'

/** Where care is given; `code` is a place of service or the first digits of a type of bill, as `system` says. */
export interface Place {
  readonly code: Code
  readonly system: 'place-of-service' | 'type-of-bill'
}

/** A diagnosis, or another fact about the patient that a 278 names beside diagnoses: a group (DRG), a finding (LOINC). */
export interface Diagnosis {
  readonly role: 'principal' | 'admitting' | 'reason-for-visit' | 'other'
  readonly system: 'icd-10' | 'icd-9' | 'drg' | 'loinc'
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

/** What brought the care about: an accident, somebody else's doing (X12 UM05). */
export interface RelatedCauses {
  /** One to three, in the order sent. */
  readonly codes: readonly Code[]
  /** Where an accident with a motor vehicle happened. */
  readonly state?: string
  readonly country?: string
}

/** A number by which the sender follows an event or a line; an answer repeats it (X12 TRN). */
export interface Trace {
  readonly number: string
  /** Who gave the number, as X12 spells a company: ten characters (TRN03). */
  readonly assignedBy?: string
  /** The part of that company (TRN04). */
  readonly division?: string
}

/** How often and when something is given (X12 HSD03 to HSD08). */
export interface DeliveryPattern {
  /** What `modulus` counts: `DA` days, `WK` weeks, `MO` months, or another code. */
  readonly unit?: Code
  /** Every so many units. A decimal number as written. */
  readonly modulus?: string
  /** What `periodCount` counts: `7` days, `34` months, `35` weeks, or another code. */
  readonly periodUnit?: Code
  /** For so many periods. A decimal number as written. */
  readonly periodCount?: string
  /** On which days, such as `1` for the first week of the month or `D` for Mondays. */
  readonly frequency?: Code
  /** At what time of day. */
  readonly time?: Code
}

/** How much of a service is asked for, how often and when (X12 HSD). */
export interface Delivery extends DeliveryPattern {
  /** What `count` counts: `VS` visits, `DY` days, `HS` hours, or another code. */
  readonly countUnit?: Code
  /** A decimal number as written. */
  readonly count?: string
}

/** An admission to an institution (X12 CL1). */
export interface FacilityAdmission {
  readonly type?: Code
  readonly source?: Code
  readonly patientStatus?: Code
  readonly nursingHomeStatus?: Code
}

/** A series of chiropractic treatments (X12 CR2). */
export interface SpinalManipulation {
  /** Which treatment of the series this is. */
  readonly seriesNumber?: string
  /** How many treatments the series has. */
  readonly treatmentCount?: string
  /** The first and the last vertebra that is out of place. */
  readonly levelFrom?: Code
  readonly levelUntil?: Code
  readonly condition?: Code
  readonly complicated?: YesOrNo
  readonly description?: string
  readonly furtherDescription?: string
  readonly xrayAvailable?: YesOrNo
}

/** Oxygen at home (X12 CR5). */
export interface HomeOxygen {
  /** The first two as CR503 and CR504 have them, and the system as a whole (CR518). */
  readonly equipment?: Code
  readonly secondEquipment?: Code
  readonly systemType?: Code
  readonly equipmentReason?: string
  /** Litres a minute; a decimal number, or words where the sender has none. */
  readonly flowRate?: string
  /** Times a day. */
  readonly dailyUses?: string
  /** Hours of each use. */
  readonly hoursPerUse?: string
  readonly therapistOrder?: string
  /** Millimetres of mercury. */
  readonly arterialBloodGas?: string
  /** Per cent. */
  readonly saturation?: string
  readonly testCondition?: Code
  /** Up to three, in the order sent. */
  readonly testFindings: readonly Code[]
  /** Litres a minute. */
  readonly portableFlowRate?: string
  readonly deliverySystem?: Code
}

/** Care at home (X12 CR6). */
export interface HomeHealth {
  readonly prognosis?: Code
  readonly startDate?: PlainDate
  readonly certificationPeriod?: DatePeriod
  readonly medicareCoverage?: YesOrNo
  /** As `Purpose`, in the code of the wire (X12 1322). */
  readonly certificationType?: Code
  readonly surgeryDate?: PlainDate
  /** Which list `surgicalProcedure` is of. */
  readonly surgicalProcedureSystem?: Code
  readonly surgicalProcedure?: Code
  readonly orderDate?: PlainDate
  readonly lastVisitDate?: PlainDate
  readonly physicianContactDate?: PlainDate
  readonly lastAdmission?: DatePeriod
  /** Where the patient was then. */
  readonly patientLocation?: Code
}

/** A document that goes with a request, or that a payer asks for (X12 PWK). */
export interface Attachment {
  /** What kind of document it is (X12 755). */
  readonly reportType: Code
  /** How it travels (X12 756): `EL` electronically, `FX` by facsimile, `BM` by mail, or another code. */
  readonly transmission?: Code
  /** The number that the document itself carries, by which it is found. */
  readonly controlNumber?: string
  readonly description?: string
}

/** Another organization that denied the same before (X12 loop 2010EC of a request). */
export interface EarlierDenial {
  /** What kind of organization it is (X12 98). */
  readonly by: Code
  readonly name?: string
  /** Up to four, in the order sent. */
  readonly reasons: readonly Code[]
  readonly deniedOn?: PlainDate
}

/** A tooth and those of its surfaces that are meant (X12 TOO). */
export interface Tooth {
  /** By the universal national numbering system (X12 1270 `JP`). */
  readonly code: Code
  /** Up to five, in the order sent. */
  readonly surfaces: readonly Code[]
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
  /** US dollars for each unit, as a decimal number as written; of an institutional service (X12 SV206). */
  readonly rate?: string
  /** Which of the event's diagnoses the service is for, by their numbers; up to four (X12 SV107). */
  readonly diagnosisPointers?: readonly string[]
  /** Whether the service came of an early and periodic screening of a child (X12 SV111). */
  readonly screening?: YesOrNo
  /** The level of care in a nursing home (X12 SV120 and SV210). */
  readonly nursingHomeLevel?: Code
  /** Whether and how the patient lives in a nursing home (X12 SV209). */
  readonly nursingHomeStatus?: Code
  /** Parts of the mouth; up to five, of a dental service (X12 SV304). */
  readonly oralCavities?: readonly Code[]
  /** Whether a prosthesis, crown or inlay is the first or replaces another (X12 SV305). */
  readonly prosthesis?: Code
  /** What a dental service is, in words (X12 SV307). */
  readonly dentalDescription?: string
  /** Up to 32. */
  readonly teeth?: readonly Tooth[]
  readonly delivery?: Delivery
  /** Up to ten. */
  readonly attachments?: readonly Attachment[]
  /** Up to three. */
  readonly traces?: readonly Trace[]
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
  readonly relatedCauses?: RelatedCauses
  /** How the patient is now (X12 UM07). */
  readonly currentCondition?: Code
  /** How it is expected to go on (X12 UM08). */
  readonly prognosis?: Code
  /** Whether the patient agreed that information is passed on (X12 UM09). */
  readonly releaseOfInformation?: Code
  /** Why the request comes late (X12 UM10). */
  readonly delayReason?: Code
  readonly accidentDate?: PlainDate
  readonly lastMenstrualPeriod?: PlainDate
  /** The day on which a birth is expected. */
  readonly expectedBirth?: PlainDate
  readonly onsetDate?: PlainDate
  readonly period?: DatePeriod
  readonly admission?: DatePeriod
  readonly dischargeDate?: PlainDate
  /** Up to twelve, principal first where one is named. */
  readonly diagnoses: readonly Diagnosis[]
  readonly conditions: readonly CertificationCondition[]
  readonly delivery?: Delivery
  readonly facilityAdmission?: FacilityAdmission
  readonly ambulance?: AmbulanceTransport
  readonly transportStops: readonly TransportStop[]
  readonly spinalManipulation?: SpinalManipulation
  readonly homeOxygen?: HomeOxygen
  readonly homeHealth?: HomeHealth
  /** Up to ten. */
  readonly attachments?: readonly Attachment[]
  /** Up to three. */
  readonly earlierDenials?: readonly EarlierDenial[]
  /** Up to three. */
  readonly traces?: readonly Trace[]
  readonly message?: string
  readonly providers: readonly Provider[]
  /** In the order sent; may be empty, when the whole event is what approval is asked for. */
  readonly lines: readonly ServiceLine[]
}

/** "Please authorize this." (X12 278, 005010X217) */
export interface ReviewRequest {
  /**
   * What is wanted of a reservation of services: that it is made, that what it set aside is now used, or that it ends
   * (X12 BHT02 13, 36 and 01 beside BHT06 RU).
   */
  readonly reservation?: 'make' | 'use' | 'cancel'
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
  readonly filter: DecisionFilter & {
    readonly requestedOn?: DatePeriod
    /** What narrows the search at single service lines, in their order. */
    readonly lines?: readonly LineFilter[]
  }
}

/** What was decided, and when; each end of a period is included. */
export interface DecisionFilter {
  readonly action?: Code
  readonly issued?: DatePeriod
  readonly expires?: DatePeriod
  readonly effective?: DatePeriod
}

export interface LineFilter extends DecisionFilter {
  /** The number of the service line. */
  readonly line: number
}
