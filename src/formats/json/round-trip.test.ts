import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inquiries, submissions } from '../../../test/conformance/json/arbitraries.ts'
import { type AdmissionNotice, shortcomingsOf } from '../../core/admission.ts'
import {
  decodeInquiry,
  decodeNotice,
  decodeSubmission,
  encodeInquiry,
  encodeNotice,
  encodeSubmission,
} from './index.ts'

const throughText = (value: object): unknown => JSON.parse(JSON.stringify(value))

test('a submission that was written is read back as it was, without a note', () => {
  fc.assert(
    fc.property(submissions, (asked) => {
      const wire = throughText(encodeSubmission(asked))
      assert.deepEqual(decodeSubmission(wire), { ok: true, value: asked, notes: [] })
    }),
    { numRuns: 150, seed: 1 },
  )
})

test('an inquiry that was written is read back as it was, without a note', () => {
  fc.assert(
    fc.property(inquiries, (asked) => {
      const wire = throughText(encodeInquiry(asked))
      assert.deepEqual(decodeInquiry(wire), { ok: true, value: asked, notes: [] })
    }),
    { numRuns: 150, seed: 1 },
  )
})

const notice = submissions
  .map(
    (asked): AdmissionNotice => ({
      ...asked,
      event: {
        ...asked.event,
        category: 'admission',
        purpose: asked.event.previousAdministrativeReference === undefined ? 'initial' : 'cancel',
      },
    }),
  )
  .filter((told) => shortcomingsOf(told).length === 0)

test('a notice of admission that was written is read back as it was, without a note', () => {
  fc.assert(
    fc.property(notice, (told) => {
      const wire = throughText(encodeNotice(told))
      assert.deepEqual(decodeNotice(wire), { ok: true, value: told, notes: [] })
    }),
    { numRuns: 150, seed: 1 },
  )
})
