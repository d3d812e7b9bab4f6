import { findRow, type LoopRule, opens, type SegmentRule, type TransactionRule } from './rules.ts'

/** A loop of a table in one of the places where it may stand, with every question that walking asks answered beforehand. */
export interface LoopPlan {
  readonly rule: LoopRule
  /** Where the host counts how often it stands there. */
  readonly slot: number
  readonly loops: readonly LoopPlan[]
  /** By the id of a segment. One that is not here has no place in this loop. */
  readonly matches: ReadonlyMap<string, Matches>
  /** Places of the rows that must be there. */
  readonly requiredRows: readonly number[]
  readonly requiredLoops: readonly LoopPlan[]
  /** As many zeros as there is to count: its rows by their places, then its loops by their slots. */
  readonly zeros: readonly number[]
}

/** What the segments of one id are in a loop. */
interface Matches {
  /** By element 01; undefined when it makes no difference. */
  readonly byQualifier: ReadonlyMap<string, Match> | undefined
  readonly otherwise: Match
}

/** What a segment is in a loop. */
export interface Match {
  /** The place of its row; negative when it has none here, and the loop that it begins if any. */
  readonly row: number
  readonly opened: LoopPlan | undefined
}

/** The plan of a table. */
export interface TransactionPlan {
  readonly root: LoopPlan
  /** The loops of the hierarchy by their HL03, as they are opened where they should not stand: under the root. */
  readonly levels: ReadonlyMap<string, LoopPlan>
}

const NOTHING: Match = { row: -1, opened: undefined }

/** Tables never change, so that each is planned once. */
const PLANS = new WeakMap<TransactionRule, TransactionPlan>()

export function planOf(table: TransactionRule): TransactionPlan {
  const known = PLANS.get(table)
  if (known !== undefined) return known
  const plan = planTransaction(table)
  PLANS.set(table, plan)
  return plan
}

/** What a segment is in a loop, by its id and element 01. */
export function matchIn(plan: LoopPlan, id: string, qualifier: string | undefined): Match {
  const matches = plan.matches.get(id)
  if (matches === undefined) return NOTHING
  if (matches.byQualifier === undefined || qualifier === undefined) return matches.otherwise
  return matches.byQualifier.get(qualifier) ?? matches.otherwise
}

function planTransaction({ body }: TransactionRule): TransactionPlan {
  const rules = levelsOf(body)
  const [first] = [body.segments.length + body.loops.length]
  const levels = [...rules].map(([level, rule], index) => [level, planLoop(rule, first + index)] as const)
  const root = planLoop(body, 0, true)
  return { root: { ...root, zeros: [...root.zeros, ...levels.map(() => 0)] }, levels: new Map(levels) }
}

/** The loops of the hierarchy by their HL03. */
function levelsOf(body: LoopRule): ReadonlyMap<string, LoopRule> {
  const inner = body.loops.flatMap((loop) => [...levelsOf(loop)])
  return new Map(body.level === undefined ? inner : [[body.level, body] as const, ...inner])
}

function planLoop(rule: LoopRule, slot: number, isRoot = false): LoopPlan {
  const loops = rule.loops.map((inner, index) => planLoop(inner, rule.segments.length + index))
  return {
    rule,
    slot,
    loops,
    matches: planMatches(rule, loops, isRoot),
    requiredRows: rule.segments.flatMap(({ isRequired }, row) => (isRequired ? [row] : [])),
    requiredLoops: loops.filter(({ rule: { isRequired } }) => isRequired),
    zeros: [...rule.segments, ...rule.loops].map(() => 0),
  }
}

function planMatches(
  rule: LoopRule,
  loops: readonly LoopPlan[],
  isRoot: boolean,
): ReadonlyMap<string, Matches> {
  const openers = loops.flatMap(({ rule: inner }) =>
    inner.level === undefined ? inner.segments.slice(0, 1) : [],
  )
  const known = Map.groupBy([...rule.segments, ...openers], ({ id }) => id)
  const match = (id: string, qualifier: string | undefined) => findMatch(rule, loops, isRoot, id, qualifier)
  return new Map([...known].map(([id, rows]) => [id, planId(id, rows, match)]))
}

function planId(
  id: string,
  rows: readonly SegmentRule[],
  match: (id: string, qualifier: string | undefined) => Match,
): Matches {
  const qualifiers = rows.flatMap((row) => row.qualifiers ?? [])
  const byQualifier = new Map(qualifiers.map((qualifier) => [qualifier, match(id, qualifier)]))
  return { byQualifier: qualifiers.length === 0 ? undefined : byQualifier, otherwise: match(id, undefined) }
}

/** The first segment of a loop opens another loop like it, in the loop around it; at the root there is none around. */
function findMatch(
  rule: LoopRule,
  loops: readonly LoopPlan[],
  isRoot: boolean,
  id: string,
  qualifier: string | undefined,
): Match {
  const row = findRow(rule, id, qualifier)
  const isOpener = !isRoot && row === 0 && opens(rule, id, qualifier)
  if (row >= 0 && !isOpener) return { row, opened: undefined }
  const opened = loops.find((inner) => opens(inner.rule, id, qualifier))
  return opened === undefined ? NOTHING : { row: -1, opened }
}
