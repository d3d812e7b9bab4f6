import type { EarlierDenial } from '../../../core/request.ts'
import type { Draft } from '../grammar/lay-out.ts'
import { type Loop, segmentOf } from '../grammar/walk.ts'
import type { SegmentReader } from '../reading/index.ts'
import { present } from '../reading/index.ts'
import { decodeDay, encodeDay } from '../segments/dtp.ts'
import { decodeNm1, encodeNm1 } from '../segments/nm1.ts'
import type { Row } from '../text/index.ts'
import { plainName } from './names.ts'

/** REF01, and what announces each further reason inside REF04. */
const REASON = 'ZZ'

/** Reads another organization that denied the same before: loop 2010EC of a request. */
export function decodeEarlierDenial(loop: Loop): EarlierDenial {
  const nm1 = segmentOf(loop, 'NM1')
  return present<EarlierDenial>({
    by: nm1?.text(1) ?? '',
    name: nm1 === undefined ? undefined : plainName(decodeNm1(nm1).name),
    reasons: decodeReasons(segmentOf(loop, 'REF')),
    deniedOn: decodeDay(segmentOf(loop, 'DTP', '598')),
  })
}

/** The first reason is REF02; REF04 holds up to three more, each after its qualifier. */
function decodeReasons(ref: SegmentReader | undefined): readonly string[] {
  if (ref === undefined) return []
  ref.text(1)
  const first = ref.required(2, 'why it was denied')
  const further = ref.components(4).filter((_, index) => index % 2 === 1)
  return [first, ...further].filter((reason) => reason !== undefined && reason !== '') as string[]
}

export function encodeEarlierDenial({ by, name, reasons, deniedOn }: EarlierDenial): Draft {
  const naming = name === undefined ? {} : { name: { kind: 'organization', name } as const }
  return {
    id: '2010EC',
    segments: [encodeNm1(by, naming), ...encodeReasons(reasons), ...encodeDay('598', deniedOn)],
    loops: [],
  }
}

function encodeReasons([first, ...further]: readonly string[]): readonly Row[] {
  if (first === undefined) return []
  const more = further.flatMap((reason) => [REASON, reason])
  return [['REF', REASON, first, undefined, more.length === 0 ? undefined : more]]
}
