/**
 * The numbers that people read out over the telephone and that claims carry.
 *
 * Fourteen characters: a letter for the kind (`A` authorization number, `R` administrative reference, `N` notice of
 * admission), twelve of chance (60 bits), one that checks the rest. Digits and capitals without I, L, O and U, so that
 * nothing is mistaken for another; no punctuation, because systems on the way strip it, and short enough for every field
 * that carries it (X12 HCR02 and REF02 hold 50, the claim form's box 23 holds 29).
 *
 * The check is linear over the field of 32 elements: every single wrong character and every exchange of two characters
 * is caught.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHANCE_CHARACTERS = 12
/** How many unpredictable bytes a number is made of. */
export const NUMBER_BYTES = 8
/** x^5 + x^2 + 1, which is primitive: its root has order 31, more than a number has characters. */
const POLYNOMIAL = 0b100101

export type NumberKind = 'authorization' | 'administrative' | 'notice'
const KIND_LETTERS: Readonly<Record<NumberKind, string>> = {
  authorization: 'A',
  administrative: 'R',
  notice: 'N',
}

/** The number that a claim will carry. @param chance `NUMBER_BYTES` unpredictable bytes */
export function authorizationNumber(chance: Uint8Array): string {
  return withCheck('authorization', chance)
}

/** The payer's own number for a request, decided or not. @param chance `NUMBER_BYTES` unpredictable bytes */
export function administrativeReference(chance: Uint8Array): string {
  return withCheck('administrative', chance)
}

/** The payer's number for a stay that it was told of. @param chance `NUMBER_BYTES` unpredictable bytes */
export function noticeNumber(chance: Uint8Array): string {
  return withCheck('notice', chance)
}

/**
 * Reads a number as people write it: in any case, with spaces or hyphens, with O for 0 and I or L for 1.
 *
 * @returns the number as we write it; undefined when it is not one of this kind or was mistyped
 */
export function readNumber(kind: NumberKind, text: string): string | undefined {
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  const isWhole = plain.length === CHANCE_CHARACTERS + 2 && plain.startsWith(KIND_LETTERS[kind])
  return isWhole && remainder(plain) === 0 ? plain : undefined
}

function withCheck(kind: NumberKind, chance: Uint8Array): string {
  if (chance.length !== NUMBER_BYTES) throw new Error(`a number takes ${NUMBER_BYTES} bytes of chance`)
  const body = KIND_LETTERS[kind] + spell(chance)
  return body + (ALPHABET[timesRoot(remainder(body) ?? 0)] ?? '')
}

/** The first 60 bits, five to a character. */
function spell(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from(
    { length: CHANCE_CHARACTERS },
    (_, i) => ALPHABET[Number.parseInt(bits.slice(i * 5, i * 5 + 5), 2)],
  ).join('')
}

/** The characters as coefficients, evaluated at the root; 0 for a whole number. Undefined for a foreign character. */
function remainder(text: string): number | undefined {
  let sum = 0
  for (const character of text) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) return undefined
    sum = timesRoot(sum) ^ value
  }
  return sum
}

function timesRoot(value: number): number {
  const doubled = value << 1
  return doubled & 0b100000 ? doubled ^ POLYNOMIAL : doubled
}
