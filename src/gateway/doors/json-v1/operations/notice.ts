import type { AdmissionNotice } from '../../../../core/admission.ts'
import { decodeNotice, encodeNoticeAnswer } from '../../../../formats/json/index.ts'
import { encodeNoticeAnswer as encodeNoticeAnswerX12 } from '../../../../formats/x12/index.ts'
import { bareUuid } from '../../../../kernel/ids.ts'
import type { Acknowledged } from '../../../exchange/index.ts'
import { readNoticeX12 } from '../x12-body.ts'
import { isToBeTriedAgain, member, type Operation, requesterNpi, type WriteBoth } from './model.ts'

const spell = ({ answer }: Acknowledged, write: WriteBoth) =>
  write(answer, encodeNoticeAnswerX12, encodeNoticeAnswer)

/**
 * "This member is here." The id of its envelope is that of the admission, and stands under the name that the published
 * envelope has for it.
 *
 * @see 005010X216
 */
export const NOTICE: Operation<AdmissionNotice, Acknowledged> = {
  name: 'noa',
  act: 'admission.notify',
  scope: 'pa:admit',
  readJson: decodeNotice,
  readX12: readNoticeX12,
  inNameOf: requesterNpi,
  knownAgain: () => 'by-numbers',
  answer: (exchange, tx, { asking, asked, write, kept }) =>
    exchange.admit(tx, { ...asking, notice: asked }, (acknowledged) => kept(spell(acknowledged, write))),
  mayComeToMore: isToBeTriedAgain,
  envelope: (acknowledged, write) => {
    const { admissionId } = acknowledged
    const id = admissionId ? `"authorizationId":"${bareUuid(admissionId)}",` : ''
    return `{${id}${member('noa', spell(acknowledged, write))}}`
  },
  tellsOf: 'admission',
}
