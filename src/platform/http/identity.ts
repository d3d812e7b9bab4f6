import type { IncomingMessage } from 'node:http'
import { mintId, type Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'

const POOLED_BYTES = 4_096

/** Chance in small pieces, fetched from the source in large ones: asking for it is most of what an id costs. */
export function pooled(random: Random): Random {
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  return (length) => {
    if (length > POOLED_BYTES) return random(length)
    if (used + length > pool.length) {
      pool = random(POOLED_BYTES)
      used = 0
    }
    used += length
    return pool.subarray(used - length, used)
  }
}

/** Gives each request an id of its own; what a caller says it is counts for nothing. */
export function requestIds(clock: Clock, random: Random): () => string {
  const chance = pooled(random)
  return () => mintId('request', clock.now(), chance)
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/

/**
 * The trace that a request belongs to, as its caller says.
 *
 * @returns 32 hexadecimal digits; undefined when the header is missing or malformed
 * @see W3C Trace Context section 3.2
 */
export function traceIdOf({ headers }: IncomingMessage): string | undefined {
  const header = headers.traceparent
  return typeof header === 'string' ? TRACEPARENT.exec(header)?.[1] : undefined
}
