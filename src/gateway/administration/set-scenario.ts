import type { Actor } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { OrganizationScenario } from '../simulator/index.ts'
import type { AdministrationDeps } from './deps.ts'

export interface ScenarioOf {
  readonly organizationId: OrganizationId
  /** `default` has rules and policies decide again. */
  readonly scenario: OrganizationScenario | 'default'
}

/**
 * Sets what every submission of a company comes to in the sandbox. It holds at once in this process, and within a second
 * everywhere.
 *
 * @throws Problem `request/sandbox-only` in production
 */
export const setScenario =
  ({ database, clock, record, simulator }: AdministrationDeps) =>
  async ({ organizationId, scenario }: ScenarioOf, actor: Actor): Promise<void> => {
    if (!simulator)
      throw new Problem(
        'request/sandbox-only',
        'Scenarios are the sandbox’s: production decides by rules, policies and people. Nothing was set.',
      )
    await database.transaction({ role: 'staff' }, async (tx) => {
      const at = clock.now()
      await simulator.setScenario(tx, organizationId, scenario === 'default' ? undefined : scenario, at)
      await record(tx, {
        at,
        actor,
        act: 'scenario.set',
        on: organizationId,
        organizationId,
        outcome: 'done',
        detail: { scenario },
      })
    })
    simulator.forget(organizationId)
  }
