import { PDF } from '@libpdf/core'
import type { Instant } from '../../kernel/time.ts'
import { type SealKey, signerOf } from './seal-key.ts'

/**
 * Seals a PDF: a PAdES signature over the whole file, which standard tools check.
 *
 * @param pdf    a complete PDF without a signature
 * @param reason as readers show it
 * @see ETSI EN 319 142-1, level B-B
 */
export async function sealPdf(
  pdf: Uint8Array,
  key: SealKey,
  { reason, at }: { readonly reason: string; readonly at: Instant },
): Promise<Uint8Array> {
  const document = await PDF.load(pdf)
  const { bytes } = await document.sign({
    signer: signerOf(key),
    reason,
    signingTime: new Date(at),
    fieldName: 'OperatorSeal',
    subFilter: 'ETSI.CAdES.detached',
    level: 'B-B',
    digestAlgorithm: 'SHA-256',
  })
  return bytes
}
