import type { Clock, Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import { generateKey } from './generate.ts'
import * as store from './store.ts'
import {
  DESTROYED_AFTER_MS,
  dueAt,
  type KeyMoments,
  rotationAtOnce,
  rotationWithOverlap,
  signingAt,
} from './timeline.ts'

export interface KeyKeeper {
  readonly vault: Vault
  readonly clock: Clock
}

/** How a key stands, without either half of it. */
export interface KeySummary extends KeyMoments {
  readonly state: 'published' | 'signing' | 'verifying'
}

/** What a rotation has come to. */
export interface RotationOutcome {
  /** The key that signs from `signsFrom` on. */
  readonly kid: string
  readonly signsFrom: Instant
  /** False when a rotation was under way already: then this is that one. */
  readonly isNew: boolean
}

/**
 * Makes the next signing key. With overlap no token suffers; at once, every token that was issued before is void within a
 * second.
 *
 * Whoever asks while another does waits for the other, and finds its key.
 */
export async function rotateKeys(
  { vault, clock }: KeyKeeper,
  tx: Tx,
  mode: 'with overlap' | 'at once',
): Promise<RotationOutcome> {
  await store.lockSigningKeys(tx)
  const now = clock.now()
  const keys = await store.signingKeys(tx, now)
  const plan = mode === 'at once' ? rotationAtOnce(keys, now) : rotationWithOverlap(keys, now)
  if (!plan) {
    const [pending] = keys
    if (!pending) throw new Error('a rotation is under way without a key')
    return { kid: pending.kid, signsFrom: pending.signsFrom, isNew: false }
  }
  const fresh = await generateKey(vault, plan.fresh)
  for (const { kid, at } of plan.retire) await store.retireKey(tx, kid, at)
  await store.saveSigningKey(tx, fresh)
  await store.destroyPrivateHalves(tx, now, (now - DESTROYED_AFTER_MS) as Instant)
  return { kid: fresh.kid, signsFrom: fresh.signsFrom, isNew: true }
}

/**
 * What the schedule does: rotates with overlap when the newest key has signed for so many days, and destroys private keys
 * that sign no more. Several workers may ask; one rotates.
 *
 * @returns the rotation, when there was one
 */
export async function keepKeys(
  keeper: KeyKeeper,
  tx: Tx,
  everyDays: number,
): Promise<RotationOutcome | undefined> {
  await store.lockSigningKeys(tx)
  const now = keeper.clock.now()
  await store.destroyPrivateHalves(tx, now, (now - DESTROYED_AFTER_MS) as Instant)
  const keys = await store.signingKeys(tx, now)
  if (keys.length === 0 || now < dueAt(keys, everyDays)) return undefined
  return rotateKeys(keeper, tx, 'with overlap')
}

/** The keys that have not retired, the one that signs last first. */
export async function listKeys({ clock }: Pick<KeyKeeper, 'clock'>, tx: Tx): Promise<readonly KeySummary[]> {
  const now = clock.now()
  const keys = await store.signingKeys(tx, now)
  const signing = signingAt(keys, now)?.kid
  return keys.map(({ kid, publishedAt, signsFrom, retireAt }) => ({
    kid,
    publishedAt,
    signsFrom,
    retireAt,
    state: kid === signing ? 'signing' : signsFrom > now ? 'published' : 'verifying',
  }))
}
