import { decodeGroupAcknowledgement, GUIDES_999 } from './acknowledgements/group.ts'
import type { GroupAcknowledgement } from './acknowledgements/model.ts'
import { list } from './codes/index.ts'
import { type DecodedAnswer, readAnswer } from './decode-answer.ts'
import { type DecodedNoticeAnswer, readNoticeAnswer } from './decode-notice-answer.ts'
import { type DecodedRequest, readRequest } from './decode-request.ts'
import type { FoundTransaction } from './envelope/index.ts'
import { type Interchange, open278, requireGroupKind } from './envelope/index.ts'
import { tableOf } from './grammar/index.ts'
import type { X12Decoded } from './reading/index.ts'
import { quote } from './reading/index.ts'
import { sortTransaction } from './transaction.ts'

/** What a transaction can be. */
export type TransactionSet =
  | { readonly kind: 'request'; readonly request: DecodedRequest }
  | { readonly kind: 'answer'; readonly answer: DecodedAnswer }
  | { readonly kind: 'acknowledgement'; readonly acknowledgement: GroupAcknowledgement }
  | { readonly kind: 'notice-answer'; readonly answer: DecodedNoticeAnswer }
  /** A 275, which has a reader of its own: see `attachments`. */
  | { readonly kind: 'attachments' }

/** Reads a transaction as what it says it is. Never throws. */
export function decodeTransactionSet(found: FoundTransaction): X12Decoded<TransactionSet> {
  const isAcknowledgement = found.st.text(1) === '999'
  return found.findings.detailed(isAcknowledgement ? read999(found) : read278(found))
}

/** @see 005010X231 */
function read999({
  st,
  body,
  isWhole,
  group,
  interchange,
  findings,
}: FoundTransaction): TransactionSet | undefined {
  if (group.gs !== undefined) requireGroupKind(group.gs, 'FA', 'the group of acknowledgements', findings)
  const guide = st.text(3) ?? group.gs?.text(8)
  if (guide !== undefined && !GUIDES_999.includes(guide)) {
    st.fault(3, `expected ${list(GUIDES_999)}, found ${quote(guide)}`)
  }
  if (!isWhole) return undefined
  const acknowledgement = decodeGroupAcknowledgement(body, interchange.delimiters, findings)
  return acknowledgement && { kind: 'acknowledgement', acknowledgement }
}

function read278(found: FoundTransaction): TransactionSet | undefined {
  const { findings } = found
  const interchange = open278(found)
  if (interchange === undefined) return undefined
  const direction = isAnswer(interchange) ? 'answer' : 'request'
  const transaction = sortTransaction(interchange, direction, findings)
  if (transaction === undefined) return undefined
  if (direction === 'request') return { kind: 'request', request: readRequest(transaction, findings) }
  const { guide } = interchange
  return guide === '216'
    ? { kind: 'notice-answer', answer: readNoticeAnswer(transaction, findings) }
    : { kind: 'answer', answer: readAnswer(transaction, guide, findings) }
}

/** BHT02 tells a request from an answer. What is neither is read as a request, whose faults then say so. */
function isAnswer({ guide, body }: Interchange): boolean {
  const purpose = body.find(({ id }) => id === 'BHT')?.elements[2]
  return purpose === tableOf(guide, 'answer').purpose
}
