import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { withValue } from '../../../test/support/json-pointer.ts'
import everything from './fixtures/submission-everything.json' with { type: 'json' }
import { decodeInquiry, decodeSubmission } from './index.ts'

const pointers = allPointers(everything)

test('any JSON at all is read or refused, and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      assert.equal(typeof decodeSubmission(value).ok, 'boolean')
      assert.equal(typeof decodeInquiry(value).ok, 'boolean')
    }),
    { numRuns: 500, seed: 1 },
  )
})

test('any JSON in the place of any field is read or refused, and never throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...pointers), fc.jsonValue({ maxDepth: 3 }), (at, value) => {
      const document = withValue(everything, at, value)
      assert.equal(typeof decodeSubmission(document).ok, 'boolean')
      assert.equal(typeof decodeInquiry(document).ok, 'boolean')
    }),
    { numRuns: 1000, seed: 1 },
  )
})

test('a faulty field is refused where it stands, or beside it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...pointers), fc.constantFrom(17.5, true, 'A\u0001B'), (at, value) => {
      const result = decodeSubmission(withValue(everything, at, value))
      if (result.ok) return
      const parent = at.slice(0, at.lastIndexOf('/'))
      assert.ok(result.faults.some((fault) => fault.at.startsWith(parent)))
    }),
    { numRuns: 500, seed: 1 },
  )
})

for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
  test(`the key ${key} is an unknown field like any other`, () => {
    const document: unknown = JSON.parse(
      JSON.stringify(everything).replace('{', `{${JSON.stringify(key)}: {"senderId": "X", "polluted": "Y"},`),
    )
    const result = decodeSubmission(document)
    assert.ok(result.ok)
    assert.deepEqual(
      result.notes.map((note) => note.at),
      [`/${key}`],
    )
    assert.equal(({} as Record<string, unknown>).polluted, undefined)
  })
}

test('fields that an object inherits are not sent', () => {
  const document: unknown = Object.create(everything)
  assert.equal(decodeSubmission(document).ok, false)
})

test('an unknown key is told short and printable', () => {
  const result = decodeSubmission({ ...everything, [`a/b~c\u0000\ud800${'x'.repeat(500)}`]: '' })
  assert.ok(result.ok)
  assert.equal(result.notes[0]?.at, `/a~1b~0c\ufffd\ufffd${'x'.repeat(57)}…`)
})

test('a hundred thousand faults cost little and list a hundred', () => {
  const lines = Array.from({ length: 999 }, () => ({
    professionalService: Object.fromEntries(
      ['procedureCode', 'serviceUnitCount'].map((field) => [field, true]),
    ),
    ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`unknown${i}`, 1])),
  }))
  const result = decodeSubmission(withValue(everything, '/patientEventDetail/serviceLevel', lines))
  assert.ok(!result.ok)
  assert.equal(result.faults.length, 101)
})

function allPointers(value: unknown, at = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [at]
  const below = Object.entries(value).flatMap(([key, inner]) => allPointers(inner, `${at}/${key}`))
  return at === '' ? below : [at, ...below]
}
