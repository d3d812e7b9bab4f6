import type { Budget } from './budget.ts'
import { isAscii, utf8Length } from './characters.ts'
import type { Delimiters } from './delimiters.ts'
import { type Header, type Marks, readHeader } from './header.ts'
import type { Segment } from './segment.ts'

/** Takes what a text is cut into, in the order of the text. */
export interface SegmentSink {
  /** An ISA, and the delimiters that hold from here on; undefined when they could not be learned, and then nothing follows. */
  header(isa: Segment, delimiters: Delimiters | undefined, marks: Marks): void
  segment(segment: Segment): void
  /** Text where an interchange should begin, that does not begin with ISA. Nothing follows. */
  stray(byte: number, found: string): void
  /** The text ended inside the ISA. Nothing follows. */
  cutOffInHeader(byte: number): void
  /** The text ended inside `segment`, which is given next; `raw` is what there is of it. */
  cutOff(byte: number, segment: Segment, raw: string): void
}

/** What must be there, or be the end of everything, before a header is looked at: more than the longest that is read. */
const HEADER_REACH = 400

/**
 * Cuts interchanges into segments and elements, in pieces as they come: what is held is one unfinished segment, and never
 * more of it than the budget allows.
 *
 * Each ISA names its own delimiters. Line breaks after a terminator, blanks between interchanges and a byte order mark at the
 * start are passed over.
 */
export class Cutter {
  readonly #sink: SegmentSink
  readonly #longest: number
  /** Of the interchange we are in; undefined between interchanges. */
  #delimiters: Delimiters | undefined
  #held = ''
  /** Bytes before what is held. */
  #byte = 0
  /** Segments of this interchange so far. */
  #number = 0
  /** Characters of an over-long segment, beyond those held, that were dropped. */
  #dropped = 0
  #droppedBytes = 0
  #isDone = false

  constructor(sink: SegmentSink, budget: Pick<Budget, 'segmentLength'>) {
    this.#sink = sink
    this.#longest = budget.segmentLength
  }

  /** True when nothing more can be read, whatever comes. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** The next piece of the text, cut anywhere. */
  push(piece: string): void {
    if (!this.#isDone) this.#cut(this.#held === '' ? piece : this.#held + piece, false)
  }

  /** The text is over. */
  end(): void {
    if (this.#isDone) return
    this.#cut(this.#held, true)
    if (this.#number === 0 && !this.#isDone) this.#sink.stray(this.#byte, '')
    this.#isDone = true
  }

  #cut(text: string, isLast: boolean): void {
    const bytesOf = isAscii(text) ? spanOf : (from: number, to: number) => utf8Length(text.slice(from, to))
    let from = 0
    const moveTo = (next: number) => {
      this.#byte += bytesOf(from, next)
      from = next
    }
    while (!this.#isDone) {
      if (this.#dropped === 0)
        moveTo(this.#delimiters ? afterBreaks(text, from) : this.#afterBlanks(text, from))
      if (from >= text.length) break
      if (this.#dropped === 0 && this.#expectsHeader(text, from)) {
        if (text.length - from < HEADER_REACH && !isLast) break
        const end = this.#readHeader(text, from)
        if (end !== undefined) moveTo(end)
        continue
      }
      const { segment: terminator = '', element = '' } = this.#delimiters ?? {}
      if (this.#dropped === 0) {
        const end = this.#scan(text, from, element.charCodeAt(0), terminator.charCodeAt(0))
        if (end >= 0) {
          moveTo(end + 1)
          continue
        }
      }
      const to = text.indexOf(terminator, from)
      if (to < 0) {
        if (isLast) this.#cutOff(text.slice(from), element, bytesOf(from, text.length))
        else if (text.length - from > this.#longest) {
          const kept = from + this.#longest
          this.#dropped += text.length - kept
          this.#droppedBytes += bytesOf(kept, text.length)
          this.#held = text.slice(from, kept)
          return
        }
        break
      }
      this.#give(text.slice(from, Math.min(to, from + this.#longest)), to - from + this.#dropped, element)
      this.#byte += this.#droppedBytes
      this.#dropped = this.#droppedBytes = 0
      moveTo(to + 1)
    }
    this.#held = this.#isDone ? '' : text.slice(from)
  }

  /**
   * The quick way, for a segment that is all there and within the budget: every character is looked at once.
   *
   * @returns the index of its terminator; negative when this is no such segment, and nothing was given
   */
  #scan(text: string, from: number, separator: number, terminator: number): number {
    const end = Math.min(text.length, from + this.#longest + 1)
    const elements: string[] = []
    let isSuspect = false
    let start = from
    for (let index = from; index < end; index++) {
      const code = text.charCodeAt(index)
      if (code === separator) {
        elements.push(text.slice(start, index))
        start = index + 1
      } else if (code === terminator) {
        elements.push(text.slice(start, index))
        const id = elements[0] ?? ''
        const length = index - from
        const segment = { id, elements, number: ++this.#number, byte: this.#byte, length, isSuspect }
        this.#sink.segment(segment)
        if (id === 'IEA') this.#delimiters = undefined
        return index
      } else if (code < 32 || (code > 126 && (code < 160 || code === 0xfffd))) isSuspect = true
    }
    return -1
  }

  /** Between interchanges, and where a new one begins although the last has not ended. */
  #expectsHeader(text: string, from: number): boolean {
    return this.#delimiters === undefined || text.startsWith('ISA', from)
  }

  /** @returns the index after the terminator of the ISA; undefined when nothing more can be read */
  #readHeader(text: string, from: number): number | undefined {
    const read = text.startsWith('ISA', from) ? readHeader(text, from, this.#byte) : 'stray'
    this.#isDone = true
    if (read === 'stray') this.#sink.stray(this.#byte, text.slice(from, from + 3))
    else if (read === undefined) this.#sink.cutOffInHeader(this.#byte + utf8Length(text.slice(from)))
    else return this.#open(read)
    return undefined
  }

  #open({ isa, delimiters, marks, end }: Header): number | undefined {
    this.#delimiters = delimiters
    this.#number = 1
    this.#isDone = delimiters === undefined
    this.#sink.header(isa, delimiters, marks)
    return delimiters === undefined ? undefined : end
  }

  #give(raw: string, length: number, separator: string): void {
    const segment = this.#segment(raw, length, separator)
    this.#sink.segment(segment)
    if (segment.id === 'IEA') this.#delimiters = undefined
  }

  #segment(raw: string, length: number, separator: string): Segment {
    const elements = raw.split(separator)
    const id = elements[0] ?? ''
    return { id, elements, number: ++this.#number, byte: this.#byte, length, isSuspect: true }
  }

  #cutOff(raw: string, separator: string, bytes: number): void {
    const segment = this.#segment(raw.slice(0, this.#longest), raw.length + this.#dropped, separator)
    this.#sink.cutOff(this.#byte + bytes + this.#droppedBytes, segment, raw)
    this.#sink.segment(segment)
    this.#isDone = true
  }

  #afterBlanks(text: string, from: number): number {
    let next = from
    if (this.#byte === 0 && text[next] === '\ufeff') next++
    while (isBlank(text[next])) next++
    return next
  }
}

function spanOf(from: number, to: number): number {
  return to - from
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n'
}

function afterBreaks(text: string, from: number): number {
  let next = from
  for (;;) {
    const code = text.charCodeAt(next)
    if (code !== 13 && code !== 10) return next
    next++
  }
}
