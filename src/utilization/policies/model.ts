import type { Ground } from '../../core/decision.ts'
import type { Id } from '../../kernel/ids.ts'

export type PolicyId = Id<'policy'>

/** What kind of value an input is; a list may be empty, nothing else may. */
export type InputKind = 'number' | 'text' | 'texts'

/**
 * Everything a policy can ask about, with its kind and what it is called when it is missing. An input that is missing
 * is never guessed: see `decide`. `docs/reference/rules.md` tells them to people.
 */
export const INPUTS = {
  determination: { kind: 'text', called: 'the determination' },
  code: { kind: 'text', called: 'a procedure code' },
  codeSystem: { kind: 'text', called: 'a procedure code' },
  modifiers: { kind: 'texts', called: 'the modifiers' },
  quantity: { kind: 'number', called: 'the quantity' },
  unit: { kind: 'text', called: 'the unit of the quantity' },
  amount: { kind: 'number', called: 'the amount' },
  diagnoses: { kind: 'texts', called: 'the diagnoses' },
  place: { kind: 'text', called: 'the place of service' },
  serviceType: { kind: 'text', called: 'the service type' },
  category: { kind: 'text', called: 'the category of review' },
  urgency: { kind: 'text', called: 'the urgency' },
  age: { kind: 'number', called: "the patient's date of birth" },
  gender: { kind: 'text', called: "the patient's gender" },
  memberId: { kind: 'text', called: 'the member number' },
  requesterNpi: { kind: 'text', called: "the requester's NPI" },
  daysSinceService: { kind: 'number', called: 'the date of service' },
  daysOfService: { kind: 'number', called: 'the date of service' },
} as const satisfies Readonly<Record<string, { readonly kind: InputKind; readonly called: string }>>

export type InputName = keyof typeof INPUTS

type ValueOf<Kind> = Kind extends 'number' ? number : Kind extends 'text' ? string : readonly string[]

/** The facts of one line, as a policy sees them; an absent input is missing. */
export type PolicyInputs = { readonly [Name in InputName]?: ValueOf<(typeof INPUTS)[Name]['kind']> }

/**
 * What a policy can come to. There is no word for anything adverse: a machine certifies as asked, or asks a person.
 */
export type PolicyDecision =
  | { readonly outcome: 'certify'; readonly ground: Ground }
  | {
      readonly outcome: 'pend'
      readonly waitingFor: 'reviewer' | 'information'
      readonly reason: string
      /** The row that fired; absent when no row could. */
      readonly ground?: Ground
    }

/** A row of a policy's table. */
export interface PolicyRow {
  readonly id: string
  /** The row in its author's words. */
  readonly text: string
  /** Cells that are not empty, by the input that they ask about. */
  readonly cells: ReadonlyMap<InputName, string>
  readonly outcome: 'certify' | 'pend'
  readonly waitingFor: 'reviewer' | 'information'
  readonly reason: string
  readonly source: string
}

/** A decision graph that passed every check; its rows in order, the last of which takes whatever is left. */
export interface Policy {
  readonly graph: object
  readonly rows: readonly PolicyRow[]
}

export interface PublishedPolicy {
  readonly id: PolicyId
  /** From 1 up, for each payer. */
  readonly version: number
}
