import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withValue } from '../../../test/support/json-pointer.ts'
import type { Fault } from '../../kernel/result.ts'
import officeVisit from './fixtures/submission-office-visit.json' with { type: 'json' }
import { decodeInquiry, decodeSubmission } from './index.ts'

const EVENT = '/patientEventDetail'
const LINE = `${EVENT}/serviceLevel/0`

/** The office visit, changed in some places; undefined takes a field away. */
function aSubmission(changes: Readonly<Record<string, unknown>> = {}): unknown {
  return Object.entries(changes).reduce<unknown>(
    (document, [at, value]) => withValue(document, at, value),
    structuredClone(officeVisit),
  )
}

function faultsOf(value: unknown, decode: typeof decodeSubmission = decodeSubmission): readonly Fault[] {
  const result = decode(value)
  assert.ok(!result.ok, 'was read, though a fault was expected')
  return result.faults
}

function readAs(value: unknown) {
  const result = decodeSubmission(value)
  assert.ok(result.ok, JSON.stringify(result))
  return result
}

function inquiryReadAs(value: unknown) {
  const result = decodeInquiry(value)
  assert.ok(result.ok, JSON.stringify(result))
  return result
}

test('a submission becomes the request it says', () => {
  assert.deepEqual(readAs(officeVisit), {
    ok: true,
    notes: [],
    value: {
      correspondence: {
        senderId: 'MERIDIANPA',
        receiverId: 'QUILLUM',
        transactionIdentifier: 'MPA-000001',
      },
      payer: { id: 'QUILL01' },
      requester: {
        kind: 'provider',
        name: { kind: 'organization', name: 'MERIDIAN ORTHOPEDICS' },
        identifier: { system: 'npi', value: '1234567893' },
        references: [],
      },
      subscriber: {
        memberId: 'QF100200300',
        name: { kind: 'person', last: 'ABERNATHY', first: 'ORSON' },
        birthDate: '1958-04-12',
        references: [],
      },
      event: {
        category: 'health-services',
        purpose: 'initial',
        diagnoses: [{ role: 'principal', system: 'icd-10', code: 'M54.50' }],
        conditions: [],
        transportStops: [],
        providers: [],
        lines: [
          {
            number: 1,
            kind: 'professional',
            period: { from: '2026-03-02', until: '2026-03-02' },
            procedure: { system: 'HC', code: '72148', modifiers: [] },
            quantity: { unit: 'UN', value: '1' },
            providers: [],
          },
        ],
      },
    },
  })
})

test('all faults of a document are told at once', () => {
  const faults = faultsOf(
    aSubmission({
      '/senderId': undefined,
      '/subscriber/dateOfBirth': '19580230',
      [`${LINE}/professionalService/serviceUnitCount`]: '-1',
    }),
  )
  assert.deepEqual(
    faults.map((fault) => fault.at).toSorted(),
    [`${LINE}/professionalService/serviceUnitCount`, '/senderId', '/subscriber/dateOfBirth'].toSorted(),
  )
})

const MISSING = [
  { take: '/senderId', at: '/senderId', message: 'is missing' },
  { take: '/submitterTransactionIdentifier', at: '/submitterTransactionIdentifier', message: 'is missing' },
  { take: '/payerId', at: '/payerId', message: 'is missing' },
  { take: '/requester', at: '/requester', message: 'has no name' },
  { take: '/requester/organizationName', at: '/requester', message: 'has no name' },
  { take: '/subscriber', at: '/subscriber', message: 'does not say who the member is' },
  { take: EVENT, at: EVENT, message: 'is missing' },
  { take: `${EVENT}/serviceLevel`, at: EVENT, message: 'asks for nothing' },
  { take: `${LINE}/professionalService`, at: LINE, message: 'asks for nothing' },
] as const

for (const { take, at, message } of MISSING) {
  test(`a submission without ${take} is refused`, () => {
    const faults = faultsOf(aSubmission({ [take]: undefined }))
    assert.deepEqual(
      faults.map((fault) => ({ at: fault.at, message: fault.message })),
      [{ at, message }],
    )
  })
}

test('an empty string and a null are a field that was not sent', () => {
  const faults = faultsOf(aSubmission({ '/senderId': '  ', '/payerId': null }))
  assert.deepEqual(
    faults.map((fault) => fault.at),
    ['/senderId', '/payerId'],
  )
})

test('a member is known by a name alone, or by a member id alone', () => {
  assert.equal(readAs(aSubmission({ '/subscriber': { lastName: 'ABERNATHY' } })).notes.length, 0)
  assert.equal(readAs(aSubmission({ '/subscriber': { memberId: 'QF1' } })).notes.length, 0)
})

test('the payer id stands in for a clearinghouse that is not named', () => {
  const { value } = readAs(aSubmission({ '/umClearingHouseId': undefined }))
  assert.equal(value.correspondence.receiverId, 'QUILL01')
})

test('a payer id that is too long to stand in for a clearinghouse is a fault', () => {
  const faults = faultsOf(aSubmission({ '/umClearingHouseId': undefined, '/payerId': 'Q'.repeat(16) }))
  assert.deepEqual(
    faults.map((fault) => fault.at),
    ['/umClearingHouseId'],
  )
})

test('a requester that does not say what it is, is a provider', () => {
  assert.equal(
    readAs(aSubmission({ '/requester/requesterType': undefined })).value.requester.kind,
    'provider',
  )
})

const ASKS = [
  ['a service type', { serviceTypeCode: '42' }],
  ['an admission', { requestCategoryCode: 'AR', admissionDateBegin: '20260301' }],
  ['a change to a case', { certificationTypeCode: '3', previousReviewAuthorizationNumber: 'A-1' }],
] as const

for (const [what, event] of ASKS) {
  test(`an event without lines may ask for ${what}`, () => {
    assert.equal(readAs(aSubmission({ [EVENT]: event })).value.event.lines.length, 0)
  })
}

/** What a field holds, and the one fault that it is. */
const FAULTY = [
  { at: '/senderId', value: 12345, message: 'expected a string, found a number' },
  { at: '/subscriber/memberId', value: 100200300, message: 'expected a string, found a number' },
  { at: '/subscriber/memberId', value: true, message: 'expected a string, found a boolean' },
  { at: '/subscriber', value: [], message: 'expected an object, found an array' },
  { at: '/requester', value: 'MERIDIAN', message: 'expected an object, found a string' },
  { at: EVENT, value: [], message: 'expected an object, found an array' },
  { at: `${EVENT}/serviceLevel`, value: {}, message: 'expected an array, found an object' },
  { at: LINE, value: null, message: 'expected an object, found null' },
  {
    at: `${EVENT}/serviceLevel`,
    value: Array(1000).fill({}),
    message: 'expected at most 999 entries, found 1000',
  },
  {
    at: `${EVENT}/patientEventProviderName`,
    value: Array(21).fill({}),
    message: 'expected at most 20 entries, found 21',
  },
  {
    at: '/requester/organizationName',
    value: 'X'.repeat(100_000),
    message: 'expected text of at most 60 characters, found 100000 characters',
  },
  { at: '/requester/organizationName', value: 'A\u0000B', message: 'character 2 is a control character' },
  { at: '/requester/organizationName', value: 'A\nB', message: 'character 2 is a control character' },
  {
    at: '/requester/organizationName',
    value: 'A\ud800B',
    message: 'holds half of a surrogate pair, which is no character',
  },
  { at: '/requester/npi', value: '123', message: 'expected an NPI, ten digits' },
  {
    at: '/requester/requesterType',
    value: 'ZZ',
    message: 'expected one of 36, 1P, 2A, 2B, FA, PR, X3, found "ZZ"',
  },
  {
    at: `${EVENT}/eventDateBegin`,
    value: '20260230',
    message: 'expected a day that exists, YYYYMMDD, found "20260230"',
  },
  {
    at: `${EVENT}/eventDateBegin`,
    value: '0302',
    message: 'expected a day that exists, YYYYMMDD, found "0302"',
  },
  {
    at: `${EVENT}/eventDateEnd`,
    value: '20260302',
    message: 'is the end of a period that has no beginning',
  },
  { at: `${LINE}/serviceDateEnd`, value: '20260301', message: 'is before the beginning of its period' },
  {
    at: `${LINE}/professionalService/serviceUnitCount`,
    value: '1e3',
    message: 'expected a decimal number that is not negative, found "1e3"',
  },
  {
    at: `${LINE}/professionalService/serviceUnitCount`,
    value: -2,
    message: 'expected a decimal number that is not negative, found "-2"',
  },
  {
    at: `${LINE}/institutionalService`,
    value: { serviceLineRevenueCode: '0551' },
    message: 'a line holds one service, and professionalService is given already',
  },
] as const

for (const { at, value, message } of FAULTY) {
  const shown = JSON.stringify(value).slice(0, 30)
  test(`${at} of ${shown} is refused: ${message}`, () => {
    const faults = faultsOf(aSubmission({ [at]: value }))
    assert.deepEqual(
      faults.map((fault) => ({ at: fault.at, message: fault.message })),
      [{ at, message }],
    )
  })
}

test('a provider without a part in the event is refused, at the field that is missing', () => {
  const faults = faultsOf(aSubmission({ [`${EVENT}/patientEventProviderName`]: [{ lastName: 'VELLUM' }] }))
  assert.deepEqual(
    faults.map((fault) => fault.at),
    [`${EVENT}/patientEventProviderName/0/entityIdentifierCode`],
  )
})

test('a provider number that does not say what it is, is refused', () => {
  const provider = { entityIdentifierCode: 'SJ', identifier: '1234567893' }
  const faults = faultsOf(aSubmission({ [`${EVENT}/patientEventProviderName`]: [provider] }))
  assert.deepEqual(
    faults.map((fault) => fault.at),
    [`${EVENT}/patientEventProviderName/0/identifier`],
  )
})

test('a transport stop that does not say which it is, is refused', () => {
  const faults = faultsOf(aSubmission({ [`${EVENT}/patientEventTransportInformation`]: [{ city: 'X' }] }))
  assert.deepEqual(
    faults.map((fault) => fault.at),
    [`${EVENT}/patientEventTransportInformation/0/entityIdentifierCode`],
  )
})

for (const [what, value] of [
  ['null', null],
  ['a string', 'x'],
  ['an array', []],
] as const) {
  test(`a document that is ${what} is one fault, of the whole`, () => {
    assert.deepEqual(faultsOf(value), [{ at: '', message: `expected an object, found ${what}` }])
  })
}

/** What is put up with, the note that it leaves, and what is read. */
const NOTED = [
  {
    what: 'a requester with an organization name and a last name is the organization',
    changes: { '/requester/lastName': 'MERIDIAN ORTHOPEDICS' },
    at: '/requester/lastName',
    message: 'not used, as organizationName is given',
  },
  {
    what: 'an NPI whose check digit is wrong is read',
    changes: { '/requester/npi': '1234567890' },
    at: '/requester/npi',
    message: 'is no NPI that was ever issued: its check digit is wrong',
  },
  {
    what: 'a second number of the requester is not used',
    changes: { '/requester/etin': 'E1' },
    at: '/requester/etin',
    message: 'not used: one identifier is enough, and another came first',
  },
  {
    what: 'an unknown field is ignored',
    changes: { '/subscriber/favouriteColour': 'GREEN' },
    at: '/subscriber/favouriteColour',
    message: 'no field of this format: ignored',
  },
  {
    what: 'a second line of an address without a first is read as the first',
    changes: { '/requester/address2': 'FLOOR 3' },
    at: '/requester/address2',
    message: 'is read as address1, which is not given',
  },
  {
    what: 'a subscriber who is said not to be the insured person is the insured person',
    changes: { '/subscriber/insuredIndicator': 'N' },
    at: '/subscriber/insuredIndicator',
    message: 'not used: the subscriber is the insured person',
  },
  {
    what: 'where an accident happened says nothing without what happened',
    changes: { [`${EVENT}/stateCode`]: 'OH' },
    at: `${EVENT}/stateCode`,
    message: 'not used, as no relatedCausesCode is given',
  },
  {
    what: 'a missing kind of review is read as health services',
    changes: { [`${EVENT}/requestCategoryCode`]: undefined },
    at: `${EVENT}/requestCategoryCode`,
    message: 'is missing: read as HS',
  },
  {
    what: 'a missing purpose is read as a first request',
    changes: { [`${EVENT}/certificationTypeCode`]: undefined },
    at: `${EVENT}/certificationTypeCode`,
    message: 'is missing: read as I',
  },
  {
    what: 'a place without its qualifier is a place of service',
    changes: { [`${EVENT}/facilityTypeCode`]: '11' },
    at: `${EVENT}/facilityTypeCode`,
    message: 'has no facilityCodeQualifier: read as B, a place of service',
  },
  {
    what: 'a procedure without its qualifier is of HCPCS',
    changes: { [`${LINE}/professionalService/productOrServiceIDQualifier`]: undefined },
    at: `${LINE}/professionalService/procedureCode`,
    message: 'has no productOrServiceIDQualifier: read as HC',
  },
  {
    what: 'a count without its unit counts units',
    changes: { [`${LINE}/professionalService/unitOrBasisForMeasurementCode`]: undefined },
    at: `${LINE}/professionalService/serviceUnitCount`,
    message: 'has no unitOrBasisForMeasurementCode: read as UN',
  },
  {
    what: 'a count may be a JSON number',
    changes: { [`${LINE}/professionalService/serviceUnitCount`]: 1 },
    at: `${LINE}/professionalService/serviceUnitCount`,
    message: 'a number was taken; the format has strings',
  },
  {
    what: 'a day may be written YYYY-MM-DD',
    changes: { [`${LINE}/serviceDateBegin`]: '2026-03-02' },
    at: `${LINE}/serviceDateBegin`,
    message: 'a day is written YYYYMMDD',
  },
  {
    what: 'spaces around a value are left out',
    changes: { '/subscriber/memberId': ' QF100200300' },
    at: '/subscriber/memberId',
    message: 'spaces around the value were left out',
  },
  {
    what: 'line breaks of a message become spaces',
    changes: { [`${EVENT}/freeFormMessageText`]: 'FIRST\r\nSECOND' },
    at: `${EVENT}/freeFormMessageText`,
    message: 'line breaks and tabs were read as spaces',
  },
  {
    what: 'a diagnosis without its type is the principal one when it is the first',
    changes: { [`${EVENT}/diagnosisTypeCode1`]: undefined },
    at: `${EVENT}/diagnosisCode1`,
    message: 'has no type: read as ABK',
  },
  {
    what: 'a condition without its indicator applies',
    changes: { [`${EVENT}/ambulanceCertificationConditionCode1`]: '09' },
    at: `${EVENT}/ambulanceCertificationConditionCode1`,
    message: 'its indicator is missing: read as Y',
  },
  {
    what: 'a provider code that the core has no word for is read as the nearest',
    changes: { [`${EVENT}/patientEventProviderName`]: [{ entityIdentifierCode: '1T', lastName: 'VELLUM' }] },
    at: `${EVENT}/patientEventProviderName/0/entityIdentifierCode`,
    message: '1T is read as SJ',
  },
] as const

for (const { what, changes, at, message } of NOTED) {
  test(`${what}, with a note`, () => {
    const { notes } = readAs(aSubmission(changes))
    assert.deepEqual(
      notes.map((note) => ({ at: note.at, message: note.message })),
      [{ at, message }],
    )
  })
}

test("a dependent's birth date of nine digits is noted and treated as not sent", () => {
  const dependent = { lastName: 'ABERNATHY', firstName: 'LOTTIE', dateOfBirth: '201001231' }
  const { value, notes } = readAs(aSubmission({ '/dependent': dependent }))
  assert.equal(value.dependent?.birthDate, undefined)
  assert.deepEqual(notes, [
    {
      at: '/dependent/dateOfBirth',
      message: 'expected eight digits, YYYYMMDD, found 9; treated as not sent',
    },
  ])
})

test("a dependent's birth date that does not exist is refused all the same", () => {
  const faults = faultsOf(aSubmission({ '/dependent': { lastName: 'A', dateOfBirth: '20100230' } }))
  assert.deepEqual(
    faults.map((fault) => fault.at),
    ['/dependent/dateOfBirth'],
  )
})

test('an empty dependent, as answers carry it, is no dependent', () => {
  const { value } = readAs(aSubmission({ '/dependent': { supplementalIdentification: {} } }))
  assert.equal('dependent' in value, false)
})

test('the service kinds that an answer leaves empty may be sent back empty', () => {
  const { notes } = readAs(
    aSubmission({ [`${LINE}/institutionalService`]: {}, [`${LINE}/dentalService`]: {} }),
  )
  assert.deepEqual(notes, [])
})

test('the principal diagnosis is put first', () => {
  const { value } = readAs(
    aSubmission({
      [`${EVENT}/diagnosisTypeCode1`]: 'ABF',
      [`${EVENT}/diagnosisTypeCode3`]: 'ABK',
      [`${EVENT}/diagnosisCode3`]: 'I10',
    }),
  )
  assert.deepEqual(
    value.event.diagnoses.map(({ role, code }) => `${role} ${code}`),
    ['principal I10', 'other M54.50'],
  )
})

test('a portal login is dropped without its value being looked at', () => {
  let looked = false
  const document = aSubmission() as Record<string, unknown>
  Object.defineProperty(document, 'portalPassword', {
    enumerable: true,
    get: () => {
      looked = true
      return 'hunter2'
    },
  })
  const result = readAs(document)
  assert.equal(looked, false)
  assert.deepEqual(
    result.notes.map((note) => note.at),
    ['/portalPassword'],
  )
})

test('a note on an unknown field never holds its value', () => {
  const { notes } = readAs(aSubmission({ '/subscriber/nickname': 'SECRET' }))
  assert.equal(JSON.stringify(notes).includes('SECRET'), false)
})

test('an unknown field that looks like a known one says which', () => {
  const { notes } = readAs(aSubmission({ '/subscriber/member_id': 'QF100200300' }))
  assert.deepEqual(
    notes.map((note) => note.remedy),
    ['Did you mean memberId?'],
  )
})

test('no more than a hundred notes are listed, and the rest is counted', () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`x${i}`, '']))
  const { notes } = readAs({ ...officeVisit, ...many })
  assert.equal(notes.length, 101)
  assert.deepEqual(notes.at(-1), { at: '', message: '50 more are not listed' })
})

/** The least that an inquiry says. */
const anInquiry = {
  senderId: 'MERIDIANPA',
  submitterTransactionIdentifier: 'MPA-2',
  payerId: 'QUILL01',
  requester: { organizationName: 'MERIDIAN ORTHOPEDICS' },
}

test('an inquiry may ask by member alone', () => {
  assert.equal(
    inquiryReadAs({ ...anInquiry, subscriber: { memberId: 'QF1' } }).value.subscriber.memberId,
    'QF1',
  )
})

test('an inquiry may ask by the number of the case alone', () => {
  const { value } = inquiryReadAs({
    ...anInquiry,
    patientEventDetail: { previousReviewAuthorizationNumber: 'A-1' },
  })
  assert.equal(value.event.previousAuthorizationNumber, 'A-1')
})

test('an inquiry that names neither member nor case is refused', () => {
  assert.deepEqual(
    faultsOf(anInquiry, decodeInquiry).map((fault) => fault.at),
    ['/subscriber'],
  )
})

test('what only an inquiry can ask by is its filter', () => {
  const { value } = inquiryReadAs({
    ...anInquiry,
    subscriber: { memberId: 'QF1' },
    patientEventDetail: {
      certificationActionCode: 'A4',
      certificationIssueDateBegin: '20260101',
      certificationIssueDateEnd: '20260131',
    },
  })
  assert.deepEqual(value.filter, { action: 'A4', issued: { from: '2026-01-01', until: '2026-01-31' } })
})
