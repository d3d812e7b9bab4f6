import type { Rejection } from '../../../core/decision.ts'
import type { SegmentReader } from '../reading/index.ts'
import { quote } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/** Why something was not accepted, and what the sender may do: AAA03 and AAA04. */
export type Refusal = Pick<Rejection, 'reason' | 'followUp'>

/** Reads a refusal. AAA01 `Y` would say that the request was valid and is refused for other reasons; the guides do the same with it. */
export function decodeRefusal(aaa: SegmentReader): Refusal {
  const valid = aaa.text(1)
  if (valid !== 'N' && valid !== 'Y') aaa.fault(1, `expected Y or N, found ${quote(valid)}`)
  return {
    reason: aaa.required(3, 'the reason of the rejection'),
    followUp: aaa.required(4, 'what the sender may do next'),
  }
}

export function encodeRefusal({ reason, followUp }: Refusal): Row {
  return ['AAA', 'N', undefined, reason, followUp]
}
