import { setTimeout as sleep } from 'node:timers/promises'

/** Serialization failure and deadlock: the same work, done again, may pass. */
const RETRIED = new Set(['40001', '40P01'])
const ATTEMPTS = 5

let turn = 0

/**
 * Milliseconds to wait before the next attempt: 2, 4, 8, 16, and up to 7 more by turns, so that two that collided do
 * not meet again.
 */
function pause(tries: number): number {
  turn = (turn + 1) % 8
  return 2 ** tries + turn
}

/**
 * Runs an attempt until it passes, at most five times in all.
 *
 * @param wait how to wait some milliseconds; handed in by tests
 * @throws the error of the last attempt; any error that a new attempt cannot mend, at once
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  wait: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (tries >= ATTEMPTS || !mayPassNextTime(error)) throw error
      await wait(pause(tries))
    }
  }
}

/** A plan that was prepared before a migration changed its tables is refused once, and made anew after. */
export function isStalePlan(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return code === '0A000' && /cached plan/.test(String(message))
}

export function isCollision(error: unknown): boolean {
  return RETRIED.has(String((error as { code?: unknown } | undefined)?.code))
}

function mayPassNextTime(error: unknown): boolean {
  return isCollision(error) || isStalePlan(error)
}
