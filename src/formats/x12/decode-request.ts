import type { AdmissionNotice } from '../../core/admission.ts'
import type { Inquiry, ReviewRequest } from '../../core/request.ts'
import type { Envelope } from './envelope/index.ts'
import { findLoop } from './grammar/walk.ts'
import { decodeFilter } from './loops/filter.ts'
import { asNotice } from './loops/notice.ts'
import { decodeTree } from './loops/transaction.ts'
import type { CitedDecoded } from './reading/index.ts'
import { Findings, type ReadingOptions, readingOf } from './reading/index.ts'
import { noteUnread, openTransaction, type Transaction } from './transaction.ts'

/** A request as read, and the envelope it came in. */
export type DecodedRequest =
  | { readonly guide: '217'; readonly request: ReviewRequest; readonly envelope: Envelope }
  | { readonly guide: '215'; readonly inquiry: Inquiry; readonly envelope: Envelope }
  | { readonly guide: '216'; readonly notice: AdmissionNotice; readonly envelope: Envelope }

/**
 * Reads a 278 request for review (005010X217), an inquiry (005010X215) or a notice of admission (005010X216).
 *
 * Never throws, whatever the text. All faults of a document come back at once, each with its position in the text; what
 * was tolerated, and what the guide has and the model has no place for, comes back as notes beside the value.
 *
 * @param text    one interchange with one transaction, from ISA to IEA
 * @param options how strictly it is read; tolerantly when left out
 * @see 005010X217, 005010X215 and 005010X216, request
 */
export function decodeRequest(text: string, options?: ReadingOptions): CitedDecoded<DecodedRequest> {
  const reading = readingOf(options)
  const findings = new Findings(reading.strictness)
  const transaction = openTransaction(text, 'request', findings, reading)
  if (transaction === undefined) return findings.refuse()
  return findings.conclude(readRequest(transaction, findings))
}

/** Reads a request that was sorted into its loops. */
export function readRequest(transaction: Transaction, findings: Findings): DecodedRequest {
  const { table, tree, envelope } = transaction
  const event = findLoop(tree, '2000E')
  if (event === undefined && findLoop(tree, '2000C') !== undefined) {
    findings.fault('', 'loop 2000E (HL with HL03 EV: the patient event) is missing')
  }
  const common = decodeTree(tree, table)
  const { reservation } = transaction.beginning
  const request: ReviewRequest = {
    ...(reservation && { reservation }),
    correspondence: {
      senderId: envelope.senderId,
      receiverId: envelope.applicationReceiver,
      transactionIdentifier: envelope.beginningReference,
    },
    ...common,
  }
  const filter = table.guide === '215' ? decodeFilter(event) : {}
  const notice = table.guide === '216' ? asNotice(request, tree) : undefined
  noteUnread(tree)
  if (notice !== undefined) return { guide: '216', notice, envelope }
  return table.guide === '217'
    ? { guide: '217', request, envelope }
    : { guide: '215', inquiry: { ...request, filter }, envelope }
}
