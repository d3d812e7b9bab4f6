import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CertificationAction } from './decision.ts'
import { rollUp } from './roll-up.ts'

const ACTIONS: Readonly<Record<string, CertificationAction>> = {
  A1: 'certified',
  A2: 'certified-partially',
  A3: 'not-certified',
  A4: 'pended',
  A6: 'modified',
  C: 'cancelled',
  CT: 'contact-payer',
  NA: 'no-action-required',
}
/** The actions of the lines, and that of the event. */
const TABLE: readonly [string, string][] = [
  ...Object.keys(ACTIONS).flatMap((code): [string, string][] => [
    [code, code],
    [`${code} ${code}`, code],
  ]),
  ['A1 A4', 'A4'],
  ['A3 A4 CT', 'A4'],
  ['A1 A3', 'A2'],
  ['A1 A2', 'A2'],
  ['A3 A6', 'A2'],
  ['A2 A3', 'A2'],
  ['A2 A6', 'A2'],
  ['A1 A3 A6', 'A2'],
  ['A1 A6', 'A6'],
  ['A1 NA', 'A1'],
  ['A3 NA', 'A3'],
  ['A4 NA', 'A4'],
  ['CT NA', 'CT'],
  ['A1 CT', 'CT'],
  ['A3 CT', 'CT'],
  ['C NA', 'C'],
  ['A1 C', 'A1'],
  ['A3 C NA', 'A3'],
  ['A1 A6 C NA', 'A6'],
  ['A1 A3 C NA', 'A2'],
]

for (const [lines, event] of TABLE) {
  test(`lines that are ${lines} make an event that is ${event}, in whatever order`, () => {
    const actions = lines.split(' ').map((code) => ACTIONS[code] as CertificationAction)
    assert.equal(rollUp(actions), ACTIONS[event])
    assert.equal(rollUp(actions.toReversed()), ACTIONS[event])
  })
}

test('an event without lines to go by is a bug', () => {
  assert.throws(() => rollUp([]))
})
