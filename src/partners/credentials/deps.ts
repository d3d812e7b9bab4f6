import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Operators } from '../operators/index.ts'
import type { Organizations } from '../organizations/index.ts'
import type { People } from '../people/index.ts'
import type { Gateways, Subscriptions } from '../subscriptions/index.ts'

export interface CredentialsDeps {
  /** The control plane's. */
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly people: People
  readonly organizations: Organizations
  readonly operators: Pick<Operators, 'isOperator'>
  readonly subscriptions: Subscriptions
  readonly gateways: Gateways
}
