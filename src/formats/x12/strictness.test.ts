import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { admission, edited, imaging, recounted } from '../../../test/support/interchanges.ts'
import { decodeInterchange, decodeRequest } from './index.ts'

/** What is wrong, by which edit of a sample, and the place and rule of the one fault that strict reading makes of it. */
type Case = readonly [what: string, sample: string, from: string, to: string, at: string, rule: RegExp]

const cases: readonly Case[] = [
  [
    'a password that is announced as absent',
    imaging,
    'ISA*00*          ',
    'ISA*00*4444      ',
    'ISA-02',
    /^X12\.5, ISA01/,
  ],
  [
    'a qualifier that health care does not use',
    imaging,
    '*ZZ*LARKSPUR',
    '*12*LARKSPUR',
    'ISA-05',
    /ISA05 and ISA07/,
  ],
  ['a date of the ISA that is none', imaging, '*260302*', '*0623  *', 'ISA-09', /^X12\.5, ISA09/],
  ['a time of the ISA that is none', imaging, '*1415*^', '*14  *^', 'ISA-10', /^X12\.5, ISA10/],
  ['a repetition separator that cannot be one', imaging, '*^*', '*U*', 'ISA-11', /^X12\.5, ISA11/],
  ['an ISA14 that is neither 0 nor 1', imaging, '*0*T*', '*7*T*', 'ISA-14', /^X12\.5, ISA14/],
  [
    'a date of the GS that is none',
    imaging,
    '*QUILLFEATHER*20260302*',
    '*QUILLFEATHER*260302*',
    'GS-04',
    /^X12\.5, GS04/,
  ],
  ['another agency', imaging, '*4711*X*', '*4711*T*', 'GS-07', /GS07/],
  ['a guide that ST leaves out', imaging, '0001*005010X217', '0001', 'ST-03', /ST03/],
  ['an HL number that skips', imaging, 'HL*6*4', 'HL*8*4', '2000F/HL-01', /HL01/],
  ['a service line under its neighbour', imaging, 'HL*6*4', 'HL*6*5', '2000F/HL-02', /HL02/],
  ['an HL04 that denies its children', imaging, 'HL*4*3*EV*1', 'HL*4*3*EV*0', '2000E/HL-04', /HL04/],
  [
    'segments out of the order of the guide',
    imaging,
    'N3*12 Heron Street*Suite 4~N4*Millbrook*NY*12545~',
    'N4*Millbrook*NY*12545~N3*12 Heron Street*Suite 4~',
    '2010B/N3',
    /^X12\.6, sequence/,
  ],
  [
    'a number of a kind that the guide does not have there',
    imaging,
    'REF*6P',
    'REF*XY*1~REF*6P',
    '2010C/REF-01',
    /REF01/,
  ],
  [
    'separators after the last value',
    admission,
    '*20140619*M~',
    '*20140619*M***~',
    'DMG',
    /^X12\.6, suppression/,
  ],
]

describe('strictly read', () => {
  for (const [what, sample, from, to, at, rule] of cases) {
    test(`${what} is a fault, which names its rule; tolerantly read it is none`, () => {
      const text = recounted(edited(sample, from, to))
      assert.ok(decodeRequest(text).ok)
      const strict = decodeRequest(text, { strictness: 'strict' })
      assert.ok(!strict.ok)
      assert.deepEqual(
        strict.faults.map((fault) => fault.at.split(',')[0]),
        [at],
      )
      assert.match(strict.faults[0]?.rule ?? '', rule)
    })
  }

  test('a document that keeps every rule is read as ever', () => {
    assert.deepEqual(decodeRequest(imaging, { strictness: 'strict' }), decodeRequest(imaging))
  })

  test('what breaks no rule of syntax stays a note: names that differ, what is not read', () => {
    const read = decodeRequest(edited(imaging, 'GS*HI*LARKSPUR', 'GS*HI*LARK'), { strictness: 'strict' })
    assert.ok(read.ok)
    assert.match(read.notes[0]?.message ?? '', /is another name than in ISA-06/)
  })

  test('faults of either strictness name their rules too: counts, numbers, codes, dates', () => {
    const text = edited(edited(imaging, 'SE*32*', 'SE*33*'), '*19581103*F~', '*20230230*Q~')
    const read = decodeRequest(text, { strictness: 'strict' })
    assert.ok(!read.ok)
    assert.deepEqual(
      read.faults.map(({ at, rule }) => [at.split(',')[0], rule?.split(':')[0]]),
      [
        ['2010C/DMG-02', 'X12.6, dates'],
        ['2010C/DMG-03', 'the guide, the elements of this segment'],
        ['SE-01', 'X12.5 and X12.6, trailers'],
      ],
    )
  })

  test('an interchange of many transactions is held to the same rules', () => {
    const read = decodeInterchange(edited(imaging, 'HL*6*4', 'HL*8*4'), { strictness: 'strict' })
    assert.ok(read.ok)
    const [one] = read.value.groups[0]?.transactions ?? []
    assert.ok(one && !one.result.ok)
    assert.match(one.result.faults[0]?.rule ?? '', /HL01/)
  })
})
