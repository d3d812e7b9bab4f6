import type { Attachment } from '../../../core/request.ts'
import type { SegmentReader } from '../reading/index.ts'
import { present } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/**
 * Reads documents: in a request those that go with it, in an answer those that the payer asks for.
 *
 * @see 005010X217 loops 2000E and 2000F PWK
 */
export function decodeAttachments(pwks: readonly SegmentReader[]): readonly Attachment[] {
  return pwks.map((pwk) => {
    pwk.constant(5, 'AC')
    return present<Attachment>({
      reportType: pwk.required(1, 'the kind of document'),
      transmission: pwk.text(2),
      controlNumber: pwk.text(6),
      description: pwk.text(7),
    })
  })
}

export function encodeAttachments(attachments: readonly Attachment[] | undefined): readonly Row[] {
  return (attachments ?? []).map(({ reportType, transmission, controlNumber, description }) => [
    'PWK',
    reportType,
    transmission,
    undefined,
    undefined,
    controlNumber && 'AC',
    controlNumber,
    description,
  ])
}
