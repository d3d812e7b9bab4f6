import type { Random } from '../../../kernel/ids.ts'
import type { Instant } from '../../../kernel/time.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The headers that the compatible API puts on every answer.
 *
 * @param requestId   ours; its UUID is the `transaction-id`, so that one number finds an answer in our log
 * @param correlation what the caller sent as `x-optum-correlation-id`; echoed when it is a UUID, dropped otherwise
 */
export function compatibleHeaders(
  requestId: string,
  at: Instant,
  random: Random,
  correlation: unknown,
): Record<string, string> {
  const echoed = typeof correlation === 'string' && UUID.test(correlation)
  return {
    'transaction-id': requestId.slice(requestId.indexOf('_') + 1),
    'x-amzn-trace-id': `Root=1-${hex(Math.floor(at / 1000))}-${Buffer.from(random(12)).toString('hex')}`,
    ...(echoed ? { 'x-optum-correlation-id': correlation } : {}),
  }
}

function hex(seconds: number): string {
  return seconds.toString(16).padStart(8, '0')
}
