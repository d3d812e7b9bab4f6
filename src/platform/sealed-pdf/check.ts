import { createHash, verify, X509Certificate } from 'node:crypto'
import { type Piece, pieceAt, piecesOf } from './der.ts'

/** What the seal of a PDF shows. */
export interface Seal {
  /** Whether every byte of the file, but the seal itself, is under it. */
  readonly coversTheFile: boolean
  /** Whether those bytes are the ones that were sealed, and the certificate's key sealed them. */
  readonly isIntact: boolean
  /** DER. Anybody can make one: whose it is must be known beforehand. */
  readonly certificate: Uint8Array
}

/**
 * Checks the last seal of a PDF, as `sealPdf` makes it.
 *
 * @returns undefined when the file has none that can be read. Never throws.
 * @see ISO 32000-1 section 12.8.1; RFC 5652 section 5.4
 */
export function checkSeal(pdf: Uint8Array): Seal | undefined {
  const range = rangeOf(pdf)
  if (!range) return undefined
  const { begin, end, rest } = range
  const hex = Buffer.from(pdf.subarray(begin + 1, end - 1)).toString('latin1')
  if (pdf[begin] !== 0x3c || pdf[end - 1] !== 0x3e || !/^[0-9A-Fa-f]*$/.test(hex)) return undefined
  const signed = signedBy(new Uint8Array(Buffer.from(hex, 'hex')))
  if (!signed) return undefined
  const digest = createHash('sha256')
    .update(pdf.subarray(0, begin))
    .update(pdf.subarray(end, end + rest))
    .digest()
  return {
    coversTheFile: end + rest === pdf.length,
    isIntact: digest.equals(signed.digest) && isSignature(signed),
    certificate: signed.certificate,
  }
}

/** Where the seal stands in the file: `begin` to `end`, both with its angle brackets; `rest` bytes after it are under it too. */
function rangeOf(pdf: Uint8Array) {
  const text = Buffer.from(pdf).toString('latin1')
  const found = [...text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)].at(-1)
  if (!found) return undefined
  const [from = 0, begin = 0, end = 0, rest = 0] = found.slice(1).map(Number)
  return from === 0 && begin < end && end + rest <= pdf.length ? { begin, end, rest } : undefined
}

interface Signed {
  readonly certificate: Uint8Array
  /** The signed attributes, as a set: what the signature is over. */
  readonly attributes: Uint8Array
  readonly digest: Uint8Array
  readonly signature: Uint8Array
}

const SET = 0x31
const MESSAGE_DIGEST = '2a864886f70d010904'

/** What a CMS SignedData with one certificate and one signer says. The reservation behind it is zeros. */
function signedBy(cms: Uint8Array): Signed | undefined {
  const content = pieceAt(cms, 0)
  const signedData = inside(inside(content, 1), 0)
  const parts = signedData && piecesOf(signedData.body)
  const certificate = inside(
    parts?.find(({ tag }) => tag === 0xa0),
    0,
  )
  const signer = inside(
    parts?.findLast(({ tag }) => tag === SET),
    0,
  )
  const fields = signer && piecesOf(signer.body)
  const attributes = fields?.find(({ tag }) => tag === 0xa0)
  const signature = fields?.findLast(({ tag }) => tag === 0x04)
  const digest = attributes && digestIn(attributes)
  if (!certificate || !attributes || !signature || !digest) return undefined
  const asSet = new Uint8Array(attributes.raw)
  asSet[0] = SET
  return { certificate: certificate.raw, attributes: asSet, digest, signature: signature.body }
}

const inside = (piece: Piece | undefined, at: number) => piece && piecesOf(piece.body)?.[at]

function digestIn(attributes: Piece): Uint8Array | undefined {
  for (const attribute of piecesOf(attributes.body) ?? []) {
    const [type, values] = piecesOf(attribute.body) ?? []
    if (type && Buffer.from(type.body).toString('hex') === MESSAGE_DIGEST) return inside(values, 0)?.body
  }
  return undefined
}

function isSignature({ certificate, attributes, signature }: Signed): boolean {
  try {
    return verify('sha256', attributes, new X509Certificate(certificate).publicKey, signature)
  } catch {
    // No certificate, or of a key that signs otherwise.
    return false
  }
}
