/**
 * How a case is found again without keeping, in clear, what it is found by: keyed hashes, each of its own purpose and
 * within one payer. The one place where a member id or a number becomes a key.
 */

import type { Authorization } from '../../core/authorization.ts'
import { plain } from '../../core/plain.ts'
import { readNumber } from '../../core/reference-number.ts'
import type { PartyName, ReviewRequest, ServiceLine } from '../../core/request.ts'
import type { PayerId } from '../../kernel/ids.ts'
import type { Vault } from '../../platform/secrets/index.ts'

type Hashing = Pick<Vault, 'keyedHash'>

/** The same for every spelling of a member id: case, spaces and punctuation do not count. */
export function memberKey(vault: Hashing, payerId: PayerId, memberId: string): Uint8Array {
  return vault.keyedHash('member', written([payerId, plain(memberId)]))
}

export function authorizationNumberKey(vault: Hashing, payerId: PayerId, number: string): Uint8Array {
  const asWritten = readNumber('authorization', number) ?? plain(number)
  return vault.keyedHash('authorization-number', written([payerId, asWritten]))
}

export function administrativeReferenceKey(vault: Hashing, payerId: PayerId, number: string): Uint8Array {
  const asWritten = readNumber('administrative', number) ?? plain(number)
  return vault.keyedHash('administrative-reference', written([payerId, asWritten]))
}

/**
 * The same for two requests that ask for the same care: patient, purpose, codes, dates and requester.
 *
 * @returns undefined when the patient is not named well enough to say so
 */
export function sameCareKey(
  vault: Hashing,
  payerId: PayerId,
  request: ReviewRequest,
): Uint8Array | undefined {
  const patient = patientOf(request)
  if (!patient) return undefined
  const { event } = request
  const care = [
    event.category,
    event.purpose,
    event.serviceType ?? '',
    spell(event.period ?? event.admission),
    event.lines.map(spellLine).sort(),
  ]
  return vault.keyedHash('same-care', written([payerId, patient, requesterOf(request), care]))
}

/** Every key that a case is found by. */
export function keysOf(vault: Hashing, authorization: Authorization): readonly Uint8Array[] {
  const { payerId, request } = authorization
  const { memberId } = request.subscriber
  const keys = [
    memberId === undefined ? undefined : memberKey(vault, payerId, memberId),
    sameCareKey(vault, payerId, request),
    'administrativeReference' in authorization
      ? administrativeReferenceKey(vault, payerId, authorization.administrativeReference)
      : undefined,
    'authorizationNumber' in authorization
      ? authorizationNumberKey(vault, payerId, authorization.authorizationNumber)
      : undefined,
  ]
  return keys.filter((key) => key !== undefined)
}

/** A subscriber's family share one member id, so a dependent is told apart by name and birth date. */
export function patientOf({ subscriber, dependent }: ReviewRequest): readonly string[] | undefined {
  const member =
    subscriber.memberId === undefined ? person(subscriber) : ['member', plain(subscriber.memberId)]
  if (!dependent) return member
  const patient = person(dependent)
  return member && patient && [...member, ...patient]
}

function person(who: {
  readonly name?: PartyName
  readonly birthDate?: string
}): readonly string[] | undefined {
  return who.name && who.birthDate ? ['person', spellName(who.name), who.birthDate] : undefined
}

export function requesterOf({ requester }: ReviewRequest): readonly string[] {
  if (requester.identifier) return [requester.identifier.system, plain(requester.identifier.value)]
  return requester.name ? ['name', spellName(requester.name)] : []
}

function spellName(name: PartyName): string {
  return plain(name.kind === 'organization' ? name.name : `${name.last} ${name.first ?? ''}`)
}

function spellLine(line: ServiceLine): string {
  const { procedure } = line
  return written([
    procedure ? [procedure.system, plain(procedure.code), plain(procedure.until ?? '')] : [],
    (procedure?.modifiers ?? []).map(plain),
    line.revenueCode ?? '',
    line.serviceType ?? '',
    spell(line.period),
  ])
}

function spell(period: { readonly from: string; readonly until: string } | undefined): string {
  return period ? `${period.from}/${period.until}` : ''
}

/** A text that no other list of parts gives. */
export function written(parts: readonly unknown[]): string {
  return JSON.stringify(parts)
}
