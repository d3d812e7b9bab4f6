/** A request that came as JSON, sent on as a 278, is the same request. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import inquiryFixture from '../../../src/formats/json/fixtures/inquiry-everything.json' with { type: 'json' }
import submissionFixture from '../../../src/formats/json/fixtures/submission-everything.json' with {
  type: 'json',
}
import { decodeInquiry, decodeNotice, decodeSubmission } from '../../../src/formats/json/index.ts'
import { decodeRequest, encodeNotice, encodeRequest } from '../../../src/formats/x12/index.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import { missing, reference } from './reference.ts'

const ENVELOPE = {
  interchangeControlNumber: '000000001',
  usage: 'T',
  at: 1_767_225_600_000 as Instant,
} as const

function assertSubmissionSurvives(document: unknown): void {
  const asked = decodeSubmission(document)
  assert.ok(asked.ok)
  const read = decodeRequest(encodeRequest(asked.value, { ...ENVELOPE, guide: '217' }))
  assert.ok(read.ok && read.value.guide === '217')
  assert.deepEqual(read.value.request, asked.value)
}

function assertInquirySurvives(document: unknown): void {
  const asked = decodeInquiry(document)
  assert.ok(asked.ok)
  const read = decodeRequest(encodeRequest(asked.value, { ...ENVELOPE, guide: '215' }))
  assert.ok(read.ok && read.value.guide === '215')
  assert.deepEqual(read.value.inquiry, asked.value)
}

test('a submission with every field is the same request as JSON and as a 278', () => {
  assertSubmissionSurvives(submissionFixture)
})

test('an inquiry with every field is the same request as JSON and as a 278', () => {
  assertInquirySurvives(inquiryFixture)
})

for (const patient of ['subscriber', 'dependent']) {
  const skip = missing ?? false

  test(`the published submission for a ${patient} is the same request as JSON and as a 278`, { skip }, () => {
    assertSubmissionSurvives(reference(`json/user-submission-request-${patient}.json`))
  })

  test(`the published inquiry for a ${patient} is the same request as JSON and as a 278`, { skip }, () => {
    assertInquirySurvives(reference(`json/user-inquiry-request-${patient}.json`))
  })
}

test('the published notice of admission is the same notice as JSON and as a 278', {
  skip: missing ?? false,
}, () => {
  const told = decodeNotice(reference('json/user-noa-request.json'))
  assert.ok(told.ok)
  const read = decodeRequest(encodeNotice(told.value, ENVELOPE))
  assert.ok(read.ok && read.value.guide === '216')
  assert.deepEqual(read.value.notice, told.value)
})
