import { createHash } from 'node:crypto'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import * as store from './store.ts'

export interface Limit {
  readonly attempts: number
  readonly windowMs: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/**
 * How often what may be tried. Counted in the database, so that all nodes count together.
 *
 * Nothing here is counted by e-mail address alone for sign-in: whoever guesses elsewhere must not lock a person out.
 */
export const LIMITS = {
  'sign-up/visitor': { attempts: 30, windowMs: HOUR },
  'sign-up/email': { attempts: 5, windowMs: HOUR },
  'resend/visitor': { attempts: 30, windowMs: HOUR },
  'resend/email': { attempts: 5, windowMs: HOUR },
  'sign-in/visitor': { attempts: 100, windowMs: 15 * MINUTE },
  'sign-in/visitor-and-email': { attempts: 10, windowMs: 15 * MINUTE },
  'proof/person': { attempts: 10, windowMs: 15 * MINUTE },
} as const satisfies Record<string, Limit>

export type Limits = Readonly<Record<keyof typeof LIMITS, Limit>>

/**
 * Counts an attempt, in a window that begins with the first.
 *
 * @param by what is counted: an address, or an address and an e-mail address
 * @throws Problem `request/too-many`, with when to try again
 */
export async function countAttempt(
  tx: Tx,
  limits: Limits,
  kind: keyof Limits,
  by: string,
  now: Instant,
): Promise<void> {
  const { attempts, windowMs } = limits[kind]
  const { count, beganAt } = await store.countAttempt(tx, keyOf(kind, by), now, windowMs)
  if (count <= attempts) return
  const retryAfterSeconds = Math.max(1, Math.ceil((beganAt + windowMs - now) / 1000))
  throw new Problem(
    'request/too-many',
    `At most ${attempts} of these are taken within ${windowMs / MINUTE} minutes; try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  )
}

export function forgetAttempts(tx: Tx, kind: keyof Limits, by: string): Promise<void> {
  return store.forgetAttempts(tx, keyOf(kind, by))
}

function keyOf(kind: string, by: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`${kind}\n${by}`).digest())
}
