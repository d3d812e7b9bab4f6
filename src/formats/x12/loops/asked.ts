import type { ServiceLine } from '../../../core/request.ts'
import { present } from '../absent.ts'
import { type Loop, segmentOf, segmentsOf } from '../grammar/walk.ts'
import type { Row } from '../segment.ts'
import { decodeDelivery, encodeDelivery } from '../segments/hsd.ts'
import { decodeMessage, encodeMessage } from '../segments/msg.ts'
import { decodeAttachments, encodeAttachments } from '../segments/pwk.ts'

/**
 * What HSD, PWK and MSG say of an event or a line in a request. An answer has the same segments for something else: what
 * is certified, what documents are still wanted, and words of the payer.
 */
export type Asked = Pick<ServiceLine, 'delivery' | 'attachments' | 'message'>

export function decodeAsked(loop: Loop | undefined): Asked {
  const attachments = decodeAttachments(segmentsOf(loop, 'PWK'))
  return present<Asked>({
    delivery: decodeDelivery(segmentOf(loop, 'HSD')),
    attachments: attachments.length === 0 ? undefined : attachments,
    message: decodeMessage(segmentOf(loop, 'MSG')),
  })
}

export function encodeAsked({ delivery, attachments, message }: Asked): readonly Row[] {
  return [...encodeDelivery(delivery), ...encodeAttachments(attachments), ...encodeMessage(message)]
}
