import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CertificationAction, Rejection, ReviewAnswer } from '../../core/decision.ts'
import type { ReviewRequest } from '../../core/request.ts'
import type { Instant, PlainDate } from '../../kernel/time.ts'
import everything from './fixtures/submission-everything.json' with { type: 'json' }
import officeVisit from './fixtures/submission-office-visit.json' with { type: 'json' }
import { decodeSubmission, encodeInquiryAnswer, encodeSubmissionAnswer } from './index.ts'

type DecidedOutcome = Extract<ReviewAnswer['outcome'], { kind: 'decided' }>

const day = (text: string) => text as PlainDate

function requestOf(document: unknown): ReviewRequest {
  const result = decodeSubmission(document)
  assert.ok(result.ok)
  return result.value
}

function decided(outcome: Partial<DecidedOutcome> = {}, document: unknown = officeVisit): ReviewAnswer {
  return {
    request: requestOf(document),
    payer: { id: 'QUILL01', name: 'QUILLFEATHER HEALTH PLAN' },
    answeredAt: 1_767_225_600_000 as Instant,
    outcome: {
      kind: 'decided',
      action: 'certified',
      lines: [{ line: 1, action: 'certified', grounds: [] }],
      authorizationNumber: 'QF-A-1',
      administrativeReference: 'QF-R-1',
      requestedOn: day('2026-03-01'),
      issuedOn: day('2026-03-01'),
      ...outcome,
    },
  }
}

function rejected(document: unknown, ...rejections: readonly Rejection[]): ReviewAnswer {
  return { ...decided({}, document), outcome: { kind: 'rejected', rejections } }
}

/** What stands at a pointer of an answer. */
function at(answer: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((here, step) => (here as Record<string, unknown> | undefined)?.[step], answer)
}

const EVENT = '/patientEventDetail'
const LINE = `${EVENT}/serviceLevel/0`

test('a certified submission is answered in full', () => {
  assert.deepEqual(encodeSubmissionAnswer(decided()), {
    submitterTransactionIdentifier: 'MPA-000001',
    payerId: 'QUILL01',
    payerName: 'QUILLFEATHER HEALTH PLAN',
    umClearingHouseId: 'MERIDIANPA',
    umRequestValidation: null,
    requester: {
      requesterType: '1P',
      organizationName: 'MERIDIAN ORTHOPEDICS',
      requesterIdentification: {},
      npi: '1234567893',
    },
    subscriber: {
      lastName: 'ABERNATHY',
      firstName: 'ORSON',
      memberId: 'QF100200300',
      dateOfBirth: '19580412',
      supplementalIdentification: {},
    },
    dependent: { supplementalIdentification: {} },
    patientEventDetail: {
      requestCategoryCode: 'HS',
      certificationTypeCode: 'I',
      certificationActionCode: 'A1',
      reviewIdentificationNumber: 'QF-A-1',
      administrativeReferenceNumber: 'QF-R-1',
      previousReviewAuthorizationNumber: 'QF-A-1',
      certificationIssueDate: '20260301',
      diagnosisTypeCode1: 'ABK',
      diagnosisCode1: 'M54.50',
      patientEventAdditionalPatientInformationContactName: [{}],
      serviceLevel: [
        {
          certificationActionCode: 'A1',
          reviewIdentificationNumber: 'QF-A-1',
          serviceDateBegin: '20260302',
          professionalService: {
            productOrServiceIDQualifier: 'HC',
            procedureCode: '72148',
            unitOrBasisForMeasurementCode: 'UN',
            serviceUnitCount: '1',
          },
          institutionalService: {},
          dentalService: {},
          serviceDetailAdditionalServiceInformationContactName: [{}],
        },
      ],
    },
  })
})

const ACTIONS: Readonly<Record<CertificationAction, string>> = {
  certified: 'A1',
  'certified-partially': 'A2',
  'not-certified': 'A3',
  pended: 'A4',
  modified: 'A6',
  cancelled: 'C',
  'contact-payer': 'CT',
  'no-action-required': 'NA',
}

for (const [action, code] of Object.entries(ACTIONS) as [CertificationAction, string][]) {
  test(`${action} is ${code}, for the event and for a line, in both answers`, () => {
    const answer = decided({ action, lines: [{ line: 1, action, grounds: [] }] })
    for (const encoded of [encodeSubmissionAnswer(answer), encodeInquiryAnswer(answer)]) {
      assert.equal(at(encoded, `${EVENT}/certificationActionCode`), code)
      assert.equal(at(encoded, `${LINE}/certificationActionCode`), code)
    }
  })
}

test('a line carries the authorization number when it is certified, and not otherwise', () => {
  const numberOf = (action: CertificationAction) =>
    at(
      encodeSubmissionAnswer(decided({ lines: [{ line: 1, action, grounds: [] }] })),
      `${LINE}/reviewIdentificationNumber`,
    )
  assert.equal(numberOf('modified'), 'QF-A-1')
  assert.equal(numberOf('not-certified'), undefined)
  assert.equal(numberOf('pended'), undefined)
})

test('a decision holds from the day that it is effective to the day that it expires', () => {
  const answer = decided({ effective: { from: day('2026-03-02'), until: day('2026-05-31') } })
  for (const encoded of [encodeSubmissionAnswer(answer), encodeInquiryAnswer(answer)]) {
    assert.equal(at(encoded, `${EVENT}/certificationEffectiveDateBegin`), '20260302')
    assert.equal(at(encoded, `${EVENT}/certificationExpirationDate`), '20260531')
  }
})

test('what is certified of a line stands beside the service as asked for', () => {
  const line = {
    line: 1,
    action: 'modified' as const,
    grounds: [],
    certifiedQuantity: { unit: 'VS', value: '4' },
    certifiedPeriod: { from: day('2026-03-02'), until: day('2026-03-31') },
    message: 'FOUR VISITS',
  }
  const encoded = encodeSubmissionAnswer(decided({ action: 'modified', lines: [line] }))
  assert.equal(at(encoded, `${LINE}/quantityQualifier`), 'VS')
  assert.equal(at(encoded, `${LINE}/serviceUnitCount`), '4')
  assert.equal(at(encoded, `${LINE}/professionalService/serviceUnitCount`), '1')
  assert.equal(at(encoded, `${LINE}/certificationExpirationDate`), '20260331')
  assert.equal(at(encoded, `${LINE}/freeFormMessageText`), 'FOUR VISITS')
})

test('why a line waits is its message', () => {
  const pend = { waitingFor: 'reviewer' as const, text: 'A NURSE WILL LOOK AT IT' }
  const lines = [{ line: 1, action: 'pended' as const, grounds: [], pend }]
  const encoded = encodeSubmissionAnswer(decided({ action: 'pended', lines }))
  assert.equal(at(encoded, `${LINE}/freeFormMessageText`), 'A NURSE WILL LOOK AT IT')
})

test('an event without lines is answered by its own outcome', () => {
  const document = { ...officeVisit, patientEventDetail: { serviceTypeCode: '42' } }
  const lines = [
    {
      line: 0,
      action: 'certified' as const,
      grounds: [],
      certifiedQuantity: { unit: 'DA', value: '3' },
      certifiedPeriod: { from: day('2026-03-02'), until: day('2026-03-04') },
      message: 'THREE DAYS',
    },
  ]
  const encoded = encodeSubmissionAnswer(decided({ lines }, document))
  assert.equal(at(encoded, `${EVENT}/quantityQualifier`), 'DY')
  assert.equal(at(encoded, `${EVENT}/serviceUnitCount`), '3')
  assert.equal(at(encoded, `${EVENT}/certificationExpirationDate`), '20260304')
  assert.equal(at(encoded, `${EVENT}/freeFormMessageText`), 'THREE DAYS')
  assert.equal(at(encoded, `${EVENT}/serviceLevel`), undefined)
})

test('an inquiry is answered with the numbers and the day of the request', () => {
  const encoded = encodeInquiryAnswer(decided())
  assert.equal(at(encoded, `${EVENT}/previousReviewAuthorizationNumber`), 'QF-A-1')
  assert.equal(at(encoded, `${EVENT}/previousAdministrativeReferenceNumber`), 'QF-R-1')
  assert.equal(at(encoded, `${EVENT}/healthCareServicesReviewRequestDateBegin`), '20260301')
})

test('an inquiry about a subscriber is answered without a dependent', () => {
  assert.equal('dependent' in encodeInquiryAnswer(decided()), false)
})

test('how to reach the payer is told: by url too, in the answer that has a field for it', () => {
  const contact = { name: 'UM', telephone: '2165550100', url: 'https://quill.example' }
  const answer = { ...decided(), payer: { id: 'Q', name: 'QUILL', contact } }
  assert.equal(at(encodeInquiryAnswer(answer), '/contactUrl'), 'https://quill.example')
  assert.equal(at(encodeSubmissionAnswer(answer), '/contactTelephone'), '2165550100')
  assert.equal(at(encodeSubmissionAnswer(answer), '/contactUrl'), undefined)
})

test('modifiers lose the 1 that they have in a request', () => {
  const service = at(encodeSubmissionAnswer(decided({}, everything)), `${LINE}/professionalService`)
  assert.equal(at(service, '/procedureModifier'), 'TD')
  assert.equal(at(service, '/procedureModifier2'), 'GP')
  assert.equal(at(service, '/procedureModifier1'), undefined)
})

test('an ambulance journey is flat, and its distance has a unit', () => {
  for (const encode of [encodeSubmissionAnswer, encodeInquiryAnswer]) {
    const encoded = encode(decided({}, everything))
    assert.equal(at(encoded, `${EVENT}/ambulanceTransportCode`), 'R')
    assert.equal(at(encoded, `${EVENT}/ambulanceTransportDistance`), '12')
    assert.equal(at(encoded, `${EVENT}/ambulanceUnitOrBasisForMeasurementCode`), 'DH')
  }
})

test('a provider that is an organization is named by the one field that the answer has', () => {
  const provider = `${EVENT}/patientEventProviderName/0`
  const encoded = encodeSubmissionAnswer(decided({}, everything))
  assert.equal(at(encoded, `${provider}/lastName`), 'TALLOW CREEK HOSPITAL')
  assert.equal(
    at(encodeInquiryAnswer(decided({}, everything)), `${provider}/organizationName`),
    'TALLOW CREEK HOSPITAL',
  )
})

test('a submission is answered with the onset under its long name', () => {
  const encoded = encodeSubmissionAnswer(decided({}, everything))
  assert.equal(at(encoded, `${EVENT}/onsetOfCurrentSymptomsOrIllnessDate`), '20260103')
})

const REFUSAL = { reason: '73', followUp: 'C' }
const WRITTEN = [{ responseCode: 'N', rejectReasonCode: '73', followupActionCode: 'C' }]

/** Each level, and where its refusal is written. */
const LEVELS = [
  { level: 'system', places: ['/requestValidation'] },
  { level: 'payer', places: ['/umRequestValidation'] },
  { level: 'requester', places: ['/requester/requesterRequestValidation'] },
  { level: 'subscriber', places: ['/subscriber/subscriberRequestValidation'] },
  { level: 'dependent', places: ['/dependent/dependentRequestValidation'] },
  {
    level: 'event',
    places: [`${EVENT}/patientEventRequestValidation`, `${EVENT}/dependentRequestValidation`],
  },
  { level: 'line', line: 1, places: [`${LINE}/serviceRequestValidation`] },
] as const

for (const { level, places, ...of } of LEVELS) {
  test(`a rejection of the ${level} is written at ${places.join(' and ')}, and nowhere else`, () => {
    const answer = rejected(everything, { level, ...of, ...REFUSAL })
    for (const encoded of [encodeSubmissionAnswer(answer), encodeInquiryAnswer(answer)]) {
      for (const place of places) assert.deepEqual(at(encoded, place), WRITTEN)
      assert.equal(JSON.stringify(encoded).split('rejectReasonCode').length - 1, places.length)
    }
  })
}

test('a rejected request is repeated, without a decision', () => {
  const encoded = encodeSubmissionAnswer(rejected(officeVisit, { level: 'system', ...REFUSAL }))
  assert.equal(at(encoded, `${LINE}/professionalService/procedureCode`), '72148')
  assert.equal(at(encoded, `${EVENT}/certificationActionCode`), undefined)
  assert.equal(at(encoded, `${LINE}/certificationActionCode`), undefined)
})

test("a rejection of a dependent that the request does not have is the subscriber's", () => {
  const encoded = encodeSubmissionAnswer(rejected(officeVisit, { level: 'dependent', ...REFUSAL }))
  assert.deepEqual(at(encoded, '/subscriber/subscriberRequestValidation'), WRITTEN)
  assert.deepEqual(at(encoded, '/dependent'), { supplementalIdentification: {} })
})

test("a rejection of a line that the request does not have is the event's", () => {
  const encoded = encodeInquiryAnswer(rejected(officeVisit, { level: 'line', line: 7, ...REFUSAL }))
  assert.deepEqual(at(encoded, `${EVENT}/dependentRequestValidation`), WRITTEN)
})

test('what is said of the event is one message, the whole of it', () => {
  const pend = { waitingFor: 'reviewer' as const, text: 'A NURSE WILL LOOK' }
  const lines = [{ line: 0, action: 'pended' as const, grounds: [], message: 'SEEN.', pend }]
  const encoded = encodeSubmissionAnswer(decided({ action: 'pended', message: 'RECEIVED.', lines }))
  assert.equal(at(encoded, `${EVENT}/freeFormMessageText`), 'RECEIVED. SEEN. A NURSE WILL LOOK')
})

test('several rejections are all written, each at its level', () => {
  const encoded = encodeSubmissionAnswer(
    rejected(
      officeVisit,
      { level: 'requester', ...REFUSAL },
      { level: 'subscriber', reason: '75', followUp: 'C' },
    ),
  )
  assert.deepEqual(at(encoded, '/requester/requesterRequestValidation'), WRITTEN)
  assert.equal(at(encoded, '/subscriber/subscriberRequestValidation/0/rejectReasonCode'), '75')
})
