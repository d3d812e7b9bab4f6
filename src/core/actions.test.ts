import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { rollUp } from './actions.ts'
import type { CertificationAction } from './decision.ts'

const EVERY: readonly CertificationAction[] = [
  'certified',
  'certified-partially',
  'not-certified',
  'pended',
  'modified',
  'cancelled',
  'contact-payer',
  'no-action-required',
]

const TABLE: readonly (readonly [string, readonly CertificationAction[], CertificationAction])[] = [
  ['one pended line leaves the event pended', ['certified', 'not-certified', 'pended'], 'pended'],
  ['pended beside contact is pended', ['contact-payer', 'pended'], 'pended'],
  ['certified and denied together are partial', ['certified', 'not-certified'], 'certified-partially'],
  ['changed and denied together are partial', ['modified', 'not-certified'], 'certified-partially'],
  ['a partial line makes the event partial', ['certified', 'certified-partially'], 'certified-partially'],
  ['certified with changes only is modified', ['certified', 'modified'], 'modified'],
  ['no action is ignored beside certified', ['no-action-required', 'certified'], 'certified'],
  ['no action is ignored beside denied', ['no-action-required', 'not-certified'], 'not-certified'],
  ['a cancelled line does not change what the others say', ['cancelled', 'certified'], 'certified'],
  ['cancelled counts last, after no action too', ['cancelled', 'no-action-required'], 'no-action-required'],
  [
    'a line only the payer answers for sends the requester there',
    ['certified', 'contact-payer'],
    'contact-payer',
  ],
]

for (const [name, actions, expected] of TABLE)
  test(`rolled up: ${name}`, () => assert.equal(rollUp(actions), expected))

for (const action of EVERY)
  test(`rolled up: lines that all say ${action} make the event ${action}`, () =>
    assert.equal(rollUp([action, action, action]), action))

test('rolled up: the order of the lines does not matter', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVERY), { minLength: 1, maxLength: 6 }), (actions) => {
      assert.equal(rollUp([...actions].reverse()), rollUp(actions))
    }),
  )
})

test('rolled up: what holds no adverse line is never adverse', () => {
  const machine: readonly CertificationAction[] = [
    'certified',
    'pended',
    'no-action-required',
    'contact-payer',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...machine), { minLength: 1, maxLength: 6 }), (actions) => {
      assert.ok(machine.includes(rollUp(actions)))
    }),
  )
})

test('rolled up: an event with no outcome at all is a bug', () => {
  assert.throws(() => rollUp([]), /at least one outcome/)
})
