import { InterchangeDecoder } from './interchange-events.ts'
import { type ReadingOptions, readingOf } from './reading/index.ts'
import type { InterchangeEvent } from './received.ts'

/** Pieces that are larger are read in parts, so that what waits for its reader stays small. */
const LARGEST_PIECE = 64 * 1024

/**
 * Reads a stream of interchanges, one after the other, as it comes. What is held is one transaction and one piece of the
 * stream, however long the stream; the budget bounds a transaction. Never throws, unless the stream does.
 *
 * Positions count bytes from the start of the stream, and segments from the ISA of their interchange. Bytes that are no UTF-8
 * count as the three bytes of U+FFFD, and are a fault where they stand.
 *
 * A transaction is given as soon as it ends, before it is known whether its group and its interchange end well. Whoever must
 * not act on part of a broken interchange waits for `group-end` and `interchange-end`.
 *
 * @param source bytes of UTF-8, cut anywhere: a file, a request's body
 */
export async function* decodeStream(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options?: ReadingOptions,
): AsyncGenerator<InterchangeEvent, void, undefined> {
  const decoder = new InterchangeDecoder(readingOf(options))
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length && !decoder.isDone; from += LARGEST_PIECE) {
      yield* decoder.push(utf8.decode(chunk.subarray(from, from + LARGEST_PIECE), { stream: true }))
    }
    if (decoder.isDone) break
  }
  if (!decoder.isDone) yield* decoder.push(utf8.decode())
  yield* decoder.end()
}
