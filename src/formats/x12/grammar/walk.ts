import { present } from '../absent.ts'
import type { Delimiters } from '../delimiters.ts'
import { type Findings, quote } from '../findings.ts'
import type { Place } from '../place.ts'
import { SegmentReader } from '../reader.ts'
import { RULES } from '../rules-of-syntax.ts'
import { isSegmentId, type Segment } from '../segment.ts'
import { findRow, type LoopRule, opens, type SegmentRule, spellRow, type TransactionRule } from './rules.ts'

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
  return loop?.loops.filter((inner) => inner.rule.id === id) ?? []
}

/** The segments of a loop with this id, and with this element 01 when one is given. */
export function segmentsOf(loop: Loop | undefined, id: string, qualifier?: string): readonly SegmentReader[] {
  return loop?.segments.filter((reader) => isOne(reader, id, qualifier)) ?? []
}

/** The first of `segmentsOf`. */
export function segmentOf(loop: Loop | undefined, id: string, qualifier?: string): SegmentReader | undefined {
  return loop?.segments.find((reader) => isOne(reader, id, qualifier))
}

function isOne({ segment }: SegmentReader, id: string, qualifier: string | undefined): boolean {
  return segment.id === id && (qualifier === undefined || segment.elements[1] === qualifier)
}

/** Calls `visit` with every segment in a loop and in the loops in it. */
export function eachSegment(loop: Loop, visit: (segment: SegmentReader) => void): void {
  for (const segment of loop.segments) visit(segment)
  for (const inner of loop.loops) eachSegment(inner, visit)
}

/** A loop that may still grow. */
interface OpenLoop extends Loop {
  readonly segments: SegmentReader[]
  readonly loops: OpenLoop[]
  /** Where it began, for what is said about it as a whole. */
  readonly start?: SegmentReader
  /** HL01, for a loop of the hierarchy. */
  readonly number?: string
  /** The furthest row of the table that was seen. */
  row: number
  /** How often each row and each loop of the table was seen in it. */
  readonly seen: Map<SegmentRule | LoopRule, number>
}

/** What may follow an NM1 in its loop: swallowed after an NM1 that the guide does not know, which was fault enough. */
const FOLLOWERS = new Set(['N2', 'N3', 'N4', 'REF', 'PER', 'PRV', 'AAA', 'DMG', 'INS', 'DTP'])

class Walker {
  readonly #levels: ReadonlyMap<string, LoopRule>
  readonly #delimiters: Delimiters
  readonly #findings: Findings
  readonly #root: OpenLoop
  /** From the transaction to the innermost open loop. */
  #open: readonly OpenLoop[]
  readonly #byNumber = new Map<string, OpenLoop>()
  #lastNumber = 0
  /** Levels under one that was not known would all seem misplaced; that one was fault enough. */
  #missesLevel = false
  #skipping: ReadonlySet<string> | 'to the next HL' | undefined

  constructor(table: TransactionRule, delimiters: Delimiters, findings: Findings) {
    this.#levels = levelsOf(table.body)
    this.#delimiters = delimiters
    this.#findings = findings
    this.#root = openLoop(table.body, undefined)
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
    const rule = this.#levels.get(code)
    if (rule === undefined) {
      const known = [...this.#levels].map(([level, { meaning }]) => `${level} (${meaning})`).join(', ')
      this.#reader(segment, '').fault(3, `expected one of the levels ${known}; found ${quote(code)}`)
      this.#skipping = 'to the next HL'
      this.#missesLevel = true
      return
    }
    const hl = this.#reader(segment, rule.id)
    const number = hl.text(1) ?? ''
    const depth = this.#open.findLastIndex((loop) => loop.rule.loops.includes(rule))
    const host = this.#open[depth] ?? this.#root
    if (depth >= 0) this.#checkParent(hl, host, rule)
    else if (!this.#missesLevel) this.#reportMisplaced(hl, rule)
    this.#checkNumber(hl, number)
    this.#push(Math.max(depth, 0), openLoop(rule, hl, number))
  }

  #checkNumber(hl: SegmentReader, number: string): void {
    if (!/^\d{1,12}$/.test(number)) {
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
    const hosts = [...this.#levels.values()].filter((host) => host.loops.includes(rule))
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
    const qualifier = segment.elements[1]
    for (let depth = this.#open.length - 1; depth >= 0; depth--) {
      const loop = this.#open[depth] as OpenLoop
      const row = findRow(loop.rule, segment.id, qualifier)
      const isOpener = depth > 0 && row === 0 && opens(loop.rule, segment.id, qualifier)
      if (row >= 0 && !isOpener) {
        this.#add(depth, segment, row)
        return
      }
      const opened = loop.rule.loops.find((rule) => opens(rule, segment.id, qualifier))
      if (opened !== undefined) {
        this.#push(depth, openBy(this.#reader(segment, opened.id), opened))
        return
      }
      if (loop.number !== undefined) break
    }
    this.#reportUnknown(segment)
  }

  #add(depth: number, segment: Segment, row: number): void {
    const loop = this.#open[depth] as OpenLoop
    const rule = loop.rule.segments[row] as SegmentRule
    const reader = this.#reader(segment, loop.rule.id)
    if (countOneMore(loop, rule) > rule.max) reportRepeated(reader, rule)
    if (row < loop.row) {
      const later = loop.rule.segments[loop.row] as SegmentRule
      const message = `stands after ${spellRow(later)}, which the guide puts later; read all the same`
      reader.note(undefined, message, RULES.order, 'segment-order')
    } else if (depth < this.#open.length - 1) {
      const message = `belongs to ${loop.rule.id}, before the loops in it; read all the same`
      reader.note(undefined, message, RULES.order, 'segment-order')
    }
    loop.row = Math.max(loop.row, row)
    loop.segments.push(reader)
    this.#open = this.#open.slice(0, depth + 1)
  }

  /** Opens a loop in the one at `depth`, which closes whatever was open below that. */
  #push(depth: number, loop: OpenLoop): void {
    const host = this.#open[depth] ?? this.#root
    if (countOneMore(host, loop.rule) > loop.rule.max) {
      loop.start?.fault(
        undefined,
        `loop ${loop.rule.id} (${loop.rule.meaning}) may stand ${times(loop.rule.max)} in ${host.rule.id}; this is one more`,
        undefined,
        undefined,
        'loop-repeated',
      )
    }
    host.loops.push(loop)
    this.#open = [...this.#open.slice(0, depth + 1), loop]
    if (loop.number !== undefined) this.#byNumber.set(loop.number, loop)
  }

  #reportUnknown(segment: Segment): void {
    const loop = this.#open.at(-1) ?? this.#root
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
    const level = this.#open.findLastIndex((loop) => loop.number !== undefined)
    return this.#open
      .slice(Math.max(level, 0))
      .flatMap(({ rule }) => [
        ...rule.segments,
        ...rule.loops.flatMap((inner) => (inner.level === undefined ? inner.segments.slice(0, 1) : [])),
      ])
  }

  #reportAbsent(loop: OpenLoop): void {
    for (const rule of loop.rule.segments) {
      if (!rule.isRequired || loop.seen.has(rule)) continue
      const message = `${spellRow(rule)} (${rule.meaning}) is missing in ${loop.rule.id} (${loop.rule.meaning})`
      this.#findings.fault(whereMissing(loop, rule.id), message, undefined, 'segment-missing')
    }
    for (const rule of loop.rule.loops) {
      if (!rule.isRequired || loop.seen.has(rule)) continue
      const opener = rule.level === undefined ? (rule.segments[0]?.id ?? '') : 'HL'
      const message = `loop ${rule.id} (${describeOpening(rule)}: ${rule.meaning}) is missing`
      this.#findings.fault(whereMissing(loop, opener), message, undefined, 'loop-missing')
    }
    this.#checkChildFlag(loop)
    for (const inner of loop.loops) this.#reportAbsent(inner)
  }

  #checkChildFlag(loop: OpenLoop): void {
    if (loop.number === undefined) return
    const flag = loop.start?.text(4)
    const expected = loop.loops.some((inner) => inner.number !== undefined) ? '1' : '0'
    if (flag !== expected) {
      const why = expected === '1' ? 'levels follow under it' : 'no level follows under it'
      const message = `expected ${expected}, as ${why}; found ${quote(flag)}`
      loop.start?.note(4, message, RULES.hierarchyChildren, flag === undefined ? 'element-missing' : 'code')
    }
  }

  #reader(segment: Segment, loop: string): SegmentReader {
    return new SegmentReader(segment, loop, this.#delimiters.component, this.#findings)
  }
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
function countOneMore(loop: OpenLoop, rule: SegmentRule | LoopRule): number {
  const count = (loop.seen.get(rule) ?? 0) + 1
  loop.seen.set(rule, count)
  return count
}

function openLoop(rule: LoopRule, start: SegmentReader | undefined, number?: string): OpenLoop {
  return present<OpenLoop>({ rule, segments: [], loops: [], start, number, row: 0, seen: new Map() })
}

/** A loop outside the hierarchy, whose first segment is the one that opens it. */
function openBy(start: SegmentReader, rule: LoopRule): OpenLoop {
  const loop = openLoop(rule, start)
  loop.segments.push(start)
  for (const first of rule.segments.slice(0, 1)) countOneMore(loop, first)
  return loop
}

/** Tables never change, so that their levels are found once. */
const LEVELS = new WeakMap<LoopRule, ReadonlyMap<string, LoopRule>>()

/** The loops of the hierarchy by their HL03. */
function levelsOf(body: LoopRule): ReadonlyMap<string, LoopRule> {
  const known = LEVELS.get(body)
  if (known !== undefined) return known
  const inner = body.loops.flatMap((loop) => [...levelsOf(loop)])
  const levels = new Map(body.level === undefined ? inner : [[body.level, body] as const, ...inner])
  LEVELS.set(body, levels)
  return levels
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
