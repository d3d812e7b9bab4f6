import type { SegmentReader } from './reader.ts'

/**
 * How long the elements of each segment are: for each element `shortest/longest`, with a colon between the components
 * of a composite, and `-` for an element that is not measured here. A decimal point does not count.
 *
 * These are the lengths of version 005010 of the standard, as they are published without a licence: the vendor's mapping
 * pages (https://developer.optum.com/eligibilityandclaims/docs/submission-json-to-edi-contents, column "Constraint") and
 * Stedi's reference of X12 segments (https://www.stedi.com/edi/x12-005010/segment/NM1 and its neighbours).
 */
const PROCEDURE = '2/2:1/48:2/2:2/2:2/2:2/2:1/80:1/48'
const DIAGNOSIS = '1/3:1/30:2/3:1/35'

const LENGTHS: Readonly<Record<string, string>> = {
  AAA: '1/1 - 2/2 1/1',
  CL1: '1/1 1/1 1/2 1/1',
  CR1: '2/2 1/10 1/1 1/1 2/2 1/15 1/55 1/55 1/80 1/80',
  CR2: '1/9 1/15 2/3 2/3 2/2 1/15 1/15 1/1 1/1 1/80 1/80 1/1',
  CR5: '1/1 1/15 1/1 1/1 1/80 1/15 1/15 1/15 1/80 1/15 1/15 1/1 1/1 1/1 1/1 1/15 1/1 1/1',
  CR6: '1/1 8/8 2/3 1/35 8/8 1/1 1/1 1/1 8/8 2/2 1/15 8/8 8/8 8/8 2/3 1/35 1/1',
  CRC: '2/2 1/1 2/3 2/3 2/3 2/3 2/3',
  DMG: '2/3 1/35 1/1',
  DTP: '3/3 2/3 1/35',
  HCR: '1/2 1/50 1/30 1/1',
  HI: Array.from({ length: 12 }, () => DIAGNOSIS).join(' '),
  HSD: '2/2 1/15 2/2 1/6 1/2 1/3 1/2 1/1',
  INS: '1/1 2/2 3/3 2/3 1/1 1/1 2/2 2/2',
  MSG: '1/264',
  N3: '1/55 1/55',
  N4: '2/30 2/2 3/15 2/3 - - 1/3',
  NM1: '2/3 1/1 1/60 1/35 1/25 1/10 1/10 1/2 2/80',
  PER: '2/2 1/60 2/2 1/256 2/2 1/256 2/2 1/256',
  PRV: '1/3 2/3 1/50',
  PWK: '2/2 1/2 - - 1/2 2/80 1/80',
  REF: '2/3 1/50 1/80',
  SV1: `${PROCEDURE} 1/18 2/2 1/15 1/2 1/2 1/2:1/2:1/2:1/2`,
  SV2: `1/48 ${PROCEDURE} 1/18 2/2 1/15 1/10 - - 1/1 1/1`,
  SV3: `${PROCEDURE} 1/18 - 1/3:1/3:1/3:1/3:1/3 1/1 1/15 1/80`,
  TOO: '1/3 1/30 1/2:1/2:1/2:1/2:1/2',
  TRN: '1/2 1/50 10/10 1/50',
  UM: '1/2 1/1 1/2 1/2:1/2 2/3:2/3:2/3:2/2:2/3 1/3 1/1 1/1 1/1 1/2',
}

interface Range {
  readonly shortest: number
  readonly longest: number
}

/** For each element its components; one component stands for the whole element where it is no composite. */
const RANGES: ReadonlyMap<string, readonly (readonly Range[])[]> = new Map(
  Object.entries(LENGTHS).map(([id, elements]) => [id, elements.split(' ').map(rangesOf)]),
)

function rangesOf(element: string): readonly Range[] {
  if (element === '-') return []
  return element.split(':').map((range) => {
    const [shortest = 0, longest = 0] = range.split('/').map(Number)
    return { shortest, longest }
  })
}

/** Measures the elements of a segment: one of another length is noted, and in strict reading a fault. */
export function checkLengths(reader: SegmentReader): void {
  const ranges = RANGES.get(reader.segment.id)
  if (ranges === undefined) return
  const { elements } = reader.segment
  const last = Math.min(elements.length - 1, ranges.length)
  for (let element = 1; element <= last; element++) {
    const value = elements[element] as string
    const parts = ranges[element - 1] as readonly Range[]
    const [whole] = parts
    if (value === '' || whole === undefined) continue
    if (parts.length > 1) checkParts(reader, element, parts)
    else if (!isSurelyWithin(value, whole)) checkWhole(reader, element, whole)
  }
}

/** Most values are neither near a limit nor padded, and need not be looked at. */
function isSurelyWithin(value: string, { shortest, longest }: Range): boolean {
  const { length } = value
  if (length > longest || length < shortest || value.charCodeAt(length - 1) <= 32) return false
  return shortest <= 1 || length > shortest || !value.includes('.')
}

function checkWhole(reader: SegmentReader, element: number, range: Range): void {
  const value = reader.asWritten(element)
  if (value !== undefined) check(reader, element, undefined, value, range)
}

function checkParts(reader: SegmentReader, element: number, ranges: readonly Range[]): void {
  const parts = reader.partsOf(element)
  for (let part = 0; part < ranges.length && part < parts.length; part++) {
    const value = parts[part]
    const range = ranges[part] as Range
    if (value !== undefined && !isSurelyWithin(value, range)) check(reader, element, part + 1, value, range)
  }
}

function check(
  reader: SegmentReader,
  element: number,
  component: number | undefined,
  value: string,
  { shortest, longest }: Range,
): void {
  const length = /^\d*\.\d+$/.test(value) ? value.length - 1 : value.length
  if (length >= shortest && length <= longest) return
  const range = shortest === longest ? `${longest}` : `${shortest} to ${longest}`
  const name = [`${reader.segment.id}${String(element).padStart(2, '0')}`, component]
    .filter((step) => step !== undefined)
    .join('-')
  const rule = `X12 005010, ${name}: ${range} characters`
  reader.note(element, `expected ${range} characters, found ${length}`, rule, 'length')
}
