import { createPrivateKey, sign as signWith, webcrypto } from 'node:crypto'
import type { Signer } from '@libpdf/core'
import type { Random } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** What an operator seals documents with. */
export interface SealKey {
  /** DER. */
  readonly certificate: Uint8Array
  /** PKCS #8, DER. */
  readonly privateKey: Uint8Array
}

const DAY_MS = 24 * 60 * 60 * 1000
/** A seal is checked long after it was made. */
const LIFETIME_DAYS = 10 * 365

/**
 * Makes a pair of keys on P-256, and a certificate for it that vouches for itself: whoever checks a seal compares the
 * certificate with the one that the operator gave them.
 *
 * @param name the operator's legal name
 */
export async function makeSealKey(name: string, now: Instant, random: Random): Promise<SealKey> {
  // Loaded here: it takes a while, and most processes make no key.
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: `01${Buffer.from(random(15)).toString('hex')}`,
      name: [{ O: [name] }, { CN: [`${name}: seal of contracts`.slice(0, 64)] }],
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + LIFETIME_DAYS * DAY_MS),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return {
    certificate: new Uint8Array(certificate.rawData),
    privateKey: new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
  }
}

/** A key as the PDF library signs with it. */
export function signerOf({ certificate, privateKey }: SealKey): Signer {
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' })
  return {
    certificate,
    keyType: 'EC',
    signatureAlgorithm: 'ECDSA',
    sign: async (data, digest) => new Uint8Array(signWith(digest, data, key)),
  }
}
