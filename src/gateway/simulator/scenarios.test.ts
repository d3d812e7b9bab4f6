import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../../kernel/problem.ts'
import { REQUEST_SCENARIOS, readScenario } from './scenarios.ts'

for (const scenario of Object.keys(REQUEST_SCENARIOS))
  test(`X-Sandbox-Scenario: ${scenario} is known`, () => {
    assert.equal(readScenario(scenario), scenario)
  })

test('a header that was not sent asks for nothing', () => {
  assert.equal(readScenario(undefined), undefined)
})

for (const value of ['', 'DENY', 'deny, approve', 'toString', 'found', 'default'])
  test(`X-Sandbox-Scenario: "${value}" is refused with every value there is`, () => {
    assert.throws(
      () => readScenario(value),
      (error: unknown) =>
        error instanceof Problem &&
        error.code === 'request/scenario-unknown' &&
        Object.keys(REQUEST_SCENARIOS).every((known) => error.detail.includes(known)),
    )
  })
