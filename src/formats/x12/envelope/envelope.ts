import type { Guide } from '../grammar/rules.ts'

/** Test or production data (ISA15). */
export type Usage = 'T' | 'P'

/** Who wrote to whom, and under which numbers: what ISA, GS, ST and BHT say about a transaction. Spaces of padding are gone. */
export interface Envelope {
  /** ISA06. */
  readonly senderId: string
  /** ISA08. The sandbox's published test ids stand here. */
  readonly receiverId: string
  /** ISA13, nine digits. */
  readonly interchangeControlNumber: string
  /** GS06, one to nine digits, as written. */
  readonly groupControlNumber: string
  /** ST02, four to nine characters, as written. */
  readonly transactionControlNumber: string
  /** GS02; often another name than ISA06. */
  readonly applicationSender: string
  /** GS03; often another name than ISA08. */
  readonly applicationReceiver: string
  readonly usage: Usage
  /** ISA05 and ISA07, of what is written; `ZZ` (mutually agreed) when left out. */
  readonly senderQualifier?: string
  readonly receiverQualifier?: string
  /** ISA14 is 1: its sender wants a TA1, and so keeps count of its interchanges. Of what is read. */
  readonly asksForAcknowledgement?: true
  /** BHT03: the submitter's number for the transaction, which an answer repeats. */
  readonly beginningReference: string
}

/** The implementation guides by the names they go by in GS08 and ST03. */
export const GUIDE_NAMES: Readonly<Record<Guide, string>> = {
  '217': '005010X217',
  '215': '005010X215',
  '216': '005010X216',
}
