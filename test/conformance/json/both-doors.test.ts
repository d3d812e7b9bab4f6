/** A request that came as JSON, sent on as a 278, is the same request. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ReviewRequest } from '../../../src/core/request.ts'
import inquiryFixture from '../../../src/formats/json/fixtures/inquiry-everything.json' with { type: 'json' }
import submissionFixture from '../../../src/formats/json/fixtures/submission-everything.json' with {
  type: 'json',
}
import {
  decodeInquiry,
  decodeNotice,
  decodeSubmission,
  encodeInquiry,
  encodeSubmission,
} from '../../../src/formats/json/index.ts'
import { decodeRequest, encodeNotice, encodeRequest } from '../../../src/formats/x12/index.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import { inquiries, submissions } from './arbitraries.ts'
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

/**
 * As a 278 can say it. It has no letters beyond the Latin ones, so what it would replace is replaced beforehand; and a line
 * whose UM says anything says its category too (UM01 cannot be left out).
 */
function asA278CanSay<T extends ReviewRequest>(request: T): T {
  const latin = JSON.parse(JSON.stringify(request).replaceAll(/[^ -\u00ff]/gu, 'Z')) as T
  const lines = latin.event.lines.map((line) => {
    const saysKind = line.purpose !== undefined || line.serviceType !== undefined || line.place !== undefined
    return saysKind ? { category: latin.event.category, ...line } : line
  })
  return { ...latin, event: { ...latin.event, lines } }
}

test('a submission is the same request as JSON and as a 278, whatever it says', () => {
  fc.assert(
    fc.property(submissions.map(asA278CanSay), (asked) => {
      const read = decodeRequest(encodeRequest(asked, { ...ENVELOPE, guide: '217' }))
      assert.ok(read.ok && read.value.guide === '217', JSON.stringify(read))
      const again = decodeSubmission(encodeSubmission(read.value.request))
      assert.ok(again.ok, JSON.stringify(again))
      assert.deepEqual(again.value, asked)
    }),
    { numRuns: 100, seed: 1 },
  )
})

test('an inquiry is the same request as JSON and as a 278, whatever it says', () => {
  fc.assert(
    fc.property(inquiries.map(asA278CanSay), (asked) => {
      const read = decodeRequest(encodeRequest(asked, { ...ENVELOPE, guide: '215' }))
      assert.ok(read.ok && read.value.guide === '215', JSON.stringify(read))
      const again = decodeInquiry(encodeInquiry(read.value.inquiry))
      assert.ok(again.ok, JSON.stringify(again))
      assert.deepEqual(again.value, asked)
    }),
    { numRuns: 100, seed: 1 },
  )
})
