import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import type { Random } from '../../kernel/ids.ts'

const FORMAT = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts with AES-256-GCM.
 *
 * @param context what the ciphertext is and where it belongs; authenticated, not stored, so that a sealed value that was
 *                moved to another row or column no longer opens
 * @returns       one byte of format, 12 of nonce, 16 of tag, then the ciphertext
 * @see NIST SP 800-38D
 */
export function seal(key: KeyObject, plain: Uint8Array, context: string, random: Random): Uint8Array {
  const nonce = random(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context, 'utf8'))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return new Uint8Array(Buffer.concat([Uint8Array.of(FORMAT), nonce, cipher.getAuthTag(), body]))
}

/**
 * Decrypts what `seal` made.
 *
 * @throws Error when the key or the context is another, or a bit was changed: never a caller's fault, so never a Problem
 */
export function unseal(key: KeyObject, sealed: Uint8Array, context: string): Uint8Array {
  if (sealed[0] !== FORMAT || sealed.length < 1 + NONCE_BYTES + TAG_BYTES)
    throw new Error('not a sealed value')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES))
  decipher.setAAD(Buffer.from(context, 'utf8'))
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES))
  const body = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)
  try {
    return new Uint8Array(Buffer.concat([decipher.update(body), decipher.final()]))
  } catch (cause) {
    throw new CannotUnseal(cause)
  }
}

/** The key or the context is another, or a bit was changed. What was sealed stays so. */
export class CannotUnseal extends Error {
  override readonly name = 'CannotUnseal'
  constructor(cause: unknown) {
    super('a sealed value does not open: its key or its place is another, or it was changed', { cause })
  }
}
