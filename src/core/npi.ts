/**
 * Whether a text is a National Provider Identifier: ten digits, the last of which is the Luhn check of the others behind
 * the prefix 80840.
 *
 * @see 45 CFR 162.406
 */
export function isNpi(text: string): boolean {
  if (!/^\d{10}$/.test(text)) return false
  const sum = [...text].reduce((total, character, i) => {
    const digit = Number(character)
    const doubled = digit * 2
    return total + (i % 2 === 1 ? digit : doubled > 9 ? doubled - 9 : doubled)
  }, PREFIX_ADDS)
  return sum % 10 === 0
}

const PREFIX_ADDS = 24
