import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstFaults } from './request-body.ts'
import { rulesBroken } from './request-rules.ts'

test('of a body that is wrong throughout no more parts are looked at than are told of', () => {
  let looked = 0
  const line = (i: number) => ({
    get number() {
      looked++
      return i + 2
    },
  })
  const body = { event: { lines: Array.from({ length: 10_000 }, (_, i) => line(i)) } }
  const faults = firstFaults([], () => rulesBroken(body))
  assert.equal(faults.length, 51)
  // The parts are walked once for rules that hold anywhere, and the lines as far as the faults go.
  assert.ok(looked < 10_100, String(looked))
})

test('what the schema found leaves no room for more', () => {
  const found = Array.from({ length: 60 }, (_, i) => ({ at: `/${i}`, message: 'is required' }))
  const rules = () => assert.fail('nothing more is looked for')
  assert.equal(firstFaults(found, rules).length, 51)
})
