import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import type { Database, Tx } from '../platform/database/index.ts'
import type { Vault } from '../platform/secrets/index.ts'
import * as store from './seal-store.ts'

/** What a log's heads are signed with. */
export interface SealingKey {
  readonly keyId: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

const sealedAs = (log: string, keyId: string) => `audit_keys/${log}/${keyId}`

/** The id of a key is the SHA-256 of its public half, hexadecimal: it names one key and no other. */
export function keyIdOf(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex')
}

/**
 * The log's key, made where there is none. Under the sealer's lock, so that two processes end with the same one.
 *
 * @throws CannotUnseal when it was sealed by another vault
 */
export async function openSealingKey(tx: Tx, log: string, vault: Vault): Promise<SealingKey> {
  const [stored] = await store.keys(tx)
  if (stored) return unsealed(log, stored, vault)
  const pair = generateKeyPairSync('ed25519')
  const publicKey = new Uint8Array(Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'))
  const keyId = keyIdOf(publicKey)
  const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' })
  await store.insertKey(tx, {
    keyId,
    publicKey,
    sealed: vault.seal(new Uint8Array(pkcs8), sealedAs(log, keyId)),
  })
  return { keyId, ...pair }
}

/**
 * The keys that may have signed this log's heads, by id. The public half comes from the sealed private one: a public key
 * that somebody wrote into the database beside it proves nothing.
 *
 * @returns `forged` names the keys that the vault did not seal, or whose public half is another's
 */
export async function knownKeys(database: Database, vault: Vault) {
  const known = new Map<string, KeyObject>()
  const forged: string[] = []
  for (const stored of await database.transaction({ role: 'worker' }, store.keys)) {
    const key = tryUnsealed(database.schema, stored, vault)
    if (key) known.set(key.keyId, key.publicKey)
    else forged.push(stored.keyId)
  }
  return { known, forged }
}

function tryUnsealed(log: string, stored: store.StoredKey, vault: Vault): SealingKey | undefined {
  try {
    const key = unsealed(log, stored, vault)
    const { x } = key.publicKey.export({ format: 'jwk' })
    const isOwn = x === Buffer.from(stored.publicKey).toString('base64url')
    return isOwn && stored.keyId === keyIdOf(stored.publicKey) ? key : undefined
  } catch {
    return undefined
  }
}

function unsealed(log: string, { keyId, sealed }: store.StoredKey, vault: Vault): SealingKey {
  const der = Buffer.from(vault.open(sealed, sealedAs(log, keyId)))
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return { keyId, privateKey, publicKey: createPublicKey(privateKey) }
}
