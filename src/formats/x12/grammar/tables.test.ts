import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tableOf } from './index.ts'
import type { LoopRule } from './rules.ts'

function loopsIn(loop: LoopRule): readonly LoopRule[] {
  return [loop, ...loop.loops.flatMap(loopsIn)]
}

/** Every segment and qualifier that a loop takes itself, or that opens a loop in it. */
function signatures(loop: LoopRule): readonly string[] {
  const openers = loop.loops.flatMap(({ level, segments }) =>
    level === undefined ? segments.slice(0, 1) : [],
  )
  const own = loop.segments.filter((rule) => rule.id !== 'NM1')
  return [...own, ...openers].flatMap(({ id, qualifiers }) =>
    (qualifiers ?? ['any']).map((one) => `${id}*${one}`),
  )
}

for (const guide of ['217', '215', '216'] as const) {
  for (const direction of ['request', 'answer'] as const) {
    const table = tableOf(guide, direction)
    describe(`the table of 005010X${guide}, ${direction}`, () => {
      test('has the levels of the hierarchy, each under its parent', () => {
        const under = new Map<string, readonly (string | undefined)[]>()
        for (const loop of new Set(loopsIn(table.body))) {
          for (const { id, level } of loop.loops)
            if (level !== undefined) under.set(id, [...(under.get(id) ?? []), loop.id])
        }
        assert.deepEqual([...under].toSorted(), [
          ['2000A', ['278']],
          ['2000B', ['2000A']],
          ['2000C', ['2000B']],
          ['2000D', ['2000C']],
          ['2000E', ['2000D', '2000C'].toSorted((one) => (one === '2000C' ? -1 : 1))],
          ['2000F', ['2000E']],
        ])
      })

      test('leaves no doubt where a segment belongs', () => {
        for (const loop of loopsIn(table.body)) {
          const all = signatures(loop)
          assert.equal(new Set(all).size, all.length, `${loop.id}: ${all.join(' ')}`)
        }
      })

      test('opens every loop outside the hierarchy with a segment that must be there', () => {
        for (const loop of loopsIn(table.body)) {
          if (loop.level === undefined) assert.ok(loop.segments[0]?.isRequired, loop.id)
        }
      })

      test('says of every row and loop what it is for', () => {
        for (const loop of loopsIn(table.body)) {
          assert.ok(loop.meaning !== '' && loop.segments.every(({ meaning }) => meaning !== ''), loop.id)
        }
      })

      test('puts AAA in every loop of an answer that can be rejected, and in none of a request', () => {
        const holders = [...new Set(loopsIn(table.body))].filter(({ segments }) =>
          segments.some(({ id }) => id === 'AAA'),
        )
        const ids = [...new Set(holders.map(({ id }) => id))].toSorted()
        const expected = [
          '2000A',
          '2000E',
          '2000F',
          '2010A',
          '2010B',
          '2010C',
          '2010D',
          '2010EA',
          '2010EC',
          '2010F',
        ]
        assert.deepEqual(ids, direction === 'answer' ? expected : [])
      })
    })
  }
}
