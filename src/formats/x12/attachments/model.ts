import type { FaultPlace, X12Fault } from '../reading/index.ts'
import type { ReceivedInterchange } from '../received.ts'

/** How much one interchange may hold. */
export interface AttachmentBudget {
  /** Bytes of an object, unpacked. */
  readonly objectBytes: number
  /** Objects in one interchange. */
  readonly objects: number
  /** Segments in one interchange. */
  readonly segments: number
}

/** A number that a 275 names a case by, and where it stands. */
export interface NamedNumber {
  /** REF01; or `TRN1` for a number of the sender's, `TRN2` for one that the payer gave. */
  readonly qualifier: string
  readonly value: string
  readonly place: FaultPlace
}

/** An object of a 275, with everything that says what it belongs to. */
export interface AttachedObject {
  readonly content: Uint8Array
  /** Where its BDS or BIN stands. */
  readonly place: FaultPlace
  /** LX01: its place among those of its transaction, as its sender counts. */
  readonly assignedNumber: string
  /** TRN02 of its loop: the attachment control number (PWK06), or the number that the payer asked for it by. */
  readonly controlNumber?: NamedNumber
  /** Every number that it can be linked by: its own, then those of the whole transaction. */
  readonly numbers: readonly NamedNumber[]
  /** The payer's id (1000B NM109); the receiver of the group, where there is none. */
  readonly payerId: string
  /** The patient's member id (NM109 with NM108 `MI`). */
  readonly memberId?: string
}

/** A 275 that was read: what an acknowledgement is made of, and its objects. */
export interface ReceivedAttachments {
  readonly received: ReceivedInterchange
  readonly objects: readonly AttachedObject[]
  /** Of envelope and transactions together, in the order of the text. With any, nothing is to be kept. */
  readonly faults: readonly X12Fault[]
  readonly notes: readonly X12Fault[]
}
