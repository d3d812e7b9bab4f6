import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'
import { readJson } from '../../../platform/http/index.ts'
import { type NewItem, UPLOAD } from '../../batches/index.ts'

const NEWLINE = 0x0a

/**
 * The items of an upload, a line each. A line that cannot be read is an item that is refused, and the others are not
 * touched by it; empty lines are none.
 *
 * @see https://github.com/ndjson/ndjson-spec 1.0, section 3
 */
export async function* itemsOfLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<NewItem> {
  let line = 1
  let held: Buffer[] = []
  let length = 0
  const take = (): NewItem | undefined => {
    const bytes = Buffer.concat(held)
    const item = length > UPLOAD.itemBytes ? tooLong(line) : itemOf(bytes, line)
    held = []
    length = 0
    line++
    return item
  }
  for await (const piece of pieces) {
    let from = 0
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
      keep(piece.subarray(from, end))
      const item = take()
      if (item) yield item
      from = end + 1
    }
    keep(piece.subarray(from))
  }
  const last = take()
  if (last) yield last

  /** Of a line that is too long, no more is held than tells so. */
  function keep(part: Uint8Array): void {
    length += part.length
    if (length > UPLOAD.itemBytes) held = []
    else if (part.length > 0) held.push(Buffer.from(part))
  }
}

function itemOf(bytes: Buffer, line: number): NewItem | undefined {
  if (bytes.every(isBlank)) return undefined
  try {
    const value = readJson(bytes)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { place: { line }, body: new Uint8Array(bytes) }
    return refused(line, 'The line is no JSON object.', [{ at: '', message: 'expected an object' }])
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return refused(line, `Line ${line} cannot be read as JSON.`, error.faults.map(inUpload(line)))
  }
}

const isBlank = (byte: number) => byte === 0x20 || byte === 0x09 || byte === 0x0d

/** Each line is a document of its own, whose faults count from its own beginning. */
const inUpload =
  (line: number) =>
  (fault: Fault): Fault => ({ ...fault, at: fault.at.replace(/^line 1\b/, `line ${line}`) })

function tooLong(line: number): NewItem {
  const problem = new Problem(
    'request/too-large',
    `Line ${line} has more than ${UPLOAD.itemBytes / 1024 / 1024} MiB, which is the most for one item.`,
  )
  return { place: { line }, problem }
}

function refused(line: number, detail: string, faults: readonly Fault[]): NewItem {
  return { place: { line }, problem: new Problem('request/unreadable', detail, { faults }) }
}
