import type { Actor } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { AdministrationDeps } from './deps.ts'

export interface ClockAdvance {
  readonly organizationId: OrganizationId
  /** At least one, at most a year. */
  readonly byMs: number
}

/** How the business clock of a company stands after it was moved. */
export interface AdvancedClock {
  /** How far it is ahead of the real one, in ms. */
  readonly aheadMs: number
  /** How many cases came due by it, and were settled. */
  readonly settled: number
}

/**
 * Moves the business clock of a company on in the sandbox, and does what came due by it. There is no way back.
 *
 * @throws Problem `request/sandbox-only` in production
 */
export const advanceClock =
  ({ database, clock, record, simulator }: AdministrationDeps) =>
  async ({ organizationId, byMs }: ClockAdvance, actor: Actor): Promise<AdvancedClock> => {
    if (!simulator)
      throw new Problem(
        'request/sandbox-only',
        'Only the sandbox has clocks that can be moved: production goes by the real one. Nothing was moved.',
      )
    const aheadMs = await database.transaction({ role: 'staff' }, async (tx) => {
      const at = clock.now()
      const ahead = await simulator.advance(tx, organizationId, byMs, at)
      await record(tx, {
        at,
        actor,
        act: 'clock.advance',
        on: organizationId,
        organizationId,
        outcome: 'done',
        detail: { byMs, aheadMs: ahead },
      })
      return ahead
    })
    return { aheadMs, settled: await simulator.settleDue() }
  }
