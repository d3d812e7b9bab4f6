/** What reading is done with: a segment read element by element, and what is found on the way. */
export { type Growing, present, presentIfAny, trimmed } from './absent.ts'
export { checkLengths } from './element-lengths.ts'
export type { CitedDecoded, CitedFault, FaultKind, FaultPlace, X12Decoded, X12Fault } from './faults.ts'
export { Findings, quote } from './findings.ts'
export type { Place } from './place.ts'
export { SegmentReader } from './reader.ts'
export { type Reading, type ReadingOptions, readingOf, type Strictness } from './reading-options.ts'
export { RULES } from './rules-of-syntax.ts'
