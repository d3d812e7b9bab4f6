import type { Place } from '../reading/index.ts'
import { type Findings, quote, RULES, SegmentReader } from '../reading/index.ts'
import type { Delimiters } from '../text/index.ts'
import { isDigits, isSegmentId, type Segment } from '../text/index.ts'
import { type LoopPlan, matchIn, planOf, type TransactionPlan } from './plan.ts'
import { type LoopRule, type SegmentRule, spellRow, type TransactionRule } from './rules.ts'

/** A loop as found: its segments in the order of the text, without its HL, and the loops in it. */
export interface Loop {
  readonly rule: LoopRule
  readonly segments: readonly SegmentReader[]
  readonly loops: readonly Loop[]
}

/**
 * Sorts the segments of a transaction into the loops of its guide.
 *
 * A segment goes to the innermost open loop that has a row for it, or that holds a loop which it opens; a non-HL segment
 * never leaves the hierarchical level it stands in. Tolerated and noted: segments out of the guide's order, HL numbers that
 * repeat or skip, a service line that names another service line as its parent, and a wrong HL04. Everything else that
 * the table does not foresee is a fault.
 *
 * @param body the segments between ST and SE, both excluded
 */
export function walk(
  table: TransactionRule,
  body: readonly Segment[],
  delimiters: Delimiters,
  findings: Findings,
): Loop {
  const walker = new Walker(table, delimiters, findings)
  for (const segment of body) walker.take(segment)
  return walker.finish()
}

/** The first loop with this id, wherever it stands. */
export function findLoop(loop: Loop, id: string): Loop | undefined {
  if (loop.rule.id === id) return loop
  for (const inner of loop.loops) {
    const found = findLoop(inner, id)
    if (found !== undefined) return found
  }
  return undefined
}

/** The loops with this id that stand directly in a loop. */
export function loopsOf(loop: Loop | undefined, id: string): readonly Loop[] {
  if (loop === undefined) return NONE
  let found: Loop[] | undefined
  for (const inner of loop.loops) {
    if (inner.rule.id !== id) continue
    if (found === undefined) found = [inner]
    else found.push(inner)
  }
  return found ?? NONE
}

/** The segments of a loop with this id, and with this element 01 when one is given. */
export function segmentsOf(loop: Loop | undefined, id: string): readonly SegmentReader[] {
  if (loop === undefined) return NONE
  let found: SegmentReader[] | undefined
  for (const reader of loop.segments) {
    if (reader.segment.id !== id) continue
    if (found === undefined) found = [reader]
    else found.push(reader)
  }
  return found ?? NONE
}

/** The first segment of a loop with this id, and with this element 01 when one is given. */
export function segmentOf(loop: Loop | undefined, id: string, qualifier?: string): SegmentReader | undefined {
  if (loop === undefined) return undefined
  for (const reader of loop.segments) {
    const { segment } = reader
    if (segment.id === id && (qualifier === undefined || segment.elements[1] === qualifier)) return reader
  }
  return undefined
}

/** Calls `visit` with every segment in a loop and in the loops in it. */
export function eachSegment(loop: Loop, visit: (segment: SegmentReader) => void): void {
  for (const segment of loop.segments) visit(segment)
  for (const inner of loop.loops) eachSegment(inner, visit)
}

const NONE: readonly never[] = []

/** A loop that may still grow. */
interface OpenLoop extends Loop {
  readonly plan: LoopPlan
  readonly segments: SegmentReader[]
  readonly loops: OpenLoop[]
  /** Where it began, for what is said about it as a whole. */
  readonly start: SegmentReader | undefined
  /** HL01, for a loop of the hierarchy. */
  readonly number: string | undefined
  /** The furthest row of the table that was seen. */
  row: number
  /** Whether a loop of the hierarchy stands in it. */
  hasLevels: boolean
  /** How often each row, and then each loop, of the table was seen in it. */
  readonly counts: number[]
}

/** What may follow an NM1 in its loop: swallowed after an NM1 that the guide does not know, which was fault enough. */
const FOLLOWERS = new Set(['N2', 'N3', 'N4', 'REF', 'PER', 'PRV', 'AAA', 'DMG', 'INS', 'DTP'])

class Walker {
  readonly #plan: TransactionPlan
  readonly #delimiters: Delimiters
  readonly #findings: Findings
  readonly #root: OpenLoop
  /** From the transaction to the innermost open loop, which is at `#depth`; what comes after that is closed. */
  readonly #open: OpenLoop[]
  #depth = 0
  readonly #byNumber = new Map<string, OpenLoop>()
  #lastNumber = 0
  /** Levels under one that was not known would all seem misplaced; that one was fault enough. */
  #missesLevel = false
  #skipping: ReadonlySet<string> | 'to the next HL' | undefined

  constructor(table: TransactionRule, delimiters: Delimiters, findings: Findings) {
    this.#plan = planOf(table)
    this.#delimiters = delimiters
    this.#findings = findings
    this.#root = openLoop(this.#plan.root, undefined, undefined)
    this.#open = [this.#root]
  }

  take(segment: Segment): void {
    if (segment.id === 'HL') {
      this.#openLevel(segment)
    } else if (
      isSegmentId(segment.id) &&
      this.#skipping !== 'to the next HL' &&
      !this.#skipping?.has(segment.id)
    ) {
      this.#skipping = undefined
      this.#place(segment)
    }
  }

  finish(): Loop {
    this.#reportAbsent(this.#root)
    return this.#root
  }

  #openLevel(segment: Segment): void {
    this.#skipping = undefined
    const code = segment.elements[3] ?? ''
    const misplaced = this.#plan.levels.get(code)
    if (misplaced === undefined) {
      this.#reportLevel(segment, code)
      this.#skipping = 'to the next HL'
      this.#missesLevel = true
      return
    }
    const { rule } = misplaced
    const hl = this.#reader(segment, rule.id)
    const number = hl.text(1) ?? ''
    let plan: LoopPlan | undefined
    let depth = this.#depth + 1
    while (plan === undefined && depth > 0) plan = planOfLevel(this.#at(--depth), rule)
    if (plan !== undefined) this.#checkParent(hl, this.#at(depth), rule)
    else if (!this.#missesLevel) this.#reportMisplaced(hl, rule)
    this.#checkNumber(hl, number)
    this.#push(depth, openLoop(plan ?? misplaced, hl, number))
  }

  #reportLevel(segment: Segment, code: string): void {
    const known = [...this.#plan.levels].map(([level, { rule }]) => `${level} (${rule.meaning})`).join(', ')
    this.#reader(segment, '').fault(3, `expected one of the levels ${known}; found ${quote(code)}`)
  }

  #checkNumber(hl: SegmentReader, number: string): void {
    if (number.length > 12 || !isDigits(number)) {
      hl.fault(1, `expected the number of this HL, found ${quote(number)}`, undefined, undefined, 'value')
      return
    }
    const next = this.#lastNumber + 1
    const followed = 'the order of the segments was followed'
    if (this.#byNumber.has(number)) {
      hl.note(1, `HL number ${number} is used twice; ${followed}`, RULES.hierarchyNumber, 'value')
    } else if (Number(number) !== next) {
      hl.note(1, `expected HL number ${next}, found ${number}; ${followed}`, RULES.hierarchyNumber, 'value')
    }
    this.#lastNumber = Number(number)
  }

  #checkParent(hl: SegmentReader, host: OpenLoop, rule: LoopRule): void {
    const named = hl.text(2)
    if (named === host.number) return
    const parent = named === undefined ? undefined : this.#byNumber.get(named)
    const expected = `expected ${host.number} (${host.rule.meaning})`
    if (host.number === undefined) {
      const message = `the first level has no parent; found ${quote(named)}`
      hl.note(2, message, RULES.hierarchyParent, 'element-unused')
    } else if (parent === undefined) {
      const message = `${expected}, found ${quote(named)}, which is no HL before this one`
      hl.fault(2, message, undefined, undefined, named === undefined ? 'element-missing' : 'value')
    } else if (parent.rule === rule) {
      const message = `${expected}, found ${named}, its neighbour; read as ${host.number}`
      hl.note(2, message, RULES.hierarchyParent, 'value')
    } else {
      hl.fault(2, `${expected}, found ${named} (${parent.rule.meaning})`, undefined, undefined, 'value')
    }
  }

  #reportMisplaced(hl: SegmentReader, rule: LoopRule): void {
    const hosts = [...this.#plan.levels.values()]
      .map((plan) => plan.rule)
      .filter((host) => host.loops.includes(rule))
    const expected = hosts.map((host) => `${host.level} (${host.meaning})`).join(' or ')
    hl.fault(
      3,
      `level ${rule.level} (${rule.meaning}) stands under ${expected}, and no such level is open here`,
      undefined,
      undefined,
      'code',
    )
  }

  #place(segment: Segment): void {
    const { id, elements } = segment
    for (let depth = this.#depth; depth >= 0; depth--) {
      const loop = this.#at(depth)
      const { row, opened } = matchIn(loop.plan, id, elements[1])
      if (row >= 0) {
        this.#add(depth, segment, row)
        return
      }
      if (opened !== undefined) {
        this.#push(depth, openBy(this.#reader(segment, opened.rule.id), opened))
        return
      }
      if (loop.number !== undefined) break
    }
    this.#reportUnknown(segment)
  }

  #add(depth: number, segment: Segment, row: number): void {
    const loop = this.#at(depth)
    const rule = loop.rule.segments[row] as SegmentRule
    const reader = this.#reader(segment, loop.rule.id)
    if (countOneMore(loop, row) > rule.max) reportRepeated(reader, rule)
    if (row < loop.row) {
      const later = loop.rule.segments[loop.row] as SegmentRule
      const message = `stands after ${spellRow(later)}, which the guide puts later; read all the same`
      reader.note(undefined, message, RULES.order, 'segment-order')
    } else {
      loop.row = row
      if (depth < this.#depth) {
        const message = `belongs to ${loop.rule.id}, before the loops in it; read all the same`
        reader.note(undefined, message, RULES.order, 'segment-order')
      }
    }
    loop.segments.push(reader)
    this.#depth = depth
  }

  /** Opens a loop in the one at `depth`, which closes whatever was open below that. */
  #push(depth: number, loop: OpenLoop): void {
    const host = this.#at(depth)
    const { rule } = loop
    if (countOneMore(host, loop.plan.slot) > rule.max) {
      loop.start?.fault(
        undefined,
        `loop ${rule.id} (${rule.meaning}) may stand ${times(rule.max)} in ${host.rule.id}; this is one more`,
        undefined,
        undefined,
        'loop-repeated',
      )
    }
    host.loops.push(loop)
    this.#depth = depth + 1
    this.#open[this.#depth] = loop
    if (loop.number === undefined) return
    host.hasLevels = true
    this.#byNumber.set(loop.number, loop)
  }

  #reportUnknown(segment: Segment): void {
    const loop = this.#at(this.#depth)
    const reader = this.#reader(segment, loop.rule.id)
    const expected = this.#rowsInReach().filter((rule) => rule.id === segment.id)
    const qualifiers = expected.flatMap((rule) => rule.qualifiers ?? [])
    if (segment.id === 'NM1') this.#skipping = FOLLOWERS
    if (expected.length === 0) {
      const message = `${segment.id} has no place here (${loop.rule.meaning})`
      reader.fault(undefined, message, undefined, undefined, 'segment-unexpected')
    } else if (segment.id === 'REF') {
      const message = `not read: the guide has no number ${quote(segment.elements[1])} here`
      reader.note(1, message, RULES.reference, 'code')
    } else {
      reader.fault(1, `expected ${[...new Set(qualifiers)].join(', ')}; found ${quote(segment.elements[1])}`)
    }
  }

  /** Every row that a segment could have matched where we are. */
  #rowsInReach(): readonly SegmentRule[] {
    const open = this.#open.slice(0, this.#depth + 1)
    const level = open.findLastIndex((loop) => loop.number !== undefined)
    return open
      .slice(Math.max(level, 0))
      .flatMap(({ rule }) => [
        ...rule.segments,
        ...rule.loops.flatMap((inner) => (inner.level === undefined ? inner.segments.slice(0, 1) : [])),
      ])
  }

  #reportAbsent(loop: OpenLoop): void {
    const { requiredRows, requiredLoops } = loop.plan
    for (const row of requiredRows) {
      if (loop.counts[row] === 0) this.#reportAbsentRow(loop, loop.rule.segments[row] as SegmentRule)
    }
    for (const { slot, rule } of requiredLoops) {
      if (loop.counts[slot] === 0) this.#reportAbsentLoop(loop, rule)
    }
    if (loop.number !== undefined) checkChildFlag(loop)
    for (const inner of loop.loops) this.#reportAbsent(inner)
  }

  #reportAbsentRow(loop: OpenLoop, rule: SegmentRule): void {
    const message = `${spellRow(rule)} (${rule.meaning}) is missing in ${loop.rule.id} (${loop.rule.meaning})`
    this.#findings.fault(whereMissing(loop, rule.id), message, undefined, 'segment-missing')
  }

  #reportAbsentLoop(loop: OpenLoop, rule: LoopRule): void {
    const opener = rule.level === undefined ? (rule.segments[0]?.id ?? '') : 'HL'
    const message = `loop ${rule.id} (${describeOpening(rule)}: ${rule.meaning}) is missing`
    this.#findings.fault(whereMissing(loop, opener), message, undefined, 'loop-missing')
  }

  /** The open loop at a depth, which is none beyond `#depth`. */
  #at(depth: number): OpenLoop {
    return this.#open[depth] as OpenLoop
  }

  #reader(segment: Segment, loop: string): SegmentReader {
    return new SegmentReader(segment, loop, this.#delimiters.component, this.#findings)
  }
}

function checkChildFlag({ start, hasLevels }: OpenLoop): void {
  const flag = start?.text(4)
  const expected = hasLevels ? '1' : '0'
  if (flag === expected) return
  const why = hasLevels ? 'levels follow under it' : 'no level follows under it'
  const message = `expected ${expected}, as ${why}; found ${quote(flag)}`
  start?.note(4, message, RULES.hierarchyChildren, flag === undefined ? 'element-missing' : 'code')
}

/** The plan of a level where it may stand: in this loop, or nowhere. */
function planOfLevel({ plan }: OpenLoop, rule: LoopRule): LoopPlan | undefined {
  for (const inner of plan.loops) if (inner.rule === rule) return inner
  return undefined
}

/** Where it is said that a segment is missing: at the start of its loop, or nowhere when that is the whole transaction. */
function whereMissing(loop: OpenLoop, missing: string): Place | string {
  return loop.start === undefined ? '' : { segment: loop.start.segment, loop: loop.rule.id, missing }
}

/** A number more of a party changes nothing that is asked, and JSON has fields for more than the guide has room for. */
function reportRepeated(reader: SegmentReader, rule: SegmentRule): void {
  const message = `${spellRow(rule)} may stand ${times(rule.max)} in ${reader.loop}; this is one more`
  if (rule.id === 'REF' && rule.max > 1) {
    reader.note(undefined, `${message}, read all the same`, RULES.references, 'segment-repeated')
  } else {
    reader.fault(undefined, message, undefined, undefined, 'segment-repeated')
  }
}

/** How often a row or a loop was seen, this time included. */
function countOneMore({ counts }: OpenLoop, slot: number): number {
  const count = (counts[slot] ?? 0) + 1
  counts[slot] = count
  return count
}

function openLoop(plan: LoopPlan, start: SegmentReader | undefined, number: string | undefined): OpenLoop {
  return {
    rule: plan.rule,
    plan,
    segments: [],
    loops: [],
    start,
    number,
    row: 0,
    hasLevels: false,
    counts: plan.zeros.slice(),
  }
}

/** A loop outside the hierarchy, whose first segment is the one that opens it. */
function openBy(start: SegmentReader, plan: LoopPlan): OpenLoop {
  const loop = openLoop(plan, start, undefined)
  loop.segments.push(start)
  countOneMore(loop, 0)
  return loop
}

function describeOpening(rule: LoopRule): string {
  return rule.level === undefined
    ? rule.segments[0]
      ? spellRow(rule.segments[0])
      : ''
    : `HL with HL03 ${rule.level}`
}

function times(max: number): string {
  return max === 1 ? 'once' : `${max} times`
}
