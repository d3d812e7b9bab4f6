import type { ReviewAnswer } from '../../core/decision.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Envelope, Usage } from './envelope/index.ts'
import { controlNumbers, sealInterchange } from './envelope/index.ts'
import { tableOf } from './grammar/index.ts'
import { layOut } from './grammar/lay-out.ts'
import type { Guide } from './grammar/rules.ts'
import { encodeDecision } from './loops/decision.ts'
import { encodeRejections } from './loops/rejections.ts'
import { type Additions, encodeTree, NOTHING_ADDED } from './loops/transaction.ts'
import { encodeBeginning } from './segments/bht.ts'
import { encodeContact } from './segments/per.ts'

/** What an answer says that is not in the answer. */
export interface AnswerEnvelope {
  readonly guide: Guide
  /** When it is sent; ISA and GS are dated with it, in UTC. BHT is dated with the moment of the answer itself. */
  readonly at: Instant
  /** Our own number for the interchange, from 1; it starts again after 999999999. */
  readonly controlNumber: number
  readonly usage: Usage
  /** The envelope of the request, when it came in one: its names are turned round exactly. */
  readonly inReplyTo?: Envelope
}

/**
 * Writes the answer to a request for review (217) or to an inquiry (215) as an interchange on one line.
 *
 * Sender and receiver are turned round and BHT03 is repeated. A decision goes into HCR at the event and at each line; a
 * rejection into AAA in the loop of its level, and then there is no HCR. The tree of the request is repeated as far as the
 * guide's answer has a place for it.
 *
 * @see 005010X217 and 005010X215, response
 */
export function encodeAnswer(answer: ReviewAnswer, options: AnswerEnvelope): string {
  return sealAnswer(answer, additionsOf(answer), options, kindOf(answer, options.guide))
}

/** Puts what is answered into the tree of the request, and that into its envelope, turned round. */
export function sealAnswer(
  answer: Omit<ReviewAnswer, 'outcome'>,
  additions: Additions,
  { guide, at, usage, controlNumber, inReplyTo }: AnswerEnvelope,
  /** BHT06, where it is not the one of the guide. */
  kind?: string,
): string {
  const table = tableOf(guide, 'answer')
  const { transactionIdentifier } = answer.request.correspondence
  const request = { ...answer.request, payer: { id: answer.payer.id, name: answer.payer.name } }
  const beginning = encodeBeginning(table, transactionIdentifier, answer.answeredAt, kind)
  const payer = [...encodeContact(answer.payer.contact), ...additions.payer]
  const tree = encodeTree(request, beginning, table, { ...additions, payer })
  const envelope = { ...turnedRound(answer, inReplyTo), ...controlNumbers(controlNumber), usage }
  return sealInterchange(layOut(table, tree), guide, envelope, at)
}

/** BHT06: a request that waits is answered with more to follow. */
function kindOf({ outcome }: ReviewAnswer, guide: Guide): string | undefined {
  return guide === '217' && outcome.kind === 'decided' && outcome.action === 'pended' ? '19' : undefined
}

function additionsOf({ outcome, request }: ReviewAnswer): Additions {
  return outcome.kind === 'rejected'
    ? encodeRejections(outcome.rejections, request)
    : { ...NOTHING_ADDED, ...encodeDecision(outcome, request.event) }
}

/** What was the receiver is the sender now. */
function turnedRound({ request }: Pick<ReviewAnswer, 'request'>, asked: Envelope | undefined) {
  const { senderId, receiverId } = request.correspondence
  return {
    senderId: asked?.receiverId ?? receiverId,
    receiverId: asked?.senderId ?? senderId,
    applicationSender: asked?.applicationReceiver ?? receiverId,
    applicationReceiver: asked?.applicationSender ?? senderId,
  }
}
