import type { Dependent, Subscriber } from '../../../core/request.ts'
import { type Loop, segmentOf, segmentsOf } from '../grammar/walk.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import { quote } from '../reading/index.ts'
import { encodeDemographics, putDemographics } from '../segments/dmg.ts'
import { decodeMilitary, encodeMilitary, encodeRelation, putRelation } from '../segments/ins.ts'
import { decodeAddress, encodeAddress } from '../segments/n3-n4.ts'
import { decodeNm1, encodeNm1, type Naming } from '../segments/nm1.ts'
import { decodeReferences, encodeReferences } from '../segments/ref.ts'
import type { Row } from '../text/index.ts'

/** Reads who the subscriber is: loop 2010C. */
export function decodeSubscriber(loop: Loop | undefined): Subscriber {
  const nm1 = segmentOf(loop, 'NM1')
  const naming = decodeNaming(nm1)
  const memberId = nm1 === undefined ? undefined : memberIdOf(nm1, naming)
  const subscriber: Growing<Subscriber> = { references: decodeReferences(segmentsOf(loop, 'REF')) }
  if (memberId !== undefined) subscriber.memberId = memberId
  if (naming.name !== undefined) subscriber.name = naming.name
  putPerson(subscriber, loop)
  const military = decodeMilitary(segmentOf(loop, 'INS'))
  if (military !== undefined) subscriber.militaryRelationship = military
  return subscriber
}

/** Reads who the dependent is: loop 2010D. */
export function decodeDependent(loop: Loop): Dependent {
  const nm1 = segmentOf(loop, 'NM1')
  const naming = decodeNaming(nm1)
  if (naming.identifier !== undefined)
    nm1?.note(9, 'not read: a dependent is known by the number of the subscriber')
  const dependent: Growing<Dependent> = { references: decodeReferences(segmentsOf(loop, 'REF')) }
  if (naming.name !== undefined) dependent.name = naming.name
  putPerson(dependent, loop)
  putRelation(dependent, segmentOf(loop, 'INS'))
  return dependent
}

function decodeNaming(nm1: SegmentReader | undefined): Naming {
  nm1?.text(1)
  return nm1 === undefined ? {} : decodeNm1(nm1)
}

function memberIdOf(nm1: SegmentReader, { identifier }: Naming): string | undefined {
  if (identifier === undefined || identifier.system === 'member') return identifier?.value
  nm1.fault(8, `expected MI (the member number), found ${quote(nm1.text(8))}`)
  return undefined
}

/** Puts in where a person lives, and when it was born. */
function putPerson(
  person: Growing<Pick<Dependent, 'address' | 'birthDate' | 'gender'>>,
  loop: Loop | undefined,
): void {
  const address = decodeAddress(segmentOf(loop, 'N3'), segmentOf(loop, 'N4'))
  if (address !== undefined) person.address = address
  putDemographics(person, segmentOf(loop, 'DMG'))
}

export function encodeSubscriber(subscriber: Subscriber): readonly Row[] {
  const { memberId, name } = subscriber
  const identifier =
    memberId === undefined ? {} : { identifier: { system: 'member', value: memberId } as const }
  return [
    encodeNm1('IL', { ...(name && { name }), ...identifier }, '1'),
    ...encodePerson(subscriber),
    ...encodeMilitary(subscriber.militaryRelationship),
  ]
}

export function encodeDependent(dependent: Dependent): readonly Row[] {
  const { name } = dependent
  return [
    encodeNm1('QC', name === undefined ? {} : { name }, '1'),
    ...encodePerson(dependent),
    ...encodeRelation(dependent),
  ]
}

function encodePerson(person: Omit<Dependent, 'relationship' | 'birthSequence'>): readonly Row[] {
  return [
    ...encodeReferences(person.references),
    ...encodeAddress(person.address),
    ...encodeDemographics(person),
  ]
}
