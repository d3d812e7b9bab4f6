import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letGo } from './undo.ts'

test('what was taken last is let go of first', async () => {
  const gone: string[] = []
  await letGo([() => gone.push('lock'), async () => gone.push('database'), () => gone.push('listener')])
  assert.deepEqual(gone, ['listener', 'database', 'lock'])
})

test('what cannot be let go of keeps nothing else, and is told of at the end', async () => {
  const gone: string[] = []
  const stuck = () => Promise.reject(new Error('stuck'))
  await assert.rejects(letGo([() => gone.push('lock'), stuck, () => gone.push('listener')]), /^Error: stuck$/)
  assert.deepEqual(gone, ['listener', 'lock'])
})

test('several failures are told of together', async () => {
  const fail = (what: string) => () => Promise.reject(new Error(what))
  await assert.rejects(letGo([fail('one'), fail('two')]), /^AggregateError: two; one$/)
})
