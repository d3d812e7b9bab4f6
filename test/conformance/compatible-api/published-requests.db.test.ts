import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Inquiry, ReviewRequest } from '../../../src/core/request.ts'
import { decodeInquiry, decodeSubmission } from '../../../src/formats/json/index.ts'
import { decodeAnswer, decodeRequest, encodeRequest } from '../../../src/formats/x12/index.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'
import { type Answer, openTestServers, type TestServers } from '../../support/gateway-server.ts'
import { fieldsOf } from '../../support/json-pointer.ts'
import { publishedFields } from '../json/openapi.ts'
import { missing } from '../json/reference.ts'
import { type Json, publishedRequests, publishedX12 } from './published.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const CORRELATION = '0a0b0c0d-1111-4222-8333-444455556666'
const at = Date.UTC(2026, 1, 20) as Instant
const envelope = { at, interchangeControlNumber: '000000417', usage: 'T' } as const

/** Fields that the published schema leaves out, and why they are answered all the same. */
const BESIDE_THE_SCHEMA = new Set([
  // The published samples have them (json/user-submission-response-*.json).
  '/subscriber/supplementalIdentification/patientAccountNumber',
  '/requester/lastName',
  '/requester/employersId',
  // The schema of an inquiry's answer misnames it; both names are sent (reference section 2.2).
  '/patientEventDetail/patientEventRequestValidation',
  '/patientEventDetail/patientEventRequestValidation/*',
  ...['responseCode', 'rejectReasonCode', 'followupActionCode'].map(
    (field) => `/patientEventDetail/patientEventRequestValidation/*/${field}`,
  ),
])

type Operation = 'submission' | 'inquiry'
interface Body {
  readonly authorizationId?: string
  readonly submission?: { readonly x12: string; readonly json: Json }
  readonly inquiry?: { readonly x12: string; readonly json: Json }
}

let databases: TestDatabases
let servers: TestServers
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

/** What every answer of an operation has, whatever it says; given back taken apart. */
function opened(answer: Answer, operation: Operation) {
  assert.equal(answer.statusCode, 200, answer.body)
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
  assert.match(String(answer.headers['transaction-id']), UUID)
  assert.match(String(answer.headers['x-amzn-trace-id']), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)
  assert.equal(answer.headers['x-optum-correlation-id'], CORRELATION)
  const { authorizationId, ...rest } = answer.json() as Body
  assert.deepEqual(Object.keys(rest), [operation])
  const both = rest[operation]
  assert.ok(both)
  assert.deepEqual(Object.keys(both).sort(), ['json', 'x12'])
  const schema = operation === 'submission' ? 'SubmissionJSONResponse' : 'AuthorizationJSONResponse'
  const known = publishedFields(schema).union(BESIDE_THE_SCHEMA)
  assert.deepEqual([...fieldsOf(both.json).difference(known)], [])
  const decoded = decodeAnswer(both.x12)
  assert.ok(decoded.ok, JSON.stringify(decoded))
  assert.equal(decoded.value.guide, operation === 'submission' ? '217' : '215')
  return { authorizationId, json: both.json, x12: both.x12, outcome: decoded.value.answer.outcome }
}

/** Sends as a company that nobody else is, so that no test finds what another stored. */
async function sent(operation: Operation, body: Json, path: string = operation) {
  const company = await servers.sandbox.aCompany()
  return opened(await company.post(path, body, { 'x-optum-correlation-id': CORRELATION }), operation)
}

function actionsOf(json: Json): readonly unknown[] {
  const event = json.patientEventDetail as Json
  const lines = (event.serviceLevel ?? []) as readonly Json[]
  return [event.certificationActionCode, ...lines.map((line) => line.certificationActionCode)]
}

function accepted<T>(decoded: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  assert.ok(decoded.ok, JSON.stringify(decoded))
  return decoded.value
}

/** The numbers that the payer gives out anew for each case. */
const NUMBERS = [
  'reviewIdentificationNumber',
  'previousReviewAuthorizationNumber',
  'administrativeReferenceNumber',
]

function withoutNumbers(json: Json): unknown {
  return JSON.parse(JSON.stringify(json, (key, value) => (NUMBERS.includes(key) ? 'a number' : value)))
}

/** The published inquiries are addressed to a test id, which answers for itself: here the record is asked. */
const BEYOND_TEST_IDS = { umClearingHouseId: 'QUILLFEATHER' }

const NONE_FOUND = [{ level: 'event', reason: 'AA', followUp: 'C' }]

/** Asks, is told that there is none, submits the same care, asks again. */
async function noneThenFound(inquiry: Inquiry, ask: { readonly path: string; readonly body: Json }) {
  const company = await servers.sandbox.aCompany()
  const asked = async () =>
    opened(await company.post(ask.path, ask.body, { 'x-optum-correlation-id': CORRELATION }), 'inquiry')

  const first = await asked()
  assert.equal(first.authorizationId, undefined)
  assert.deepEqual(first.outcome, { kind: 'rejected', rejections: NONE_FOUND })
  const refused = [{ responseCode: 'N', rejectReasonCode: 'AA', followupActionCode: 'C' }]
  assert.deepEqual((first.json.patientEventDetail as Json).dependentRequestValidation, refused)

  const { filter: _, ...request } = inquiry
  const x12 = encodeRequest(request satisfies ReviewRequest, { guide: '217', ...envelope })
  const submitted = opened(
    await company.post('submission/x12', { x12 }, { 'x-optum-correlation-id': CORRELATION }),
    'submission',
  )
  assert.match(String(submitted.authorizationId), UUID)

  const second = await asked()
  assert.equal(second.authorizationId, submitted.authorizationId)
  assert.deepEqual(actionsOf(second.json), actionsOf(submitted.json))
  assert.ok(second.outcome.kind === 'decided' && submitted.outcome.kind === 'decided')
  assert.equal(second.outcome.administrativeReference, submitted.outcome.administrativeReference)
  assert.equal(second.outcome.authorizationNumber, submitted.outcome.authorizationNumber)
}

describe('the published requests (reference sections 2.2, 2.3 and 4.7)', {
  skip: missing ?? false,
}, () => {
  test('there are submissions and inquiries among them', () => {
    assert.ok(publishedRequests('submission').length >= 2)
    assert.ok(publishedRequests('inquiry').length >= 4)
  })

  for (const [file, body] of publishedRequests('submission')) {
    test(`${file} is decided, and the same as a 278`, async () => {
      const throughJson = await sent('submission', body)
      const request = accepted(decodeSubmission(body))
      const x12 = encodeRequest(request, { guide: '217', ...envelope })
      const throughX12 = await sent('submission', { x12 }, 'submission/x12')

      assert.match(String(throughJson.authorizationId), UUID)
      assert.equal(throughJson.outcome.kind, 'decided')
      assert.match(String(actionsOf(throughJson.json)[0]), /^(A1|A4|NA|CT)$/)
      assert.deepEqual(actionsOf(throughX12.json), actionsOf(throughJson.json))
      assert.deepEqual(withoutNumbers(throughX12.json), withoutNumbers(throughJson.json))
    })

    test(`${file} is answered with its own transaction number, payer and names in the envelope`, async () => {
      const { json, x12 } = await sent('submission', body)
      assert.equal(json.submitterTransactionIdentifier, body.submitterTransactionIdentifier)
      assert.equal(json.payerId, body.payerId)
      const [isa = '', gs = ''] = x12.split('~')
      assert.deepEqual(
        [isa.split('*')[6], isa.split('*')[8]].map((name) => name?.trim()),
        [body.umClearingHouseId, body.senderId],
      )
      // Reference section 4.5: in an answer this is its GS03.
      assert.equal(json.umClearingHouseId, gs.split('*')[3])
    })
  }

  for (const [file, published] of publishedRequests('inquiry')) {
    const body = { ...published, ...BEYOND_TEST_IDS }

    test(`${file} is answered as its test id says: certified, and of no case (reference section 3.2)`, async () => {
      const { json, authorizationId } = await sent('inquiry', published)
      assert.deepEqual([actionsOf(json)[0], authorizationId], ['A1', undefined])
    })

    test(`${file} finds none, and the case once there is one`, async () => {
      await noneThenFound(accepted(decodeInquiry(body)), { path: 'inquiry', body })
    })

    test(`${file} as a 278 finds none, and the case once there is one`, async () => {
      const inquiry = accepted(decodeInquiry(body))
      const x12 = encodeRequest(inquiry, { guide: '215', ...envelope })
      await noneThenFound(inquiry, { path: 'inquiry/x12', body: { x12 } })
    })
  }

  test('schema-submission-x12-request.edi is decided, line by line', async () => {
    const { authorizationId, json, outcome } = await sent(
      'submission',
      { x12: publishedX12('schema-submission-x12-request.edi') },
      'submission/x12',
    )
    assert.match(String(authorizationId), UUID)
    assert.ok(outcome.kind === 'decided')
    assert.equal(outcome.lines.length, 3)
    assert.deepEqual(new Set(actionsOf(json)).size, 1)
  })

  test('schema-inquiry-x12-request.edi finds none, and the case once there is one', async () => {
    const x12 = publishedX12('schema-inquiry-x12-request.edi').replace(
      '*000000000000001*',
      '*QUILLFEATHER   *',
    )
    const value = accepted(decodeRequest(x12))
    assert.ok(value.guide === '215')
    await noneThenFound(value.inquiry, { path: 'inquiry/x12', body: { x12 } })
  })

  test('the case of one company is not found by another that asks the same', async () => {
    const [, published] = publishedRequests('inquiry')[0] ?? []
    assert.ok(published)
    const body = { ...published, ...BEYOND_TEST_IDS }
    const { filter: _, ...request } = accepted(decodeInquiry(body))
    const x12 = encodeRequest(request satisfies ReviewRequest, { guide: '217', ...envelope })
    await sent('submission', { x12 }, 'submission/x12')
    const { outcome, authorizationId } = await sent('inquiry', body)
    assert.deepEqual([authorizationId, outcome], [undefined, { kind: 'rejected', rejections: NONE_FOUND }])
  })
})
