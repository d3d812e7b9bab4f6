/** The form of client secrets: one place, so that what is minted, verified, reported and scanned for is the same. */

export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 43 characters of base62 hold 256 bits. */
export const SECRET_CHANCE_LENGTH = 43
const CHECKSUM_LENGTH = 6
/** Characters of a whole secret: its mark of 9, chance, checksum. */
export const SECRET_LENGTH = 9 + SECRET_CHANCE_LENGTH + CHECKSUM_LENGTH

const SECRETS = /css_(?:test|live)_[0-9A-Za-z]{49}/g

/** Whether a text is a secret, of either environment, and its checksum is right. */
export function isSecret(text: string): boolean {
  return text.length === SECRET_LENGTH && [...text.matchAll(SECRETS)].length === 1 && isSealed(text)
}

/** A secret in a text, and where it begins. */
export interface FoundSecret {
  readonly secret: string
  /** In UTF-16 code units from the start of the text. */
  readonly at: number
}

/**
 * Every whole secret in a text, in order. What stands before or after it does not matter, because the checksum tells a
 * true find from a lookalike: one lookalike in four thousand million passes.
 */
export function findSecrets(text: string): readonly FoundSecret[] {
  return [...text.matchAll(SECRETS)]
    .filter(([secret]) => isSealed(secret))
    .map((match) => ({ secret: match[0], at: match.index }))
}

/** What people are shown to tell two secrets apart: the mark and four characters of the checksum. */
export function hintOf(secret: string): string {
  return `${secret.slice(0, secret.lastIndexOf('_') + 1)}…${secret.slice(-4)}`
}

/** The CRC32 of a text in six characters of base62, most significant first. */
export function checksum(body: string): string {
  let rest = crc32(body)
  let text = ''
  for (let i = 0; i < CHECKSUM_LENGTH; i++, rest = Math.floor(rest / 62))
    text = BASE62.charAt(rest % 62) + text
  return text
}

const isSealed = (secret: string) =>
  checksum(secret.slice(0, -CHECKSUM_LENGTH)) === secret.slice(-CHECKSUM_LENGTH)

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})

/** @param text of ASCII characters alone @see ISO 3309, RFC 1952 section 8 */
function crc32(text: string): number {
  let sum = 0xffffffff
  for (let i = 0; i < text.length; i++) sum = (TABLE[(sum ^ text.charCodeAt(i)) & 0xff] ?? 0) ^ (sum >>> 8)
  return (sum ^ 0xffffffff) >>> 0
}
