/** One segment as it stands in the text. */
export interface Segment {
  /** `NM1`, `HL`; the same as `elements[0]`. */
  readonly id: string
  /** As received, with the id at index 0, so that `elements[9]` is element 09. Composites are not taken apart. */
  readonly elements: readonly string[]
  /** Its place in the interchange; the ISA is 1. */
  readonly number: number
  /** Where it begins: bytes of UTF-8 before it. */
  readonly byte: number
  /** How many characters it has, its terminator excluded; `elements` hold no more than the budget lets be read. */
  readonly length: number
  /** False when none of its characters can be damage. */
  readonly isSuspect: boolean
}

/** Two or three capitals and digits, a capital first. */
export function isSegmentId(id: string): boolean {
  if (id.length !== 2 && id.length !== 3) return false
  for (let index = 0; index < id.length; index++) {
    const code = id.charCodeAt(index)
    const isCapital = code >= 65 && code <= 90
    if (!isCapital && (index === 0 || code < 48 || code > 57)) return false
  }
  return true
}

/**
 * One segment to be written: its id, then its elements; a composite is a list of components. Absent elements are
 * undefined, and absent ones at the end are not written.
 */
export type Row = readonly [id: string, ...elements: readonly Cell[]]
export type Cell = string | undefined | readonly (string | undefined)[]

/** A row by the numbers of its elements, for segments of which few are used: `at('SV1', {1: ..., 20: ...})`. */
export function at(id: string, elements: Readonly<Record<number, Cell>>): Row {
  const last = Math.max(0, ...Object.keys(elements).map(Number))
  return [id, ...Array.from({ length: last }, (_, index) => elements[index + 1])]
}
