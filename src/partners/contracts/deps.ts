import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import type { OperatorParty } from '../agreements/index.ts'
import type { Organizations } from '../organizations/index.ts'
import type { People } from '../people/index.ts'
import type { Subscriptions } from '../subscriptions/index.ts'

export interface ContractsDeps {
  /** The control plane's. */
  readonly database: Database
  /** Seals the private half of what contracts are sealed with. */
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Random
  readonly people: Pick<People, 'prove'>
  readonly organizations: Pick<Organizations, 'named'>
  readonly subscriptions: Pick<Subscriptions, 'deliverPending'>
  /** Who signs for the other side. */
  readonly operator: OperatorParty
}
