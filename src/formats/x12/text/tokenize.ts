import type { Budget } from './budget.ts'
import { utf8Length } from './characters.ts'
import type { Delimiters } from './delimiters.ts'
import { type Header, type HeaderMarks, readHeader } from './header.ts'
import { BLOCK, findMarks } from './marks.ts'
import type { Segment } from './segment.ts'
import { segmentIdAt } from './segment-ids.ts'

/** Takes what a text is cut into, in the order of the text. */
export interface SegmentSink {
  /** An ISA, and the delimiters that hold from here on; undefined when they could not be learned, and then nothing follows. */
  header(isa: Segment, delimiters: Delimiters | undefined, marks: HeaderMarks): void
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

const CAPITAL_I = 73

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
    let from = 0
    while (!this.#isDone) {
      if (this.#dropped === 0) from = this.#afterGap(text, from)
      if (from >= text.length) break
      if (this.#dropped === 0 && this.#expectsHeader(text, from)) {
        if (text.length - from < HEADER_REACH && !isLast) break
        from = this.#readHeader(text, from)
        continue
      }
      if (this.#dropped === 0) {
        const next = this.#cutBlock(text, from)
        if (next > from) {
          from = next
          continue
        }
      }
      const { segment: terminator = '', element = '' } = this.#delimiters ?? {}
      const to = text.indexOf(terminator, from)
      if (to < 0) {
        if (isLast) this.#cutOff(text.slice(from), element)
        else if (text.length - from > this.#longest) {
          const kept = from + this.#longest
          this.#dropped += text.length - kept
          this.#droppedBytes += utf8Length(text.slice(kept))
          this.#held = text.slice(from, kept)
          return
        }
        break
      }
      this.#give(text.slice(from, Math.min(to, from + this.#longest)), to - from + this.#dropped, element)
      this.#byte += utf8Length(text.slice(from, to + 1)) + this.#droppedBytes
      this.#dropped = 0
      this.#droppedBytes = 0
      from = to + 1
    }
    this.#held = this.#isDone ? '' : text.slice(from)
  }

  /**
   * The quick way, for segments that are all there and within the budget: all that end within a block of the text.
   *
   * @returns the index after the last that was given; `from` when the first is no such segment, and nothing was given
   */
  #cutBlock(text: string, from: number): number {
    const { element = '', segment = '' } = this.#delimiters ?? {}
    const [separator, terminator] = [element.charCodeAt(0), segment.charCodeAt(0)]
    const end = Math.min(text.length, from + Math.max(BLOCK, this.#longest + 1))
    const marks = findMarks(text, from, end, separator, terminator)
    let start = from
    let begin = from
    let elements: string[] = []
    let isSuspect = false
    for (let index = 0; index < marks.count; index++) {
      const at = marks.places[index] as number
      // A line break after a terminator was passed over already.
      if (at < begin) continue
      const code = text.charCodeAt(at)
      if (code === separator) {
        elements.push(elements.length === 0 ? segmentIdAt(text, begin, at) : text.slice(begin, at))
        begin = at + 1
      } else if (code === terminator) {
        if (at - start > this.#longest) return start
        elements.push(elements.length === 0 ? segmentIdAt(text, begin, at) : text.slice(begin, at))
        const id = elements[0] as string
        const byte = this.#byte
        this.#byte += marks.isAscii ? at + 1 - start : utf8Length(text.slice(start, at + 1))
        this.#sink.segment({ id, elements, number: ++this.#number, byte, length: at - start, isSuspect })
        if (id === 'IEA') {
          this.#delimiters = undefined
          return at + 1
        }
        start = begin = this.#afterGap(text, at + 1)
        if (this.#expectsHeader(text, start)) return start
        elements = []
        isSuspect = false
      } else isSuspect = true
    }
    return start
  }

  /** Between interchanges, and where a new one begins although the last has not ended. */
  #expectsHeader(text: string, from: number): boolean {
    return (
      this.#delimiters === undefined || (text.charCodeAt(from) === CAPITAL_I && text.startsWith('ISA', from))
    )
  }

  /** @returns the index after the terminator of the ISA; the end of the text when nothing more can be read */
  #readHeader(text: string, from: number): number {
    const read = text.startsWith('ISA', from) ? readHeader(text, from, this.#byte) : 'stray'
    if (typeof read === 'object') {
      this.#open(read)
      this.#byte += utf8Length(text.slice(from, read.end))
      return read.end
    }
    this.#isDone = true
    if (read === 'stray') this.#sink.stray(this.#byte, text.slice(from, from + 3))
    else this.#sink.cutOffInHeader(this.#byte + utf8Length(text.slice(from)))
    return text.length
  }

  #open({ isa, delimiters, marks }: Header): void {
    this.#delimiters = delimiters
    this.#number = 1
    this.#isDone = delimiters === undefined
    this.#sink.header(isa, delimiters, marks)
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

  #cutOff(raw: string, separator: string): void {
    const byte = this.#byte + utf8Length(raw) + this.#droppedBytes
    const segment = this.#segment(raw.slice(0, this.#longest), raw.length + this.#dropped, separator)
    this.#sink.cutOff(byte, segment, raw)
    this.#sink.segment(segment)
    this.#isDone = true
  }

  /** Passes over line breaks between segments, and over blanks between interchanges. */
  #afterGap(text: string, from: number): number {
    const next = this.#delimiters === undefined ? this.#afterBlanks(text, from) : afterBreaks(text, from)
    if (next > from) this.#byte += utf8Length(text.slice(from, next))
    return next
  }

  #afterBlanks(text: string, from: number): number {
    let next = from
    if (this.#byte === 0 && text[next] === '\ufeff') next++
    while (isBlank(text[next])) next++
    return next
  }
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
