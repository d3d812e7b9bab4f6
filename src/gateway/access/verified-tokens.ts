import { hash } from 'node:crypto'
import type { TokenClaims } from './access-token.ts'

/** Tokens whose signature was found good, so that it is computed once and not on every call. */
export interface VerifiedTokens {
  find(token: string): TokenClaims | undefined
  keep(token: string, claims: TokenClaims): void
  readonly size: number
}

/**
 * Remembers the tokens used last, at most `capacity`. Keeps their SHA-256, not the tokens themselves.
 *
 * A hit says that the signature and the fixed claims are right, and nothing about the present moment: expiry and the
 * client's standing are the caller's to check, every time.
 */
export function rememberVerified(capacity: number): VerifiedTokens {
  const kept = new Map<string, TokenClaims>()
  return {
    find: (token) => {
      const key = hash('sha256', token, 'base64')
      const claims = kept.get(key)
      if (!claims) return undefined
      kept.delete(key)
      kept.set(key, claims)
      return claims
    },
    keep: (token, claims) => {
      kept.set(hash('sha256', token, 'base64'), claims)
      if (kept.size <= capacity) return
      const [oldest] = kept.keys()
      if (oldest !== undefined) kept.delete(oldest)
    },
    get size() {
      return kept.size
    },
  }
}
