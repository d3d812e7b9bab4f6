/**
 * Cuts an interchange that may hold binary data into segments. What counts is bytes: the data of a BDS or a BIN is as many
 * as the segment says, whatever is in it, delimiters included.
 *
 * @see X12.6, binary data; segments BDS and BIN
 */

import type { FaultKind } from '../reading/index.ts'
import type { Delimiters } from '../text/index.ts'
import { mayDelimit } from '../text/index.ts'

export interface BinarySegment {
  readonly id: string
  /** The id at index 0. The data of a BDS or a BIN is not among them. */
  readonly elements: readonly string[]
  /** Its place in the interchange; the ISA is 1. */
  readonly number: number
  /** Bytes before it. */
  readonly byte: number
  /** BDS03 or BIN02. */
  readonly data?: Uint8Array
}

/** Why nothing can be read beyond a place. */
export interface Stop {
  readonly kind: FaultKind
  readonly message: string
  readonly remedy?: string
  readonly segment: BinarySegment
  readonly element?: number
}

export interface Cut {
  readonly segments: readonly BinarySegment[]
  readonly delimiters?: Delimiters
  /** Absent when everything was read. */
  readonly stop?: Stop
}

const ISA_ELEMENTS = 16
/** An ISA is 106 bytes; one whose elements are not padded is shorter, and one of another width longer. */
const LONGEST_ISA = 300
/** No segment without data comes near it: a longer one has lost its terminator. */
const LONGEST_SEGMENT = 4000
const LONGEST_COUNT = 15

const CR = 0x0d
const LF = 0x0a
const utf8 = new TextDecoder('utf-8')
const NOTHING: BinarySegment = { id: 'ISA', elements: ['ISA'], number: 1, byte: 0 }

/** @param most segments that are read. Never throws, and reads each byte a bounded number of times */
export function cutInterchange(bytes: Uint8Array, most: number): Cut {
  const start = afterBlanks(bytes)
  const header = readIsa(bytes, start)
  if ('stop' in header) return { segments: [], stop: header.stop }
  const { isa, delimiters, end } = header
  const segments: BinarySegment[] = [isa]
  const cutter = new Cutter(bytes, delimiters)
  for (let at = afterBreaks(bytes, end); at < bytes.length; ) {
    const cut = cutter.cut(at, segments.length + 1)
    if ('stop' in cut) return { segments, delimiters, stop: cut.stop }
    segments.push(cut.segment)
    if (segments.length > most) return { segments, delimiters, stop: tooMany(cut.segment, most) }
    at = afterBreaks(bytes, cut.end)
    if (cut.segment.id === 'IEA') return { segments, delimiters, ...after(bytes, at, cut.segment) }
  }
  return { segments, delimiters }
}

function tooMany(segment: BinarySegment, most: number): Stop {
  return { kind: 'budget', message: `more than ${most} segments are not read`, segment }
}

/** Nothing but blanks may follow the IEA. */
function after(bytes: Uint8Array, from: number, iea: BinarySegment): { readonly stop?: Stop } {
  const rest = bytes.subarray(from)
  if (rest.every((byte) => byte === 0x20 || byte === CR || byte === LF || byte === 0x09)) return {}
  const segment = { ...iea, number: iea.number + 1, byte: from, id: '', elements: [''] }
  return {
    stop: {
      kind: 'stray',
      message: 'expected the end after IEA, found more',
      remedy: 'Send one interchange at a time.',
      segment,
    },
  }
}

class Cutter {
  readonly #bytes: Uint8Array
  readonly #element: number
  readonly #terminator: number

  constructor(bytes: Uint8Array, { element, segment }: Delimiters) {
    this.#bytes = bytes
    this.#element = element.charCodeAt(0)
    this.#terminator = segment.charCodeAt(0)
  }

  cut(at: number, number: number): { segment: BinarySegment; end: number } | { stop: Stop } {
    const id = this.#idAt(at)
    if (id === 'BDS') return this.#withData(id, at, number, 2)
    if (id === 'BIN') return this.#withData(id, at, number, 1)
    const end = this.#bytes.subarray(at, at + LONGEST_SEGMENT + 1).indexOf(this.#terminator)
    const elements = this.#elements(
      at,
      end < 0 ? Math.min(this.#bytes.length, at + LONGEST_SEGMENT) : at + end,
    )
    const segment = { id: elements[0] ?? '', elements, number, byte: at }
    if (end >= 0) return { segment, end: at + end + 1 }
    const isCutOff = this.#bytes.length - at <= LONGEST_SEGMENT
    return {
      stop: {
        kind: isCutOff ? 'cut-off' : 'budget',
        message: isCutOff
          ? 'the interchange ends in the middle of this segment'
          : `has more than ${LONGEST_SEGMENT} bytes and no data; its terminator is missing`,
        segment,
      },
    }
  }

  /** @param counted which element says how long the data is; the data is the next one */
  #withData(
    id: string,
    at: number,
    number: number,
    counted: number,
  ): { segment: BinarySegment; end: number } | { stop: Stop } {
    const elements = [id]
    let from = at + id.length + 1
    for (let element = 1; element <= counted; element++) {
      const length = this.#bytes.subarray(from, from + LONGEST_COUNT + 1).findIndex(this.#isMark)
      if (length < 0 || this.#bytes[from + length] !== this.#element)
        return { stop: lengthMissing({ id, elements, number, byte: at }, element, counted) }
      elements.push(utf8.decode(this.#bytes.subarray(from, from + length)))
      from += length + 1
    }
    const segment = { id, elements, number, byte: at }
    const said = elements[counted] ?? ''
    if (!/^\d{1,15}$/.test(said)) return { stop: lengthMissing(segment, counted, counted) }
    const end = from + Number(said)
    if (end > this.#bytes.length)
      return {
        stop: {
          kind: 'cut-off',
          message: `says ${said} bytes, and the interchange ends before`,
          segment,
          element: counted,
        },
      }
    if (this.#bytes[end] !== this.#terminator) return { stop: this.#otherLength(segment, counted, from) }
    return { segment: { ...segment, data: this.#bytes.subarray(from, end) }, end: end + 1 }
  }

  readonly #isMark = (byte: number): boolean => byte === this.#element || byte === this.#terminator

  #otherLength(segment: BinarySegment, element: number, from: number): Stop {
    const found = this.#bytes.indexOf(this.#terminator, from)
    const until = found < 0 ? '' : `; up to the next one there are ${found - from}`
    return {
      kind: 'count',
      message: `says ${segment.elements[element]} bytes, and no segment terminator follows them${until}`,
      remedy: 'Count the bytes of the data as they are sent, after any filter.',
      segment,
      element,
    }
  }

  /** The id of a segment, when its elements follow. */
  #idAt(at: number): string {
    const length = this.#bytes.subarray(at, at + 4).indexOf(this.#element)
    return length < 0 ? '' : utf8.decode(this.#bytes.subarray(at, at + length))
  }

  #elements(from: number, to: number): readonly string[] {
    return utf8.decode(this.#bytes.subarray(from, to)).split(String.fromCharCode(this.#element))
  }
}

function lengthMissing(segment: BinarySegment, element: number, counted: number): Stop {
  return {
    kind: element === counted ? 'count' : 'element-missing',
    message:
      element === counted
        ? 'expected how many bytes the data has, in digits'
        : 'expected a code of three characters, then how many bytes the data has',
    segment,
    element,
  }
}

type FoundIsa =
  | { readonly isa: BinarySegment; readonly delimiters: Delimiters; readonly end: number }
  | { readonly stop: Stop }

function readIsa(bytes: Uint8Array, start: number): FoundIsa {
  const head = String.fromCharCode(...bytes.subarray(start, start + LONGEST_ISA))
  if (!head.startsWith('ISA'))
    return {
      stop: {
        kind: 'no-interchange',
        message: 'expected an interchange, which begins with ISA',
        segment: NOTHING,
      },
    }
  const separator = head.charAt(3)
  const parts = separator === '' ? [] : head.split(separator)
  const last = parts[ISA_ELEMENTS] ?? ''
  if (parts.length <= ISA_ELEMENTS || last.length < 2)
    return { stop: { kind: 'cut-off', message: 'the ISA has not its sixteen elements', segment: NOTHING } }
  const elements = [...parts.slice(0, ISA_ELEMENTS), last.charAt(0)]
  const end = elements.join(separator).length + 1
  const isa: BinarySegment = { id: 'ISA', elements, number: 1, byte: start }
  const delimiters = {
    element: separator,
    component: last.charAt(0),
    segment: last.charAt(1),
    repetition: elements[11] ?? '',
  }
  const marks = [delimiters.element, delimiters.component, delimiters.segment]
  // A mark is one byte, so that it can be told from data that is counted.
  if (
    !marks.every((mark) => mayDelimit(mark) && mark.charCodeAt(0) < 0x80) ||
    new Set(marks).size < marks.length
  )
    return {
      stop: {
        kind: 'pattern',
        message:
          'expected three different marks of ASCII as delimiters, neither letters nor digits nor spaces',
        segment: isa,
      },
    }
  return { isa, delimiters, end: start + end }
}

/** Blanks and a byte order mark before the ISA. */
function afterBlanks(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === CR || bytes[at] === LF) at++
  return at
}

function afterBreaks(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === CR || bytes[at] === LF) at++
  return at
}
