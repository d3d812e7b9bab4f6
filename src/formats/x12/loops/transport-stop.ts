import type { TransportStop } from '../../../core/request.ts'
import { STOPS } from '../codes/index.ts'
import type { Draft } from '../grammar/lay-out.ts'
import { type Loop, segmentOf } from '../grammar/walk.ts'
import { present } from '../reading/index.ts'
import { decodeAddress, encodeAddress } from '../segments/n3-n4.ts'
import { decodeNm1, encodeNm1 } from '../segments/nm1.ts'
import type { Row } from '../text/index.ts'
import { plainName } from './names.ts'

/** Where the stops of an ambulance journey stand: a request and an answer differ. */
export const TRANSPORT_LOOPS = { request: '2010EB', answer: '2010EC' } as const

export function decodeTransportStop(loop: Loop): TransportStop {
  const nm1 = segmentOf(loop, 'NM1')
  return present<TransportStop>({
    role: nm1?.word(1, STOPS) ?? 'pick-up',
    name: nm1 === undefined ? undefined : plainName(decodeNm1(nm1).name),
    address: decodeAddress(segmentOf(loop, 'N3'), segmentOf(loop, 'N4')),
  })
}

/** @param added what an answer adds of its own */
export function encodeTransportStop(
  { role, name, address }: TransportStop,
  id: string,
  added: readonly Row[] = [],
): Draft {
  const naming = name === undefined ? {} : { name: { kind: 'organization', name } as const }
  return {
    id,
    segments: [encodeNm1(STOPS.code(role), naming), ...encodeAddress(address), ...added],
    loops: [],
  }
}
