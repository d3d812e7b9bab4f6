import type { LineOfBusiness } from '../../core/deadlines.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Payer } from './model.ts'
import type { PayerOperation, Way } from './ways.ts'

/** An id that a payer goes by, and whose numbering it is of: `naic`, `edi`, `cms`, a clearinghouse's own. */
export interface PayerIdentifier {
  readonly value: string
  /** Absent: one that senders use, of no system in particular. */
  readonly system?: string
}

/** A product of the payer that members are enrolled in. */
export interface Plan {
  readonly id: string
  readonly name: string
  /** Where it differs from the payer's. */
  readonly lineOfBusiness?: LineOfBusiness
}

/** A time in which a payer, or one operation of it, cannot be reached. */
export interface Outage {
  readonly id: string
  /** Absent: all of them. */
  readonly operation?: PayerOperation
  readonly from: Instant
  /** Absent: not known yet. */
  readonly until?: Instant
  readonly note: string
}

/** A payer as the directory tells of it. */
export interface DirectoryEntry {
  readonly payer: Payer
  /** The same ids as the payer's `wireIds`, in the same order. */
  readonly identifiers: readonly PayerIdentifier[]
  readonly plans: readonly Plan[]
  readonly ways: Readonly<Record<PayerOperation, Way>>
  /** Those that have not ended, the one that begins first at the head. */
  readonly outages: readonly Outage[]
}
