import assert from 'node:assert/strict'
import { test } from 'node:test'
import { preparedNames } from './prepared.ts'

const use = (names: ReturnType<typeof preparedNames>, times: number, plan: string, statement: string) =>
  Array.from({ length: times }, () => names.nameFor(plan, statement))

test('a statement gets a name when it comes for the third time, and keeps it', () => {
  assert.deepEqual(use(preparedNames(), 4, 'sandbox.tenant', 'select 1'), [
    undefined,
    undefined,
    'cs_0',
    'cs_0',
  ])
})

test('the same statement under another schema or role is another plan', () => {
  const names = preparedNames()
  const [tenant] = use(names, 3, 'sandbox.tenant', 'select 1').slice(-1)
  const [staff] = use(names, 3, 'sandbox.staff', 'select 1').slice(-1)
  assert.notEqual(tenant, staff)
})

test('statements that never come again cost no names', () => {
  const names = preparedNames()
  for (let i = 0; i < 20_000; i++) assert.equal(names.nameFor('p', `select ${i}`), undefined)
})

test('there are never more than 400 names', () => {
  const names = preparedNames()
  const given = new Set<string | undefined>()
  for (let i = 0; i < 1_000; i++) for (const name of use(names, 3, 'p', `select ${i}`)) given.add(name)
  given.delete(undefined)
  assert.equal(given.size, 400)
})
