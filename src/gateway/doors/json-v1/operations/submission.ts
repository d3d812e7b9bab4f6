import type { ReviewRequest } from '../../../../core/request.ts'
import { decodeSubmission, encodeSubmissionAnswer } from '../../../../formats/json/index.ts'
import { encodeAnswer } from '../../../../formats/x12/index.ts'
import type { Answered } from '../../../exchange/index.ts'
import { readSubmissionX12 } from '../x12-body.ts'
import { caseMember } from './case-member.ts'
import { isToBeTriedAgain, knownCase, member, type Operation, requesterNpi, type WriteBoth } from './model.ts'

export const spellSubmission = ({ answer }: Answered, write: WriteBoth) =>
  write(
    answer,
    (it, envelope) => encodeAnswer(it, { ...envelope, guide: '217' }),
    (it) => encodeSubmissionAnswer(it),
  )

/** "Please authorize this." @see 005010X217 */
export const SUBMISSION: Operation<ReviewRequest, Answered> = {
  name: 'submission',
  act: 'authorization.submit',
  scope: 'pa:submit',
  readJson: decodeSubmission,
  readX12: readSubmissionX12,
  inNameOf: requesterNpi,
  knownAgain: () => 'by-numbers',
  answer: (exchange, tx, { asking, asked, insists, known, write, kept }) =>
    exchange.submit(tx, { ...asking, request: asked, insists, ...knownCase(known) }, (answered) =>
      kept(spellSubmission(answered, write)),
    ),
  mayComeToMore: isToBeTriedAgain,
  envelope: (answered, write) =>
    `{${caseMember(answered)}${member('submission', spellSubmission(answered, write))}}`,
}
