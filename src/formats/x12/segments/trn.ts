import type { Trace } from '../../../core/request.ts'
import type { Direction } from '../grammar/rules.ts'
import type { SegmentReader } from '../reading/index.ts'
import { present } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/** TRN01: the sender's own number in a request, and in an answer the number that is repeated. */
const KINDS: Readonly<Record<Direction, string>> = { request: '1', answer: '2' }

/**
 * Reads the numbers that the requester follows the transaction by; undefined when there are none. A number that a payer
 * adds of its own (TRN01 1 of an answer) is noted and not kept.
 *
 * @see 005010X217 and 005010X215 loops 2000E and 2000F TRN
 */
export function decodeTraces(
  trns: readonly SegmentReader[],
  direction: Direction,
): readonly Trace[] | undefined {
  if (trns.length === 0) return undefined
  const traces = trns.flatMap((trn) => {
    const trace = present<Trace>({
      number: trn.required(2, 'a number'),
      assignedBy: trn.text(3),
      division: trn.text(4),
    })
    if (trn.text(1) === KINDS[direction]) return [trace]
    trn.note(1, `not kept: only ${KINDS[direction]} is a number of the requester here`)
    return []
  })
  return traces.length === 0 ? undefined : traces
}

export function encodeTraces(traces: readonly Trace[] | undefined, direction: Direction): readonly Row[] {
  return (traces ?? []).map(({ number, assignedBy, division }) => [
    'TRN',
    KINDS[direction],
    number,
    assignedBy,
    division,
  ])
}
