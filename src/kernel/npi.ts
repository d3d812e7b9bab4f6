/** What the prefix 80840, which every card issuer's number in health care begins with, adds to the sum. */
const PREFIX_ADDS = 24
const ZERO = 48

/**
 * Whether a text is a National Provider Identifier: ten digits, the last of which is the Luhn check of the others behind
 * the prefix 80840.
 *
 * @see 45 CFR 162.406, ISO/IEC 7812-1
 */
export function isNpi(text: string): boolean {
  if (!/^\d{10}$/.test(text)) return false
  let sum = PREFIX_ADDS
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO
    const weighed = i % 2 === 0 ? digit * 2 : digit
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}
