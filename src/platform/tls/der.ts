/**
 * The few pieces of DER that a certificate is written in.
 *
 * @see ITU-T X.690 sections 8 and 10
 */

/** One value: its tag byte, the length of its content, its content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content)
  return Buffer.concat([Uint8Array.of(tag), derLength(body.length), body])
}

function derLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Uint8Array.of(0x80 | bytes.length, ...bytes)
}

export const sequence = (...items: readonly Uint8Array[]) => der(0x30, ...items)
export const set = (...items: readonly Uint8Array[]) => der(0x31, ...items)
export const octets = (content: Uint8Array) => der(0x04, content)
export const yes = () => der(0x01, Uint8Array.of(0xff))
export const utf8 = (text: string) => der(0x0c, Buffer.from(text, 'utf8'))

/** A positive whole number, from its bytes in order of weight. */
export function integer(...bytes: readonly number[]): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first === -1 ? [0] : bytes.slice(first)
  return der(0x02, Uint8Array.of(...((digits[0] ?? 0) >= 0x80 ? [0, ...digits] : digits)))
}

/** Bits in order, the first one the most significant; `unused` of the last byte do not count. */
export const bits = (content: Uint8Array, unused = 0) => der(0x03, Uint8Array.of(unused), content)

/** An object identifier, from its dotted spelling: `2.5.29.17`. */
export function objectId(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Uint8Array.of(...[first * 40 + second, ...rest].flatMap(base128)))
}

function base128(value: number): number[] {
  const bytes = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift((rest % 128) | 0x80)
  return bytes
}

/**
 * A moment to the second: UTCTime until 2049, GeneralizedTime after.
 *
 * @see RFC 5280 section 4.1.2.5
 */
export function time(at: Date): Uint8Array {
  const digits = at.toISOString().replace(/[-:T]/g, '').slice(0, 14)
  return at.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(`${digits.slice(2)}Z`, 'ascii'))
    : der(0x18, Buffer.from(`${digits}Z`, 'ascii'))
}
