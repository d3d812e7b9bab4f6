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
  const { id } = reader.segment
  RANGES.get(id)?.forEach((ranges, index) => {
    const element = index + 1
    const parts = ranges.length > 1 ? reader.partsOf(element) : [reader.asWritten(element)]
    ranges.forEach((range, part) => {
      const value = parts[part]
      if (value !== undefined) check(reader, element, ranges.length > 1 ? part + 1 : undefined, value, range)
    })
  })
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
