/**
 * Requests, inquiries and answers of every shape that an interchange can carry, for property tests. What X12 has no
 * place for (the rows a decision rests on, for whom a case waits) is not made.
 */
import fc from 'fast-check'
import { type AdmissionNotice, type NoticeAnswer, shortcomingsOf } from '../../../src/core/admission.ts'
import type { InformationRequest, LineOutcome, Rejection, ReviewAnswer } from '../../../src/core/decision.ts'
import type {
  Inquiry,
  PartyName,
  PatientEvent,
  Provider,
  Reference,
  ReferenceKind,
  ReviewRequest,
  ServiceLine,
} from '../../../src/core/request.ts'
import type { DatePeriod, Instant, PlainDate } from '../../../src/kernel/time.ts'

/** Objects like those of literals, which strict equality asks for. */
const record = ((model: object, constraints: object = {}) =>
  fc.record(model as Record<string, fc.Arbitrary<unknown>>, {
    ...constraints,
    noNullPrototype: true,
  })) as typeof fc.record

/** Every mark that usually delimits is in it, so that each is met inside a value. */
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz0123456789 -.,'/&()*:~^éñüÀ"]
const CODE_LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789']

const text = fc
  .string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 24 })
  .map((value) => value.trimEnd())
  .filter((value) => value !== '')
const code = fc.string({ unit: fc.constantFrom(...CODE_LETTERS), minLength: 1, maxLength: 5 })
const wireName = fc.string({ unit: fc.constantFrom(...CODE_LETTERS), minLength: 2, maxLength: 15 })
const decimal = fc.oneof(
  fc.nat(9999).map(String),
  fc.tuple(fc.nat(999), fc.nat(99)).map(([a, b]) => `${a}.${b}`),
)
const day = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10) as PlainDate)
const period: fc.Arbitrary<DatePeriod> = fc.tuple(day, day).map((days) => {
  const [from, until] = days.toSorted() as [PlainDate, PlainDate]
  return { from, until }
})
const moment = fc.nat(4_000_000_000).map((seconds) => (seconds * 1000) as Instant)

const name: fc.Arbitrary<PartyName> = fc.oneof(
  record({ kind: fc.constant('organization' as const), name: text }),
  record(
    {
      kind: fc.constant('person' as const),
      last: text,
      first: text,
      middle: text,
      prefix: text,
      suffix: text,
    },
    { requiredKeys: ['kind', 'last'] },
  ),
)
const identifier = fc.oneof(
  record({ system: fc.constant('npi' as const), value: fc.stringMatching(/^\d{10}$/) }),
  record({
    system: fc.constantFrom('employer' as const, 'social-security' as const, 'services-plan' as const),
    value: text,
  }),
)
const address = fc.oneof(
  record({ line1: text, line2: text, city: text, state: code }, { requiredKeys: ['line1'] }),
  record(
    { city: text, state: code, postalCode: code, country: code, countrySubdivision: code },
    { requiredKeys: ['city'] },
  ),
)
const contact = record(
  { name: text, telephone: text, extension: text, facsimile: text, email: text, url: text },
  { requiredKeys: ['telephone'] },
)

function references(...kinds: readonly ReferenceKind[]): fc.Arbitrary<readonly Reference[]> {
  const plain = record({ kind: fc.constantFrom(...kinds), value: text })
  return fc.array(plain, { maxLength: 4 })
}

const some = <T>(one: fc.Arbitrary<T>, most: number) => fc.array(one, { minLength: 1, maxLength: most })
const anyOf = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  record(model, { requiredKeys: [] }).filter((value) => Object.keys(value).length > 0) as fc.Arbitrary<
    Partial<T>
  >
const yesOrNo = fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const, 'not-applicable' as const)

const attachments = some(
  record(
    { reportType: code, transmission: code, controlNumber: text, description: text },
    { requiredKeys: ['reportType'] },
  ),
  10,
)
const traces = some(
  record({ number: text, assignedBy: text, division: text }, { requiredKeys: ['number'] }),
  3,
)
const patternParts = {
  unit: code,
  modulus: decimal,
  periodUnit: code,
  periodCount: decimal,
  frequency: code,
  time: code,
}
const delivery = anyOf({ countUnit: code, count: decimal, ...patternParts })
const teeth = some(record({ code, surfaces: fc.array(code, { maxLength: 5 }) }), 4)
const facilityAdmission = anyOf({ type: code, source: code, patientStatus: code, nursingHomeStatus: code })
const spinalManipulation = anyOf({
  seriesNumber: decimal,
  treatmentCount: decimal,
  levelFrom: code,
  levelUntil: code,
  condition: code,
  complicated: yesOrNo,
  description: text,
  furtherDescription: text,
  xrayAvailable: yesOrNo,
})
const homeOxygen = record(
  {
    equipment: code,
    secondEquipment: code,
    systemType: code,
    equipmentReason: text,
    flowRate: decimal,
    dailyUses: decimal,
    hoursPerUse: decimal,
    therapistOrder: text,
    arterialBloodGas: decimal,
    saturation: decimal,
    testCondition: code,
    testFindings: fc.array(code, { maxLength: 3 }),
    portableFlowRate: decimal,
    deliverySystem: code,
  },
  { requiredKeys: ['testFindings'] },
)
const homeHealth = anyOf({
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
})
const relatedCauses = record(
  { codes: some(code, 3), state: code, country: code },
  { requiredKeys: ['codes'] },
)
const earlierDenials = some(
  record(
    {
      by: fc.constantFrom('00', 'CA', 'I3', 'PRP', 'SEP', 'TTP', 'X3', 'Y2'),
      name: text,
      reasons: fc.array(code, { maxLength: 4 }),
      deniedOn: day,
    },
    { requiredKeys: ['by', 'reasons'] },
  ),
  3,
)

const requester = {
  kind: fc.constantFrom('provider' as const, 'facility' as const, 'third-party-administrator' as const),
  name,
  identifier,
  references: references(
    'upin',
    'facility',
    'employer',
    'provider-site',
    'federal-taxpayer',
    'carrier-assigned',
  ),
  role: code,
  taxonomy: code,
}
const always: ['kind', 'references'] = ['kind', 'references']
const fullRequester = record({ ...requester, address, contact }, { requiredKeys: always })
const repeatedRequester = record(requester, { requiredKeys: always })

const gender = fc.constantFrom('female' as const, 'male' as const, 'unknown' as const)
const subscriber = record(
  {
    memberId: text,
    name,
    birthDate: day,
    gender,
    references: references('policy', 'group', 'patient-account', 'social-security', 'plan-network'),
    address,
    militaryRelationship: code,
  },
  { requiredKeys: ['references'] },
)
const dependent = record(
  {
    name,
    birthDate: day,
    gender,
    references: references('employee', 'patient-account', 'social-security'),
    address,
    relationship: code,
    birthSequence: code,
  },
  { requiredKeys: ['references'] },
)

const provider: fc.Arbitrary<Provider> = record(
  {
    role: fc.constantFrom(
      'service-provider' as const,
      'referring' as const,
      'facility' as const,
      'attending' as const,
      'admitting' as const,
      'purchased-service' as const,
    ),
    name,
    identifier,
    references: fc.array(
      fc.oneof(
        record(
          { kind: fc.constant('state-license' as const), value: text, state: code },
          { requiredKeys: ['kind', 'value'] },
        ),
        record({ kind: fc.constantFrom('upin' as const, 'provider-plan-network' as const), value: text }),
      ),
      { maxLength: 3 },
    ),
    address,
    contact,
    providerCode: code,
    taxonomy: code,
  },
  { requiredKeys: ['role', 'references'] },
)

const place = record({
  code,
  system: fc.constantFrom('place-of-service' as const, 'type-of-bill' as const),
})
const category = fc.constantFrom(
  'health-services' as const,
  'admission' as const,
  'specialty-care' as const,
  'reservation' as const,
)
const purpose = fc.constantFrom(
  'initial' as const,
  'extension' as const,
  'cancel' as const,
  'notification' as const,
  'verification' as const,
  'reconsideration' as const,
)
const quantity = record({ unit: fc.constantFrom('UN', 'DA', 'MJ', 'VS'), value: decimal })
const procedure = record(
  { system: code, code, modifiers: fc.array(code, { maxLength: 4 }), description: text, until: code },
  { requiredKeys: ['system', 'code', 'modifiers'] },
)

const service = fc.oneof(
  record(
    {
      kind: fc.constant('professional' as const),
      procedure,
      quantity,
      amount: decimal,
      diagnosisPointers: some(fc.constantFrom('1', '2', '12'), 4),
      screening: yesOrNo,
      nursingHomeLevel: code,
    },
    { requiredKeys: ['kind', 'procedure'] },
  ),
  record(
    {
      kind: fc.constant('institutional' as const),
      revenueCode: code,
      procedure,
      quantity,
      amount: decimal,
      rate: decimal,
      nursingHomeStatus: code,
      nursingHomeLevel: code,
    },
    { requiredKeys: ['kind', 'revenueCode'] },
  ),
  record(
    {
      kind: fc.constant('dental' as const),
      procedure,
      quantity: decimal.map((value) => ({ unit: 'UN', value })),
      amount: decimal,
      oralCavities: some(code, 5),
      prosthesis: code,
      dentalDescription: text,
    },
    { requiredKeys: ['kind', 'procedure'] },
  ),
  record({ kind: fc.constant('unspecified' as const) }),
)
const reviewKind = fc.oneof(
  fc.constant({}),
  record({ category, purpose, serviceType: code, place }, { requiredKeys: ['category'] }),
)

/** @param isAsked as a request has them, with what an answer has other uses for */
function lines(isAsked: boolean): fc.Arbitrary<readonly ServiceLine[]> {
  const rest = {
    previousAuthorizationNumber: text,
    previousAdministrativeReference: text,
    period,
    teeth,
    traces,
    ...(isAsked ? { message: text, delivery, attachments } : {}),
    providers: fc.array(provider, { maxLength: 2 }),
  }
  const line = fc.tuple(service, reviewKind, record(rest, { requiredKeys: ['providers'] }))
  return fc
    .array(line, { maxLength: 3 })
    .map((all) =>
      all.map(
        ([what, kind, more], index) => ({ number: index + 1, ...what, ...kind, ...more }) as ServiceLine,
      ),
    )
}

const otherFact = record({
  role: fc.constant('other' as const),
  system: fc.constantFrom('drg' as const, 'loinc' as const),
  code,
})
const diagnosis = fc.oneof(
  { arbitrary: otherFact, weight: 1 },
  {
    arbitrary: record(
      {
        role: fc.constantFrom(
          'principal' as const,
          'admitting' as const,
          'reason-for-visit' as const,
          'other' as const,
        ),
        system: fc.constantFrom('icd-10' as const, 'icd-9' as const),
        code,
        date: day,
      },
      { requiredKeys: ['role', 'system', 'code'] },
    ),
    weight: 5,
  },
)
const condition = record({
  category: fc.constantFrom(
    'ambulance' as const,
    'chiropractic' as const,
    'durable-medical-equipment' as const,
    'oxygen-therapy' as const,
    'functional-limitations' as const,
    'activities-permitted' as const,
    'mental-status' as const,
  ),
  applies: fc.boolean(),
  codes: fc.array(code, { minLength: 1, maxLength: 5 }),
})
const ambulance = record(
  {
    patientWeight: decimal,
    transportCode: code,
    reasonCode: code,
    distance: decimal,
    roundTripPurpose: text,
    stretcherPurpose: text,
  },
  { requiredKeys: ['transportCode'] },
)
const transportStop = record(
  {
    role: fc.constantFrom(
      'pick-up' as const,
      'next-destination' as const,
      'final-scheduled' as const,
      'drop-off' as const,
    ),
    name: text,
    address,
  },
  { requiredKeys: ['role'] },
)
const none = fc.constant([])

/** What each spelling of the event can carry. */
interface EventParts {
  readonly onset: boolean
  /** CL1 to CR6, and stops of a journey. */
  readonly certificates: boolean
  /** What a submission alone says. */
  readonly asked: boolean
  /** What HSD, PWK and MSG say in a request. */
  readonly messages: boolean
}

function event(parts: EventParts): fc.Arbitrary<PatientEvent> {
  const fields = {
    category,
    purpose,
    serviceType: code,
    place,
    urgency: fc.constantFrom('emergency' as const, 'urgent' as const, 'elective' as const),
    previousAuthorizationNumber: text.map((value) => `P${value}`),
    accidentDate: day,
    traces,
    ...(parts.onset ? { onsetDate: day, lastMenstrualPeriod: day, expectedBirth: day } : {}),
    period,
    admission: period,
    dischargeDate: day,
    diagnoses: fc.array(diagnosis, { maxLength: 12 }),
    conditions: parts.asked ? fc.array(condition, { maxLength: 3 }) : none,
    ...(parts.certificates
      ? { ambulance, facilityAdmission, spinalManipulation, homeOxygen, homeHealth }
      : {}),
    ...(parts.asked
      ? {
          relatedCauses,
          currentCondition: code,
          prognosis: code,
          releaseOfInformation: code,
          delayReason: code,
          delivery,
          attachments,
          earlierDenials,
        }
      : {}),
    transportStops: parts.certificates ? fc.array(transportStop, { maxLength: 5 }) : none,
    ...(parts.messages ? { previousAdministrativeReference: text, message: text } : {}),
    providers: fc.array(provider, { maxLength: 2 }),
    lines: lines(parts.messages),
  }
  const requiredKeys = [
    'category',
    'purpose',
    'diagnoses',
    'conditions',
    'transportStops',
    'providers',
    'lines',
  ] as const
  return record(fields, { requiredKeys: [...requiredKeys] }) as fc.Arbitrary<PatientEvent>
}

const correspondence = record({ senderId: wireName, receiverId: wireName, transactionIdentifier: text })
const payer = record({ id: text, name: text }, { requiredKeys: ['id'] })

export const reviewRequests: fc.Arbitrary<ReviewRequest> = record(
  {
    correspondence,
    payer,
    requester: fullRequester,
    subscriber,
    dependent,
    event: event({ onset: true, asked: true, certificates: true, messages: true }),
    reservation: fc.constantFrom('make' as const, 'use' as const, 'cancel' as const),
  },
  { requiredKeys: ['correspondence', 'payer', 'requester', 'subscriber', 'event'] },
)

const narrowing = { action: code, issued: period, expires: period, effective: period }

/** With filters at some of the lines. */
function withLineFilters(inquiry: Inquiry): fc.Arbitrary<Inquiry> {
  const each = inquiry.event.lines.map(({ number }) =>
    anyOf(narrowing).map((filters) => ({ line: number, ...filters })),
  )
  return fc
    .tuple(...each)
    .chain((all) => fc.subarray(all))
    .map((filtered) =>
      filtered.length === 0 ? inquiry : { ...inquiry, filter: { ...inquiry.filter, lines: filtered } },
    )
}

const filter = record({ ...narrowing, requestedOn: period }, { requiredKeys: [] })

export const inquiries: fc.Arbitrary<Inquiry> = record(
  {
    correspondence,
    payer,
    requester: fullRequester,
    subscriber,
    dependent,
    event: event({ onset: false, asked: false, certificates: false, messages: false }),
    filter,
  },
  { requiredKeys: ['correspondence', 'payer', 'requester', 'subscriber', 'event', 'filter'] },
).chain((inquiry) => withLineFilters(inquiry))

const action = fc.constantFrom(
  'certified' as const,
  'certified-partially' as const,
  'not-certified' as const,
  'pended' as const,
  'modified' as const,
  'cancelled' as const,
  'contact-payer' as const,
  'no-action-required' as const,
)

const pattern = anyOf(patternParts)
const reason = { reasonCode: code, secondOpinion: yesOrNo }
const informationContact = anyOf({ name, identifier, address, contact })

/** An inquiry's answer asks for nothing. */
function informationWanted(guide: '217' | '215'): {
  readonly informationWanted?: fc.Arbitrary<InformationRequest>
} {
  const wanted = fc.oneof(
    record({ documents: attachments, contact: informationContact }, { requiredKeys: ['documents'] }),
    record({ documents: none, contact: informationContact }),
  )
  return guide === '217' ? { informationWanted: wanted } : {}
}

function decision(asked: PatientEvent, guide: '217' | '215'): fc.Arbitrary<ReviewAnswer['outcome']> {
  return fc
    .record(
      {
        kind: fc.constant('decided' as const),
        action,
        authorizationNumber: text.map((value) => `A${value}`),
        administrativeReference: text,
        requestedOn: day,
        issuedOn: day,
        effective: period,
        message: text,
        ...reason,
        ...informationWanted(guide),
        lines: fc.constant([]),
      },
      { requiredKeys: ['kind', 'action', 'administrativeReference', 'requestedOn', 'lines'] },
    )
    .chain((decided) => outcomes(asked, decided, guide).map((all) => ({ ...decided, lines: all })))
}

function outcomes(
  asked: PatientEvent,
  whole: Pick<LineOutcome, 'action' | 'authorizationNumber'>,
  guide: '217' | '215',
): fc.Arbitrary<readonly LineOutcome[]> {
  const grounds = fc.constant([])
  if (asked.lines.length === 0) {
    const one = {
      line: fc.constant(0),
      action: fc.constant(whole.action),
      grounds,
      certifiedQuantity: quantity,
      certifiedPattern: pattern,
    }
    return fc.tuple(record(one, { requiredKeys: ['line', 'action', 'grounds'] }))
  }
  const each = asked.lines.map(({ number }) =>
    record(
      {
        line: fc.constant(number),
        action,
        grounds,
        certifiedQuantity: quantity,
        certifiedPattern: pattern,
        certifiedPeriod: period,
        authorizationNumber: text.map((value) => `L${value}`),
        issuedOn: day,
        message: text,
        ...reason,
        ...informationWanted(guide),
      },
      { requiredKeys: ['line', 'action', 'grounds'] },
    ),
  )
  return fc.tuple(...each).chain((all) => fc.subarray(all))
}

type Where = Pick<Rejection, 'level' | 'line' | 'provider' | 'stop'>

function rejection(asked: Omit<ReviewRequest, 'correspondence'>): fc.Arbitrary<ReviewAnswer['outcome']> {
  const providersOf = (providers: readonly unknown[]) => providers.map((_, index) => index + 1)
  const levels: Where[] = [
    { level: 'system' },
    { level: 'payer' },
    { level: 'requester' },
    { level: 'subscriber' },
    ...(asked.dependent === undefined ? [] : [{ level: 'dependent' as const }]),
    { level: 'event' },
    ...providersOf(asked.event.providers).map((provider) => ({ level: 'event' as const, provider })),
    ...providersOf(asked.event.transportStops).map((stop) => ({ level: 'event' as const, stop })),
    ...asked.event.lines.flatMap(({ number, providers }) => [
      { level: 'line' as const, line: number },
      ...providersOf(providers).map((provider) => ({ level: 'line' as const, line: number, provider })),
    ]),
  ]
  const refused = (where: Where) =>
    record({ reason: code, followUp: code }).map((refusal) => ({ ...where, ...refusal }))
  return fc
    .subarray(levels, { minLength: 1 })
    .chain((chosen) => fc.tuple(...chosen.map(refused)))
    .map((rejections) => ({ kind: 'rejected' as const, rejections }))
}

/** Answers to requests (217) or, without the day of onset, to inquiries (215). */
export function answers(guide: '217' | '215'): fc.Arbitrary<ReviewAnswer> {
  const asked = record(
    {
      correspondence,
      requester: repeatedRequester,
      subscriber,
      dependent,
      event: event({ onset: guide === '217', asked: false, certificates: true, messages: false }),
    },
    { requiredKeys: ['correspondence', 'requester', 'subscriber', 'event'] },
  )
  const who = record({ id: text, name: text, contact }, { requiredKeys: ['id', 'name'] })
  return fc.tuple(asked, who, moment).chain(([request, payerOfAnswer, answeredAt]) => {
    const whole = { ...request, payer: { id: payerOfAnswer.id, name: payerOfAnswer.name } }
    return fc
      .oneof(decision(request.event, guide), rejection(whole))
      .map((outcome) => ({ request: whole, payer: payerOfAnswer, answeredAt, outcome }))
  })
}

/** A notice: an event of an admission, with what a notice must say. */
function asNotice({ reservation: _, ...request }: ReviewRequest): AdmissionNotice {
  return { ...request, event: { ...request.event, category: 'admission' } }
}

export const notices: fc.Arbitrary<AdmissionNotice> = fc
  .tuple(reviewRequests, fc.constantFrom('initial' as const, 'revised' as const, 'cancel' as const))
  .map(([request, purposeOfNotice]) =>
    asNotice({ ...request, event: { ...request.event, purpose: purposeOfNotice } }),
  )
  .filter((notice) => shortcomingsOf(notice).length === 0)

/** Acknowledgements of notices, and refusals of them. */
export const noticeAnswers: fc.Arbitrary<NoticeAnswer> = fc
  .tuple(answers('217'), text)
  .map(([{ outcome, request, ...rest }, referenceNumber]) => ({
    ...rest,
    request: asNotice(request),
    outcome: outcome.kind === 'rejected' ? outcome : { kind: 'acknowledged' as const, referenceNumber },
  }))
