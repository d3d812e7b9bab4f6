import { DAMAGED, isAscii, utf8Length } from './characters.ts'
import { type Delimiters, mayDelimit } from './delimiters.ts'
import { type Findings, quote } from './findings.ts'
import { isSegmentId, type Segment } from './segment.ts'

/** An interchange in pieces: every segment in order, the ISA first. */
export interface Tokens {
  readonly delimiters: Delimiters
  readonly segments: readonly Segment[]
}

/** The ISA is the one segment of fixed width: how long each of its elements must be. */
const ISA_WIDTHS = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1] as const

/** No segment of the guides comes near this; a longer one has lost its terminator. */
const LONGEST_SEGMENT = 4000

/**
 * Cuts an interchange into segments and elements. Line breaks after a terminator and a byte order mark are passed over.
 *
 * @returns undefined when the delimiters could not be learned, which the findings then say. Never throws
 */
export function tokenize(text: string, findings: Findings): Tokens | undefined {
  const start = /^\ufeff?[\r\n\t ]*/.exec(text)?.[0].length ?? 0
  const header = readHeader(text, start, findings)
  if (header === undefined) return undefined
  return { delimiters: header.delimiters, segments: cut(text, start, header, findings) }
}

interface Header {
  readonly delimiters: Delimiters
  /** Index of the terminator of the ISA. */
  readonly end: number
}

function readHeader(text: string, start: number, findings: Findings): Header | undefined {
  if (!text.startsWith('ISA', start)) {
    const found = text.slice(start, start + 3)
    findings.fault(
      at(start),
      `expected an interchange, which begins with ISA, found ${quote(found)}`,
      'Send the whole interchange, from ISA to IEA.',
    )
    return undefined
  }
  const element = text.charAt(start + 3)
  const fields = fieldsOfHeader(text, start, element)
  if (fields === undefined || fields.end >= text.length) {
    findings.fault(
      at(text.length),
      `the text ends inside the ISA, which is 106 characters with its terminator`,
    )
    return undefined
  }
  const header = {
    id: 'ISA',
    elements: ['ISA', ...fields.values],
    number: 1,
    byte: utf8Length(text.slice(0, start)),
  }
  reportWidths(header, findings)
  const delimiters = {
    element,
    component: text.charAt(fields.end - 1),
    repetition: fields.values[10] ?? '',
    segment: text.charAt(fields.end),
  }
  return areDelimiters(delimiters, header, findings) ? { delimiters, end: fields.end } : undefined
}

/** Finds the sixteen elements by their separators; the last is one character, and the terminator follows it. */
function fieldsOfHeader(text: string, start: number, separator: string) {
  const values: string[] = []
  let from = start + 4
  for (let element = 1; element < ISA_WIDTHS.length; element++) {
    const to = separator === '' ? -1 : text.indexOf(separator, from)
    if (to < 0 || to - start > 300) return undefined
    values.push(text.slice(from, to))
    from = to + 1
  }
  values.push(text.charAt(from))
  return { values, end: from + 1 }
}

function reportWidths(header: Segment, findings: Findings): void {
  ISA_WIDTHS.forEach((width, index) => {
    const found = header.elements[index + 1] ?? ''
    if (found.length === width) return
    findings.fault(
      { segment: header, element: index + 1 },
      `expected ${width} characters, found ${found.length}: ${quote(found)}`,
      'Pad the elements of the ISA with spaces to their fixed widths.',
    )
  })
}

function areDelimiters(delimiters: Delimiters, header: Segment, findings: Findings): boolean {
  const { element, component, repetition, segment } = delimiters
  const marks = [element, component, segment]
  const isSound = marks.every(mayDelimit) && new Set(marks).size === marks.length
  if (!isSound) {
    findings.fault(
      { segment: header },
      `the ISA names ${quote(element)} as element separator, ${quote(component)} as component separator (ISA-16) and ` +
        `${quote(segment)} as segment terminator; expected three different marks that are not letters, digits or spaces`,
    )
  }
  if (isSound && (!mayDelimit(repetition) || marks.includes(repetition))) {
    findings.note(
      { segment: header, element: 11 },
      `${quote(repetition)} cannot separate repetitions; none are read`,
    )
  }
  return isSound
}

function cut(text: string, start: number, header: Header, findings: Findings): readonly Segment[] {
  const { element: separator, segment: terminator } = header.delimiters
  const segments: Segment[] = []
  const byteOf = byteCounter(text)
  let from = start
  let to = header.end
  while (from < text.length) {
    const raw = text.slice(from, to < 0 ? text.length : to)
    const elements = raw.split(separator)
    const segment = { id: elements[0] ?? '', elements, number: segments.length + 1, byte: byteOf(from) }
    segments.push(segment)
    reportShape(segment, raw, findings)
    if (to < 0) {
      findings.fault(
        at(utf8Length(text)),
        `the text ends inside segment ${segment.number} (${quote(raw)}): no segment terminator`,
        'Send the interchange whole; the last segment is IEA, and it is terminated too.',
      )
      break
    }
    from = afterLineBreaks(text, to + 1)
    to = text.indexOf(terminator, from)
  }
  return segments
}

function reportShape(segment: Segment, raw: string, findings: Findings): void {
  if (raw.length > LONGEST_SEGMENT) {
    findings.fault(
      { segment },
      `the segment is ${raw.length} characters long; at most ${LONGEST_SEGMENT} are read`,
    )
  }
  if (!isSegmentId(segment.id)) {
    findings.fault(
      { segment: { ...segment, id: '' } },
      `expected a segment id such as NM1, found ${quote(segment.id)}`,
    )
  }
  if (!DAMAGED.test(raw)) return
  segment.elements.forEach((value, element) => {
    const damage = DAMAGED.exec(value)
    if (damage) findings.fault({ segment, element }, describeDamage(damage[0]), remedyForDamage(damage[0]))
  })
}

function describeDamage(character: string): string {
  const point = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return character === '\ufffd'
    ? `${point} stands where bytes could not be read as UTF-8`
    : `found the control character ${point} inside a value`
}

function remedyForDamage(character: string): string {
  return character === '\ufffd'
    ? 'Send the text as UTF-8.'
    : 'Line breaks may stand after a segment terminator and nowhere else; values hold printable characters.'
}

function afterLineBreaks(text: string, from: number): number {
  let next = from
  while (text[next] === '\r' || text[next] === '\n') next++
  return next
}

/** Turns ever larger indexes into byte offsets, without measuring the text twice. */
function byteCounter(text: string): (index: number) => number {
  if (isAscii(text)) return (index) => index
  let counted = 0
  let bytes = 0
  return (index) => {
    bytes += utf8Length(text.slice(counted, index))
    counted = index
    return bytes
  }
}

function at(byte: number): string {
  return `byte ${byte}`
}
