/** The published requests, and the published schemas of requests. @see reference sections 2.2, 2.3 and 3 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Inquiry, ReviewRequest } from '../../../src/core/request.ts'
import {
  decodeInquiry,
  decodeNotice,
  decodeSubmission,
  encodeInquiry,
  encodeSubmission,
} from '../../../src/formats/json/index.ts'
import { INQUIRY } from '../../../src/formats/json/tables/inquiry.ts'
import { NOTICE } from '../../../src/formats/json/tables/notice.ts'
import { SUBMISSION } from '../../../src/formats/json/tables/submission.ts'
import { publishedFields } from './openapi.ts'
import { missing, reference } from './reference.ts'
import { tableFields } from './table-fields.ts'

const skip = missing ?? false

const NPI = 'is no NPI that was ever issued: its check digit is wrong'
const TWO_NAMES = { at: '/requester/lastName', message: 'not used, as organizationName is given' }
const SUBMISSION_NOTES = [TWO_NAMES, { at: '/requester/npi', message: NPI }]
const INQUIRY_NOTES = [
  ...SUBMISSION_NOTES,
  { at: '/patientEventDetail/patientEventProviderName/0/identifier', message: NPI },
  { at: '/patientEventDetail/patientEventProviderName/1/identifier', message: NPI },
]
const NINE_DIGITS = {
  at: '/dependent/dateOfBirth',
  message: 'expected eight digits, YYYYMMDD, found 9; treated as not sent',
}
const FOR_DETERMINATION = ['/rhPayerId', '/planId'].map((at) => ({
  at,
  message: 'accepted, and not used: it is for a determination',
}))

for (const patient of ['subscriber', 'dependent']) {
  test(`the published submission for a ${patient} is read, and its faults are noted`, { skip }, () => {
    const result = decodeSubmission(reference(`json/user-submission-request-${patient}.json`))
    assert.ok(result.ok)
    assert.deepEqual(result.notes, SUBMISSION_NOTES)
    assert.deepEqual(gistOf(result.value), {
      sender: '201985AAS',
      receiver: '278_217_01',
      payer: 'UHC',
      requester: { kind: 'organization', name: 'XYZ AMBULANCE SVC' },
      member: '12345689001',
      dependent: patient === 'dependent' ? { kind: 'person', last: 'SMITH', first: 'JUNE' } : undefined,
      asks: ['A0428-DR x14'],
    })
    assert.equal(result.value.event.transportStops.length, 4)
    assert.equal(result.value.event.ambulance?.distance, '27')
  })

  test(`the published submission for a ${patient} is written again, and read the same`, { skip }, () => {
    const read = decodeSubmission(reference(`json/user-submission-request-${patient}.json`))
    assert.ok(read.ok)
    const again = decodeSubmission(encodeSubmission(read.value))
    assert.deepEqual(again.ok && again.value, read.value)
  })

  for (const suffix of ['', '-with-determination']) {
    const name = `user-inquiry-request-${patient}${suffix}`

    test(`the published ${name} is read, and its faults are noted`, { skip }, () => {
      const result = decodeInquiry(reference(`json/${name}.json`))
      assert.ok(result.ok)
      assert.deepEqual(result.notes, [
        ...(suffix === '' ? [] : FOR_DETERMINATION),
        ...(patient === 'dependent' ? [NINE_DIGITS] : []),
        ...INQUIRY_NOTES,
      ])
      assert.equal(result.value.payer.id, 'BCBSSC')
      assert.equal(result.value.correspondence.receiverId, '000000000000001')
      assert.equal(result.value.event.lines.length, 2)
      assert.deepEqual(result.value.filter, {})
    })

    test(`the published ${name} is written again, and read the same`, { skip }, () => {
      const read = decodeInquiry(reference(`json/${name}.json`))
      assert.ok(read.ok)
      const again = decodeInquiry(encodeInquiry(read.value))
      assert.deepEqual(again.ok && again.value, read.value)
    })
  }
}

test('the published notice of admission is read, and what it sends beside the schema is noted', {
  skip,
}, () => {
  const result = decodeNotice(reference('json/user-noa-request.json'))
  assert.ok(result.ok)
  const ignored = result.notes.filter(({ message }) => message === 'no field of this format: ignored')
  assert.deepEqual(
    ignored.map(({ at }) => at),
    ['Issue', 'Expiration', 'Effective'].map((which) => `/patientEventDetail/certification${which}DateBegin`),
  )
  assert.equal(result.value.subscriber.memberId, 'NOA-01-SUCCESS')
  assert.equal(result.value.correspondence.receiverId, 'IMNDIRECT')
})

/** Fields that the documents show in the mapping pages and not in the schema. @see reference section 2.2 */
const BESIDE_THE_SCHEMA = ['/portalUsername', '/portalPassword']

/** The example and the mapping page of a notice have it; the schema has `requester`. @see reference section 2.4 */
const SOURCE = tableFields(NOTICE).whole.filter((at) => at === '/source' || at.startsWith('/source/'))

for (const { name, schema, table, beside } of [
  {
    name: 'submission',
    schema: 'AuthorizationSubmissionJSON',
    table: SUBMISSION,
    // The schema of an event's provider has it; that of a line's provider forgot it.
    beside: ['/patientEventDetail/serviceLevel/*/serviceProviderName/*/contactTelephoneExtension'],
  },
  {
    name: 'inquiry',
    schema: 'InquiryJSONRequest',
    table: INQUIRY,
    beside: ['/rhPayerId', '/planId'],
  },
  {
    name: 'notice',
    schema: 'AuthorizationNoaJSON',
    table: NOTICE,
    beside: ['/patientEventDetail/serviceLevel/*/serviceProviderName/*/contactTelephoneExtension', ...SOURCE],
  },
]) {
  test(`each field of the published ${name} is in its table`, { skip }, () => {
    const { whole, opaque } = tableFields(table)
    const untold = [...publishedFields(schema)].filter(
      (at) =>
        !at.endsWith('/*') && !whole.includes(at) && !opaque.some((field) => at.startsWith(`${field}/`)),
    )
    assert.deepEqual(untold, [])
  })

  test(`the table of the ${name} has no field that is not published`, { skip }, () => {
    const published = publishedFields(schema)
    const invented = tableFields(table).whole.filter((at) => !published.has(at))
    assert.deepEqual(invented.toSorted(), [...BESIDE_THE_SCHEMA, ...beside].toSorted())
  })
}

/** What a reader of the sample would say it asks. */
function gistOf(request: ReviewRequest | Inquiry) {
  return {
    sender: request.correspondence.senderId,
    receiver: request.correspondence.receiverId,
    payer: request.payer.id,
    requester: request.requester.name,
    member: request.subscriber.memberId,
    dependent: request.dependent?.name,
    asks: request.event.lines.map(
      ({ procedure, quantity }) =>
        `${[procedure?.code, ...(procedure?.modifiers ?? [])].join('-')} x${quantity?.value}`,
    ),
  }
}
