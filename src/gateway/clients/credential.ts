import { crc32 } from 'node:zlib'
import type { Environment } from '../../kernel/actor.ts'
import type { Random } from '../../kernel/ids.ts'

/** How each environment marks its credentials, so that people, leak scanners and gateways can tell them apart. */
const MARKS: Readonly<Record<Environment, string>> = { sandbox: 'test', production: 'live' }
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 22 characters of base62 hold 131 bits; 43 hold 256. */
const CLIENT_ID_LENGTH = 22
const SECRET_LENGTH = 43
const CHECKSUM_LENGTH = 6

const CLIENT_ID = /^cs_(?:test|live)_[0-9A-Za-z]{22}$/
const SECRET = /^(css_(?:test|live)_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/

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
  const body = `css_${MARKS[environment]}_${randomBase62(SECRET_LENGTH, random)}`
  return body + checksum(body)
}

/** Whether a text has the form of a client identifier, of either environment. */
export function isClientId(text: string): boolean {
  return CLIENT_ID.test(text)
}

/** Whether a text has the form of a secret, of either environment, and its checksum is right. */
export function isSecret(text: string): boolean {
  const [, body, check] = SECRET.exec(text) ?? []
  return body !== undefined && checksum(body) === check
}

/** Whether a client identifier or secret carries the mark of an environment other than this one. */
export function isForeign(environment: Environment, credential: string): boolean {
  const mark = /^css?_(test|live)_/.exec(credential)?.[1]
  return mark !== undefined && mark !== MARKS[environment]
}

/** What people are shown to tell two secrets apart: the mark and four characters of the checksum. */
export function hintOf(secret: string): string {
  return `${secret.slice(0, secret.lastIndexOf('_') + 1)}…${secret.slice(-4)}`
}

function checksum(body: string): string {
  let rest = crc32(body)
  let text = ''
  for (let i = 0; i < CHECKSUM_LENGTH; i++, rest = Math.floor(rest / 62))
    text = BASE62.charAt(rest % 62) + text
  return text
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
