import type { Inquiry } from '../../../core/request.ts'
import { present } from '../absent.ts'
import { type Loop, segmentOf } from '../grammar/walk.ts'
import type { Row } from '../segment.ts'
import { decodePeriod, encodePeriod } from '../segments/dtp.ts'

type Filter = Inquiry['filter']

/**
 * Reads what only an inquiry can ask by. At service lines it is not read yet.
 *
 * @see 005010X215 request loop 2000E HCR, and DTP with 102, 036, 007 and 881
 */
export function decodeFilter(event: Loop | undefined): Filter {
  return present<Filter>({
    action: segmentOf(event, 'HCR')?.text(1),
    issued: decodePeriod(segmentOf(event, 'DTP', '102')),
    expires: decodePeriod(segmentOf(event, 'DTP', '036')),
    effective: decodePeriod(segmentOf(event, 'DTP', '007')),
    requestedOn: decodePeriod(segmentOf(event, 'DTP', '881')),
  })
}

export function encodeFilter(filter: Filter): readonly Row[] {
  return [
    ...(filter.action === undefined ? [] : [['HCR', filter.action] as const]),
    ...encodePeriod('102', filter.issued),
    ...encodePeriod('036', filter.expires),
    ...encodePeriod('007', filter.effective),
    ...encodePeriod('881', filter.requestedOn),
  ]
}
