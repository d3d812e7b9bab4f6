import type { Requester } from '../../../core/request.ts'
import { REQUESTERS } from '../codes/index.ts'
import { type Loop, segmentOf, segmentsOf } from '../grammar/walk.ts'
import type { Growing } from '../reading/index.ts'
import { decodeAddress, encodeAddress } from '../segments/n3-n4.ts'
import { decodeNm1, encodeNm1, NAMELESS } from '../segments/nm1.ts'
import { decodeContact, encodeContact } from '../segments/per.ts'
import { decodePart, encodePart } from '../segments/prv.ts'
import { decodeReferences, encodeReferences } from '../segments/ref.ts'
import type { Row } from '../text/index.ts'

/** Reads who asks: loop 2010B. */
export function decodeRequester(loop: Loop | undefined): Requester {
  const nm1 = segmentOf(loop, 'NM1')
  const kind = nm1?.requiredWord(1, REQUESTERS) ?? 'provider'
  const { name, identifier } = nm1 === undefined ? NAMELESS : decodeNm1(nm1)
  const requester: Growing<Requester> = { kind, references: decodeReferences(segmentsOf(loop, 'REF')) }
  const address = decodeAddress(segmentOf(loop, 'N3'), segmentOf(loop, 'N4'))
  const contact = decodeContact(segmentsOf(loop, 'PER'))
  const { role, taxonomy } = decodePart(segmentOf(loop, 'PRV'))
  if (name !== undefined) requester.name = name
  if (identifier !== undefined) requester.identifier = identifier
  if (address !== undefined) requester.address = address
  if (contact !== undefined) requester.contact = contact
  if (role !== undefined) requester.role = role
  if (taxonomy !== undefined) requester.taxonomy = taxonomy
  return requester
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
