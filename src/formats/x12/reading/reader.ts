import { type DatePeriod, type PlainDate, plainDate } from '../../../kernel/time.ts'
import type { CodeTable } from '../codes/index.ts'
import type { Segment } from '../text/index.ts'
import { isDigits } from '../text/index.ts'
import type { FaultKind } from './faults.ts'
import { type Findings, quote } from './findings.ts'
import type { Place } from './place.ts'

/**
 * One segment in its loop, read element by element. What is wrong goes to the findings, under the right position, and
 * reading goes on. It remembers which elements somebody asked for, so that the rest can be noted as not read.
 */
export class SegmentReader {
  readonly segment: Segment
  /** The loop of the guide that it stands in: `2010C`. */
  readonly loop: string
  readonly #componentSeparator: string
  readonly #findings: Findings
  #asked = 0

  constructor(segment: Segment, loop: string, componentSeparator: string, findings: Findings) {
    this.segment = segment
    this.loop = loop
    this.#componentSeparator = componentSeparator
    this.#findings = findings
  }

  /** An element as text; undefined when it is absent or blank. Spaces at its end do not count. */
  text(element: number): string | undefined {
    this.#asked |= 1 << element
    return written(this.segment.elements[element])
  }

  /** The components of a composite element, the first at index 0; empty when the element is absent. */
  components(element: number): readonly (string | undefined)[] {
    const whole = this.text(element)
    if (whole === undefined) return NONE
    return partsOf(whole, this.#componentSeparator)
  }

  /**
   * An element that must be there.
   *
   * @param meaning what it is, for the fault: `the payer's number`
   * @returns       the text; empty when it is absent, which is then a fault
   */
  required(element: number, meaning: string): string {
    const found = this.text(element)
    if (found === undefined) this.fault(element, `expected ${meaning}, found nothing`)
    return found ?? ''
  }

  /** Our word for a coded element; undefined when it is absent, or when the list does not have it, which is a fault. */
  word<Word extends string>(element: number, table: CodeTable<Word>): Word | undefined {
    const code = this.text(element)
    if (code === undefined) return undefined
    const word = table.word(code)
    if (word === undefined) this.fault(element, `expected ${table.listed}, found ${quote(code)}`)
    return word
  }

  /** As `word`, for an element that must be there. */
  requiredWord<Word extends string>(element: number, table: CodeTable<Word>): Word | undefined {
    const code = this.text(element)
    if (code === undefined) {
      this.fault(element, `expected ${table.listed}, found nothing`)
      return undefined
    }
    return this.word(element, table)
  }

  /** A decimal number that is not negative, as written. */
  decimal(element: number): string | undefined {
    const found = this.text(element)
    if (found === undefined || isDecimal(found)) return found
    const message = `expected a decimal number that is not negative, found ${quote(found)}`
    this.fault(element, message, undefined, undefined, 'characters')
    return undefined
  }

  /** An element whose only sense is to say how another is written, and that must be `expected` when it is there. */
  constant(element: number, expected: string): void {
    const found = this.text(element)
    if (found !== undefined && found !== expected) {
      this.fault(element, `expected ${expected}, found ${quote(found)}`)
    }
  }

  /** A calendar day written `CCYYMMDD`. */
  date(element: number): PlainDate | undefined {
    const found = this.text(element)
    return found === undefined ? undefined : this.readDate(found, element)
  }

  /** Reads a day out of a part of an element. */
  readDate(text: string, element: number, component?: number): PlainDate | undefined {
    const date = text.length === 8 ? plainDate(text) : undefined
    if (date === undefined) {
      this.fault(
        element,
        `expected a day that exists, as CCYYMMDD, found ${quote(text)}`,
        undefined,
        component,
        'date',
      )
    }
    return date
  }

  /** One day (D8) or two with a hyphen between (RD8); `format` is the element that says which. */
  period(format: number, element: number): DatePeriod | undefined {
    const kind = this.text(format)
    const found = this.required(element, 'a day or a period')
    if (kind !== 'D8' && kind !== 'RD8') {
      this.fault(format, `expected D8 (one day) or RD8 (a period), found ${quote(kind)}`)
      return undefined
    }
    if (found === '') return undefined
    if (kind === 'D8') {
      const day = this.readDate(found, element)
      return day === undefined ? undefined : { from: day, until: day }
    }
    const hyphen = found.indexOf('-')
    if (hyphen < 0 || hyphen !== found.lastIndexOf('-')) {
      const message = `expected two days as CCYYMMDD-CCYYMMDD, found ${quote(found)}`
      this.fault(element, message, undefined, undefined, 'date')
      return undefined
    }
    const from = this.readDate(found.slice(0, hyphen), element)
    const until = this.readDate(found.slice(hyphen + 1), element)
    if (from === undefined || until === undefined) return undefined
    if (from > until) {
      const message = `the period ends before it begins: ${quote(found)}`
      this.fault(element, message, undefined, undefined, 'date')
      return undefined
    }
    return { from, until }
  }

  /**
   * @param element   undefined for the segment as a whole
   * @param component of a composite element, from 1
   * @param kind      what an acknowledgement calls it; when left out, an empty element is missing, and another has a wrong code
   */
  fault(
    element: number | undefined,
    message: string,
    remedy?: string,
    component?: number,
    kind?: FaultKind,
  ): void {
    this.#findings.fault(this.#place(element, component), message, remedy, kind)
  }

  /** @param rule the text that was departed from, which makes the note a fault in strict reading: `X12.6, ...` */
  note(element: number | undefined, message: string, rule?: string, kind?: FaultKind): void {
    this.#findings.note(this.#place(element), message, rule, kind)
  }

  /** An element as text, without counting as read. */
  asWritten(element: number): string | undefined {
    return written(this.segment.elements[element])
  }

  /** The components of an element, without counting as read. */
  partsOf(element: number): readonly (string | undefined)[] {
    const whole = this.asWritten(element)
    return whole === undefined ? NONE : partsOf(whole, this.#componentSeparator)
  }

  /** Whether every element that holds something was asked for; false also where it is only likely that one was not. */
  get isReadWhole(): boolean {
    const { elements } = this.segment
    let filled = 0
    for (let element = 1; element < elements.length; element++) {
      if (elements[element] !== '') filled |= 1 << element
    }
    return (filled & ~this.#asked) === 0
  }

  /** Elements that hold something and that nobody asked for. All of them, when the segment was never read. */
  unread(): readonly number[] {
    const { elements } = this.segment
    let unread: number[] | undefined
    for (let element = 1; element < elements.length; element++) {
      if ((this.#asked & (1 << element)) !== 0 || written(elements[element]) === undefined) continue
      if (unread === undefined) unread = [element]
      else unread.push(element)
    }
    return unread ?? NONE
  }

  /** Whether anything of it was read. */
  get isRead(): boolean {
    return this.#asked !== 0
  }

  #place(element: number | undefined, component?: number): Place {
    const { segment, loop } = this
    if (element === undefined) return { segment, loop }
    if (component === undefined) return { segment, loop, element }
    const part = written(segment.elements[element]?.split(this.#componentSeparator)[component - 1])
    return { segment, loop, element, component, ...(part === undefined ? {} : { part }) }
  }
}

const NONE: readonly never[] = []

/** The parts of a composite, each without the spaces at its end. */
function partsOf(whole: string, separator: string): readonly (string | undefined)[] {
  let to = whole.indexOf(separator)
  if (to < 0) return [whole]
  const parts: (string | undefined)[] = []
  let from = 0
  for (; to >= 0; to = whole.indexOf(separator, from)) {
    parts.push(written(whole.slice(from, to)))
    from = to + 1
  }
  parts.push(written(whole.slice(from)))
  return parts
}

/** Digits with or without a point somewhere. */
function isDecimal(text: string): boolean {
  const point = text.indexOf('.')
  if (point < 0) return isDigits(text)
  const [whole, fraction] = [text.slice(0, point), text.slice(point + 1)]
  if (whole === '') return isDigits(fraction)
  return isDigits(whole) && (fraction === '' || isDigits(fraction))
}

function written(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined
  // Few values end with a space, and looking is cheaper than trimming.
  if (value.charCodeAt(value.length - 1) > 32) return value
  const trimmed = value.trimEnd()
  return trimmed === '' ? undefined : trimmed
}
