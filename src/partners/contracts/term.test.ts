import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../../kernel/time.ts'
import type { Terms } from './model.ts'
import { endAfterNotice, monthsAfter } from './term.ts'

const at = (text: string) => Date.parse(text) as Instant
const iso = (instant: Instant) => new Date(instant).toISOString()

test('a month later is the same day, or the last of a month that has no such day', () => {
  assert.equal(iso(monthsAfter(at('2027-01-31T08:30:00.250Z'), 1)), '2027-02-28T08:30:00.250Z')
  assert.equal(iso(monthsAfter(at('2028-01-31T08:30:00.250Z'), 1)), '2028-02-29T08:30:00.250Z')
  assert.equal(iso(monthsAfter(at('2026-11-24T00:00:00Z'), 14)), '2028-01-24T00:00:00.000Z')
})

test('terms are counted from the beginning, so that a short month does not shorten those after it', () => {
  const terms: Terms = { months: 1, renews: 'by-notice', noticeDays: 0, prices: [] }
  const began = at('2027-01-31T00:00:00Z')
  assert.equal(iso(endAfterNotice(terms, began, at('2027-03-05T00:00:00Z'))), '2027-03-31T00:00:00.000Z')
})

test('notice on the last day that it is due is in time', () => {
  const terms: Terms = { months: 12, renews: 'by-notice', noticeDays: 60, prices: [] }
  const began = at('2027-01-01T00:00:00Z')
  assert.equal(iso(endAfterNotice(terms, began, at('2027-11-02T00:00:00Z'))), '2028-01-01T00:00:00.000Z')
  assert.equal(iso(endAfterNotice(terms, began, at('2027-11-02T00:00:00.001Z'))), '2029-01-01T00:00:00.000Z')
})
