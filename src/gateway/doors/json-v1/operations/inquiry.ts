import type { Inquiry } from '../../../../core/request.ts'
import { decodeInquiry, encodeInquiryAnswer } from '../../../../formats/json/index.ts'
import { encodeAnswer } from '../../../../formats/x12/index.ts'
import type { Answered } from '../../../exchange/index.ts'
import { readInquiryX12 } from '../x12-body.ts'
import { caseMember } from './case-member.ts'
import { isToBeTriedAgain, member, type Operation, requesterNpi, type WriteBoth } from './model.ts'

export const spellInquiry = ({ answer }: Answered, write: WriteBoth) =>
  write(
    answer,
    (it, envelope) => encodeAnswer(it, { ...envelope, guide: '215' }),
    (it) => encodeInquiryAnswer(it),
  )

/** "What became of this?" It asks how things stand now, so it is answered anew. @see 005010X215 */
export const INQUIRY: Operation<Inquiry, Answered> = {
  name: 'inquiry',
  act: 'authorization.inquire',
  scope: 'pa:inquire',
  readJson: decodeInquiry,
  readX12: readInquiryX12,
  inNameOf: requesterNpi,
  knownAgain: () => 'by-key',
  answer: (exchange, tx, { asking, asked }) => exchange.inquire(tx, { ...asking, inquiry: asked }),
  mayComeToMore: isToBeTriedAgain,
  envelope: (answered, write) =>
    `{${caseMember(answered)}${member('inquiry', spellInquiry(answered, write))}}`,
}
