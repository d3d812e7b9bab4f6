import type { DecisionFilter, Inquiry, LineFilter } from '../../../core/request.ts'
import { type Loop, loopsOf, segmentOf } from '../grammar/walk.ts'
import { present } from '../reading/index.ts'
import { decodePeriod, encodePeriod } from '../segments/dtp.ts'
import type { Row } from '../text/index.ts'

type Filter = Inquiry['filter']

/**
 * Reads what only an inquiry can ask by, of the event and of its lines.
 *
 * @see 005010X215 request loops 2000E and 2000F HCR, and DTP with 102, 036, 007 and (2000E) 881
 */
export function decodeFilter(event: Loop | undefined): Filter {
  const lines = loopsOf(event, '2000F').flatMap((loop, index): readonly LineFilter[] => {
    const filter = decodeDecisionFilter(loop)
    return Object.keys(filter).length === 0 ? [] : [{ line: index + 1, ...filter }]
  })
  return present<Filter>({
    ...decodeDecisionFilter(event),
    requestedOn: decodePeriod(segmentOf(event, 'DTP', '881')),
    lines: lines.length === 0 ? undefined : lines,
  })
}

function decodeDecisionFilter(loop: Loop | undefined): DecisionFilter {
  return present<DecisionFilter>({
    action: segmentOf(loop, 'HCR')?.text(1),
    issued: decodePeriod(segmentOf(loop, 'DTP', '102')),
    expires: decodePeriod(segmentOf(loop, 'DTP', '036')),
    effective: decodePeriod(segmentOf(loop, 'DTP', '007')),
  })
}

export function encodeFilter(filter: Filter): readonly Row[] {
  return [...encodeDecisionFilter(filter), ...encodePeriod('881', filter.requestedOn)]
}

/** Writes what narrows the search at one line. */
export function encodeLineFilter({ lines }: Filter, line: number): readonly Row[] {
  const filter = lines?.find((candidate) => candidate.line === line)
  return filter === undefined ? [] : encodeDecisionFilter(filter)
}

function encodeDecisionFilter(filter: DecisionFilter): readonly Row[] {
  return [
    ...(filter.action === undefined ? [] : [['HCR', filter.action] as const]),
    ...encodePeriod('102', filter.issued),
    ...encodePeriod('036', filter.expires),
    ...encodePeriod('007', filter.effective),
  ]
}
