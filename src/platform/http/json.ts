import { isUtf8 } from 'node:buffer'
import { Problem } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'
import { jsonFaults } from './json-fault.ts'

/** Deeper than any document that we read, and shallow enough for everything that walks through it. */
const DEEPEST = 64
const MOST_FAULTS = 50

/**
 * Reads a JSON document strictly: UTF-8 without a flaw, no name twice within an object (two readers may each take another
 * one of the two), no `__proto__`, nested 64 deep at most. A byte order mark is passed over, and not counted.
 *
 * @throws Problem `request/unreadable` with the place of what is wrong (line and column from 1, byte from 0), and never
 *                 with what stands there
 * @see RFC 8259; RFC 7493 section 2.3
 */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw unreadable('The body is empty; send a JSON document.')
  const text = decodeUtf8(bytes)
  const { members, tooDeepAt } = outline(bytes)
  if (tooDeepAt !== undefined) {
    const index = decodeUtf8(bytes.subarray(0, tooDeepAt)).length
    const expected = `expected no more than ${DEEPEST} levels`
    throw misplaced(text, 'The JSON document is nested too deeply', [{ index, expected }])
  }
  const value = parse(text)
  if (countMembers(value) !== members)
    throw misplaced(text, 'The JSON document repeats a name', jsonFaults(text))
  return value
}

/**
 * The text of UTF-8 bytes, without a byte order mark.
 *
 * @throws Problem `request/unreadable` with the offset of the first byte that is wrong
 */
export function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    const offset = firstFlaw(bytes)
    throw unreadable(`The body is not UTF-8: the byte at offset ${offset} (from 0) does not belong there.`, [
      { at: `byte ${offset}`, message: 'not UTF-8', remedy: 'Encode the body in UTF-8.' },
    ])
  }
  const text = bytes.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** The offset of the first character that is not whole and right. */
function firstFlaw(bytes: Buffer): number {
  let at = 0
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    if (length > 1 && !isUtf8(bytes.subarray(at, at + length))) return at
    at += length
  }
  return bytes.length
}

interface Outline {
  /** How many names objects have, counted in the text. */
  readonly members: number
  /** The offset of the bracket that opens one level too many. */
  readonly tooDeepAt: number | undefined
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * One cheap look over a text: bytes are several times faster to walk through than the characters of a string just made.
 * What it says of a text that is not JSON means nothing, and does no harm.
 */
function outline(bytes: Uint8Array): Outline {
  let members = 0
  let depth = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) {
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++
    } else if (byte === 0x3a) members++
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > DEEPEST) return { members, tooDeepAt: i }
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return { members, tooDeepAt: undefined }
}

/** How many names the objects of a value have: fewer than its text when one stood twice. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) members += countMembers(item)
    return members
  }
  for (const name in value) {
    if (name === '__proto__')
      throw unreadable('The JSON document has a member named __proto__, which is not accepted.')
    members += 1 + countMembers((value as Record<string, unknown>)[name])
  }
  return members
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The error's own message quotes the document: it goes nowhere.
    throw misplaced(text, 'The body is not JSON', jsonFaults(text))
  }
}

interface Misplaced {
  readonly index: number
  readonly expected: string
  readonly pointer?: string
}

function misplaced(text: string, what: string, found: readonly Misplaced[]): Problem {
  const faults = found.slice(0, MOST_FAULTS).map(({ index, expected, pointer }): Fault => {
    const place = placeOf(text, index)
    return pointer === undefined
      ? { at: place, message: expected }
      : { at: pointer, message: `${expected} (${place})` }
  })
  const first = found[0]
  return unreadable(
    first ? `${what}: at ${placeOf(text, first.index)}, ${first.expected}.` : `${what}.`,
    faults,
  )
}

function placeOf(text: string, index: number): string {
  const before = text.slice(0, index)
  const line = before.split('\n').length
  const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1
  return `line ${line}, column ${column} (byte ${Buffer.byteLength(before)})`
}

function unreadable(detail: string, faults: readonly Fault[] = []): Problem {
  return new Problem('request/unreadable', detail, { faults })
}
