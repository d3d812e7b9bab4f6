import type { ServiceLine } from '../../../core/request.ts'
import { type Loop, segmentOf, segmentsOf } from '../grammar/walk.ts'
import type { Growing } from '../reading/index.ts'
import { decodeDelivery, encodeDelivery } from '../segments/hsd.ts'
import { decodeMessage, encodeMessage } from '../segments/msg.ts'
import { decodeAttachments, encodeAttachments } from '../segments/pwk.ts'
import type { Row } from '../text/index.ts'

/**
 * What HSD, PWK and MSG say of an event or a line in a request. An answer has the same segments for something else: what
 * is certified, what documents are still wanted, and words of the payer.
 */
export type Asked = Pick<ServiceLine, 'delivery' | 'attachments' | 'message'>

/** Puts in what is asked of an event or a line beside what its other segments say. */
export function putAsked(asked: Growing<Asked>, loop: Loop | undefined): void {
  const attachments = decodeAttachments(segmentsOf(loop, 'PWK'))
  const delivery = decodeDelivery(segmentOf(loop, 'HSD'))
  const message = decodeMessage(segmentOf(loop, 'MSG'))
  if (delivery !== undefined) asked.delivery = delivery
  if (attachments.length > 0) asked.attachments = attachments
  if (message !== undefined) asked.message = message
}

export function encodeAsked({ delivery, attachments, message }: Asked): readonly Row[] {
  return [...encodeDelivery(delivery), ...encodeAttachments(attachments), ...encodeMessage(message)]
}
