import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../kernel/time.ts'
import {
  appealClock,
  appealDueAt,
  decisionClock,
  dueAt,
  LINES_OF_BUSINESS,
  lineOfBusiness,
} from './deadlines.ts'

const RECEIVED = Date.parse('2026-03-06T22:30:00Z') as Instant
const due = (business: string, urgency?: 'emergency' | 'urgent' | 'elective') =>
  new Date(dueAt(RECEIVED, business, urgency)).toISOString()

const SEVEN_DAYS = [
  'medicare-advantage',
  'medicaid-fee-for-service',
  'medicaid-managed-care',
  'chip-fee-for-service',
  'chip-managed-care',
]

for (const business of SEVEN_DAYS) {
  test(`${business} owes a standard decision within 7 calendar days (CMS-0057-F)`, () =>
    assert.equal(due(business, 'elective'), '2026-03-13T22:30:00.000Z'))
  test(`${business} owes an expedited decision within 72 hours (CMS-0057-F)`, () =>
    assert.equal(due(business, 'urgent'), '2026-03-09T22:30:00.000Z'))
}

for (const business of ['marketplace', 'commercial']) {
  test(`${business} owes a pre-service decision within 15 days (29 CFR 2560.503-1(f)(2)(iii)(A))`, () =>
    assert.equal(due(business, 'elective'), '2026-03-21T22:30:00.000Z'))
  test(`${business} owes an urgent decision within 72 hours (29 CFR 2560.503-1(f)(2)(i))`, () =>
    assert.equal(due(business, 'urgent'), '2026-03-09T22:30:00.000Z'))
}

test('an emergency is on the expedited clock', () =>
  assert.equal(due('commercial', 'emergency'), '2026-03-09T22:30:00.000Z'))

test('a request that does not say how pressing it is is on the standard clock', () =>
  assert.equal(due('medicare-advantage'), '2026-03-13T22:30:00.000Z'))

test('a line of business that nobody knows gets the shortest clocks', () => {
  assert.equal(lineOfBusiness('dental'), undefined)
  assert.equal(due('dental', 'elective'), '2026-03-13T22:30:00.000Z')
})

test('every clock names the law that it comes from', () => {
  for (const business of LINES_OF_BUSINESS)
    for (const urgency of ['urgent', 'elective'] as const)
      assert.match(decisionClock(business, urgency).source, /\d+ CFR \d+/)
})

test('an appeal that is immediate, or of urgent care, is on the expedited clock of every line of business', () => {
  for (const business of LINES_OF_BUSINESS) {
    assert.equal(appealClock(business, 'immediate', 'elective').hours, 72)
    assert.equal(appealClock(business, 'standard', 'urgent').hours, 72)
  }
})

for (const [business, days] of [
  ['medicare-advantage', 30],
  ['medicaid-managed-care', 30],
  ['medicaid-fee-for-service', 90],
  ['chip-fee-for-service', 90],
  ['commercial', 30],
  ['one that nobody knows', 30],
] as const)
  test(`a standard appeal of ${business} is due in ${days} days`, () => {
    assert.equal(appealClock(business, 'standard', undefined).hours, days * 24)
    assert.equal(appealDueAt(0 as Instant, business, 'reconsideration', 'elective'), days * 86_400_000)
  })
