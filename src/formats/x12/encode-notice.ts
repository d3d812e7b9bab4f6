import type { AdmissionNotice, NoticeAnswer } from '../../core/admission.ts'
import { type AnswerEnvelope, sealAnswer } from './encode-answer.ts'
import { completeEnvelope, type RequestEnvelope } from './encode-request.ts'
import { sealInterchange } from './envelope/index.ts'
import { tableOf } from './grammar/index.ts'
import { layOut } from './grammar/lay-out.ts'
import { encodeAsked } from './loops/asked.ts'
import { encodeRejections } from './loops/rejections.ts'
import { type Additions, encodeTree, NOTHING_ADDED } from './loops/transaction.ts'
import { encodeBeginning } from './segments/bht.ts'
import { encodeKnown, encodeNumber } from './segments/ref.ts'

const GUIDE = '216'

/**
 * Writes a notice of admission as an interchange on one line. `decodeRequest` reads it back as it was, but for what the guide
 * has no place for.
 *
 * @see 005010X216, notification: HL 20 is the sender, HL 21 the payer
 */
export function encodeNotice(notice: AdmissionNotice, { at, ...given }: RequestEnvelope): string {
  const table = tableOf(GUIDE, 'request')
  const envelope = completeEnvelope(notice, given)
  const beginning = encodeBeginning(table, envelope.beginningReference, at)
  const tree = encodeTree(notice, beginning, table, {
    ...NOTHING_ADDED,
    event: [...encodeKnown(notice.event), ...encodeAsked(notice.event)],
    line: (line) => [...encodeKnown(line), ...encodeAsked(line)],
  })
  return sealInterchange(layOut(table, tree), GUIDE, envelope, at)
}

/**
 * Writes what the payer says to a notice: REF*NT with the number of the stay, or AAA in the loop of its level. No HCR.
 *
 * @see 005010X216, acknowledgement
 */
export function encodeNoticeAnswer(answer: NoticeAnswer, options: Omit<AnswerEnvelope, 'guide'>): string {
  return sealAnswer(answer, additionsOf(answer), { ...options, guide: GUIDE })
}

function additionsOf({ outcome, request }: NoticeAnswer): Additions {
  if (outcome.kind === 'rejected') return encodeRejections(outcome.rejections, request)
  return {
    ...NOTHING_ADDED,
    event: [
      ...encodeNumber('BB', request.event.previousAuthorizationNumber),
      ...encodeNumber('NT', outcome.referenceNumber),
    ],
    line: encodeKnown,
  }
}
