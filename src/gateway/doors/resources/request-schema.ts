/**
 * The JSON of a request at `/v1`: the core's own shape, as `request` of `GET /v1/authorizations/{id}` shows it. Strict:
 * a member that is not known here is refused. Lists that are empty may be left out, and who wrote to whom.
 */
import { type Static, type TProperties, Type } from 'typebox'
import type {
  PatientEvent,
  Purpose,
  ReviewCategory,
  ReviewRequest,
  ServiceLine,
} from '../../../core/request.ts'

const STRICT = { additionalProperties: false } as const
const shape = <P extends TProperties>(properties: P) => Type.Object(properties, STRICT)
const maybe = Type.Optional

const words = (maxLength: number) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
    'x-expected': 'text without control characters such as tabs and line breaks',
  })
const code = words(30)
const reference = words(50)
const name = words(60)
const decimal = Type.String({
  maxLength: 15,
  pattern: '^\\d+(\\.\\d+)?$',
  'x-expected': 'a decimal number in digits, such as 2 or 12.50',
})
const day = Type.String({ format: 'date' })
const period = shape({ from: day, until: day })
const yesOrNo = Type.Enum(['yes', 'no', 'unknown', 'not-applicable'])
const list = <S extends Parameters<typeof Type.Array>[0]>(of: S, maxItems: number) =>
  Type.Array(of, { maxItems })
/** Members that may each be left out. */
const optional = <P extends TProperties>(properties: P) => Type.Partial(shape(properties), STRICT)

const CATEGORY = Type.Enum(['health-services', 'admission', 'specialty-care', 'reservation'])
const PURPOSE = Type.Enum([
  'initial',
  'renewal',
  'revised',
  'extension',
  'cancel',
  'appeal-immediate',
  'appeal-standard',
  'notification',
  'verification',
  'reconsideration',
])
const URGENCY = Type.Enum(['emergency', 'urgent', 'elective'])

/** `name` of an organization; the others of a person. */
const PARTY_NAME = shape({
  kind: Type.Enum(['organization', 'person']),
  name: maybe(name),
  last: maybe(name),
  first: maybe(words(35)),
  middle: maybe(words(25)),
  prefix: maybe(words(10)),
  suffix: maybe(words(10)),
})

const ADDRESS = optional({
  line1: words(55),
  line2: words(55),
  city: words(30),
  state: words(2),
  postalCode: words(15),
  country: words(3),
  countrySubdivision: words(3),
})

const CONTACT = optional({
  name,
  telephone: words(256),
  extension: words(256),
  facsimile: words(256),
  email: words(256),
  url: words(256),
})

const IDENTIFIER = shape({
  system: Type.Enum([
    'npi',
    'employer',
    'social-security',
    'electronic-transmitter',
    'services-plan',
    'payer',
    'member',
  ]),
  value: words(80),
})

const REFERENCES = list(
  shape({
    kind: Type.Enum([
      'upin',
      'facility',
      'employer',
      'provider-site',
      'provider-plan-network',
      'facility-network',
      'social-security',
      'federal-taxpayer',
      'carrier-assigned',
      'state-license',
      'policy',
      'branch',
      'group',
      'department',
      'patient-account',
      'health-insurance-claim',
      'identity-card',
      'insurance-policy',
      'plan-network',
      'medicaid-recipient',
      'employee',
    ]),
    value: reference,
    state: maybe(words(2)),
  }),
  20,
)

const MEMBER = {
  name: maybe(PARTY_NAME),
  birthDate: maybe(day),
  gender: maybe(Type.Enum(['female', 'male', 'unknown'])),
  references: maybe(REFERENCES),
  address: maybe(ADDRESS),
}

const PROVIDER = shape({
  role: Type.Enum([
    'service-provider',
    'referring',
    'facility',
    'attending',
    'admitting',
    'operating',
    'other-operating',
    'other-physician',
    'ordering',
    'supervising',
    'rendering',
    'primary-care',
    'consulting',
    'assistant-surgeon',
    'purchased-service',
    'gatekeeper',
  ]),
  name: maybe(PARTY_NAME),
  identifier: maybe(IDENTIFIER),
  references: maybe(REFERENCES),
  address: maybe(ADDRESS),
  contact: maybe(CONTACT),
  providerCode: maybe(code),
  taxonomy: maybe(code),
})

const PLACE = shape({ code: words(2), system: Type.Enum(['place-of-service', 'type-of-bill']) })

const DELIVERY = optional({
  countUnit: code,
  count: decimal,
  unit: code,
  modulus: decimal,
  periodUnit: code,
  periodCount: decimal,
  frequency: code,
  time: code,
})

const ATTACHMENTS = list(
  shape({
    reportType: code,
    transmission: maybe(code),
    controlNumber: maybe(words(80)),
    description: maybe(words(80)),
  }),
  10,
)

const TRACES = list(shape({ number: reference, assignedBy: maybe(words(10)), division: maybe(reference) }), 3)

const LINE = {
  number: Type.Integer({ minimum: 1, maximum: 99 }),
  kind: maybe(Type.Enum(['professional', 'institutional', 'dental', 'unspecified'])),
  category: maybe(CATEGORY),
  purpose: maybe(PURPOSE),
  serviceType: maybe(words(2)),
  place: maybe(PLACE),
  previousAuthorizationNumber: maybe(reference),
  previousAdministrativeReference: maybe(reference),
  period: maybe(period),
  procedure: maybe(
    shape({
      system: code,
      code: words(48),
      until: maybe(words(48)),
      modifiers: maybe(list(words(2), 4)),
      description: maybe(words(80)),
    }),
  ),
  revenueCode: maybe(words(48)),
  quantity: maybe(shape({ unit: words(2), value: decimal })),
  amount: maybe(decimal),
  rate: maybe(decimal),
  diagnosisPointers: maybe(
    list(
      Type.String({
        pattern: '^([1-9]|1[0-2])$',
        'x-expected': 'the number of a diagnosis, 1 to 12, such as 1',
      }),
      4,
    ),
  ),
  screening: maybe(yesOrNo),
  nursingHomeLevel: maybe(code),
  nursingHomeStatus: maybe(code),
  oralCavities: maybe(list(code, 5)),
  prosthesis: maybe(code),
  dentalDescription: maybe(words(80)),
  teeth: maybe(list(shape({ code, surfaces: list(code, 5) }), 32)),
  delivery: maybe(DELIVERY),
  attachments: maybe(ATTACHMENTS),
  traces: maybe(TRACES),
  message: maybe(words(264)),
  providers: maybe(list(PROVIDER, 12)),
}

/** What may be said of an event beside its purpose and the numbers of an earlier case. */
const EVENT = {
  serviceType: maybe(words(2)),
  place: maybe(PLACE),
  urgency: maybe(URGENCY),
  relatedCauses: maybe(shape({ codes: list(code, 3), state: maybe(words(2)), country: maybe(words(3)) })),
  currentCondition: maybe(code),
  prognosis: maybe(code),
  releaseOfInformation: maybe(code),
  delayReason: maybe(code),
  accidentDate: maybe(day),
  lastMenstrualPeriod: maybe(day),
  expectedBirth: maybe(day),
  onsetDate: maybe(day),
  period: maybe(period),
  admission: maybe(period),
  dischargeDate: maybe(day),
  diagnoses: maybe(
    list(
      shape({
        role: Type.Enum(['principal', 'admitting', 'reason-for-visit', 'other']),
        system: Type.Enum(['icd-10', 'icd-9', 'drg', 'loinc']),
        code,
        date: maybe(day),
      }),
      12,
    ),
  ),
  conditions: maybe(
    list(
      shape({
        category: Type.Enum([
          'ambulance',
          'chiropractic',
          'durable-medical-equipment',
          'oxygen-therapy',
          'functional-limitations',
          'activities-permitted',
          'mental-status',
        ]),
        applies: Type.Boolean(),
        codes: list(code, 5),
      }),
      9,
    ),
  ),
  delivery: maybe(DELIVERY),
  facilityAdmission: maybe(
    optional({ type: code, source: code, patientStatus: code, nursingHomeStatus: code }),
  ),
  ambulance: maybe(
    optional({
      patientWeight: decimal,
      transportCode: code,
      reasonCode: code,
      distance: decimal,
      roundTripPurpose: words(80),
      stretcherPurpose: words(80),
    }),
  ),
  transportStops: maybe(
    list(
      shape({
        role: Type.Enum(['pick-up', 'next-destination', 'next-scheduled', 'final-scheduled', 'drop-off']),
        name: maybe(name),
        address: maybe(ADDRESS),
      }),
      5,
    ),
  ),
  spinalManipulation: maybe(
    optional({
      seriesNumber: decimal,
      treatmentCount: decimal,
      levelFrom: code,
      levelUntil: code,
      condition: code,
      complicated: yesOrNo,
      description: words(80),
      furtherDescription: words(80),
      xrayAvailable: yesOrNo,
    }),
  ),
  homeOxygen: maybe(
    shape({
      equipment: maybe(code),
      secondEquipment: maybe(code),
      systemType: maybe(code),
      equipmentReason: maybe(words(80)),
      flowRate: maybe(words(80)),
      dailyUses: maybe(decimal),
      hoursPerUse: maybe(decimal),
      therapistOrder: maybe(words(80)),
      arterialBloodGas: maybe(decimal),
      saturation: maybe(decimal),
      testCondition: maybe(code),
      testFindings: list(code, 3),
      portableFlowRate: maybe(decimal),
      deliverySystem: maybe(code),
    }),
  ),
  homeHealth: maybe(
    optional({
      prognosis: code,
      startDate: day,
      certificationPeriod: period,
      medicareCoverage: yesOrNo,
      certificationType: code,
      surgeryDate: day,
      surgicalProcedureSystem: code,
      surgicalProcedure: code,
      orderDate: day,
      lastVisitDate: day,
      physicianContactDate: day,
      lastAdmission: period,
      patientLocation: code,
    }),
  ),
  attachments: maybe(ATTACHMENTS),
  earlierDenials: maybe(
    list(shape({ by: code, name: maybe(name), reasons: list(code, 4), deniedOn: maybe(day) }), 3),
  ),
  traces: maybe(TRACES),
  message: maybe(words(264)),
  providers: maybe(list(PROVIDER, 14)),
  lines: maybe(list(shape(LINE), 99)),
}

const CASE = {
  category: CATEGORY,
  purpose: maybe(PURPOSE),
  previousAuthorizationNumber: maybe(reference),
  previousAdministrativeReference: maybe(reference),
}

const REQUEST = {
  reservation: maybe(Type.Enum(['make', 'use', 'cancel'])),
  correspondence: maybe(
    optional({ senderId: words(15), receiverId: words(15), transactionIdentifier: reference }),
  ),
  payer: shape({ id: Type.String({ minLength: 2, maxLength: 80 }), name: maybe(name) }),
  requester: shape({
    kind: Type.Enum([
      'provider',
      'government-facility',
      'third-party-administrator',
      'employer',
      'facility',
      'payer',
      'utilization-management',
    ]),
    name: maybe(PARTY_NAME),
    identifier: maybe(IDENTIFIER),
    references: maybe(REFERENCES),
    address: maybe(ADDRESS),
    contact: maybe(CONTACT),
    role: maybe(code),
    taxonomy: maybe(code),
  }),
  subscriber: shape({ memberId: maybe(words(80)), militaryRelationship: maybe(code), ...MEMBER }),
  dependent: maybe(shape({ relationship: maybe(code), birthSequence: maybe(words(9)), ...MEMBER })),
  event: shape({ ...CASE, ...EVENT }),
}

/** Body of `POST /v1/authorizations`. */
export const CREATE = shape(REQUEST)

/** Body of `POST /v1/authorizations/{id}/update`: what is given takes the place of what the case says of it. */
export const UPDATE = Type.Object(EVENT, { ...STRICT, minProperties: 1 })

/** Body of `POST /v1/authorizations/{id}/extend`: for how long, or how much more; of all lines, or of those that are named. */
export const EXTEND = shape({
  period: maybe(period),
  lines: maybe(
    Type.Array(shape({ number: LINE.number, period: LINE.period, quantity: LINE.quantity }), {
      minItems: 1,
      maxItems: 99,
    }),
  ),
  urgency: EVENT.urgency,
  message: EVENT.message,
})

/** Body of `POST /v1/authorizations/{id}/cancel`. */
export const CANCEL = shape({ message: EVENT.message })

/** Body of `POST /v1/authorizations/{id}/appeal`. */
export const APPEAL = shape({
  kind: Type.Enum(['immediate', 'standard', 'reconsideration']),
  urgency: EVENT.urgency,
  message: EVENT.message,
})

// A member, a purpose or a category that the core has and this page has not stops compiling here.
type Missing =
  | Exclude<keyof ReviewRequest, keyof typeof REQUEST>
  | Exclude<keyof PatientEvent, keyof typeof CASE | keyof typeof EVENT>
  | Exclude<keyof ServiceLine, keyof typeof LINE>
  | Exclude<Purpose, Static<typeof PURPOSE>>
  | Exclude<ReviewCategory, Static<typeof CATEGORY>>
const nothingIsMissing: [Missing] extends [never] ? true : Missing = true
void nothingIsMissing
