import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { type CryptoKey, calculateJwkThumbprint, importJWK, type JWK } from 'jose'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import * as store from './store.ts'

/** The public half of a signing key as `/oauth2/jwks` shows it. @see RFC 7517 section 4, RFC 7518 section 6.2.1 */
interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  /** The thumbprint of the key. @see RFC 7638 */
  readonly kid: string
  readonly alg: 'ES256'
  readonly use: 'sig'
}

/** The keys of one environment, opened. */
export interface SigningKeys {
  /** What tokens are signed with now. */
  readonly current: { readonly kid: string; readonly privateKey: KeyObject }
  /** The key with this id, for verifying; undefined when it is not ours or has retired. */
  find(kid: string): CryptoKey | undefined
  readonly published: readonly PublicJwk[]
}

const sealedAs = (kid: string) => `signing_keys/${kid}`

/**
 * Opens the signing keys of an environment, making the first where there is none. Nodes that start at the same moment
 * end with the same key.
 *
 * @throws Error when a key was sealed by another vault
 */
export async function openSigningKeys(deps: {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}): Promise<SigningKeys> {
  const now = deps.clock.now()
  const stored = await deps.database.transaction({ role: 'worker' }, async (tx) => {
    await store.lockSigningKeys(tx)
    const found = await store.signingKeys(tx, now)
    if (found.length > 0) return found
    const fresh = await generateKey(deps.vault)
    await store.saveSigningKey(tx, fresh, now)
    return [fresh]
  })
  return openStored(deps.vault, stored)
}

/**
 * Opens keys as they are stored.
 *
 * @param stored newest first; the newest signs, all of them verify
 * @throws Error when there is none, or it was sealed by another vault
 */
export async function openStored(vault: Vault, stored: readonly store.StoredKey[]): Promise<SigningKeys> {
  const [newest] = stored
  if (!newest) throw new Error('there is no signing key')
  const privateKey = createPrivateKey({
    key: Buffer.from(vault.open(newest.sealed, sealedAs(newest.kid))),
    format: 'der',
    type: 'pkcs8',
  })
  const published = stored.map((key) => key.publicJwk as PublicJwk)
  const verifying = new Map<string, CryptoKey>()
  for (const jwk of published) verifying.set(jwk.kid, (await importJWK({ ...jwk }, 'ES256')) as CryptoKey)
  return { current: { kid: newest.kid, privateKey }, find: (kid) => verifying.get(kid), published }
}

/**
 * Makes a key pair, its private half sealed.
 *
 * The curve's own generator draws the key: a private key made from handed-in bytes would be a second way to get it
 * wrong.
 */
export async function generateKey(vault: Vault): Promise<store.StoredKey> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = pair.publicKey.export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint({ kty, crv, x, y } as JWK)
  const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' })
  return {
    kid,
    publicJwk: { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' },
    sealed: vault.seal(new Uint8Array(pkcs8), sealedAs(kid)),
  }
}
