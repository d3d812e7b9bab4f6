import type { Instant } from './time.ts'

/** Every kind of id, by its prefix, so that two cannot be swapped and each can be read in a log. */
export const ID_PREFIXES = {
  authorization: 'auth',
  admission: 'adm',
  organization: 'org',
  person: 'per',
  grant: 'grt',
  payer: 'pay',
  exchange: 'exc',
  document: 'doc',
  batch: 'bat',
  event: 'evt',
  audit: 'aud',
  policy: 'pol',
  rule: 'rul',
  secret: 'sec',
  alert: 'alr',
  outage: 'out',
  token: 'tok',
  request: 'req',
  operatorRole: 'opr',
  productionRequest: 'prq',
  contract: 'ctr',
  signature: 'sgn',
  subscription: 'sub',
  entitlement: 'ent',
  question: 'qst',
  message: 'msg',
  sealKey: 'slk',
} as const

type Prefix = typeof ID_PREFIXES
export type IdKind = keyof Prefix
export type Id<K extends IdKind> = `${Prefix[K]}_${string}`

export type AuthorizationId = Id<'authorization'>
export type AdmissionId = Id<'admission'>
export type OrganizationId = Id<'organization'>
export type PersonId = Id<'person'>
export type PayerId = Id<'payer'>

/** Unpredictable bytes. Handed in, so that a test can give a seed. */
export type Random = (length: number) => Uint8Array

/**
 * Makes an id: the kind's prefix and a UUID of version 7, so that ids sort by the moment they were made.
 *
 * @see RFC 9562 section 5.7
 */
export function mintId<K extends IdKind>(kind: K, now: Instant, random: Random): Id<K> {
  return `${ID_PREFIXES[kind]}_${uuidVersion7(now, random(10))}`
}

/** The two digits of each byte: ids are made for every request, and writing them is most of the work. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function uuidVersion7(now: Instant, chance: Uint8Array): string {
  const bytes = new Uint8Array(16)
  for (let i = 0, rest: number = now; i < 6; i++, rest = Math.floor(rest / 256)) bytes[5 - i] = rest % 256
  bytes.set(chance.subarray(0, 10), 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  let hex = ''
  for (const byte of bytes) hex += HEX[byte]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * Reads an id of one kind. The prefix may be left out, as the compatible doors give bare UUIDs.
 *
 * @returns the id with its prefix; undefined when the text is no such id
 */
export function readId<K extends IdKind>(kind: K, text: string): Id<K> | undefined {
  const prefix = `${ID_PREFIXES[kind]}_`
  const uuid = (text.startsWith(prefix) ? text.slice(prefix.length) : text).toLowerCase()
  return UUID.test(uuid) ? `${ID_PREFIXES[kind]}_${uuid}` : undefined
}

/** The UUID of an id, without its prefix: the spelling of the compatible doors. */
export function bareUuid(id: Id<IdKind>): string {
  return id.slice(id.indexOf('_') + 1)
}
