import { generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Vault } from '../../platform/secrets/index.ts'
import type { StoredKey } from './store.ts'
import type { KeyMoments } from './timeline.ts'

/** The context under which a private key is sealed. */
export const sealedAs = (kid: string): string => `signing_keys/${kid}`

/**
 * Makes a key pair, its private half sealed.
 *
 * The curve's own generator draws the key: a private key made from handed-in bytes would be a second way to get it
 * wrong.
 */
export async function generateKey(vault: Vault, moments: Omit<KeyMoments, 'kid'>): Promise<StoredKey> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = pair.publicKey.export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint({ kty, crv, x, y } as JWK)
  const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' })
  return {
    ...moments,
    kid,
    publicJwk: { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' },
    sealed: vault.seal(new Uint8Array(pkcs8), sealedAs(kid)),
  }
}
