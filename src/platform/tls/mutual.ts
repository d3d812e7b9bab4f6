import { X509Certificate } from 'node:crypto'
import type { Instant } from '../../kernel/time.ts'
import { readMaterial, UnfitMaterial } from './material.ts'
import { TLS_POLICY } from './policy.ts'
import type { Tls } from './tls.ts'

/**
 * For a server that lets in nobody without a certificate of the given authority: a connection that shows none, or
 * another's, is refused while hands are shaken. The files are read once: changed files need a new
 * start, which also ends the connections that the old ones let in.
 *
 * @param pem certificate, key and authority, PEM
 * @throws UnfitMaterial one of the three cannot be used; never holds what the files hold
 */
export function mutualTls(
  pem: { readonly certificate: string; readonly key: string; readonly ca: string },
  now: Instant,
): Tls {
  const material = readMaterial(pem.certificate, pem.key, now)
  requireAuthority(pem.ca)
  const options = {
    ...TLS_POLICY,
    cert: material.certificate,
    key: material.key,
    ca: pem.ca,
    requestCert: true,
    rejectUnauthorized: true,
  }
  return {
    caFile: undefined,
    secureOptions: () => options,
    attach: () => undefined,
    refresh: async () => undefined,
    close: () => undefined,
  }
}

function requireAuthority(pem: string): void {
  try {
    new X509Certificate(pem)
  } catch {
    throw new UnfitMaterial('the authority file holds no PEM certificate that can be read')
  }
}
