import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readCsv } from '../../kernel/csv.ts'
import { readRules } from './read.ts'

const HEADER =
  'code_system,code,code_until,modifiers,place,age_from,age_until,diagnosis,effective_from,effective_until,answer,text,source,documents'
const file = (...rows: readonly string[]) => [HEADER, ...rows].join('\n')
const row = (fields: Readonly<Record<string, string>> = {}) => {
  const whole: Readonly<Record<string, string>> = {
    code_system: 'HC',
    code: 'X1000',
    effective_from: '2026-01-01',
    answer: 'required',
    text: 'words',
    source: 'Manual',
    ...fields,
  }
  return HEADER.split(',')
    .map((name) => whole[name] ?? '')
    .join(',')
}
const faults = (text: string) => {
  const read = readRules(text)
  return read.ok ? [] : read.faults.map(({ at, message }) => `${at}: ${message}`)
}
const only = (text: string) => {
  const read = readRules(text)
  assert.ok(read.ok)
  assert.equal(read.value.length, 1)
  return read.value[0]
}

test('a row is read with everything that it names, and nothing that it does not', () =>
  assert.deepEqual(
    only(
      file(
        row({
          code: 'x1000',
          code_until: 'X1009',
          modifiers: 'rr| NU',
          place: '11|bill:21',
          age_from: '18',
          diagnosis: 'c34.3|M54',
          effective_until: '2026-12-31',
          documents: 'Chart notes | Order',
        }),
      ),
    ),
    {
      line: 2,
      procedure: { system: 'HC', code: 'X1000', until: 'X1009' },
      modifiers: ['RR', 'NU'],
      places: ['11', 'bill:21'],
      age: { from: 18, until: 130 },
      diagnoses: ['C343', 'M54'],
      effective: { from: '2026-01-01', until: '2026-12-31' },
      answer: 'required',
      documents: ['Chart notes', 'Order'],
      text: 'words',
      source: 'Manual',
    },
  ))

test('columns may stand in any order, and those not needed may be left out', () =>
  assert.equal(
    only('answer,source,text,effective_from\nnot-required,Manual,words,2026-01-01')?.answer,
    'not-required',
  ))

const WRONG: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['answer', { answer: 'maybe' }, 'found "maybe", expected required or not-required'],
  ['answer', { answer: '' }, 'found nothing, expected a value'],
  ['source', { source: '' }, 'found nothing, expected a value'],
  [
    'effective_from',
    { effective_from: '2026-02-30' },
    'found "2026-02-30", expected a day that exists, YYYY-MM-DD',
  ],
  ['effective_until', { effective_until: '2025-12-31' }, 'found "2025-12-31", expected 2026-01-01 or later'],
  ['code', { code: 'X-1' }, 'found "X-1", expected a code of 1 to 48 letters and digits'],
  ['code', { code: '' }, 'found nothing, expected a code of the list named'],
  ['code_system', { code_system: '' }, 'found nothing, expected the list of the code'],
  [
    'code_until',
    { code_until: 'X0999' },
    'found "X0999", expected a code as long as "X1000" that comes after it',
  ],
  [
    'code_until',
    { code_until: 'X10001' },
    'found "X10001", expected a code as long as "X1000" that comes after it',
  ],
  ['modifiers', { modifiers: 'ABC' }, 'found "ABC", expected modifiers of two signs, with | between them'],
  ['age_from', { age_from: '18y' }, 'found "18y", expected completed years, 0 to 130'],
  ['age_until', { age_from: '18', age_until: '17' }, 'found 17, expected 18 or more'],
  [
    'diagnosis',
    { diagnosis: '174.9' },
    'found "174.9", expected beginnings of ICD-10 codes, with | between them',
  ],
]

for (const [column, fields, message] of WRONG)
  test(`a rules file is refused at the column: ${column}, ${message}`, () =>
    assert.deepEqual(faults(file(row(fields))), [`line 2, column ${column}: ${message}`]))

test('all faults of a file are told at once, each with its line', () =>
  assert.deepEqual(
    faults(file(row({ answer: 'no', code: '!' }), row(), row({ source: '' }))).map(
      (fault) => fault.split(':')[0],
    ),
    ['line 2, column code', 'line 2, column answer', 'line 4, column source'],
  ))

test('a file that is wrong throughout tells a thousand faults and counts the rest', () => {
  const told = faults(file(...Array.from({ length: 1200 }, () => row({ answer: 'no' }))))
  assert.equal(told.length, 1001)
  assert.match(told.at(-1) ?? '', /200 more faults/)
})

test('a column that nobody knows, one named twice and one missing are each told', () =>
  assert.deepEqual(
    faults('answer,answer,text,effective_from,colour\n').map((fault) =>
      fault.slice('line 1, column '.length),
    ),
    [
      'colour: there is no column "colour"',
      'answer: the column is named twice',
      'source: the column is needed and not there',
    ],
  ))

test('a row with too few fields is told', () =>
  assert.deepEqual(faults(file('HC,X1000')), ['line 2: expected 14 fields, as in the first line, found 2']))

test('an empty file is refused', () =>
  assert.deepEqual(faults(''), ['line 1: expected a line that names the columns']))

test('rows that ask about the same and answer differently on the same day are refused', () =>
  assert.deepEqual(faults(file(row(), row({ answer: 'not-required', effective_from: '2026-06-01' }))), [
    'line 3, column answer: found not-required, but line 2 asks about the same and says required on 2026-06-01',
  ]))

test('rows that answer differently one after the other are no contradiction', () =>
  assert.deepEqual(
    faults(
      file(
        row({ effective_until: '2026-05-31' }),
        row({ answer: 'not-required', effective_from: '2026-06-01' }),
      ),
    ),
    [],
  ))

test('a field in quotes may hold commas, quotes and line ends, and lines are still counted (RFC 4180 section 2)', () => {
  const csv = readCsv('a,b\r\n"one, ""two""\r\nthree",x\r\ny,z')
  assert.deepEqual(csv.ok && csv.rows, [
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['one, "two"\r\nthree', 'x'] },
    { line: 4, fields: ['y', 'z'] },
  ])
})

test('a byte order mark and empty lines are passed over', () => {
  const csv = readCsv('\uFEFFa\n\n\nb\n')
  assert.deepEqual(csv.ok && csv.rows, [
    { line: 1, fields: ['a'] },
    { line: 4, fields: ['b'] },
  ])
})

for (const [name, text] of [
  ['never closed', 'a\n"b'],
  ['followed by text', 'a\n"b"c'],
  ['inside a field', 'a\nb"c'],
] as const)
  test(`a quote ${name} is refused at its line`, () => {
    const csv = readCsv(text)
    assert.equal(!csv.ok && csv.line, 2)
  })

test('what is written as CSV is read back', () => {
  const field = fc.string().map((text) => text.trim())
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
  fc.assert(
    fc.property(fc.array(fc.tuple(field, field), { minLength: 1 }), (rows) => {
      const csv = readCsv(rows.map((fields) => fields.map(quote).join(',')).join('\r\n'))
      assert.deepEqual(csv.ok && csv.rows.map(({ fields }) => fields), rows)
    }),
  )
})

test('any text at all is read or refused, without throwing', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof readRules(text).ok === 'boolean'))
  fc.assert(fc.property(fc.string(), (text) => typeof readRules(`${HEADER}\n${text}`).ok === 'boolean'))
})
