/**
 * Finds the places of a text that mean something: where elements and segments end, and characters that may be damage. Most
 * characters are none of these, and nothing is asked about them one by one.
 */

/** Places in a text, in their order. They hold until the next are looked for. */
export interface Marks {
  /** The first `count` of these are places. */
  readonly places: Int32Array
  readonly count: number
  /** Whether every character looked at takes one byte. */
  readonly isAscii: boolean
}

/** At least so many characters are looked at in one go, when there are so many. */
export const BLOCK = 8192

// Scratch memory: found marks are used up before the next are looked for, as nothing here waits.
let bytes = new Uint8Array(BLOCK)
let places = new Int32Array(BLOCK)
const utf8 = new TextEncoder()

/** For each byte 1 when it is a mark, else 0; for the delimiters that were asked for last. */
const isMark = new Uint8Array(256)
let [separatorOfMarks, terminatorOfMarks] = [0, 0]
isMark.fill(1, 0, 32)
isMark.fill(1, 127)

/** @param separator code of the element separator; `terminator` of the segment terminator */
export function findMarks(
  text: string,
  from: number,
  end: number,
  separator: number,
  terminator: number,
): Marks {
  const length = end - from
  if (length > bytes.length) {
    bytes = new Uint8Array(length)
    places = new Int32Array(length)
  }
  const { read, written } = utf8.encodeInto(
    from === 0 && end === text.length ? text : text.slice(from, end),
    bytes,
  )
  const isAscii = read === length && written === length
  const count = isAscii
    ? marksOfBytes(from, length, separator, terminator)
    : marksOfText(text, from, end, separator, terminator)
  return { places, count, isAscii }
}

/** Without a branch: every place is written down, and written over unless it is a mark. */
function marksOfBytes(from: number, length: number, separator: number, terminator: number): number {
  markDelimiters(separator, terminator)
  let count = 0
  for (let index = 0; index < length; index++) {
    places[count] = from + index
    count += isMark[bytes[index] as number] as number
  }
  return count
}

function markDelimiters(separator: number, terminator: number): void {
  if (separator === separatorOfMarks && terminator === terminatorOfMarks) return
  isMark.fill(0, 32, 127)
  isMark[separator] = 1
  isMark[terminator] = 1
  separatorOfMarks = separator
  terminatorOfMarks = terminator
}

/** As above, for text with characters beyond ASCII. */
function marksOfText(text: string, from: number, end: number, separator: number, terminator: number): number {
  let count = 0
  for (let index = from; index < end; index++) {
    const code = text.charCodeAt(index)
    const isPlain = code >= 32 && code !== 127 && (code < 128 || code >= 160) && code !== 0xfffd
    if (!isPlain || code === separator || code === terminator) places[count++] = index
  }
  return count
}
