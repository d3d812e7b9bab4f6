import type { Inquiry, ReviewRequest } from '../../core/request.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Envelope } from './envelope/index.ts'
import { sealInterchange } from './envelope/index.ts'
import { tableOf } from './grammar/index.ts'
import { layOut } from './grammar/lay-out.ts'
import { encodeAsked } from './loops/asked.ts'
import { encodeFilter, encodeLineFilter } from './loops/filter.ts'
import { encodeTree, NOTHING_ADDED } from './loops/transaction.ts'
import { encodeBeginning, encodeReservation } from './segments/bht.ts'
import { encodeKnown } from './segments/ref.ts'

/** What a request says that is not in the request: its numbers, its moment, and names where they differ. */
export interface RequestEnvelope extends Partial<Envelope> {
  /** Nine digits (ISA13). The group goes by the same number without its zeros, and the transaction by 0001. */
  readonly interchangeControlNumber: string
  readonly usage: Envelope['usage']
  /** When it is sent; written in UTC. */
  readonly at: Instant
}

/**
 * Writes a request for review (217) or an inquiry (215) as an interchange on one line.
 *
 * The names in ISA and GS are those of the correspondence unless the envelope has others, so that an envelope that was
 * read can be given back whole. What the guide has no place for is left out; `decodeRequest` reads the rest back as it was.
 */
export function encodeRequest(
  request: ReviewRequest,
  options: RequestEnvelope & { readonly guide: '217' },
): string
export function encodeRequest(inquiry: Inquiry, options: RequestEnvelope & { readonly guide: '215' }): string
export function encodeRequest(
  request: ReviewRequest | Inquiry,
  { guide, at, ...given }: RequestEnvelope & { readonly guide: '217' | '215' },
): string {
  const table = tableOf(guide, 'request')
  const envelope = completeEnvelope(request, given)
  const { reservation } = request
  const beginning =
    reservation === undefined
      ? encodeBeginning(table, envelope.beginningReference, at)
      : encodeReservation(reservation, table, envelope.beginningReference, at)
  const filter = 'filter' in request ? request.filter : {}
  const tree = encodeTree(request, beginning, table, {
    ...NOTHING_ADDED,
    event: [...encodeKnown(request.event), ...encodeFilter(filter), ...encodeAsked(request.event)],
    line: (line) => [...encodeKnown(line), ...encodeLineFilter(filter, line.number), ...encodeAsked(line)],
  })
  return sealInterchange(layOut(table, tree), guide, envelope, at)
}

/** The names of the correspondence and the usual numbers, where the envelope does not have its own. */
export function completeEnvelope(
  { correspondence }: ReviewRequest,
  given: Omit<RequestEnvelope, 'at'>,
): Envelope {
  const { senderId, receiverId, transactionIdentifier } = correspondence
  return {
    senderId,
    receiverId,
    groupControlNumber: String(Number(given.interchangeControlNumber)),
    transactionControlNumber: '0001',
    applicationSender: senderId,
    applicationReceiver: receiverId,
    beginningReference: transactionIdentifier,
    ...given,
  }
}
