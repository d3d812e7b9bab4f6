import type { Environment } from '../../kernel/actor.ts'
import { BASE62, checksum, SECRET_CHANCE_LENGTH } from '../../kernel/credential-format.ts'
import type { Random } from '../../kernel/ids.ts'

export { hintOf, isSecret } from '../../kernel/credential-format.ts'

/** How each environment marks its credentials, so that people, leak scanners and gateways can tell them apart. */
const MARKS: Readonly<Record<Environment, string>> = { sandbox: 'test', production: 'live' }
/** 22 characters of base62 hold 131 bits. */
const CLIENT_ID_LENGTH = 22

const CLIENT_ID = /^cs_(?:test|live)_[0-9A-Za-z]{22}$/

/** Makes a public client identifier: `cs_test_` or `cs_live_` and 22 base62 characters. */
export function mintClientId(environment: Environment, random: Random): string {
  return `cs_${MARKS[environment]}_${randomBase62(CLIENT_ID_LENGTH, random)}`
}

/**
 * Makes a client secret: `css_test_` or `css_live_`, 43 base62 characters of chance, and the CRC32 of all that in six
 * base62 characters, most significant first. The checksum finds typing faults and tells a scanner's true find from a
 * lookalike; it guards nothing.
 */
export function mintSecret(environment: Environment, random: Random): string {
  const body = `css_${MARKS[environment]}_${randomBase62(SECRET_CHANCE_LENGTH, random)}`
  return body + checksum(body)
}

/** Whether a text has the form of a client identifier, of either environment. */
export function isClientId(text: string): boolean {
  return CLIENT_ID.test(text)
}

/** Whether a client identifier or secret carries the mark of an environment other than this one. */
export function isForeign(environment: Environment, credential: string): boolean {
  const mark = /^css?_(test|live)_/.exec(credential)?.[1]
  return mark !== undefined && mark !== MARKS[environment]
}

/** Bytes from 248 upwards are thrown away: 248 is the largest multiple of 62, so every character is equally likely. */
function randomBase62(length: number, random: Random): string {
  let text = ''
  while (text.length < length) {
    for (const byte of random(length))
      if (byte < 248 && text.length < length) text += BASE62.charAt(byte % 62)
  }
  return text
}
