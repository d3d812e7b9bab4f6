import type { Cell, Row } from '../text/index.ts'
import { findRow, type LoopRule, type TransactionRule } from './rules.ts'

/** A loop to be written: its segments and the loops in it, in any order across rows, and without HL. */
export interface Draft {
  readonly id: string
  readonly segments: readonly Row[]
  readonly loops: readonly Draft[]
}

/**
 * Puts drafts into the order of a guide, and writes the HL of each level.
 *
 * The table decides what an interchange may carry: a segment or loop for which it has no row is left out, as an answer
 * leaves out the requester's address. Rows that share a place keep the order they were given in.
 *
 * @returns the segments between ST and SE, both excluded
 */
export function layOut(table: TransactionRule, draft: Draft): readonly Row[] {
  let lastNumber = 0
  const writeLoop = (rule: LoopRule, loop: Draft, parent: string | undefined): Row[] => {
    const inner = rule.loops.flatMap((innerRule) =>
      loop.loops
        .filter((candidate) => candidate.id === innerRule.id)
        .map((found) => [innerRule, found] as const),
    )
    const number = rule.level === undefined ? parent : String(++lastNumber)
    const hasChildren = inner.some(([innerRule]) => innerRule.level !== undefined)
    const hl: Row[] =
      rule.level === undefined ? [] : [['HL', number, parent, rule.level, hasChildren ? '1' : '0']]
    return [
      ...hl,
      ...inOrder(rule, loop.segments),
      ...inner.flatMap(([innerRule, found]) => writeLoop(innerRule, found, number)),
    ]
  }
  return writeLoop(table.body, draft, undefined)
}

function inOrder(rule: LoopRule, segments: readonly Row[]): readonly Row[] {
  return segments
    .map((row) => ({ row, place: findRow(rule, row[0], qualifierOf(row[1])) }))
    .filter(({ place }) => place >= 0)
    .sort((one, other) => one.place - other.place)
    .map(({ row }) => row)
}

function qualifierOf(cell: Cell): string | undefined {
  return typeof cell === 'string' ? cell : undefined
}
