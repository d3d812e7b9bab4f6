import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReviewRequest, Subscriber } from '../../core/request.ts'
import type { PlainDate } from '../../kernel/time.ts'
import { canBeOfPatient } from './patient.ts'

const about = (subscriber: Partial<Subscriber>) =>
  ({ subscriber: { references: [], ...subscriber } }) as unknown as ReviewRequest
const named = (last: string, first?: string) => ({ kind: 'person', last, ...(first && { first }) }) as const

const KEPT = about({
  memberId: 'QF-1',
  name: named('Calloway', 'Wren'),
  birthDate: '1980-02-29' as PlainDate,
})

for (const [what, asked, can] of [
  ['nobody', {}, true],
  ['the same member id, however it is written', { memberId: 'qf 1' }, true],
  ['another member id', { memberId: 'QF-2' }, false],
  ['the same name without a member id', { name: named('CALLOWAY', 'wren') }, true],
  ['a family name alone', { name: named('Calloway') }, true],
  ['another family name without a member id', { name: named('Tern') }, false],
  ['another given name without a member id', { name: named('Calloway', 'Robin') }, false],
  ['another day of birth without a member id', { birthDate: '1981-02-28' as PlainDate }, false],
] as const)
  test(`a follow-up that names ${what} ${can ? 'can' : 'cannot'} be of the patient of the case`, () => {
    assert.equal(canBeOfPatient(KEPT, about(asked)), can)
  })
