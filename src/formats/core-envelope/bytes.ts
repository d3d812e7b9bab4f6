const strict = new TextDecoder('utf-8', { fatal: true })
const encoder = new TextEncoder()

/** @returns undefined when the bytes are no UTF-8 */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

export const bytesOf = (text: string): Uint8Array => encoder.encode(text)

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const PIECE = 0x6000

/** @see RFC 4648 section 4 */
export function base64Of(bytes: Uint8Array): string {
  const pieces: string[] = []
  // A multiple of three: no piece but the last is padded.
  for (let at = 0; at < bytes.length; at += PIECE)
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE))))
  return pieces.join('')
}

/** @returns undefined when it is not base64; white space in it is passed over, as XML Schema has it */
export function fromBase64(text: string): Uint8Array | undefined {
  const bare = text.replaceAll(/[\t\n\r ]/g, '')
  if (bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return undefined
  const binary = atob(bare)
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
