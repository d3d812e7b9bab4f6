import { FaultAt } from '../fault-at.ts'
import { type MediaType, readMediaType } from '../media-type.ts'

export interface Part {
  /** By name, in lower case; the value as written. */
  readonly headers: ReadonlyMap<string, string>
  readonly bytes: Uint8Array
}

const MOST = { parts: 40, headerBytes: 4096, headers: 20 } as const
const BOUNDARY = /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/
const LF = 10
const CR = 13
const HYPHEN = 45

export type Multipart =
  | { readonly ok: true; readonly parts: readonly Part[]; readonly isBareLineFed: boolean }
  | { readonly ok: false; readonly at: string; readonly message: string }

/**
 * Takes a multipart body apart. Lines that end in a line feed alone are read too, as senders make their bodies by hand. Never
 * throws; what it makes are windows on the bytes that it was given.
 *
 * @see RFC 2046 section 5.1.1
 */
export function readMultipart(body: Uint8Array, { parameters }: MediaType): Multipart {
  const boundary = parameters.get('boundary')
  if (boundary === undefined || !BOUNDARY.test(boundary))
    return { ok: false, at: 'Content-Type', message: 'expected a boundary of 1 to 70 characters' }
  try {
    return { ok: true, ...read(body, boundary) }
  } catch (error) {
    if (error instanceof FaultAt) return { ok: false, at: `byte ${error.offset}`, message: error.message }
    throw error
  }
}

function read(body: Uint8Array, boundary: string) {
  const delimiter = Uint8Array.from(`--${boundary}`, (character) => character.charCodeAt(0))
  const parts: Part[] = []
  let isBareLineFed = false
  let line = delimiterLine(body, delimiter, 0)
  if (!line) throw new FaultAt(0, 'the boundary that Content-Type names does not begin a line of the body')
  while (!line.isLast) {
    if (parts.length >= MOST.parts) throw new FaultAt(line.at, `more than ${MOST.parts} parts`)
    const next = delimiterLine(body, delimiter, line.end)
    if (!next) throw new FaultAt(line.at, 'a part that no boundary ends: the body was cut short')
    isBareLineFed ||= next.newlineBytes === 1
    parts.push(readPart(body, line.end, Math.max(line.end, next.at - next.newlineBytes)))
    line = next
  }
  return { parts, isBareLineFed }
}

interface DelimiterLine {
  /** Where the two hyphens stand. */
  readonly at: number
  /** Where the next line begins. */
  readonly end: number
  readonly isLast: boolean
  /** Of the line before it: they belong to the delimiter. */
  readonly newlineBytes: number
}

function delimiterLine(body: Uint8Array, delimiter: Uint8Array, from: number): DelimiterLine | undefined {
  // From line to line: looking at every byte would make a body of nothing but hyphens dear.
  for (let at = from; at >= 0 && at < body.length; at = nextLine(body, at)) {
    if (!delimiter.every((byte, i) => body[at + i] === byte)) continue
    let end = at + delimiter.length
    const isLast = body[end] === HYPHEN && body[end + 1] === HYPHEN
    if (isLast) end += 2
    while (body[end] === 32 || body[end] === 9) end++
    if (body[end] === CR && body[end + 1] === LF) end += 2
    else if (body[end] === LF) end++
    // Some text that only begins like the boundary.
    else if (!(isLast && end >= body.length)) continue
    return { at, end, isLast, newlineBytes: at === 0 ? 0 : body[at - 2] === CR ? 2 : 1 }
  }
  return undefined
}

function readPart(body: Uint8Array, start: number, end: number): Part {
  const headers = new Map<string, string>()
  let at = start
  for (;;) {
    const newline = body.indexOf(LF, at)
    if (newline < 0 || newline >= end || newline - start > MOST.headerBytes)
      throw new FaultAt(start, `a part whose headers do not end within ${MOST.headerBytes} bytes`)
    const line = latin1(body.subarray(at, body[newline - 1] === CR && newline > at ? newline - 1 : newline))
    at = newline + 1
    if (line === '') break
    const [, name, value] =
      /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}):[\t ]*([\t\x20-\x7e\x80-\xff]*?)[\t ]*$/.exec(line) ?? []
    if (name === undefined || value === undefined)
      throw new FaultAt(start, 'a part with a header that is none')
    if (headers.has(name.toLowerCase()) || headers.size >= MOST.headers)
      throw new FaultAt(start, 'a part with a header that stands twice, or too many of them')
    headers.set(name.toLowerCase(), value)
  }
  if (readMediaType(headers.get('content-type') ?? '')?.type.startsWith('multipart/'))
    throw new FaultAt(start, 'a part that is itself made of parts')
  return { headers, bytes: body.subarray(at, end) }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

/** Where the next line begins; -1 when there is none. */
function nextLine(body: Uint8Array, at: number): number {
  const newline = body.indexOf(LF, at)
  return newline < 0 ? -1 : newline + 1
}
