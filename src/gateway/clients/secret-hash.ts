import { timingSafeEqual } from 'node:crypto'
import type { Instant } from '../../kernel/time.ts'
import type { KeptPepper, Pepper, Peppers, Vault } from '../../platform/secrets/index.ts'
import { MOST_LIVE_SECRETS } from './model.ts'
import type { StoredSecret } from './store.ts'

/** The pepper of an installation's first secrets, the same on every node that has the vault's key. */
export const firstPepper = (vault: Vault, createdAt: Instant): KeptPepper => ({
  id: Buffer.from(vault.keyedHash('client-secret/key-id', '')).toString('hex').slice(0, 16),
  key: vault.hashKey('client-secret'),
  createdAt,
})

const NOBODY = new Uint8Array(32)

/**
 * Of a client's live secrets, the one that was shown.
 *
 * Whoever is asked about, a client with two secrets, with none, or nobody at all: the work is the same, as many hashes
 * and comparisons in constant time as a client may have secrets.
 *
 * @param secrets of the client; none for nobody
 */
export function matchSecret(
  peppers: Peppers,
  secrets: readonly StoredSecret[],
  shown: string,
  now: Instant,
): StoredSecret | undefined {
  const candidates = secrets.filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt)
  let match: StoredSecret | undefined
  for (let i = 0; i < Math.max(MOST_LIVE_SECRETS, candidates.length); i++) {
    const candidate = candidates[i]
    const pepper = candidate && peppers.find(candidate.keyId)
    const hash = (pepper ?? peppers.current(now)).hash(shown)
    const isEqual = timingSafeEqual(hash, pepper ? candidate.hash : NOBODY)
    if (isEqual && pepper) match = candidate
  }
  return match
}

/** Every hash that a secret may be kept under, one for each pepper. */
export const hashesOf = (peppers: Peppers, secret: string): readonly Uint8Array[] =>
  peppers.list().map((pepper: Pepper) => pepper.hash(secret))
