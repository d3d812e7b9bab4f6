import type { Instant } from '../../kernel/time.ts'

/** Which clients have proved themselves from where, lately. */
export interface Known {
  has(key: string, now: Instant): boolean
  add(key: string, now: Instant): void
  readonly size: number
}

/**
 * Remembers for a time, and the latest only: nobody gets in here without having proved to be a client.
 *
 * @param lastsMs how long after the last proof
 */
export function openKnown(lastsMs: number, maxKeys: number): Known {
  // The latest is the last.
  const provedAt = new Map<string, Instant>()
  return {
    has: (key, now) => {
      const at = provedAt.get(key)
      return at !== undefined && now < at + lastsMs
    },
    add: (key, now) => {
      provedAt.delete(key)
      provedAt.set(key, now)
      if (provedAt.size <= maxKeys) return
      const [oldest] = provedAt.keys()
      if (oldest !== undefined) provedAt.delete(oldest)
    },
    get size() {
      return provedAt.size
    },
  }
}
