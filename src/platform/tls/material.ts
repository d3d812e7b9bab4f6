import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Instant } from '../../kernel/time.ts'
import { TLS_POLICY } from './policy.ts'

/** A certificate and its key that were found fit to serve with. */
export interface Material {
  /** PEM; the server's own first, then those that lead to its authority. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
  readonly leaf: X509Certificate
  readonly expiresAt: Instant
}

/** Why a certificate or its key cannot be served with, in plain words. Never holds what the files hold. */
export class UnfitMaterial extends Error {
  override readonly name = 'UnfitMaterial'
}

/**
 * Looks at a certificate and its key as a client would, before any client does.
 *
 * @param certificate PEM, one certificate or a chain
 * @param key         PEM, unencrypted
 * @throws UnfitMaterial one of the two cannot be read, they do not belong together, or it is out of date at `now`
 */
export function readMaterial(certificate: string, key: string, now: Instant): Material {
  const leaf = readLeaf(certificate)
  if (!leaf.checkPrivateKey(readKey(key)))
    throw new UnfitMaterial('the key does not belong to the certificate')
  const expiresAt = leaf.validToDate.getTime() as Instant
  if (expiresAt <= now)
    throw new UnfitMaterial(`the certificate expired at ${leaf.validToDate.toISOString()}`)
  if (leaf.validFromDate.getTime() > now)
    throw new UnfitMaterial(`the certificate is not valid before ${leaf.validFromDate.toISOString()}`)
  try {
    createSecureContext({ ...TLS_POLICY, cert: certificate, key })
  } catch {
    throw new UnfitMaterial('a certificate of the chain cannot be read')
  }
  return { certificate, key, leaf, expiresAt }
}

function readLeaf(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new UnfitMaterial('the certificate file holds no PEM certificate that can be read')
  }
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new UnfitMaterial('the key file holds no unencrypted PEM private key that can be read')
  }
}
