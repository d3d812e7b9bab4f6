import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../../kernel/problem.ts'
import { fingerprintOf, parseIdempotencyKey } from './index.ts'

const SHOWN = '8e03978e-40d5-43e8-bc93-6894a57f9324'

for (const [what, header, key] of [
  ['a quoted string', `"${SHOWN}"`, SHOWN],
  ['the same without quotes', SHOWN, SHOWN],
  ['white space around it', ` \t"${SHOWN}" `, SHOWN],
  ['escaped quotes and backslashes', String.raw`"a\"b\\c"`, String.raw`a"b\c`],
  ['spaces and commas within quotes', '"a, b"', 'a, b'],
  ['parameters, which mean nothing', `"${SHOWN}"; v=1;x;y="a;b"`, SHOWN],
  ['255 characters', 'k'.repeat(255), 'k'.repeat(255)],
] as const) {
  test(`an Idempotency-Key is read: ${what}`, () => {
    assert.equal(parseIdempotencyKey(header), key)
  })
}

test('a request without the header has no key', () => {
  assert.equal(parseIdempotencyKey(undefined), undefined)
})

for (const [what, header] of [
  ['empty', ''],
  ['blank', '  '],
  ['an empty string', '""'],
  ['longer than 255 characters', 'k'.repeat(256)],
  ['longer than 255 characters within quotes', `"${'k'.repeat(256)}"`],
  ['with a control character', '"a\u0007b"'],
  ['with a letter outside ASCII', 'schlüssel'],
  ['with a quote that does not end', '"abc'],
  ['with an escape of another character', String.raw`"a\bc"`],
  ['two quoted keys', '"a", "b"'],
  ['two bare keys', 'a, b'],
  ['with something after its end', '"a"b'],
] as const) {
  test(`an Idempotency-Key is refused: ${what}`, () => {
    assert.throws(
      () => parseIdempotencyKey(header),
      (error) => error instanceof Problem && error.code === 'request/invalid',
    )
  })
}

test('two headers are two keys', () => {
  assert.throws(() => parseIdempotencyKey(['a', 'b']), /more than one key/)
})

test('a refusal does not repeat the key, which may hold anything', () => {
  assert.throws(
    () => parseIdempotencyKey('Brambleworth, Ottoline'),
    (error) => error instanceof Problem && !JSON.stringify([error.detail, error.faults]).includes('Bramble'),
  )
})

test('a fingerprint tells body, query and scenario apart', () => {
  const body = (text: string) => new Uint8Array(Buffer.from(text))
  const prints = [
    fingerprintOf({ body: body('ab') }),
    fingerprintOf({ body: body('b'), query: 'a' }),
    fingerprintOf({ body: body('b'), scenario: 'a' }),
    fingerprintOf({ body: body(''), query: 'ab' }),
    fingerprintOf({ body: body(''), query: 'a', scenario: 'b' }),
    fingerprintOf({ body: body('ab '), query: '' }),
  ]
  assert.equal(new Set(prints.map((print) => Buffer.from(print).toString('hex'))).size, prints.length)
  assert.deepEqual(fingerprintOf({ body: body('ab') }), fingerprintOf({ body: body('ab'), query: '' }))
  assert.equal(prints[0]?.length, 32)
})
