import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { USUAL_BUDGET } from './budget.ts'
import { spell } from './characters.ts'
import type { Delimiters } from './delimiters.ts'
import type { Row } from './segment.ts'
import { Cutter } from './tokenize.ts'
import { writeSegments } from './write.ts'

const pad = (width: number) => ' '.repeat(width)
const isa: Row = [
  'ISA', '00', pad(10), '00', pad(10), 'ZZ', pad(15), 'ZZ', pad(15), '260302', '1415', '', '00501', '000000001', '0', 'T', '',
] // biome-ignore format: a header reads best as it is sent

function written(...rows: readonly Row[]) {
  const text = writeSegments([isa, ...rows])
  const segments: (readonly string[])[] = []
  let delimiters: Delimiters | undefined
  const refuse = () => assert.fail(text)
  const cutter = new Cutter(
    {
      header: (_, found) => {
        delimiters = found
      },
      segment: ({ elements }) => segments.push(elements),
      stray: refuse,
      cutOff: refuse,
      cutOffInHeader: refuse,
    },
    USUAL_BUDGET,
  )
  cutter.push(text)
  cutter.end()
  assert.ok(delimiters)
  return { text, delimiters, segments }
}

describe('delimiters', () => {
  test('are the usual ones while no value holds one of them', () => {
    assert.deepEqual(written(['MSG', 'plain words']).delimiters, {
      element: '*',
      component: ':',
      repetition: '^',
      segment: '~',
    })
  })

  test('step aside for a value, which travels as it is', () => {
    const { segments, delimiters } = written(['MSG', 'see https://plan.example/a*b~c^d'])
    assert.deepEqual(segments, [['MSG', 'see https://plan.example/a*b~c^d']])
    assert.equal(new Set(Object.values(delimiters)).size, 4)
  })

  test('only the one that stands in the way steps aside', () => {
    const { delimiters } = written(['MSG', 'at 14:15'])
    assert.deepEqual([delimiters.element, delimiters.segment, delimiters.repetition], ['*', '~', '^'])
    assert.equal(delimiters.component, '|')
  })

  test('stay when every stand-in occurs too, and then a space takes their place in values', () => {
    const { segments } = written(['MSG', 'all of *:^~|><\\{}[]#$!; at once'])
    assert.deepEqual(segments, [['MSG', 'all of     |><\\{}[]#$!; at once']])
  })

  test('no value at all breaks the interchange: as many segments and elements are read as were written', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 40 })
    fc.assert(
      fc.property(fc.array(fc.tuple(anything, anything), { minLength: 1, maxLength: 5 }), (pairs) => {
        const { segments } = written(...pairs.map(([one, other]): Row => ['MSG', `x${one}`, `y${other}`]))
        assert.deepEqual(
          segments.map((elements) => elements.length),
          pairs.map(() => 3),
        )
      }),
    )
  })
})

describe('segments', () => {
  test('end with their last value: absent elements and components after it are not written', () => {
    assert.match(written(['NM1', 'IL', '1', undefined, undefined]).text, /NM1\*IL\*1~$/)
    assert.match(
      written(['SV1', ['HC', '78452', undefined, undefined], undefined, 'UN', '1']).text,
      /SV1\*HC:78452\*\*UN\*1~$/,
    )
  })
})

describe('spelling a value', () => {
  test('leaves printable ASCII and accented letters of the extended set as they are', () => {
    for (const value of ["O'Neill-Ñuñez & Søn (2)", 'François Müller', '@#$%'])
      assert.equal(spell(value), value)
  })

  test('turns typographic marks into plain ones', () => {
    assert.equal(spell('“Don’t wait” – call…'), '"Don\'t wait" - call...')
  })

  test('takes accents that X12 does not have off their letters', () => {
    assert.equal(spell('Dvořák Łukasz'), 'Dvorák Lukasz')
  })

  test('turns control characters into spaces, and what cannot be spelled into question marks', () => {
    assert.equal(spell('two\nlines\u0007 李'), 'two lines  ?')
  })

  test('drops spaces at the end, which X12 does not count, and keeps those at the start, which it does', () => {
    assert.equal(spell(' U123  '), ' U123')
  })
})
