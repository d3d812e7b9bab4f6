/** The published answers, and the published schemas of answers. @see reference sections 2.1 to 2.3 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CertificationAction, ReviewAnswer } from '../../../src/core/decision.ts'
import type { ReviewRequest } from '../../../src/core/request.ts'
import everything from '../../../src/formats/json/fixtures/submission-everything.json' with { type: 'json' }
import {
  decodeSubmission,
  encodeInquiryAnswer,
  encodeSubmissionAnswer,
} from '../../../src/formats/json/index.ts'
import { INQUIRY_ANSWER } from '../../../src/formats/json/tables/inquiry-answer.ts'
import { SUBMISSION_ANSWER } from '../../../src/formats/json/tables/submission-answer.ts'
import type { Instant, PlainDate } from '../../../src/kernel/time.ts'
import { fieldsOf } from '../../support/json-pointer.ts'
import { breachesOf, publishedFields } from './openapi.ts'
import { missing, reference } from './reference.ts'
import { tableFields } from './table-fields.ts'

const skip = missing ?? false
const day = (text: string) => text as PlainDate

/** The `json` of a published answer's envelope. */
function published(operation: 'submission' | 'inquiry', patient: string): unknown {
  const envelope = reference(`json/user-${operation}-response-${patient}.json`)
  return (envelope as Record<string, { json: unknown }>)[operation]?.json
}

/** Ours that a published answer does not have: `added` names them. Everything else is the same. */
function assertSameBut(ours: unknown, theirs: unknown, added: readonly string[]): void {
  const wire: unknown = JSON.parse(JSON.stringify(ours))
  const theirFields = valuesOf(theirs)
  const ourFields = valuesOf(wire)
  const extra = [...ourFields.keys()].filter((at) => !theirFields.has(at))
  assert.deepEqual(extra.toSorted(), [...added].toSorted())
  for (const at of extra) ourFields.delete(at)
  assert.deepEqual(ourFields, theirFields)
}

/** Each leaf of a document by its pointer; `{}`, `[]` and null are leaves. */
function valuesOf(value: unknown, at = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return new Map([[at, value]])
  }
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...valuesOf(inner, `${at}/${key}`)]))
}

const AMBULANCE_LINES = ['RX x5', 'PD x8', 'DR x14'].map((text, i) => ({
  number: i + 1,
  kind: 'professional' as const,
  procedure: { system: 'HC', code: 'A0428', modifiers: [text.slice(0, 2)] },
  quantity: { unit: 'UN', value: text.slice(4) },
  providers: [],
}))

/** What the published answers to submissions answer: an ambulance provider known by its employer's number. */
function ambulanceAnswer(sample: ReviewRequest, patient: string): ReviewAnswer {
  return {
    request: {
      ...sample,
      correspondence: { ...sample.correspondence, senderId: 'PERSEPVS' },
      requester: {
        kind: 'provider',
        name: { kind: 'person', last: 'XYZ AMBULANCE SVC' },
        identifier: { system: 'employer', value: '7759621873' },
        references: [],
      },
      ...(patient === 'dependent'
        ? {
            dependent: {
              name: { kind: 'person', last: 'SMITH', first: 'JANE' },
              birthDate: day('1970-01-01'),
              gender: 'female',
              address: { line1: 'SOME ROAD', city: 'BEDFORD', state: 'NY', postalCode: '12345' },
              references: [{ kind: 'social-security', value: '123456789' }],
            },
          }
        : {}),
      event: { ...sample.event, lines: AMBULANCE_LINES },
    },
    payer: { id: '1234560010', name: 'ABC PAYER' },
    answeredAt: 0 as Instant,
    outcome: {
      kind: 'decided',
      action: 'certified',
      lines: [],
      authorizationNumber: '1234567890123',
      administrativeReference: 'R-1',
      requestedOn: day('2025-01-01'),
    },
  }
}

for (const patient of ['subscriber', 'dependent']) {
  test(`the published answer to a submission for a ${patient} is what we write, and two numbers more`, {
    skip,
  }, () => {
    const sample = decodeSubmission(reference(`json/user-submission-request-${patient}.json`))
    assert.ok(sample.ok)
    assertSameBut(
      encodeSubmissionAnswer(ambulanceAnswer(sample.value, patient)),
      published('submission', patient),
      [
        '/patientEventDetail/administrativeReferenceNumber',
        '/patientEventDetail/previousReviewAuthorizationNumber',
      ],
    )
  })
}

const IMAGING_ADDRESS = { line1: '100 DEMO RD', city: 'VALHALLA', state: 'NY', postalCode: '12345' }
const HOME = { line1: 'SOME ROAD', city: 'BEDFORD', state: 'NY', postalCode: '12345' }

/** What the published answers to inquiries answer: an imaging study that was certified. */
function imagingAnswer(patient: string): ReviewAnswer {
  return {
    request: {
      correspondence: { senderId: '123456789', receiverId: 'CIGNA', transactionIdentifier: '1234567890' },
      payer: { id: 'CIGNA' },
      requester: {
        kind: 'provider',
        name: { kind: 'organization', name: 'WESTCHESTER MEDICAL CENTER' },
        identifier: { system: 'npi', value: '1234567890' },
        references: [{ kind: 'employer', value: '123456789' }],
      },
      subscriber: {
        memberId: ' U1234567890',
        name: { kind: 'person', last: 'SMITH', first: 'TOM' },
        birthDate: day('1970-01-01'),
        address: HOME,
        references: [
          { kind: 'policy', value: 'CIGNA SI-PPO/OAP' },
          { kind: 'branch', value: '12345-1702' },
          { kind: 'social-security', value: '123121234' },
        ],
      },
      ...(patient === 'dependent'
        ? {
            dependent: {
              name: { kind: 'person', last: 'SMITH', first: 'JANE' },
              birthDate: day('1970-01-01'),
              address: HOME,
              references: [{ kind: 'social-security', value: '123984321' }],
            },
          }
        : {}),
      event: {
        category: 'health-services',
        purpose: 'initial',
        diagnoses: [{ role: 'principal', system: 'icd-10', code: 'R07.9' }],
        conditions: [],
        transportStops: [],
        providers: [
          {
            role: 'facility',
            name: { kind: 'organization', name: 'TEST, DOMINICA' },
            identifier: { system: 'npi', value: '1234567890' },
            references: [],
            address: IMAGING_ADDRESS,
            contact: { telephone: '2223334444', facsimile: '1112223333' },
          },
          {
            role: 'referring',
            name: { kind: 'person', last: 'TEST', first: 'DOMINICA' },
            identifier: { system: 'npi', value: '1234567890' },
            references: [],
            address: IMAGING_ADDRESS,
            contact: { telephone: '3334445555' },
          },
        ],
        lines: [
          {
            number: 1,
            kind: 'professional',
            procedure: { system: 'HC', code: '78452', modifiers: [] },
            quantity: { unit: 'UN', value: '1' },
            providers: [],
          },
        ],
      },
    },
    payer: {
      id: 'CIGNA',
      name: 'MEDSOLUTIONS',
      contact: { url: 'https//www.evicore.com/provider#login' },
    },
    answeredAt: 0 as Instant,
    outcome: {
      kind: 'decided',
      action: 'certified',
      lines: [
        {
          line: 1,
          action: 'certified',
          grounds: [],
          message: 'MYOCARDIAL PERFUSION IMAGING (SPECT); MULTIPLE STUDIES',
        },
      ],
      authorizationNumber: 'A12345678',
      administrativeReference: '52598960',
      requestedOn: day('2024-02-20'),
      issuedOn: day('2024-02-20'),
      effective: { from: day('2024-02-20'), until: day('2024-08-18') },
      message: 'APPROVED',
    },
  }
}

for (const patient of ['subscriber', 'dependent']) {
  test(`the published answer to an inquiry for a ${patient} is what we write, and the kind of review more`, {
    skip,
  }, () => {
    assertSameBut(encodeInquiryAnswer(imagingAnswer(patient)), published('inquiry', patient), [
      '/patientEventDetail/requestCategoryCode',
      '/patientEventDetail/certificationTypeCode',
    ])
  })
}

/**
 * What we write beside a schema, and why: the published examples have the first three; the reference (section 2.2) wants
 * the refusals of an event under both of their names.
 */
const CONFLICTS = {
  submission: [
    '/requester/lastName',
    '/requester/employersId',
    '/subscriber/supplementalIdentification/patientAccountNumber',
    '/patientEventDetail/dependentRequestValidation',
  ],
  inquiry: ['/patientEventDetail/patientEventRequestValidation'],
}

test('a submission is answered in fields of the published schema alone, but for its known conflicts', {
  skip,
}, () => {
  const schema = publishedFields('SubmissionJSONResponse')
  assert.deepEqual(besides(allAnswers().map(encodeSubmissionAnswer), schema), CONFLICTS.submission.toSorted())
})

test('an inquiry is answered in fields of the published schema alone, but for its known conflict', {
  skip,
}, () => {
  const schema = publishedFields('AuthorizationJSONResponse')
  assert.deepEqual(besides(allAnswers().map(encodeInquiryAnswer), schema), CONFLICTS.inquiry.toSorted())
})

for (const { name, schema, table, encode } of [
  {
    name: 'submission',
    schema: 'SubmissionJSONResponse',
    table: SUBMISSION_ANSWER,
    encode: encodeSubmissionAnswer,
  },
  {
    name: 'inquiry',
    schema: 'AuthorizationJSONResponse',
    table: INQUIRY_ANSWER,
    encode: encodeInquiryAnswer,
  },
]) {
  test(`each field of the published answer to a ${name} is in its table`, { skip }, () => {
    const told = tableFields(table).whole
    const untold = [...publishedFields(schema)].filter((at) => !at.endsWith('/*') && !told.includes(at))
    assert.deepEqual(untold, [])
  })

  test(`each field of the published answer to a ${name} is written by some answer, but for those never written`, {
    skip,
  }, () => {
    const written = new Set(
      allAnswers().flatMap((answer) => [...fieldsOf(JSON.parse(JSON.stringify(encode(answer))))]),
    )
    const { whole, unwritten } = tableFields(table)
    const silent = whole.filter((at) => !written.has(at) && !unwritten.includes(at))
    assert.deepEqual(silent, [])
  })

  test(`answers to a ${name} keep to the types of the published schema`, { skip }, () => {
    const found = allAnswers().flatMap((answer) =>
      breachesOf(JSON.parse(JSON.stringify(encode(answer))), schema),
    )
    assert.deepEqual([...new Set(found)], ['/umRequestValidation: null'])
  })
}

/** Fields that are written and not in the schema; below one that is not there, nothing more is told. */
function besides(answers: readonly object[], schema: ReadonlySet<string>): readonly string[] {
  const written = new Set(answers.flatMap((answer) => [...fieldsOf(JSON.parse(JSON.stringify(answer)))]))
  const strange = [...written].filter((at) => !schema.has(at) && !at.endsWith('/*'))
  return strange.filter((at) => !strange.some((other) => at.startsWith(`${other}/`))).toSorted()
}

/** Answers that between them write every field: every kind of name and number, each decision, each rejection. */
function allAnswers(): readonly ReviewAnswer[] {
  const read = decodeSubmission(everything)
  assert.ok(read.ok)
  const { value } = read
  const person: ReviewRequest = {
    ...value,
    requester: {
      ...value.requester,
      name: { kind: 'person', last: 'VELLUM', first: 'PRUDENCE' },
      identifier: { system: 'employer', value: '001112222' },
    },
  }
  const answer = { payer: PAYER, answeredAt: 0 as Instant }
  const full = withWhatJsonCannotAsk(value)
  const parts = [{ provider: 1 }, { stop: 1 }]
  const levels = ['system', 'payer', 'requester', 'subscriber', 'dependent', 'event', 'line'] as const
  return [
    { ...answer, request: value, outcome: outcome('modified') },
    { ...answer, request: person, outcome: outcome('pended') },
    ...IDENTIFIERS.map((system) => ({
      ...answer,
      request: { ...full, requester: { ...full.requester, identifier: { system, value: '001112222' } } },
      outcome: outcome('certified'),
    })),
    {
      ...answer,
      request: full,
      outcome: {
        kind: 'rejected',
        rejections: [
          ...parts.map((part) => ({ level: 'event' as const, ...part, reason: '51', followUp: 'C' })),
          { level: 'line', line: 1, provider: 1, reason: '51', followUp: 'C' },
        ],
      },
    },
    {
      ...answer,
      request: value,
      outcome: {
        kind: 'rejected',
        rejections: levels.map((level) => ({ level, line: 1, reason: '42', followUp: 'R' })),
      },
    },
  ]
}

const ADDRESS = {
  line1: '18 MILL LANE',
  line2: 'FLOOR 3',
  city: 'TALLOW CREEK',
  state: 'OH',
  postalCode: '44001',
  country: 'US',
  countrySubdivision: 'OH',
}

const PAYER = {
  id: 'QUILL01',
  name: 'QUILLFEATHER HEALTH PLAN',
  contact: {
    name: 'UM',
    telephone: '2165550100',
    extension: '9',
    facsimile: '2165550101',
    email: 'um@quill.example',
    url: 'https://quill.example',
  },
}

const IDENTIFIERS = ['social-security', 'electronic-transmitter', 'services-plan', 'payer'] as const

/** The same request, with what only a 278 can ask and an answer has fields for. */
function withWhatJsonCannotAsk(request: ReviewRequest): ReviewRequest {
  const providers = request.event.providers.map((provider) => ({
    ...provider,
    ...(provider.contact && { contact: PAYER.contact }),
    references: [...provider.references, { kind: 'provider-site' as const, value: 'S-1' }],
  }))
  return {
    ...request,
    subscriber: {
      ...request.subscriber,
      name: { kind: 'person', last: 'ABERNATHY', prefix: 'DR' },
    },
    ...(request.dependent && {
      dependent: { ...request.dependent, references: [{ kind: 'employee', value: 'E-1' }] },
    }),
    event: {
      ...request.event,
      providers,
      lines: request.event.lines.map((line) => ({
        ...line,
        providers,
        revenueCode: '0551',
        rate: '9.90',
        screening: 'no',
      })),
    },
  }
}

const PATTERN = {
  unit: 'WK',
  modulus: '2',
  periodUnit: '35',
  periodCount: '4',
  frequency: 'D',
  time: 'A',
}
const WANTED = {
  documents: [{ reportType: 'OZ', transmission: 'FX', controlNumber: 'C-1', description: 'NOTE' }],
  contact: {
    name: { kind: 'person', last: 'VELLUM', middle: 'X', suffix: 'III' },
    identifier: { system: 'npi', value: '1234567893' },
    address: ADDRESS,
    contact: PAYER.contact,
  },
} as const

function outcome(action: CertificationAction): ReviewAnswer['outcome'] {
  const period = { from: day('2026-03-01'), until: day('2026-03-31') }
  const line = {
    action,
    grounds: [],
    certifiedQuantity: { unit: 'UN', value: '4' },
    certifiedPattern: PATTERN,
    certifiedPeriod: period,
    issuedOn: day('2026-03-02'),
    reasonCode: '0V',
    secondOpinion: 'no' as const,
    informationWanted: WANTED,
    message: 'TEXT',
  }
  return {
    kind: 'decided',
    action,
    lines: [0, 1, 2, 3].map((number) => ({ line: number, ...line })),
    authorizationNumber: 'A-1',
    administrativeReference: 'R-1',
    requestedOn: day('2026-03-01'),
    issuedOn: day('2026-03-01'),
    effective: period,
    reasonCode: '0V',
    secondOpinion: 'yes',
    informationWanted: WANTED,
    message: 'TEXT',
  }
}
