import { type DecodedAnswer, readAnswer } from './decode-answer.ts'
import { type DecodedRequest, readRequest } from './decode-request.ts'
import type { FoundTransaction } from './envelope-reader.ts'
import type { X12Decoded } from './faults.ts'
import { tableOf } from './grammar/index.ts'
import { type Interchange, open278 } from './interchange.ts'
import { sortTransaction } from './transaction.ts'

/** What a transaction can be. */
export type TransactionSet =
  | { readonly kind: 'request'; readonly request: DecodedRequest }
  | { readonly kind: 'answer'; readonly answer: DecodedAnswer }

/** Reads a transaction as what it says it is. Never throws. */
export function decodeTransactionSet(found: FoundTransaction): X12Decoded<TransactionSet> {
  return found.findings.detailed(read278(found))
}

function read278(found: FoundTransaction): TransactionSet | undefined {
  const { findings } = found
  const interchange = open278(found)
  if (interchange === undefined) return undefined
  const direction = isAnswer(interchange) ? 'answer' : 'request'
  const transaction = sortTransaction(interchange, direction, findings)
  if (transaction === undefined) return undefined
  return direction === 'answer'
    ? { kind: 'answer', answer: readAnswer(transaction, findings) }
    : { kind: 'request', request: readRequest(transaction, findings) }
}

/** BHT02 tells a request from an answer. What is neither is read as a request, whose faults then say so. */
function isAnswer({ guide, body }: Interchange): boolean {
  const purpose = body.find(({ id }) => id === 'BHT')?.elements[2]
  return purpose === tableOf(guide, 'answer').purpose
}
