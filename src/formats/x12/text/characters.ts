/**
 * Which characters an X12 value may hold. The basic and extended sets are printable ASCII and letters with accents;
 * control characters and all other scripts are outside.
 *
 * @see X12.6, basic and extended character sets
 */

/** Characters that mean damage wherever they stand: controls, and U+FFFD, which a decoder leaves for bytes it could not read. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
export const DAMAGED = /[\u0000-\u001f\u007f-\u009f\ufffd]/

const WRITABLE = /^[ -~¡¿À-ÖØ-öø-ÿ]$/

/** Characters that have a plain spelling, and that taking marks off would not reach. */
const PLAIN: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  ı: 'i',
  Œ: 'OE',
  œ: 'oe',
}

/**
 * Spells a value in characters that X12 allows, without spaces at its end.
 *
 * A control character becomes a space, a typographic mark its plain form, a letter loses an accent that X12 does not
 * have; what remains becomes `?`. A value that is all X12 characters comes back as it was.
 */
export function spell(value: string): string {
  const letters = /^[ -~]*$/.test(value) ? value : Array.from(value.normalize('NFC'), spellCharacter).join('')
  return letters.trimEnd()
}

function spellCharacter(character: string): string {
  if (WRITABLE.test(character)) return character
  const plain = PLAIN[character]
  if (plain !== undefined) return plain
  if (DAMAGED.test(character)) return character === '\ufffd' ? '?' : ' '
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '')
  return /^[ -~]+$/.test(bare) ? bare : '?'
}

/** Whether every character takes one byte. */
export function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
  return /^[\u0000-\u007f]*$/.test(text)
}

/** How many bytes a text takes as UTF-8. */
export function utf8Length(text: string): number {
  if (isAscii(text)) return text.length
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}

/** Whether a text is digits from end to end, and not empty. */
export function isDigits(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 48 || code > 57) return false
  }
  return text !== ''
}
