import { bytesOf, joined } from '../bytes.ts'

export interface PartToWrite {
  /** Header lines, without their ends. */
  readonly headers: readonly string[]
  readonly bytes: Uint8Array
}

/**
 * Puts parts into a body.
 *
 * @param seed what the boundary is made of: letters, digits and hyphens, 60 at most. One that stands in a part is lengthened
 * @see RFC 2046 section 5.1.1
 */
export function writeMultipart(
  parts: readonly PartToWrite[],
  seed: string,
): { readonly boundary: string; readonly body: Uint8Array } {
  const boundary = boundaryFor(parts, seed)
  const pieces = parts.flatMap(({ headers, bytes }) => [
    bytesOf(`--${boundary}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`),
    bytes,
    bytesOf('\r\n'),
  ])
  return { boundary, body: joined([...pieces, bytesOf(`--${boundary}--\r\n`)]) }
}

function boundaryFor(parts: readonly PartToWrite[], seed: string): string {
  const text = parts.map(({ bytes }) => decoder.decode(bytes))
  for (let n = 0; ; n++) {
    const candidate = n === 0 ? seed : `${seed}-${n}`
    if (!text.some((one) => one.includes(`--${candidate}`))) return candidate
  }
}

const decoder = new TextDecoder('latin1')
