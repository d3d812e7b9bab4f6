/** What is said of a request that is on its way to a payer, or did not get there. */
import type { Rejection } from '../../core/decision.ts'
import type { Upstream } from '../connectors/index.ts'

/**
 * We have it, and try again: the sender is not to send it again.
 *
 * @see 005010X217 loop 2010A AAA03 42 (unable to respond at current time), AAA04 Y (we will hold your request)
 */
export const RETAINED: Rejection = { level: 'payer', reason: '42', followUp: 'Y' }

/** It was given up. X12 901 80 as one who passes it on, 42 as the payer; 889 P: send it again. */
export function givenUp(answersAs: Upstream['answersAs'] | undefined): Rejection {
  return { level: 'payer', reason: answersAs === 'payer' ? '42' : '80', followUp: 'P' }
}

/** The payer will not read it as we send it: nothing is gained by sending it again. X12 889 N. */
export function notReadThere(answersAs: Upstream['answersAs'] | undefined): Rejection {
  return { ...givenUp(answersAs), followUp: 'N' }
}

/** Whether a payer's refusal says that it could not answer just now, and who is to see to it. */
export function putOff(rejections: readonly Rejection[]): 'held-there' | 'ask-again' | undefined {
  const isOutage = rejections.every(
    ({ level, reason }) => (level === 'system' || level === 'payer') && (reason === '42' || reason === '80'),
  )
  if (!isOutage) return undefined
  if (rejections.every(({ followUp }) => followUp === 'Y')) return 'held-there'
  return rejections.every(({ followUp }) => followUp === 'P' || followUp === 'R') ? 'ask-again' : undefined
}
