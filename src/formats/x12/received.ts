import type { Instant } from '../../kernel/time.ts'
import type { InterchangeAcknowledgement } from './acknowledgements/model.ts'
import type { Usage } from './envelope/index.ts'
import type { X12Decoded, X12Fault } from './reading/index.ts'
import type { Delimiters } from './text/index.ts'
import type { TransactionSet } from './transaction-set.ts'

/** What an ISA says. Spaces of padding are gone. */
export interface InterchangeHeader {
  /** ISA05 and ISA07. */
  readonly senderQualifier: string
  readonly senderId: string
  readonly receiverQualifier: string
  readonly receiverId: string
  /** ISA09 and ISA10 as written: an acknowledgement repeats them. */
  readonly date: string
  readonly time: string
  readonly controlNumber: string
  /** ISA14: whether the sender asks for a TA1. */
  readonly isAcknowledgementRequested: boolean
  readonly usage: Usage
  readonly delimiters: Delimiters
  /** Bytes before the ISA. */
  readonly byte: number
}

/** What a GS says. All is empty for transactions that stand outside a group, which is a fault of the interchange. */
export interface GroupHeader {
  /** GS01: `HI` for 278 transactions, `FA` for acknowledgements. */
  readonly kind: string
  readonly applicationSender: string
  readonly applicationReceiver: string
  readonly controlNumber: string
  /** GS08: `005010X217`. */
  readonly guide: string
  /** GS04 and GS05, taken as UTC; undefined when they are no day and time. */
  readonly sentAt: Instant | undefined
}

/** A transaction of an interchange: what it says, or every fault in it. */
export interface ReceivedTransaction {
  /** ST01, ST02 and ST03, as written. */
  readonly set: string
  readonly controlNumber: string
  readonly guide: string
  /** Where its ST stands: counted in the interchange, from the ISA, which is 1. */
  readonly segmentNumber: number
  /** Bytes before its ST. */
  readonly byte: number
  /** The numbers that the sender traces its questions by, each with the place of its TRN in the interchange. */
  readonly traceNumbers: readonly { readonly segmentNumber: number; readonly value: string }[]
  readonly result: X12Decoded<TransactionSet>
}

/** How a functional group ended. */
export interface GroupEnd {
  /** How many transactions stood in it, and how many GE01 says; the latter is 0 when it is no number. */
  readonly received: number
  readonly announced: number
  /** Of GS and GE, and of what stands between the transactions. */
  readonly faults: readonly X12Fault[]
  readonly notes: readonly X12Fault[]
}

/** How an interchange ended. */
export interface InterchangeEnd {
  /** Of ISA and IEA, and of what stands outside the groups. */
  readonly faults: readonly X12Fault[]
  readonly notes: readonly X12Fault[]
}

export interface ReceivedGroup extends GroupEnd {
  readonly header: GroupHeader
  readonly transactions: readonly ReceivedTransaction[]
}

/**
 * An interchange with everything in it. One with `faults` of its own is to be refused as a whole, although its transactions
 * were read; a group with `faults` is to be refused with its transactions.
 */
export interface ReceivedInterchange extends InterchangeEnd {
  readonly header: InterchangeHeader
  /** TA1: answers to interchanges that were sent before. */
  readonly acknowledgements: readonly InterchangeAcknowledgement[]
  readonly groups: readonly ReceivedGroup[]
}

/** What a stream of interchanges holds, in the order of the text. */
export type InterchangeEvent =
  | { readonly kind: 'interchange'; readonly header: InterchangeHeader }
  | { readonly kind: 'acknowledgement'; readonly acknowledgement: InterchangeAcknowledgement }
  | { readonly kind: 'group'; readonly header: GroupHeader }
  | { readonly kind: 'transaction'; readonly transaction: ReceivedTransaction }
  | ({ readonly kind: 'group-end' } & GroupEnd)
  | ({ readonly kind: 'interchange-end' } & InterchangeEnd)
  /** Text that is no interchange, or an ISA that cannot be read. Nothing comes after it. */
  | { readonly kind: 'unreadable'; readonly faults: readonly X12Fault[] }
