import { type Budget, USUAL_BUDGET } from '../text/index.ts'

/**
 * `tolerant`: what leaves one reading is noted, and the document is read. `strict`: what breaks a rule of syntax, balance
 * or codes is a fault, whether or not it could be read; each names the text that it rests on.
 */
export type Strictness = 'tolerant' | 'strict'

/** How a document is read. */
export interface ReadingOptions {
  readonly strictness?: Strictness
  readonly budget?: Partial<Budget>
}

/** The same with nothing left open: tolerant, and the usual budget. */
export interface Reading {
  readonly strictness: Strictness
  readonly budget: Budget
}

export function readingOf({ strictness = 'tolerant', budget }: ReadingOptions = {}): Reading {
  return { strictness, budget: budget === undefined ? USUAL_BUDGET : { ...USUAL_BUDGET, ...budget } }
}
