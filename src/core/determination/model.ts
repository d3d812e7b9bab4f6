/**
 * Whether a service needs prior authorization: the words in which a payer says so, and in which it is answered.
 */
import type { PlainDate } from '../../kernel/time.ts'
import type { Ground } from '../decision.ts'
import type { Code, PatientEvent, ServiceLine } from '../request.ts'

/**
 * One row of a payer's determination rules. What a row does not name, it does not ask about; a list is met by any one
 * of its members. Lists that are there are never empty.
 */
export interface DeterminationRule {
  readonly id: string
  /** Which import of the payer's rules it came with, from 1 up. */
  readonly version: number
  readonly plan?: string
  readonly lineOfBusiness?: string
  /** A code, or all from `code` to `until`, both included; `system` as in X12 235. */
  readonly procedure?: { readonly system: Code; readonly code: Code; readonly until?: Code }
  readonly modifiers?: readonly Code[]
  /** Place of service codes; a type of bill is written `bill:11`. */
  readonly places?: readonly string[]
  readonly serviceTypes?: readonly Code[]
  /** Completed years on the day of service, both ends included. */
  readonly age?: { readonly from: number; readonly until: number }
  /** Beginnings of ICD-10 codes, without the point. */
  readonly diagnoses?: readonly string[]
  /** The days of service it holds for, both ends included; without `until` it holds on. */
  readonly effective: { readonly from: PlainDate; readonly until?: PlainDate }
  readonly answer: 'required' | 'not-required'
  /** Who reviews such a request on the payer's behalf. */
  readonly reviewer?: string
  /** What to send with the request. */
  readonly documents: readonly string[]
  /** The row in its author's words. */
  readonly text: string
  /** Where the payer says so: a document and its section. */
  readonly source: string
}

/** What is known besides the request itself. An absent fact is unknown, not false. */
export interface Facts {
  readonly plan?: string
  readonly lineOfBusiness?: string
  /** The patient's, who may be a dependent. */
  readonly birthDate?: PlainDate
}

/** All that a condition may look at. */
export interface Situation {
  readonly line: ServiceLine
  readonly event: PatientEvent
  readonly facts: Facts
  /** The day of service, or the day that stands in for it. */
  readonly on: PlainDate
}

/** Whether a condition of a row holds, or which fact is missing to say so. */
export type Match = 'met' | 'unmet' | { readonly missing: string }

/** One thing that a row can ask about. */
export interface Condition {
  /** Whether the row asks about it. */
  asks(rule: DeterminationRule): boolean
  /** Only called when the row asks. */
  holds(rule: DeterminationRule, situation: Situation): Match
}

/**
 * What is answered for one line. It speaks of the need for authorization alone: it never certifies, denies or pends.
 *
 * `fired` are the rows that the answer rests on or that hang on a missing fact, the most specific first.
 */
export type Determination = {
  /** What the payer itself says of the line, where it was asked elsewhere: told in place of words of ours. */
  readonly words?: string
} & (
  | {
      readonly answer: 'required' | 'not-required'
      /** The most specific rows that are met; more than one when they are equally specific. */
      readonly deciding: readonly DeterminationRule[]
      readonly fired: readonly DeterminationRule[]
      readonly explanation: string
    }
  | {
      readonly answer: 'conditional'
      /** The facts that would settle it, in words. */
      readonly missing: readonly string[]
      readonly fired: readonly DeterminationRule[]
      readonly explanation: string
    }
  | { readonly answer: 'unknown'; readonly fired: readonly []; readonly explanation: string }
)

/** A row as the ground of an answer. */
export function groundOf(rule: DeterminationRule): Ground {
  return {
    kind: 'determination-rule',
    id: rule.id,
    version: rule.version,
    text: rule.text,
    source: rule.source,
  }
}
