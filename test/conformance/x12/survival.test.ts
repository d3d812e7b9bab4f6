import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeAnswer,
  decodeInterchange,
  decodeRequest,
  decodeStream,
} from '../../../src/formats/x12/index.ts'

const folder = join(import.meta.dirname, '../../../src/formats/x12/fixtures')
const samples = readdirSync(folder)
  .filter((file) => file.endsWith('.edi'))
  .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\n', ''))

/** What came back is a value with notes, or faults of which each says something. */
function isSpoken(read: ReturnType<typeof decodeRequest> | ReturnType<typeof decodeAnswer>): boolean {
  return read.ok || (read.faults.length > 0 && read.faults.every(({ message }) => message.length > 0))
}

test('any text at all is answered with faults, never with an exception', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }).map((rest) => `ISA${rest}`),
      ),
      (text) => {
        assert.ok(isSpoken(decodeRequest(text)))
        assert.ok(isSpoken(decodeAnswer(text)))
      },
    ),
    { numRuns: 500 },
  )
})

test('a sample cut off anywhere before its end has faults', () => {
  for (const text of samples) {
    for (let length = 0; length < text.length; length += 7) {
      const cut = text.slice(0, length)
      assert.ok(!decodeRequest(cut).ok && !decodeAnswer(cut).ok, `cut at ${length}`)
    }
  }
})

const piece = fc.oneof(
  fc.constantFrom(
    '*',
    '~',
    ':',
    '^',
    'HL',
    'NM1',
    'REF',
    'ISA',
    'IEA',
    'SE*1*1~',
    'HL*9*9*EV*1~',
    '\u0000',
    '\ufffd',
    '\n',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)

test('a sample with pieces struck out and others put in never makes reading throw', () => {
  const cuts = fc.array(
    fc.record({ where: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(30), piece }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  fc.assert(
    fc.property(fc.constantFrom(...samples), cuts, (sample, edits) => {
      let text = sample
      for (const { where, length, piece: added } of edits) {
        const from = Math.floor(where * text.length)
        text = text.slice(0, from) + added + text.slice(from + length)
      }
      assert.ok(isSpoken(decodeRequest(text)))
      assert.ok(isSpoken(decodeAnswer(text)))
    }),
    { numRuns: 1500 },
  )
})

test('a sample whose segments are dropped, doubled or moved never makes reading throw', () => {
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.array(fc.nat(60), { maxLength: 8 }), (sample, moves) => {
      const segments = sample.split('~')
      for (const move of moves) {
        const [taken = ''] = segments.splice(move % segments.length, 1)
        if (move % 3 !== 0)
          segments.splice((move * 7) % (segments.length + 1), 0, taken, ...(move % 2 ? [taken] : []))
      }
      const text = segments.join('~')
      assert.ok(isSpoken(decodeRequest(text)))
      assert.ok(isSpoken(decodeAnswer(text)))
    }),
    { numRuns: 1000 },
  )
})

test('a hostile document gets at most a hundred faults, and is told how many more there are', () => {
  const [sample = ''] = samples
  const read = decodeRequest(sample.replace('HL*1*', `${'ZZZ~'.repeat(5000)}HL*1*`))
  assert.ok(!read.ok)
  assert.equal(read.faults.length, 101)
  assert.match(read.faults.at(-1)?.message ?? '', /^\d+ more faults/)
})

test('any bytes at all, cut anywhere, are answered with events, never with an exception', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.uint8Array({ maxLength: 200 }).map((rest) => Uint8Array.from([...Buffer.from('ISA*00*'), ...rest])),
    fc
      .tuple(fc.constantFrom(...samples), fc.nat(1500), fc.uint8Array({ maxLength: 20 }))
      .map(([sample, at, put]) =>
        Uint8Array.from([...Buffer.from(sample.slice(0, at)), ...put, ...Buffer.from(sample.slice(at))]),
      ),
  )
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 200 }), async (all, size) => {
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
        all.subarray(index * size, (index + 1) * size),
      )
      const events = await Array.fromAsync(decodeStream(pieces))
      assert.ok(events.length > 0)
      const decoded = decodeInterchange(new TextDecoder().decode(all))
      assert.ok(decoded.ok || decoded.faults.length > 0)
    }),
    { numRuns: 500 },
  )
})
