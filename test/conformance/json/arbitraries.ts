/** Submissions and inquiries of every shape that the JSON can say, for property tests. */
import fc from 'fast-check'
import type { Inquiry, PartyName, ReferenceKind, ReviewRequest } from '../../../src/core/request.ts'
import { plainDate } from '../../../src/kernel/time.ts'

/** Text as the format can carry it: not empty, no spaces around it, no control characters. */
const character = fc.constantFrom(...'ABCxyz0189 -\'"/~*^:&<é\u{4e2d}\u{1f980}')
const text = (longest: number) =>
  fc
    .string({ unit: character, minLength: 1, maxLength: Math.min(longest, 24) })
    .map((s) => s.trim() || 'X')
    .filter((s) => s.length <= longest)
const list = <T>(one: fc.Arbitrary<T>, most: number) => fc.array(one, { minLength: 1, maxLength: most })
const code = (longest = 2) =>
  fc.string({ unit: fc.constantFrom(...'AZ09'), minLength: 1, maxLength: longest })
const decimal = fc.oneof(
  fc.nat(99999).map(String),
  fc.tuple(fc.nat(999), fc.nat(99)).map(([whole, part]) => `${whole}.${part}`),
)
const day = fc
  .tuple(
    fc.integer({ min: 1900, max: 2100 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(([y, m, d]) => plainDate(`${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`))
  .filter((value) => value !== undefined)
const period = fc.tuple(day, day).map(([a, b]) => (a <= b ? { from: a, until: b } : { from: b, until: a }))

/** A record whose optional fields may be absent, never undefined. */
function some<T, K extends keyof T>(
  model: { [F in keyof T]: fc.Arbitrary<T[F]> },
  requiredKeys: readonly K[] = [],
) {
  return fc.record(model, { requiredKeys: [...requiredKeys], noNullPrototype: true }) as fc.Arbitrary<
    Partial<T> & Pick<T, K>
  >
}

const notEmpty = (value: object) => Object.keys(value).length > 0
const organization = text(60).map((name): PartyName => ({ kind: 'organization', name }))
const person = (parts: readonly ('first' | 'middle' | 'prefix' | 'suffix')[]) =>
  some(
    {
      kind: fc.constant('person' as const),
      last: text(60),
      ...Object.fromEntries(parts.map((part) => [part, text(10)])),
    },
    ['kind', 'last'],
  ) as fc.Arbitrary<PartyName>
const memberName = person(['first', 'middle', 'suffix'])
const providerName = fc.oneof(organization, person(['first', 'middle', 'prefix', 'suffix']))
/** A second line stands beside a first. */
const isAddress = (value: { line1?: string; line2?: string }) =>
  notEmpty(value) && (value.line2 === undefined || value.line1 !== undefined)
const address = some({
  line1: text(55),
  line2: text(55),
  city: text(30),
  state: code(),
  postalCode: text(15),
  country: code(3),
  countrySubdivision: code(3),
}).filter(isAddress)
const contact = some({
  name: text(60),
  telephone: text(20),
  extension: text(6),
  facsimile: text(20),
  email: text(80),
}).filter(notEmpty)
/** References in the order of the format, each kind once. */
const references = (...kinds: readonly ReferenceKind[]) =>
  fc
    .tuple(
      ...kinds.map((kind) =>
        fc.option(
          text(50).map((value) => ({ kind, value })),
          { nil: undefined },
        ),
      ),
    )
    .map((sent) => sent.filter((reference) => reference !== undefined))
const identifier = (...systems: readonly ('employer' | 'electronic-transmitter' | 'payer')[]) =>
  fc.oneof(
    fc.constant({ system: 'npi' as const, value: '1234567893' }),
    fc.record({ system: fc.constantFrom(...systems), value: text(80) }, { noNullPrototype: true }),
  )

const requester = (isInquiry: boolean) =>
  some(
    {
      kind: fc.constantFrom('provider', 'government-facility', 'facility', 'utilization-management'),
      name: fc.oneof(organization, person(['first'])),
      identifier: isInquiry
        ? identifier('employer', 'payer')
        : identifier('employer', 'electronic-transmitter'),
      references: isInquiry
        ? references('upin', 'employer', 'provider-site', 'federal-taxpayer', 'carrier-assigned')
        : references('upin', 'facility', 'employer', 'social-security', 'carrier-assigned'),
      address,
      contact,
      role: code(3),
      taxonomy: text(10),
    },
    ['kind', 'name', 'references'],
  )

const yesOrNo = fc.constantFrom('yes', 'no', 'unknown', 'not-applicable')
const anyOf = (model: Record<string, fc.Arbitrary<unknown>>) => some(model).filter(notEmpty)
const attachments = list(
  some({ reportType: code(), transmission: code(), controlNumber: text(80), description: text(80) }, [
    'reportType',
  ]),
  10,
)
const delivery = anyOf({
  countUnit: code(),
  count: decimal,
  unit: code(),
  modulus: decimal,
  periodUnit: code(),
  periodCount: decimal,
  frequency: code(),
  time: code(1),
})
const tooth = (surfaces: number) =>
  fc.record({ code: code(), surfaces: fc.array(code(), { maxLength: surfaces }) }, { noNullPrototype: true })
const certificates = {
  facilityAdmission: anyOf({
    type: code(1),
    source: code(1),
    patientStatus: code(),
    nursingHomeStatus: code(1),
  }),
  spinalManipulation: anyOf({
    seriesNumber: decimal,
    treatmentCount: decimal,
    levelFrom: code(3),
    levelUntil: code(3),
    condition: code(1),
    complicated: yesOrNo,
    description: text(80),
    furtherDescription: text(80),
    xrayAvailable: yesOrNo,
  }),
  homeOxygen: some(
    {
      equipment: code(1),
      secondEquipment: code(1),
      systemType: code(1),
      equipmentReason: text(80),
      flowRate: text(15),
      dailyUses: decimal,
      hoursPerUse: decimal,
      therapistOrder: text(80),
      arterialBloodGas: decimal,
      saturation: decimal,
      testCondition: code(1),
      testFindings: fc.array(code(1), { maxLength: 3 }),
      portableFlowRate: text(15),
      deliverySystem: code(1),
    },
    ['equipment', 'testFindings'],
  ),
  homeHealth: anyOf({
    prognosis: code(1),
    startDate: day,
    certificationPeriod: period,
    medicareCoverage: yesOrNo,
    certificationType: code(1),
    surgeryDate: day,
    surgicalProcedureSystem: code(),
    surgicalProcedure: code(7),
    orderDate: day,
    lastVisitDate: day,
    physicianContactDate: day,
    lastAdmission: period,
    patientLocation: code(1),
  }),
}
const circumstances = {
  relatedCauses: some({ codes: list(code(3), 3), state: code(), country: code(3) }, ['codes']),
  currentCondition: code(1),
  prognosis: code(1),
  releaseOfInformation: code(1),
  delayReason: code(),
  lastMenstrualPeriod: day,
  expectedBirth: day,
}
const earlierDenials = list(
  some(
    {
      by: fc.constantFrom('00', 'CA', 'I3', 'X3', 'Y2'),
      name: text(60),
      reasons: fc.array(text(50), { maxLength: 4 }),
      deniedOn: day,
    },
    ['by', 'reasons'],
  ),
  3,
)

const subscriberReferences = references('policy', 'branch', 'group', 'patient-account', 'social-security')
const genderField = { gender: fc.constantFrom('female', 'male', 'unknown') }
const subscriber = (isInquiry: boolean) =>
  some(
    {
      memberId: text(80),
      name: memberName,
      birthDate: day,
      references: subscriberReferences,
      ...(isInquiry ? {} : { address, ...genderField, militaryRelationship: code() }),
    },
    ['memberId', 'references'],
  )
const dependent = (isInquiry: boolean) =>
  some(
    {
      name: memberName,
      birthDate: day,
      references: isInquiry
        ? references('employee', 'patient-account', 'social-security')
        : references('patient-account', 'social-security'),
      ...(isInquiry ? {} : { address, relationship: code(), birthSequence: code(1), ...genderField }),
    },
    ['name', 'references'],
  )

const provider = (isInquiry: boolean) =>
  some(
    {
      role: fc.constantFrom('service-provider', 'referring', 'facility', 'attending', 'purchased-service'),
      name: providerName,
      identifier: identifier('employer', 'payer'),
      references: references('upin', 'facility', 'carrier-assigned').chain((rest) =>
        fc.oneof(
          fc.constant(rest),
          some({ kind: fc.constant('state-license' as const), value: text(20), state: code() }, [
            'kind',
            'value',
          ]).map((licence) => [licence, ...rest]),
        ),
      ),
      address,
      ...(isInquiry ? {} : { contact }),
      providerCode: code(3),
      taxonomy: text(10),
    },
    ['role', 'references'],
  )

const review = {
  category: fc.constantFrom('health-services', 'admission', 'specialty-care', 'reservation'),
  purpose: fc.constantFrom(
    'initial',
    'renewal',
    'revised',
    'extension',
    'cancel',
    'notification',
    'verification',
    'reconsideration',
  ),
  serviceType: code(),
  place: fc.record(
    { code: code(), system: fc.constantFrom('place-of-service', 'type-of-bill') },
    { noNullPrototype: true },
  ),
  previousAuthorizationNumber: text(50),
  previousAdministrativeReference: text(50),
}

const procedure = (isInquiry: boolean, system: fc.Arbitrary<string>) =>
  some(
    {
      system,
      code: code(7),
      until: code(7),
      modifiers: fc.array(code(), { maxLength: isInquiry ? 0 : 4 }),
      ...(isInquiry ? {} : { description: text(80) }),
    },
    ['system', 'code', 'modifiers'],
  )

const line = (isInquiry: boolean) => {
  const common = { ...review, period, providers: fc.array(provider(isInquiry), { maxLength: 2 }) }
  const priced = isInquiry
    ? {}
    : { amount: decimal, message: text(264), delivery, attachments, teeth: list(tooth(5), 4) }
  const parts = isInquiry ? 1 : 5
  const quantity = fc.record({ unit: code(), value: decimal }, { noNullPrototype: true })
  const units = decimal.map((value) => ({ unit: 'UN', value }))
  return fc.oneof(
    some(
      {
        kind: fc.constant('professional'),
        procedure: procedure(isInquiry, code()),
        quantity,
        ...(isInquiry
          ? {}
          : {
              diagnosisPointers: list(fc.constantFrom('1', '2', '12'), 4),
              screening: yesOrNo,
              nursingHomeLevel: code(1),
            }),
        ...priced,
        ...common,
      },
      ['kind', 'procedure', 'providers'],
    ),
    some(
      {
        kind: fc.constant('institutional'),
        revenueCode: code(4),
        procedure: procedure(isInquiry, code()),
        quantity,
        ...(isInquiry ? {} : { rate: decimal, nursingHomeLevel: code(1), nursingHomeStatus: code(1) }),
        ...priced,
        ...common,
      },
      ['kind', 'revenueCode', 'providers'],
    ),
    some(
      {
        kind: fc.constant('dental'),
        procedure: procedure(isInquiry, fc.constant('AD')),
        quantity: units,
        oralCavities: list(code(3), parts),
        prosthesis: code(1),
        teeth: list(tooth(parts), parts),
        ...(isInquiry ? {} : { dentalDescription: text(80) }),
        ...priced,
        ...common,
      },
      ['kind', 'procedure', 'providers'],
    ),
    some({ kind: fc.constant('unspecified'), ...common }, ['kind', 'serviceType', 'providers']),
  )
}

const diagnosisOf = (role: fc.Arbitrary<string>, dated: boolean) =>
  some(
    { role, system: fc.constantFrom('icd-10', 'icd-9'), code: text(30), ...(dated ? { date: day } : {}) },
    ['role', 'system', 'code'],
  )
const diagnoses = fc
  .tuple(
    fc.array(diagnosisOf(fc.constant('principal'), true), { maxLength: 1 }),
    fc.array(diagnosisOf(fc.constantFrom('admitting', 'reason-for-visit', 'other'), true), { maxLength: 11 }),
  )
  .map(([principal, others]) => [...principal, ...others])

const conditions = fc
  .subarray([
    'ambulance',
    'chiropractic',
    'durable-medical-equipment',
    'oxygen-therapy',
    'functional-limitations',
    'activities-permitted',
    'mental-status',
  ])
  .chain((categories) =>
    fc.tuple(
      ...categories.map((category) =>
        fc.record(
          {
            category: fc.constant(category),
            applies: fc.boolean(),
            codes: fc.array(code(), { maxLength: 5 }),
          },
          { noNullPrototype: true },
        ),
      ),
    ),
  )

const ambulance = some({
  patientWeight: decimal,
  transportCode: code(1),
  reasonCode: code(1),
  distance: decimal,
  roundTripPurpose: text(80),
  stretcherPurpose: text(80),
}).filter(notEmpty)
const stop = some(
  {
    role: fc.constantFrom('pick-up', 'next-destination', 'next-scheduled', 'final-scheduled', 'drop-off'),
    name: text(60),
    address: some({
      line1: text(55),
      line2: text(55),
      city: text(30),
      state: code(),
      postalCode: text(15),
    }).filter(isAddress),
  },
  ['role'],
)

const event = (isInquiry: boolean) =>
  some(
    {
      ...review,
      ...(isInquiry
        ? {}
        : {
            urgency: fc.constantFrom('emergency', 'urgent', 'elective'),
            onsetDate: day,
            ambulance,
            message: text(264),
            delivery,
            attachments,
            earlierDenials,
            ...certificates,
            ...circumstances,
          }),
      accidentDate: day,
      period,
      admission: period,
      dischargeDate: day,
      diagnoses: isInquiry
        ? fc.array(diagnosisOf(fc.constantFrom('principal', 'other'), false), { maxLength: 1 })
        : diagnoses,
      conditions: isInquiry ? fc.constant([]) : conditions,
      transportStops: isInquiry ? fc.constant([]) : fc.array(stop, { maxLength: 4 }),
      providers: fc.array(provider(isInquiry), { maxLength: 3 }),
      lines: fc
        .array(line(isInquiry), { minLength: 1, maxLength: 4 })
        .map((lines) => lines.map((asked, i) => ({ number: i + 1, ...asked }))),
    },
    ['category', 'purpose', 'diagnoses', 'conditions', 'transportStops', 'providers', 'lines'],
  )

const request = (isInquiry: boolean) =>
  some(
    {
      correspondence: fc.record(
        { senderId: text(15), receiverId: text(15), transactionIdentifier: text(50) },
        { noNullPrototype: true },
      ),
      payer: some({ id: text(80), name: text(60) }, ['id']),
      requester: requester(isInquiry),
      subscriber: subscriber(isInquiry),
      dependent: dependent(isInquiry),
      event: event(isInquiry),
    },
    ['correspondence', 'payer', 'requester', 'subscriber', 'event'],
  )

export const submissions = request(false) as unknown as fc.Arbitrary<ReviewRequest>
const narrowing = { action: code(), issued: period, expires: period, effective: period }
export const inquiries = request(true).chain((asked) =>
  fc
    .tuple(
      some({ ...narrowing, requestedOn: day.map((on) => ({ from: on, until: on })) }),
      fc.array(anyOf(narrowing), { maxLength: asked.event.lines.length }),
    )
    .map(([filter, ofLines]) => {
      const lines = ofLines.map((of, i) => ({ line: i + 1, ...of }))
      return { ...asked, filter: { ...filter, ...(lines.length > 0 && { lines }) } }
    }),
) as unknown as fc.Arbitrary<Inquiry>
