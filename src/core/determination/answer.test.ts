import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PlainDate } from '../../kernel/time.ts'
import { documentsOf, type LineDetermination, reviewersOf, tell, toldOfEvent } from './answer.ts'
import type { Determination, DeterminationRule } from './model.ts'

const aRule = (parts: Partial<DeterminationRule> = {}): DeterminationRule => ({
  id: 'rul_1',
  version: 1,
  effective: { from: '2026-01-01' as PlainDate },
  answer: 'required',
  documents: [],
  text: 'A journey',
  source: 'Manual section 4',
  ...parts,
})
const answered = (
  answer: DeterminationRule['answer'],
  ...deciding: readonly DeterminationRule[]
): Determination => ({ answer, deciding, fired: deciding, explanation: '' })
const required = (...deciding: readonly DeterminationRule[]) => answered('required', ...deciding)
const notRequired = answered('not-required', aRule({ answer: 'not-required' }))
const conditional: Determination = {
  answer: 'conditional',
  missing: ['the plan'],
  fired: [],
  explanation: '',
}
const unknown: Determination = { answer: 'unknown', fired: [], explanation: '' }
const lines = (...determinations: readonly Determination[]): readonly LineDetermination[] =>
  determinations.map((determination, i) => ({ line: i + 1, determination }))

test('only a service that a rule frees is told as needing no action (NA)', () => {
  assert.deepEqual(
    [required(aRule()), notRequired, conditional, unknown].map((each) => tell(each).action),
    [undefined, 'no-action-required', undefined, 'contact-payer'],
  )
})

test('what is required is told with who reviews, what to send, and the rule', () => {
  const rule = aRule({ reviewer: 'Transport Desk', documents: ['Order', 'Notes'] })
  assert.equal(
    tell(required(rule)).message,
    'Prior authorization is required. Reviewed by Transport Desk. Send Order, Notes. A journey (Manual section 4).',
  )
})

test('of rules that disagree, those that free from authorization name no reviewer and no documents', () => {
  const disagreeing = required(
    aRule({ reviewer: 'Desk', documents: ['Order'] }),
    aRule({ answer: 'not-required', reviewer: 'Nobody', documents: ['Nothing'] }),
  )
  assert.deepEqual(reviewersOf(disagreeing), ['Desk'])
  assert.deepEqual(documentsOf(disagreeing), ['Order'])
})

test('a missing fact is named', () => {
  assert.match(tell(conditional).message, /^Whether prior authorization is required depends on the plan\./)
})

test('the event has the action of its lines when they have the same, else none', () => {
  assert.equal(toldOfEvent(lines(notRequired, notRequired)).action, 'no-action-required')
  assert.equal(toldOfEvent(lines(unknown)).action, 'contact-payer')
  assert.equal(toldOfEvent(lines(notRequired, unknown)).action, undefined)
  assert.equal(toldOfEvent(lines(notRequired, required(aRule()))).action, undefined)
})

test('every event says that nothing is guaranteed; one without lines says its own answer first', () => {
  assert.equal(toldOfEvent(lines(notRequired)).message, 'This is not a guarantee of payment.')
  const whole = toldOfEvent([{ line: 0, determination: unknown }]).message
  assert.match(whole, /^No rule .* This is not a guarantee of payment\.$/)
})

test('whatever a rule says, a message fits MSG01 (264 characters) and begins with the answer', () =>
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), fc.array(fc.string({ maxLength: 90 })), (text, documents) => {
      const { message } = tell(required(aRule({ text, documents, reviewer: text })))
      assert.ok(message.length <= 264)
      assert.ok(message.startsWith('Prior authorization is required.'))
      const missing = [text, ...documents]
      assert.ok(
        tell({ ...conditional, answer: 'conditional', missing } as Determination).message.length <= 264,
      )
    }),
  ))
