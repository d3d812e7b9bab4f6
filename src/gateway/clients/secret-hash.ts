import type { Vault } from '../../platform/secrets/index.ts'

/** The HMAC under which a secret is kept and found again. */
export const hashSecret = (vault: Vault, secret: string): Uint8Array =>
  vault.keyedHash('client-secret', secret)

/** Names the key that `hashSecret` uses, and tells nothing about it. */
export const secretKeyId = (vault: Vault): string =>
  Buffer.from(vault.keyedHash('client-secret/key-id', '')).toString('hex').slice(0, 16)
