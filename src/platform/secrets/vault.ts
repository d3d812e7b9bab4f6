import { createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Random } from '../../kernel/ids.ts'
import { seal, unseal } from './seal.ts'

/** The operating system's source of chance, drawn in larger lots: asking for a few bytes costs as much as for many. */
export const secureRandom: Random = inLots((length) => randomBytes(length))

const LOT_BYTES = 4096

function inLots(draw: (length: number) => Uint8Array): Random {
  let lot = new Uint8Array(0)
  let used = 0
  return (length) => {
    if (length > LOT_BYTES / 8) return new Uint8Array(draw(length))
    if (used + length > lot.length) {
      lot = new Uint8Array(draw(LOT_BYTES))
      used = 0
    }
    const bytes = lot.slice(used, used + length)
    // What was given out is nobody else's to find.
    lot.fill(0, used, used + length)
    used += length
    return bytes
  }
}

/** Encrypts what belongs to one payer. Lives in memory only; kept sealed by the vault. */
export interface DataKey {
  seal(plain: Uint8Array, context: string): Uint8Array
  /** @throws Error when it was sealed by another key, for another context, or was changed */
  open(sealed: Uint8Array, context: string): Uint8Array
}

/**
 * The master key of one database, and all that is done with it. The key stays outside the database; every use has a
 * key of its own, derived by purpose.
 */
export interface Vault {
  seal(plain: Uint8Array, context: string): Uint8Array
  /** @throws Error when it was sealed by another vault, for another context, or was changed */
  open(sealed: Uint8Array, context: string): Uint8Array
  /**
   * HMAC-SHA-256 under a key of its own for each purpose: for look-ups by a value that must not be readable, and as the
   * pepper of secrets.
   */
  keyedHash(purpose: string, value: string): Uint8Array
  /** The key of `keyedHash`, 32 bytes: for a keyring that has to outlive the vault's own key. */
  hashKey(purpose: string): Uint8Array
  newDataKey(context: string): { readonly key: DataKey; readonly sealed: Uint8Array }
  openDataKey(sealed: Uint8Array, context: string): DataKey
}

const KEY_BYTES = 32

/** @param master 32 unpredictable bytes */
export function vaultFromKey(master: Uint8Array, random: Random): Vault {
  if (master.length !== KEY_BYTES)
    throw new Error(`a vault's key has ${KEY_BYTES} bytes, found ${master.length}`)
  const derive = (purpose: string) =>
    keyObject(hkdfSync('sha256', master, new Uint8Array(0), `countersign/${purpose}`, KEY_BYTES))
  const sealing = derive('seal')
  const hashing = new Map<string, KeyObject>()
  const hashKey = (purpose: string) => {
    const known = hashing.get(purpose) ?? derive(`hash/${purpose}`)
    hashing.set(purpose, known)
    return known
  }
  return {
    seal: (plain, context) => seal(sealing, plain, context, random),
    open: (sealed, context) => unseal(sealing, sealed, context),
    keyedHash: (purpose, value) =>
      new Uint8Array(createHmac('sha256', hashKey(purpose)).update(value, 'utf8').digest()),
    hashKey: (purpose) => new Uint8Array(hashKey(purpose).export()),
    newDataKey: (context) => {
      const bytes = random(KEY_BYTES)
      return { key: dataKey(bytes, random), sealed: seal(sealing, bytes, context, random) }
    },
    openDataKey: (sealed, context) => dataKey(unseal(sealing, sealed, context), random),
  }
}

function dataKey(bytes: Uint8Array, random: Random): DataKey {
  const key = keyObject(bytes)
  return {
    seal: (plain, context) => seal(key, plain, context, random),
    open: (sealed, context) => unseal(key, sealed, context),
  }
}

/** Made once for each key: from plain bytes it would be made anew at every use, which costs more than the use. */
function keyObject(bytes: ArrayBuffer | Uint8Array): KeyObject {
  return createSecretKey(new Uint8Array(bytes))
}

/**
 * Opens the vault whose key is in a file: 64 hexadecimal digits, readable by its owner alone. Whoever loses this file
 * loses what the database holds sealed.
 *
 * @param mayMake whether a key is made when there is no file: only for a database that holds nothing sealed yet
 * @throws KeyFileUnfit when the file is missing and may not be made, or holds something else
 */
export async function openVault(file: string, random: Random, mayMake = true): Promise<Vault> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined && !mayMake)
    throw new KeyFileUnfit(
      `The key file ${file} is missing, and the database holds what was sealed with it. Put it back from your backup; without it, nothing sealed can be read.`,
    )
  if (text === undefined) return vaultFromKey(await createKeyFile(file, random(KEY_BYTES)), random)
  if (!/^[0-9a-f]{64}\s*$/.test(text))
    throw new KeyFileUnfit(
      `The key file ${file} does not hold a key of 64 hexadecimal digits. Put it back from your backup.`,
    )
  return vaultFromKey(new Uint8Array(Buffer.from(text.trim(), 'hex')), random)
}

/** The key of a database cannot be used. The message names the file and says what to do. */
export class KeyFileUnfit extends Error {
  override readonly name = 'KeyFileUnfit'
}

async function createKeyFile(path: string, key: Uint8Array): Promise<Uint8Array> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${Buffer.from(key).toString('hex')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return key
}
