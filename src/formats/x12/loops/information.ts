import type { InformationRequest } from '../../../core/decision.ts'
import type { Draft } from '../grammar/lay-out.ts'
import { type Loop, loopsOf, segmentOf, segmentsOf } from '../grammar/walk.ts'
import { present } from '../reading/index.ts'
import { decodeAddress, encodeAddress } from '../segments/n3-n4.ts'
import { decodeNm1, encodeNm1 } from '../segments/nm1.ts'
import { decodeContact, encodeContact } from '../segments/per.ts'
import { decodeAttachments } from '../segments/pwk.ts'

type InformationContact = NonNullable<InformationRequest['contact']>

/** The loop, inside that of an event or of a line, which says where further information is to be sent. */
export const INFORMATION_LOOPS = { event: '2010EB', line: '2010FB' } as const

/** NM101 of those loops. */
const CONTACT = 'L5'

/** Reads what the payer still wants to know; undefined when it asks for nothing. */
export function decodeInformation(loop: Loop | undefined, id: string): InformationRequest | undefined {
  const documents = decodeAttachments(segmentsOf(loop, 'PWK'))
  const [inner] = loopsOf(loop, id)
  const contact = inner && decodeInformationContact(inner)
  return documents.length === 0 && contact === undefined
    ? undefined
    : present<InformationRequest>({ documents, contact })
}

function decodeInformationContact(loop: Loop): InformationContact {
  const nm1 = segmentOf(loop, 'NM1')
  nm1?.text(1)
  return present<InformationContact>({
    ...(nm1 === undefined ? {} : decodeNm1(nm1)),
    address: decodeAddress(segmentOf(loop, 'N3'), segmentOf(loop, 'N4')),
    contact: decodeContact(segmentsOf(loop, 'PER')),
  })
}

/** Writes where further information is to be sent; the documents stand in the loop around it. */
export function encodeInformationContact(
  wanted: InformationRequest | undefined,
  id: string,
): readonly Draft[] {
  const contact = wanted?.contact
  if (contact === undefined) return []
  const segments = [
    encodeNm1(CONTACT, contact),
    ...encodeAddress(contact.address),
    ...encodeContact(contact.contact),
  ]
  return [{ id, segments, loops: [] }]
}
