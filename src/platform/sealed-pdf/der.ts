/** A piece of DER: what it is, what it holds, and its own bytes. */
export interface Piece {
  /** The identifier octet, such as 0x30 for a sequence. */
  readonly tag: number
  readonly body: Uint8Array
  readonly raw: Uint8Array
}

/**
 * The pieces that stand one after the other in some bytes.
 *
 * @returns undefined when they are no DER: cut off, of an indefinite or a too long length
 * @see ITU-T X.690 section 8.1
 */
export function piecesOf(bytes: Uint8Array): readonly Piece[] | undefined {
  const pieces: Piece[] = []
  let at = 0
  while (at < bytes.length) {
    const piece = pieceAt(bytes, at)
    if (!piece) return undefined
    pieces.push(piece)
    at += piece.raw.length
  }
  return pieces
}

/** The piece that begins at an offset, whatever stands behind it. */
export function pieceAt(bytes: Uint8Array, at: number): Piece | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) return undefined
  const more = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || more > 4) return undefined
  let length = first < 0x80 ? first : 0
  for (const byte of bytes.subarray(at + 2, at + 2 + more)) length = length * 256 + byte
  const begin = at + 2 + more
  if (begin + length > bytes.length) return undefined
  return { tag, body: bytes.subarray(begin, begin + length), raw: bytes.subarray(at, begin + length) }
}
