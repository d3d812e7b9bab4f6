import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tell } from './answer.ts'
import type { Determination } from './model.ts'
import { understood } from './understood.ts'

const SAID: readonly Determination[] = [
  { answer: 'required', deciding: [], fired: [], explanation: '' },
  { answer: 'not-required', deciding: [], fired: [], explanation: '' },
  { answer: 'conditional', missing: ['the plan', 'the place'], fired: [], explanation: '' },
  { answer: 'unknown', fired: [], explanation: '' },
]
for (const said of SAID)
  test(`what is told as ${said.answer} is understood so, and told on in the same words`, () => {
    const read = understood(tell(said))
    assert.equal(read.answer, said.answer)
    if (said.answer === 'conditional' && read.answer === 'conditional')
      assert.deepEqual(read.missing, said.missing)
    assert.deepEqual(tell(read), tell(said))
  })

test('words alone free nobody from authorization', () => {
  assert.equal(understood({ message: 'Prior authorization is not required.' }).answer, 'unknown')
})

for (const action of ['certified', 'pended', 'not-certified'] as const)
  test(`an answer that decides (${action}) is no determination`, () => {
    const read = understood({ action, message: 'Prior authorization is required.' })
    assert.equal(read.answer, 'unknown')
  })

test('a payer that says nothing of a line leaves it unknown', () => {
  assert.equal(understood({}).answer, 'unknown')
})
