import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '../../kernel/problem.ts'
import { readJson } from './json.ts'
import { jsonFaults } from './json-fault.ts'

function refusalOf(body: string | Uint8Array): Problem {
  try {
    readJson(Buffer.from(body as Uint8Array))
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('was read')
}

test('what JSON.stringify writes is read as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const text = JSON.stringify(value)
      if (text.includes('"__proto__"')) return
      assert.deepEqual(readJson(Buffer.from(text)), JSON.parse(text))
    }),
    { numRuns: 50 },
  )
})

test('any bytes at all are read, or refused with a problem', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        readJson(Buffer.from(bytes))
      } catch (error) {
        assert.ok(error instanceof Problem)
      }
    }),
  )
})

test('a text that JSON.parse refuses has a fault of syntax, and one that it takes has none', () => {
  const token = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '1',
    '-',
    '0.5',
    'true',
    'nul',
    ' ',
    '\n',
    '"',
    '\\',
    'é',
  )
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
      const text = tokens.join('')
      const isJson = (() => {
        try {
          JSON.parse(text)
          return true
        } catch {
          return false
        }
      })()
      const syntax = jsonFaults(text).filter(({ pointer }) => pointer === undefined)
      assert.equal(syntax.length, isJson ? 0 : 1, text)
    }),
    { numRuns: 2_000 },
  )
})

for (const [text, place, expected] of [
  ['{"a": 1,}', 'line 1, column 9 (byte 8)', 'expected a name in double quotes'],
  ['{\n  "a": tru\n}', 'line 2, column 8 (byte 9)', 'expected a value'],
  ['{"é": 1 "b"}', 'line 1, column 9 (byte 9)', 'expected "," or "}"'],
  ['[1, 2', 'line 1, column 6 (byte 5)', 'expected "," or "]"'],
  ['"abc', 'line 1, column 5 (byte 4)', 'expected the closing quote of a string'],
  ['"a\tb"', 'line 1, column 3 (byte 2)', 'expected no control character within a string; escape it'],
  ['1 2', 'line 1, column 3 (byte 2)', 'expected the end of the document'],
  ['{"a" 1}', 'line 1, column 6 (byte 5)', 'expected ":"'],
] as const) {
  test(`of ${JSON.stringify(text)} it is said: ${expected}, at ${place}`, () => {
    const { code, detail, faults } = refusalOf(text)
    assert.equal(code, 'request/unreadable')
    assert.deepEqual(faults, [{ at: place, message: expected }])
    assert.equal(detail, `The body is not JSON: at ${place}, ${expected}.`)
  })
}

test('what is said of a bad document does not quote it', () => {
  const { detail, faults, cause } = refusalOf('{"memberId": Winterbourne}')
  assert.doesNotMatch(JSON.stringify({ detail, faults, cause }), /memberId|Winterbourne/)
})

for (const [name, bytes, offset] of [
  ['a byte that begins nothing', [0x22, 0x61, 0xff, 0x22], 2],
  ['an overlong spelling', [0x22, 0xc0, 0xaf, 0x22], 1],
  ['half of a surrogate pair', [0x22, 0xed, 0xa0, 0x80, 0x22], 1],
  ['a character that is cut off by the end', [0x22, 0xe2, 0x82], 1],
  ['a Latin-1 letter after a UTF-8 one', [0x22, 0xc3, 0xa9, 0xe9, 0x22], 3],
] as const) {
  test(`${name} is refused at its byte offset (RFC 8259 section 8.1)`, () => {
    const { code, faults } = refusalOf(Uint8Array.from(bytes))
    assert.equal(code, 'request/unreadable')
    assert.equal(faults[0]?.at, `byte ${offset}`)
  })
}

test('an empty body is refused as such', () => {
  assert.match(refusalOf('').detail, /The body is empty/)
})

test('a byte order mark is passed over (RFC 8259 section 8.1)', () => {
  assert.deepEqual(readJson(Buffer.from('\ufeff{"a":1}')), { a: 1 })
})

test('a name that stands twice in an object is refused, by its pointer and its place (RFC 7493 section 2.3)', () => {
  const { code, faults } = refusalOf('{"a": {"b/c": 1,\n "b\\/c": 2}}')
  assert.equal(code, 'request/unreadable')
  assert.deepEqual(faults, [
    { at: '/a/b~1c', message: 'the name stands in this object already (line 2, column 2 (byte 18))' },
  ])
})

test('the same name in two objects is fine', () => {
  assert.deepEqual(readJson(Buffer.from('[{"a":1},{"a":{"a":"a:a"}}]')), [{ a: 1 }, { a: { a: 'a:a' } }])
})

test('a member named __proto__ is refused, however it is spelled', () => {
  assert.match(refusalOf('{"\\u005f_proto__": {}}').detail, /__proto__/)
})

test('64 levels are read, and the 65th is refused at its place', () => {
  readJson(Buffer.from('['.repeat(64) + ']'.repeat(64)))
  assert.match(refusalOf('['.repeat(65) + ']'.repeat(65)).faults[0]?.at ?? '', /column 65/)
})

test('a million brackets are refused without exhausting the call stack', () => {
  assert.equal(refusalOf('['.repeat(1_000_000)).code, 'request/unreadable')
})
