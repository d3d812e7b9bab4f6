import type {
  GroupHeader,
  InterchangeHeader,
  ReceivedTransaction,
  X12Fault,
} from '../../../formats/x12/index.ts'

/** What is kept of an interchange to answer it: all but its transactions. */
export interface InterchangeFacts {
  readonly header: InterchangeHeader
  readonly groups: readonly GroupFacts[]
  readonly faults: readonly X12Fault[]
}

export interface GroupFacts {
  readonly header: GroupHeader
  readonly received: number
  readonly announced: number
  readonly faults: readonly X12Fault[]
}

/** What is kept of a transaction for its acknowledgement. */
export interface TransactionFacts extends Omit<ReceivedTransaction, 'result'> {
  readonly faults?: readonly X12Fault[]
}
