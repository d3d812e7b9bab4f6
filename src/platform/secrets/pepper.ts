import { createHmac, createSecretKey } from 'node:crypto'
import type { Random } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** A key under which secrets are hashed. It is kept outside the database; its id stands beside each hash. */
export interface Pepper {
  readonly id: string
  readonly createdAt: Instant
  /** HMAC-SHA-256, 32 bytes. */
  hash(secret: string): Uint8Array
}

/** The peppers of one environment. */
export interface Peppers {
  /** Oldest first; never empty. */
  list(): readonly Pepper[]
  /** What new secrets are hashed with: the newest that every node has had `PEPPER_SPREADS_MS` to learn of. */
  current(now: Instant): Pepper
  find(id: string): Pepper | undefined
  /** Learns now what others have added or retired. @throws KeyFileUnfit */
  refresh(): Promise<void>
  /** Adds one, which becomes current after `PEPPER_SPREADS_MS`. @throws KeyFileUnfit */
  add(now: Instant): Promise<Pepper>
  /** Removes one for good: whatever is hashed with it can never be verified again. @throws KeyFileUnfit */
  retire(id: string): Promise<void>
}

/** How long a pepper is known before it is used, so that no node meets an id that it cannot have learned of. */
export const PEPPER_SPREADS_MS = 10 * 60_000

/** A pepper as it is kept. */
export interface KeptPepper {
  readonly id: string
  /** 32 bytes. */
  readonly key: Uint8Array
  readonly createdAt: Instant
}

export function pepperOf({ id, key, createdAt }: KeptPepper): Pepper {
  const made = createSecretKey(key)
  return {
    id,
    createdAt,
    hash: (secret) => new Uint8Array(createHmac('sha256', made).update(secret, 'utf8').digest()),
  }
}

/** Of peppers, oldest first, the one in use: while none has had its time, the oldest. */
export function currentOf(peppers: readonly Pepper[], now: Instant): Pepper {
  const [oldest] = peppers
  if (!oldest) throw new Error('there is no pepper')
  return peppers.findLast(({ createdAt }) => createdAt + PEPPER_SPREADS_MS <= now) ?? oldest
}

/** Peppers that are kept nowhere: for tests. @param kept oldest first, not empty */
export function peppersInMemory(kept: readonly KeptPepper[], random: Random): Peppers {
  let all = kept.map(pepperOf)
  return {
    list: () => all,
    current: (now) => currentOf(all, now),
    find: (id) => all.find((pepper) => pepper.id === id),
    refresh: async () => undefined,
    add: async (now) => {
      const made = pepperOf(newPepper(now, random))
      all = [...all, made]
      return made
    },
    retire: async (id) => {
      all = all.filter((pepper) => pepper.id !== id)
    },
  }
}

export function newPepper(now: Instant, random: Random): KeptPepper {
  return { id: Buffer.from(random(8)).toString('hex'), key: random(32), createdAt: now }
}
