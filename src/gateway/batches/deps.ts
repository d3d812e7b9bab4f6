import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'
import type { Access } from '../access/index.ts'

/** What the batches of one environment are handed. */
export interface BatchesDeps {
  readonly database: Database
  readonly vault: Pick<Vault, 'newDataKey' | 'openDataKey' | 'seal' | 'open'>
  readonly access: Pick<Access, 'redeem'>
  readonly clock: Clock
  readonly random: Random
  /** Told of work that failed for a fault of ours: for the log. */
  readonly onFailure: (error: unknown) => void
}
