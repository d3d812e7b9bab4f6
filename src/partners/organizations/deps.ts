import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'

export interface OrganizationsDeps {
  /** The control plane's. */
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
}
