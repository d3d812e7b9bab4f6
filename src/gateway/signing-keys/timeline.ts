import type { Instant } from '../../kernel/time.ts'

/** How long anybody may keep `/oauth2/jwks`, in seconds: its `max-age`. */
export const JWKS_MAX_AGE_SECONDS = 300
/**
 * How long before it signs a key is published, in ms: whoever keeps the keys has asked for them again by then, from a node
 * that had read them again, whatever their clocks say within reason.
 */
export const PUBLISHED_AHEAD_MS = 15 * 60_000
/** The longest lifetime of a token, at any door, in seconds and in ms. */
export const LONGEST_TOKEN_SECONDS = 7_200
export const LONGEST_TOKEN_MS = LONGEST_TOKEN_SECONDS * 1_000
/** How far the clocks of two nodes may be apart, and a node behind the database, in ms, without a token suffering. */
export const LEEWAY_MS = 2 * 60_000
/** A private key is kept this long after its successor has begun, in ms, for a node that starts with a slow clock. */
export const DESTROYED_AFTER_MS = 5 * 60_000

/** The moments in the life of a signing key. */
export interface KeyMoments {
  readonly kid: string
  /** From here on in `/oauth2/jwks`, and verifying. */
  readonly publishedAt: Instant
  /** From here on signing, until another's moment comes. */
  readonly signsFrom: Instant
  /** From here on nothing; undefined while no successor is planned. */
  readonly retireAt: Instant | undefined
}

/**
 * The keys that verify at a moment: those known that have not retired. They are what `/oauth2/jwks` shows. A key is published
 * by being stored: a clock that is behind must not hide it.
 */
export function verifyingAt<K extends KeyMoments>(keys: readonly K[], at: Instant): readonly K[] {
  return keys.filter((key) => key.retireAt === undefined || at < key.retireAt)
}

/**
 * The key that signs at a moment: of those that verify and have begun, the one that began last; by kid when two did. Where
 * none has, by a clock behind that of the node which made the first, the one that begins first.
 */
export function signingAt<K extends KeyMoments>(keys: readonly K[], at: Instant): K | undefined {
  const inOrder = [...verifyingAt(keys, at)].sort((a, b) => (isLater(a, b) ? 1 : -1))
  return inOrder.findLast((key) => key.signsFrom <= at) ?? inOrder[0]
}

const isLater = (a: KeyMoments, b: KeyMoments) =>
  a.signsFrom === b.signsFrom ? a.kid > b.kid : a.signsFrom > b.signsFrom

/** The key that will sign next, if one is published. */
export function nextAfter<K extends KeyMoments>(keys: readonly K[], at: Instant): K | undefined {
  return verifyingAt(keys, at).find((key) => key.signsFrom > at)
}

/** What a rotation writes. */
export interface Rotation {
  /** The moments of the new key. */
  readonly fresh: Omit<KeyMoments, 'kid'>
  /** When each of the other keys retires. */
  readonly retire: readonly { readonly kid: string; readonly at: Instant }[]
}

/**
 * A rotation with overlap: the new key is published now and signs when every copy of `/oauth2/jwks` has it; the old one
 * verifies until the last token that it may have signed has ended.
 *
 * @returns undefined when a key is published already that has not begun: the rotation is under way
 */
export function rotationWithOverlap(keys: readonly KeyMoments[], now: Instant): Rotation | undefined {
  if (nextAfter(keys, now)) return undefined
  const signsFrom = (now + PUBLISHED_AHEAD_MS) as Instant
  const retireAt = (signsFrom + LONGEST_TOKEN_MS + LEEWAY_MS) as Instant
  return {
    fresh: { publishedAt: now, signsFrom, retireAt: undefined },
    retire: keys.filter((key) => key.retireAt === undefined).map(({ kid }) => ({ kid, at: retireAt })),
  }
}

/** A rotation after a compromise: the new key signs at once, and every other retires, and with it all of its tokens. */
export function rotationAtOnce(keys: readonly KeyMoments[], now: Instant): Rotation {
  return {
    fresh: { publishedAt: now, signsFrom: now, retireAt: undefined },
    retire: verifyingAt(keys, now).map(({ kid }) => ({ kid, at: now })),
  }
}

const DAY_MS = 86_400_000

/** When the schedule rotates next: the newest key has signed for so many days. */
export function dueAt(keys: readonly KeyMoments[], everyDays: number): Instant {
  const newest = Math.max(...keys.map((key) => key.signsFrom))
  return (newest + everyDays * DAY_MS) as Instant
}
