/** Text and back: segments cut out of it and written into it, and what a character may be. */
export { type Budget, USUAL_BUDGET } from './budget.ts'
export { DAMAGED, isDigits, spell, utf8Length } from './characters.ts'
export { type Delimiters, mayDelimit, USUAL_DELIMITERS } from './delimiters.ts'
export { type HeaderMarks, ISA_WIDTHS } from './header.ts'
export { readMoment, readTime, wireTime } from './moment.ts'
export { at, type Cell, isSegmentId, type Row, type Segment } from './segment.ts'
export { Cutter, type SegmentSink } from './tokenize.ts'
export { writeSegments } from './write.ts'
