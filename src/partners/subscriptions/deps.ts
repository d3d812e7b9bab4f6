import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Gateways } from './gateways.ts'

export interface SubscriptionsDeps {
  /** The control plane's. */
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly gateways: Gateways
  /** The operator's legal name, as terms say it. */
  readonly operatorName: string
}
