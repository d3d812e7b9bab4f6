import type { GatewayAdministration } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Organizations } from '../organizations/index.ts'
import type { People } from '../people/index.ts'

export interface OperatorsDeps {
  /** The control plane's. */
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly people: Pick<People, 'find' | 'emailsOf'>
  readonly organizations: Pick<Organizations, 'membershipOf' | 'leave'>
  readonly gateways: Readonly<Record<Environment, Pick<GatewayAdministration, 'listDirectory' | 'whoSaw'>>>
}
