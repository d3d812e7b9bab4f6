/**
 * What a guide's table is made of. The tables beside this file are data: loops in the order of the guide, in each its
 * segments in the order of the guide, and what each is for, in our own words.
 */

/** A row of a guide: a segment that may stand in a loop. */
export interface SegmentRule {
  readonly id: string
  /** What element 01 must be for the segment to be this one; any, when absent. */
  readonly qualifiers?: readonly string[]
  readonly isRequired: boolean
  /** How many may stand in one loop. */
  readonly max: number
  readonly meaning: string
}

/** A loop of a guide. */
export interface LoopRule {
  readonly id: string
  readonly meaning: string
  readonly isRequired: boolean
  readonly max: number
  /**
   * HL03, for a loop of the hierarchy: an HL opens it, and it stands under the loop that holds it here. Any other loop is
   * opened by its first segment.
   */
  readonly level?: string
  readonly segments: readonly SegmentRule[]
  readonly loops: readonly LoopRule[]
}

/** One transaction of one guide: what stands between ST and SE. */
export interface TransactionRule {
  readonly guide: Guide
  readonly direction: Direction
  /** BHT02. */
  readonly purpose: string
  /** BHT02 of what else the guide carries, such as the end of a reservation. */
  readonly furtherPurposes?: readonly string[]
  /** BHT06; requests for review and inquiries have none as a rule. */
  readonly kind?: string
  /** BHT06 of what else the guide carries. */
  readonly furtherKinds?: readonly string[]
  readonly body: LoopRule
}

export type Guide = '217' | '215' | '216'
export type Direction = 'request' | 'answer'

/** In which loops payer and requester stand. Whoever is asked comes first; in a notice, whoever tells. */
export function partyLoops(guide: Guide): { readonly payer: string; readonly requester: string } {
  return guide === '216' ? { payer: '2010B', requester: '2010A' } : { payer: '2010A', requester: '2010B' }
}

/**
 * A segment that must be there.
 *
 * @param pattern the segment's id, and after a star what element 01 may be: `NM1*PR|X3`, `DTP*AAH`, `UM`
 */
export function required(pattern: string, max: number, meaning: string): SegmentRule {
  return { ...readPattern(pattern), isRequired: true, max, meaning }
}

/** A segment that stands there when there is something to say. `pattern` as for `required`. */
export function situational(pattern: string, max: number, meaning: string): SegmentRule {
  return { ...readPattern(pattern), isRequired: false, max, meaning }
}

/** Any number of times. */
export const MANY = Number.POSITIVE_INFINITY

function readPattern(pattern: string): Pick<SegmentRule, 'id' | 'qualifiers'> {
  const [id = '', qualifiers] = pattern.split('*')
  return qualifiers === undefined ? { id } : { id, qualifiers: qualifiers.split('|') }
}

/** The place of a segment among the rows of a loop; -1 when the loop has no such row. */
export function findRow(loop: LoopRule, id: string, qualifier: string | undefined): number {
  return loop.segments.findIndex((rule) => rule.id === id && admits(rule, qualifier))
}

/** Whether a segment, by its id and element 01, opens this loop. Loops of the hierarchy are opened by their HL alone. */
export function opens(loop: LoopRule, id: string, qualifier: string | undefined): boolean {
  const first = loop.segments[0]
  return loop.level === undefined && first?.id === id && admits(first, qualifier)
}

function admits(rule: SegmentRule, qualifier: string | undefined): boolean {
  return rule.qualifiers === undefined || (qualifier !== undefined && rule.qualifiers.includes(qualifier))
}

/** A row as its guide writes it: `NM1*PR|X3`. */
export function spellRow(rule: SegmentRule): string {
  return rule.qualifiers === undefined ? rule.id : `${rule.id}*${rule.qualifiers.join('|')}`
}
