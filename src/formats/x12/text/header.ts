import { type Delimiters, mayDelimit } from './delimiters.ts'
import type { Segment } from './segment.ts'

/** What an ISA is written with, whether or not it can delimit. */
export type HeaderMarks = Omit<Delimiters, 'repetition'>

/** An ISA as found. */
export interface Header {
  readonly isa: Segment
  readonly marks: HeaderMarks
  /** Undefined when the marks cannot be delimiters. */
  readonly delimiters: Delimiters | undefined
  /** Index after the terminator. */
  readonly end: number
}

/** The ISA is the one segment of fixed width: how long each of its elements must be. */
export const ISA_WIDTHS = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1] as const

/** An ISA whose widths are wrong is still found by its separators, as long as it is no longer than this. */
const LONGEST_HEADER = 300

/**
 * Reads the ISA that begins at `start`: sixteen elements by their separators; the last is one character, and the
 * terminator follows it.
 *
 * @param byte bytes before `start`
 * @returns    undefined when the text ends inside it
 */
export function readHeader(text: string, start: number, byte: number): Header | undefined {
  const separator = text.charAt(start + 3)
  const values = ['ISA']
  let from = start + 4
  for (let element = 1; element < ISA_WIDTHS.length; element++) {
    const to = separator === '' ? -1 : text.indexOf(separator, from)
    if (to < 0 || to - start > LONGEST_HEADER) return undefined
    values.push(text.slice(from, to))
    from = to + 1
  }
  values.push(text.charAt(from))
  const end = from + 2
  if (end > text.length) return undefined
  const length = end - 1 - start
  const isa: Segment = { id: 'ISA', elements: values, number: 1, byte, length, isSuspect: true }
  const marks = { element: separator, component: values[16] ?? '', segment: text.charAt(end - 1) }
  return { isa, marks, delimiters: delimitersOf(marks, values[11] ?? ''), end }
}

/** The marks that an ISA names, when no two are the same and none is a letter, a digit or a space. */
function delimitersOf(marks: HeaderMarks, repetition: string): Delimiters | undefined {
  const { element, component, segment } = marks
  const areDifferent = element !== component && element !== segment && component !== segment
  if (!areDifferent || !mayDelimit(element) || !mayDelimit(component) || !mayDelimit(segment))
    return undefined
  return { element, component, segment, repetition }
}
