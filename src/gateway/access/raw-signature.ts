/** Bytes of R and of S where the curve is P-256. */
const PART = 32

/**
 * A P-256 signature as JOSE writes it, R and S in 64 bytes, from the one that the engine gives: a DER sequence of two integers.
 *
 * The engine can write R and S itself (`dsaEncoding`), and takes as long again as signing does: it looks the curve's order up
 * each time.
 *
 * @see RFC 7518 section 3.4, RFC 3279 section 2.2.3
 */
export function rawSignature(der: Uint8Array): Buffer {
  const raw = Buffer.alloc(2 * PART)
  // A sequence's tag and length come first; of at most 72 bytes the length is one.
  const end = copyInteger(der, 2, raw, PART)
  if (copyInteger(der, end, raw, 2 * PART) !== der.length) throw new Error('not an ECDSA signature in DER')
  return raw
}

/** Copies the integer that begins at `start` so that it ends before `endsAt`. @returns where the next one begins */
function copyInteger(der: Uint8Array, start: number, raw: Buffer, endsAt: number): number {
  const length = der[start + 1] ?? 0
  const end = start + 2 + length
  // A zero in front says that the number is not negative; leading zeros of its own are left out.
  const from = der[start + 2] === 0 ? start + 3 : start + 2
  if (end - from > PART) throw new Error('not a P-256 signature')
  raw.set(der.subarray(from, end), endsAt - (end - from))
  return end
}
