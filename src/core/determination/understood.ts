import type { CertificationAction } from '../decision.ts'
import type { Determination } from './model.ts'

/** What a payer's 278 says of a line that was asked about: HCR01 and MSG01, as far as they are there. */
export interface SaidOfLine {
  readonly action?: CertificationAction
  readonly message?: string
}

const REQUIRED = /^Prior authorization is required\b/i
const DEPENDS = /^Whether prior authorization is required depends on ([^.]+)/i

/**
 * A payer's determination, read as `tell` writes one. That nothing is needed is believed of its code alone (NA); that
 * authorization is needed, or hangs on a fact, has no code, and is known by its words. All else is `unknown`, with the words.
 */
export function understood({ action, message }: SaidOfLine): Determination {
  const words = message === undefined ? {} : { words: message }
  const explanation =
    message ?? 'The payer was asked, and does not say whether prior authorization is required.'
  if (action === 'no-action-required')
    return { answer: 'not-required', deciding: [], fired: [], explanation: message ?? FREE, ...words }
  if (action !== undefined || message === undefined)
    return { answer: 'unknown', fired: [], explanation, ...words }
  if (REQUIRED.test(message)) return { answer: 'required', deciding: [], fired: [], explanation, ...words }
  const [, facts] = DEPENDS.exec(message) ?? []
  if (facts === undefined) return { answer: 'unknown', fired: [], explanation, ...words }
  return { answer: 'conditional', missing: facts.split('; or on '), fired: [], explanation, ...words }
}

const FREE = 'The payer says that prior authorization is not required.'
