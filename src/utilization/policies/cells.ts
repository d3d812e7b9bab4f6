import { evaluateExpressionSync, evaluateUnaryExpressionSync } from '@gorules/zen-engine'
import type { InputKind } from './model.ts'

/**
 * Values that a cell is tried with before it is published. The engine takes a cell that fails on a value for one that
 * does not match, so each cell must be able to answer about all of these.
 */
const SAMPLES: Readonly<Record<InputKind, readonly (number | string | readonly string[])[]>> = {
  number: [0, 1, -1, 14, 0.5, 1_000_000],
  text: ['', 'A', 'urgent', '12', 'A0428', 'X Y'],
  texts: [[], ['A'], ['', 'C50', '12']],
}

/** Words that a cell may use; anything else would be read as a name, find nothing and silently not match. */
const WORDS = new Set(
  `and or not in true false len startsWith endsWith contains some all none one abs floor ceil round upper lower trim`.split(
    ' ',
  ),
)

const LONGEST_CELL = 2000
const QUOTED = /"[^"\\]*"|'[^'\\]*'/g

/** @returns what is wrong with a cell that asks about an input of this kind; undefined when nothing is */
export function faultOfCondition(cell: string, kind: InputKind): string | undefined {
  if (cell.length > LONGEST_CELL) return `expected at most ${LONGEST_CELL} characters`
  const bare = cell.replaceAll(QUOTED, '""')
  const stranger = bare.match(/[A-Za-z_][\w]*/g)?.find((word) => !WORDS.has(word))
  if (stranger !== undefined)
    return `found the word ${stranger}, expected a text in quotes, $ or one of ${[...WORDS].join(', ')}`
  if (/["'`\\{}?;]/.test(bare.replaceAll('""', ''))) return 'found a sign that no condition needs'
  if (kind === 'number' && bare.includes('""')) return 'found a text, but the input is a number'
  if (kind === 'text' && !bare.includes('""') && !/[a-z]+\s*\(/.test(bare))
    return 'found no text in quotes, but the input is a text'
  for (const sample of SAMPLES[kind]) {
    const verdict = matches(cell, sample)
    if (verdict === undefined) return `cannot be evaluated for ${JSON.stringify(sample)}`
  }
  return undefined
}

/** @returns whether the cell holds for the value; undefined when the engine cannot say */
export function matches(cell: string, value: unknown): boolean | undefined {
  try {
    const verdict: unknown = evaluateUnaryExpressionSync(cell, { $: value })
    return typeof verdict === 'boolean' ? verdict : undefined
  } catch {
    return undefined
  }
}

/** @returns the text that an output cell stands for; undefined when it is anything but a text in quotes */
export function textOf(cell: string): string | undefined {
  if (cell.length > LONGEST_CELL || !/^\s*("[^"\\]*"|'[^'\\]*')\s*$/.test(cell)) return undefined
  try {
    const value: unknown = evaluateExpressionSync(cell, {})
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
