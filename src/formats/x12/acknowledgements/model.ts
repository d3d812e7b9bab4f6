/** What the receiver of an interchange says about its envelope: a TA1. */
export interface InterchangeAcknowledgement {
  /** TA101: ISA13 of the interchange that is answered. */
  readonly controlNumber: string
  /** TA102 and TA103: its ISA09 and ISA10, as written. */
  readonly date: string
  readonly time: string
  readonly status: 'accepted' | 'accepted-with-errors' | 'rejected'
  /** TA105, three digits; `000` when nothing is wrong, `025` for an interchange that came before. */
  readonly note: string
}

/** What the receiver of a functional group says about its transactions: a 999. */
export interface GroupAcknowledgement {
  /** AK101 to AK103: GS01, GS06 and GS08 of the group that is answered. */
  readonly kind: string
  readonly controlNumber: string
  readonly guide?: string
  /** In the order of the group. A transaction that is not listed was accepted, as far as AK9 says so. */
  readonly transactions: readonly TransactionAcknowledgement[]
  readonly status: 'accepted' | 'accepted-with-errors' | 'partially-accepted' | 'rejected'
  /** AK902 to AK904: transactions that the group announced, that came, and that were accepted. */
  readonly announced: number
  readonly received: number
  readonly accepted: number
  /** AK905 to AK909, at most five. */
  readonly codes: readonly string[]
}

/** What is said about one transaction: AK2 to IK5. */
export interface TransactionAcknowledgement {
  /** AK201 to AK203: ST01, ST02 and ST03. */
  readonly set: string
  readonly controlNumber: string
  readonly guide?: string
  readonly status: 'accepted' | 'accepted-with-errors' | 'rejected'
  readonly errors: readonly SegmentError[]
  /** IK502 to IK506, at most five. */
  readonly codes: readonly string[]
}

/** A segment that is wrong or missing: IK3, and what stands under it. */
export interface SegmentError {
  readonly segmentId: string
  /** Counted in the transaction; the ST is 1. */
  readonly position: number
  readonly loop?: string
  /** IK304, such as `3` (a required segment is missing) or `8` (elements are wrong). */
  readonly code: string
  /** CTX01 and its value: the number that the sender knows the case by, such as `TRN02` and the number. */
  readonly businessUnit?: { readonly name: string; readonly value: string }
  readonly elements: readonly ElementError[]
}

/** An element that is wrong or missing: IK4. */
export interface ElementError {
  readonly element: number
  readonly component?: number
  /** IK403, such as `1` (missing), `7` (code) or `8` (date). */
  readonly code: string
  /** IK404: what stood there. */
  readonly value?: string
}
