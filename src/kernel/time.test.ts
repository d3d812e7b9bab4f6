import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Instant, instantOf, type PlainDate, utcTime } from './time.ts'

test('a moment shows the same day and second as the platform clock in UTC, from year 0 to 9999', () => {
  const first = Date.UTC(2000, 0, 1) - 2000 * 365.2425 * 86_400_000
  fc.assert(
    fc.property(fc.integer({ min: first + 86_400_000, max: Date.UTC(9999, 11, 31) }), (ms) => {
      const text = new Date(ms).toISOString()
      const time = utcTime(ms as Instant)
      assert.equal(time.date, text.slice(0, 10))
      const clock = text.slice(11, 19).split(':').map(Number) as [number, number, number]
      assert.equal(time.secondOfDay, clock[0] * 3600 + clock[1] * 60 + clock[2])
      assert.equal(instantOf(time), Math.floor(ms / 1000) * 1000)
    }),
  )
})

test('the leap day of a year that 400 divides is there, and that of 2100 is not', () => {
  assert.equal(utcTime(Date.UTC(2000, 1, 29) as Instant).date, '2000-02-29')
  assert.equal(utcTime((Date.UTC(2100, 1, 28) + 86_400_000) as Instant).date, '2100-03-01')
  assert.equal(instantOf({ date: '1970-01-01' as PlainDate, secondOfDay: 0 }), 0)
})
