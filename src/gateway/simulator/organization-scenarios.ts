import type { OrganizationId } from '../../kernel/ids.ts'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { OrganizationScenario } from './scenarios.ts'
import { selectScenario } from './store.ts'

/** For how long a process may believe what it read, in ms: what was set by another one is known here after that. */
const BELIEVED_MS = 1_000
/** Companies that are remembered at once. */
const MOST_REMEMBERED = 10_000

export interface OrganizationScenarios {
  of(organizationId: OrganizationId): Promise<OrganizationScenario | undefined>
  /** To be called after a change by this process, which then knows it at once. */
  forget(organizationId: OrganizationId): void
}

/** What each company has set for itself, without asking the database at every call. */
export function openOrganizationScenarios(database: Database, clock: Clock): OrganizationScenarios {
  const known = new Map<
    OrganizationId,
    { readonly scenario: OrganizationScenario | undefined; readonly at: Instant }
  >()
  return {
    of: async (organizationId) => {
      const at = clock.now()
      const remembered = known.get(organizationId)
      if (remembered && at < remembered.at + BELIEVED_MS) return remembered.scenario
      const scenario = await database.transaction({ role: 'tenant', organization: organizationId }, (tx) =>
        selectScenario(tx, organizationId),
      )
      if (known.size >= MOST_REMEMBERED) known.clear()
      known.set(organizationId, { scenario, at })
      return scenario
    },
    forget: (organizationId) => void known.delete(organizationId),
  }
}
