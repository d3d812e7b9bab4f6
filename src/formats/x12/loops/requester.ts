import type { Requester } from '../../../core/request.ts'
import { present } from '../absent.ts'
import { REQUESTERS } from '../codes.ts'
import { type Loop, segmentOf, segmentsOf } from '../grammar/walk.ts'
import type { Row } from '../segment.ts'
import { decodeAddress, encodeAddress } from '../segments/n3-n4.ts'
import { decodeNm1, encodeNm1 } from '../segments/nm1.ts'
import { decodeContact, encodeContact } from '../segments/per.ts'
import { decodePart, encodePart } from '../segments/prv.ts'
import { decodeReferences, encodeReferences } from '../segments/ref.ts'

/** Reads who asks: loop 2010B. */
export function decodeRequester(loop: Loop | undefined): Requester {
  const nm1 = segmentOf(loop, 'NM1')
  return present<Requester>({
    kind: nm1?.requiredWord(1, REQUESTERS) ?? 'provider',
    ...(nm1 === undefined ? {} : decodeNm1(nm1)),
    references: decodeReferences(segmentsOf(loop, 'REF')),
    address: decodeAddress(segmentOf(loop, 'N3'), segmentOf(loop, 'N4')),
    contact: decodeContact(segmentsOf(loop, 'PER')),
    ...decodePart(segmentOf(loop, 'PRV')),
  })
}

export function encodeRequester(requester: Requester): readonly Row[] {
  return [
    encodeNm1(REQUESTERS.code(requester.kind), requester),
    ...encodeReferences(requester.references),
    ...encodeAddress(requester.address),
    ...encodeContact(requester.contact),
    ...encodePart({ role: requester.role, taxonomy: requester.taxonomy }),
  ]
}
