import { setTimeout as wait } from 'node:timers/promises'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Scenario } from './scenarios.ts'

/** How long a caller waits for an answer that does not come, and for one that is late, in ms. */
export const TIMEOUT_MS = 10_000
export const SLOW_MS = 5_000
/** How many calls may wait at once: of one company, and of all. */
export const MOST_WAITING_OF_ONE = 8
export const MOST_WAITING = 64
const RETRY_AFTER_SECONDS = 5

export type Pause = (ms: number) => Promise<void>

const realPause: Pause = (ms) => wait(ms)

export interface Holding {
  /**
   * Lets a caller wait, or fails, where a scenario says so; returns at once otherwise. Never called within a transaction.
   *
   * @throws Problem `payer/timeout`, `system/unexpected`: asked for; `request/too-many`: too many wait already
   */
  hold(scenario: Scenario | undefined, organizationId: OrganizationId): Promise<void>
}

/** @param pause waits for so many ms; tests hand in one that does not */
export function openHolding(pause: Pause = realPause): Holding {
  const waiting = new Map<OrganizationId, number>()
  let total = 0
  const waitFor = async (ms: number, organizationId: OrganizationId) => {
    const own = waiting.get(organizationId) ?? 0
    if (own >= MOST_WAITING_OF_ONE || total >= MOST_WAITING) throw tooMany()
    waiting.set(organizationId, own + 1)
    total += 1
    try {
      await pause(ms)
    } finally {
      total -= 1
      const left = (waiting.get(organizationId) ?? 1) - 1
      if (left === 0) waiting.delete(organizationId)
      else waiting.set(organizationId, left)
    }
  }
  return {
    hold: async (scenario, organizationId) => {
      if (scenario === 'error')
        throw new Problem(
          'system/unexpected',
          'The sandbox was asked to fail, and nothing was stored. Try again without the scenario error.',
        )
      if (scenario === 'slow') await waitFor(SLOW_MS, organizationId)
      if (scenario !== 'timeout') return
      await waitFor(TIMEOUT_MS, organizationId)
      throw new Problem(
        'payer/timeout',
        'The payer did not answer in time, as the sandbox was asked to have it; nothing was stored. Send it again under the same number or key.',
      )
    },
  }
}

function tooMany(): Problem {
  return new Problem(
    'request/too-many',
    `The sandbox lets ${MOST_WAITING_OF_ONE} calls of a company wait for a late answer at once, and ${MOST_WAITING} of all; try again in ${RETRY_AFTER_SECONDS} s.`,
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  )
}
