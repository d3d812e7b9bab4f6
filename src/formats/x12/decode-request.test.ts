import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeRequest } from './index.ts'

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
}

function expected(name: string): unknown {
  return JSON.parse(fixture(name))
}

for (const name of ['request-217-imaging', 'request-217-dependent', 'inquiry-215']) {
  test(`${name}.edi is read as ${name}.json says`, () => {
    const read = decodeRequest(fixture(`${name}.edi`))
    assert.ok(read.ok, JSON.stringify(read))
    assert.deepEqual(read.value, expected(`${name}.json`))
  })
}

test('a request that the model can hold whole is read without a note', () => {
  const read = decodeRequest(fixture('request-217-dependent.edi'))
  assert.ok(read.ok)
  assert.deepEqual(read.notes, [])
})

test('a value keeps the spaces at its start and loses those at its end', () => {
  const text = fixture('request-217-imaging.edi').replace('*MI*QF100200300', '*MI* QF1  ')
  const read = decodeRequest(text)
  assert.ok(read.ok)
  assert.ok(read.value.guide === '217')
  assert.equal(read.value.request.subscriber.memberId, ' QF1')
})

test('a component separator inside an element that is no composite is part of its value', () => {
  const read = decodeRequest(
    fixture('request-217-imaging.edi').replace('MSG*Stress test', 'MSG*Note: stress test'),
  )
  assert.ok(read.ok)
  assert.ok(read.value.guide === '217')
  assert.match(read.value.request.event.message ?? '', /^Note: stress test/)
})
