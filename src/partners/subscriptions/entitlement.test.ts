import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Instant } from '../../kernel/time.ts'
import { entitledAt, productsAt } from './entitlement.ts'

const period = (products: string, from: number, until?: number) => ({
  products: products === '' ? [] : products.split(' '),
  from: from as Instant,
  ...(until === undefined ? {} : { until: until as Instant }),
})
const at = (now: number, ...periods: ReturnType<typeof period>[]) => entitledAt(periods, now as Instant)

test('nothing entitles to nothing, and neither does what is over', () => {
  assert.equal(at(5), undefined)
  assert.equal(at(5, period('a', 1, 5)), undefined)
})

test('what has not begun begins when it was agreed', () => {
  assert.deepEqual(at(5, period('a', 9)), { products: ['a'], from: 9 })
})

test('the grant ends with the first of its products', () => {
  assert.deepEqual(at(5, period('a', 1, 9), period('b', 1, 7)), { products: ['a', 'b'], from: 1, until: 7 })
})

test('a product that goes on under another contract has no end between', () => {
  assert.deepEqual(at(5, period('a', 1, 9), period('a b', 9, 20)), { products: ['a'], from: 1, until: 20 })
})

test('what was taken away whole does not bring the beginning of another forward', () => {
  assert.deepEqual(at(5, period('', 1), period('a', 9)), { products: ['a'], from: 9 })
})

const PERIOD = fc
  .tuple(fc.subarray(['a', 'b', 'c']), fc.nat(30), fc.option(fc.nat(30)))
  .map(([products, from, length]) =>
    period(products.join(' '), from, length === null ? undefined : from + length),
  )

test('at no moment does a grant allow what is not agreed at that moment', () => {
  fc.assert(
    fc.property(fc.array(PERIOD, { maxLength: 5 }), fc.nat(40), fc.nat(80), (periods, now, later) => {
      const granted = entitledAt(periods, now as Instant)
      const then = (now + later) as Instant
      if (!granted || then < granted.from || (granted.until !== undefined && then >= granted.until)) return
      const agreed = productsAt(periods, then)
      for (const product of granted.products) assert.ok(agreed.includes(product), `${product} at ${then}`)
    }),
  )
})

test('whatever is agreed now is granted now', () => {
  fc.assert(
    fc.property(fc.array(PERIOD, { maxLength: 5 }), fc.nat(60), (periods, now) => {
      const agreed = productsAt(periods, now as Instant)
      if (agreed.length > 0)
        assert.deepEqual(
          [...(entitledAt(periods, now as Instant)?.products ?? [])].sort(),
          [...agreed].sort(),
        )
    }),
  )
})
