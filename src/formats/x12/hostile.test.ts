// What is sent to break a reader. Each is answered with faults that say where and what, within the budget.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { edited, imaging, interchange, recounted } from '../../../test/support/interchanges.ts'
import { decodeInterchange, decodeRequest, USUAL_BUDGET } from './index.ts'

function faultsOf(text: string): readonly string[] {
  const read = decodeRequest(text)
  return read.ok ? [] : read.faults.map(({ at, message }) => `${at}: ${message}`)
}

/** Where a piece of a text begins, and the segment that it stands in, counted from the ISA. */
function placeOf(text: string, piece: string): string {
  const byte = text.indexOf(piece)
  assert.ok(byte >= 0, `there is no ${piece}`)
  return `segment ${text.slice(0, byte).split('~').length}, byte ${byte}`
}

/** A sample with so many levels more, each a service line under the event. */
function withLines(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => `HL*${index + 7}*4*SS*0~DTP*472*D8*20260312~`)
  return recounted(edited(imaging, 'SE*32*', `${lines.join('')}SE*32*`))
}

describe('hostile input', () => {
  test('cut off after any segment: each end that is missing is named, after the last segment there is', () => {
    const segments = imaging.split('~').slice(0, -1)
    const ends = [
      ['SE', 'the end of the transaction'],
      ['GE', 'the end of the group'],
      ['IEA', 'the end of the interchange'],
    ] as const
    for (let kept = 4; kept < segments.length; kept++) {
      const text = `${segments.slice(0, kept).join('~')}~`
      const last = segments[kept - 1] ?? ''
      const id = last.slice(0, last.indexOf('*'))
      const place = `${id}, segment ${kept}, byte ${text.length - last.length - 1}`
      const faults = faultsOf(text)
      for (const [end, what] of ends.slice(Math.max(0, kept - (segments.length - 3)))) {
        assert.ok(
          faults.includes(`${place}: expected ${end} (${what}) after this; it is missing`),
          `after ${kept} segments: ${end}\n${faults.join('\n')}`,
        )
      }
    }
  })

  test('cut off inside any segment: the text ends inside it, and the byte is that of the end', () => {
    const segments = imaging.split('~').slice(0, -1)
    for (let whole = 1; whole < segments.length; whole++) {
      const cut = `${segments[whole]}`.slice(0, 4)
      const text = `${segments.slice(0, whole).join('~')}~${cut}`
      const expected = `byte ${text.length}: the text ends inside segment ${whole + 1} ("${cut}"): no segment terminator`
      assert.ok(faultsOf(text).includes(expected), `${expected}\n${faultsOf(text).join('\n')}`)
    }
  })

  test('a segment of a megabyte: its place, its length and the most that is read, and nothing else', () => {
    const text = edited(imaging, 'MSG*Stress', `MSG*${'x'.repeat(1_000_000)}`)
    const length = text.slice(text.indexOf('MSG*')).indexOf('~')
    assert.deepEqual(faultsOf(text), [
      `MSG, ${placeOf(text, 'MSG*')}: the segment is ${length} characters long; at most 4000 are read`,
    ])
  })

  test('a segment of a million separators: as many elements are made as the budget has characters', () => {
    const text = edited(imaging, 'MSG*Stress', `MSG*${'*'.repeat(1_000_000)}`)
    const before = process.memoryUsage().heapUsed
    assert.match(faultsOf(text).join('\n'), /the segment is 10000\d\d characters long/)
    assert.ok(process.memoryUsage().heapUsed - before < 50e6)
  })

  test('10,000 levels: the one that is too many, and nothing of what follows from it', () => {
    const text = withLines(10_000)
    assert.deepEqual(faultsOf(text), [
      `HL, ${placeOf(text, `HL*${USUAL_BUDGET.levels + 1}*`)}: the transaction has more than ${USUAL_BUDGET.levels} levels (HL); none is read`,
    ])
  })

  test('as many levels as the budget allows are read', () => {
    const read = decodeRequest(withLines(900))
    assert.ok(read.ok && read.value.guide === '217')
    assert.equal(read.value.request.event.lines.length, 902)
  })

  test('100,000 segments in one transaction: the one that is too many', () => {
    const text = recounted(edited(imaging, 'SE*32*', `${'REF*XY*1~'.repeat(100_000)}SE*32*`))
    assert.match(
      faultsOf(text).join('\n'),
      /^REF, segment 20004, byte \d+: the transaction has more than 20000 segments; none is read$/,
    )
  })

  test('HLs that are each other’s parents: the first names an HL that is not before it', () => {
    const text = edited(edited(imaging, 'HL*5*4*SS', 'HL*5*6*SS'), 'HL*6*4*SS', 'HL*6*5*SS')
    const place = placeOf(text, '6*SS').replace(/segment \d+/, 'segment 27')
    assert.deepEqual(faultsOf(text), [
      `2000F/HL-02, ${place}: expected 4 (the patient event), found "6", which is no HL before this one`,
    ])
  })

  test('an HL that is its own parent is refused where it names itself', () => {
    const text = edited(imaging, 'HL*3*2*22', 'HL*3*3*22')
    assert.deepEqual(faultsOf(text), [
      `2000C/HL-02, ${placeOf(text, '3*22*1')}: expected 2 (the requester), found "3", which is no HL before this one`,
    ])
  })

  test('an HL whose parent does not exist is refused where it names it', () => {
    const text = edited(imaging, 'HL*4*3*EV', 'HL*4*77*EV')
    assert.deepEqual(faultsOf(text), [
      `2000E/HL-02, ${placeOf(text, '77*EV')}: expected 3 (the subscriber), found "77", which is no HL before this one`,
    ])
  })

  test('a missing SE is one fault, after the last segment of the transaction', () => {
    const text = edited(imaging, 'SE*32*0001~', '')
    assert.deepEqual(faultsOf(text), [
      `NM1, ${placeOf(text, 'NM1*FA*2*Millbrook')}: expected SE (the end of the transaction) after this; it is missing`,
    ])
  })

  test('a wrong count of groups is one fault, at IEA01', () => {
    const text = edited(imaging, 'IEA*1*', 'IEA*4*')
    assert.deepEqual(faultsOf(text), [
      `IEA-01, ${placeOf(text, '4*000004711')}: expected the count 1 (group); found "4"`,
    ])
  })

  test('a segment with other delimiters than the ISA says is refused where it begins', () => {
    const text = edited(imaging, 'REF*6P*GRP-7781~', 'REF|6P|GRP-7781~')
    assert.deepEqual(faultsOf(text), [
      `${placeOf(text, 'REF|6P')}: expected a segment id such as NM1, found "REF|6P|GRP-7781"`,
    ])
  })

  test('another terminator in the middle runs two segments into one: it has more elements than are read, and SE counts', () => {
    const text = edited(imaging, 'GRP-7781~DMG', 'GRP-7781\nDMG')
    assert.deepEqual(faultsOf(text), [
      `REF-02, ${placeOf(text, 'GRP-7781')}: found the control character U+000A inside a value`,
      `SE-01, ${placeOf(text, '32*0001').replace('segment 34', 'segment 33')}: expected the count 31 (segment, ST and SE counted); found "32"`,
    ])
  })

  test('a day that does not exist is refused where it stands, as 20230230', () => {
    const text = edited(imaging, '19581103', '20230230')
    assert.deepEqual(faultsOf(text), [
      `2010C/DMG-02, ${placeOf(text, '20230230')}: expected a day that exists, as CCYYMMDD, found "20230230"`,
    ])
  })

  test('an NPI whose check digit is wrong is noted where it stands, and read', () => {
    const text = edited(imaging, '1234567893', '1234567890')
    const read = decodeRequest(text)
    assert.ok(read.ok)
    assert.deepEqual(
      read.notes.map(({ at, message }) => `${at}: ${message}`),
      [`2010EA/NM1-09, ${placeOf(text, '1234567890')}: the check digit of the NPI 1234567890 is wrong`],
    )
  })

  test('a hundred thousand empty segments: a hundred faults, and how many there are more', () => {
    const faults = faultsOf(edited(imaging, 'HL*1*', `${'~'.repeat(100_000)}HL*1*`))
    assert.equal(faults.length, 101)
    assert.match(faults.at(-1) ?? '', /^: \d+ more faults are not listed; mend these first$/)
  })

  test('ten thousand groups without a transaction: each has its fault, and is counted', () => {
    const text = interchange(
      1,
      Array.from(
        { length: 10_000 },
        (_, index) => `GS*HI*A*B*20260302*1415*${index}*X*005010X217~GE*0*${index}~`,
      ),
    )
    const read = decodeInterchange(text)
    assert.ok(read.ok)
    assert.equal(read.value.groups.length, 10_000)
    assert.deepEqual(read.value.faults, [])
    assert.match(read.value.groups[0]?.faults[0]?.message ?? '', /expected ST \(the transaction\) after this/)
  })

  test('an ISA after an ISA after an ISA: each is answered for, and none is waited for', () => {
    const isa = imaging.slice(0, imaging.indexOf('GS*'))
    assert.match(faultsOf(isa.repeat(1000)).join('\n'), /expected GS \(the group\) after this/)
  })
})
