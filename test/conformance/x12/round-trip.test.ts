import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeAnswer,
  decodeNoticeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeNotice,
  encodeNoticeAnswer,
  encodeRequest,
} from '../../../src/formats/x12/index.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import { answers, inquiries, noticeAnswers, notices, reviewRequests } from './arbitraries.ts'

const at = Date.UTC(2026, 1, 20, 22, 31, 47) as Instant
const sent = { interchangeControlNumber: '000000042', usage: 'T', at } as const

test('a request for review is read back as it was written (005010X217)', () => {
  fc.assert(
    fc.property(reviewRequests, (request) => {
      const text = encodeRequest(request, { guide: '217', ...sent })
      const read = decodeRequest(text)
      assert.ok(read.ok, `${JSON.stringify(read)}\n${text}`)
      assert.ok(read.value.guide === '217')
      assert.deepEqual(read.value.request, request)
    }),
  )
})

test('an inquiry is read back as it was written, with what it narrows the search by (005010X215)', () => {
  fc.assert(
    fc.property(inquiries, (inquiry) => {
      const text = encodeRequest(inquiry, { guide: '215', ...sent })
      const read = decodeRequest(text)
      assert.ok(read.ok, `${JSON.stringify(read)}\n${text}`)
      assert.ok(read.value.guide === '215')
      assert.deepEqual(read.value.inquiry, inquiry)
    }),
  )
})

for (const guide of ['217', '215'] as const) {
  test(`a decision or a rejection is read back as it was written (005010X${guide})`, () => {
    fc.assert(
      fc.property(answers(guide), (answer) => {
        const text = encodeAnswer(answer, { guide, at, controlNumber: 7, usage: 'P' })
        const read = decodeAnswer(text)
        assert.ok(read.ok, `${JSON.stringify(read)}\n${text}`)
        assert.deepEqual(read.value.answer, answer)
      }),
    )
  })
}

test('the envelope of a request is read back as it was given, names that differ included', () => {
  const wire = fc.stringMatching(/^[A-Z0-9]{2,15}$/)
  const envelopes = fc.record({
    senderId: wire,
    receiverId: wire,
    applicationSender: wire,
    applicationReceiver: wire,
    interchangeControlNumber: fc.stringMatching(/^\d{9}$/),
    groupControlNumber: fc.stringMatching(/^\d{1,9}$/),
    transactionControlNumber: fc.stringMatching(/^[A-Z0-9]{4,9}$/),
    usage: fc.constantFrom('T' as const, 'P' as const),
    beginningReference: fc.stringMatching(/^[A-Z0-9]{1,50}$/),
  })
  fc.assert(
    fc.property(envelopes, reviewRequests, (envelope, request) => {
      const read = decodeRequest(encodeRequest(request, { guide: '217', at, ...envelope }))
      assert.ok(read.ok)
      assert.deepEqual(read.value.envelope, { ...envelope })
    }),
  )
})

test('a notice of admission is read back as it was written (005010X216)', () => {
  fc.assert(
    fc.property(notices, (notice) => {
      const text = encodeNotice(notice, sent)
      const read = decodeRequest(text)
      assert.ok(read.ok, `${JSON.stringify(read)}\n${text}`)
      assert.ok(read.value.guide === '216')
      assert.deepEqual(read.value.notice, notice)
    }),
  )
})

test('what a payer says to a notice is read back as it was written, and no decision is in it (005010X216)', () => {
  fc.assert(
    fc.property(noticeAnswers, (answer) => {
      const text = encodeNoticeAnswer(answer, { at, controlNumber: 7, usage: 'P' })
      assert.doesNotMatch(text, /~HCR/)
      const read = decodeNoticeAnswer(text)
      assert.ok(read.ok, `${JSON.stringify(read)}\n${text}`)
      assert.deepEqual(read.value.answer, answer)
    }),
  )
})
