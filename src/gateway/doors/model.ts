import type { Recorder } from '../../audit/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Access } from '../access/index.ts'
import type { Batches } from '../batches/index.ts'
import type { CaseFiles } from '../case-files/index.ts'
import type { ExchangeRoom } from '../exchange/index.ts'
import type { OnceDeps } from '../idempotency/index.ts'
import type { Limits } from '../limits/index.ts'
import type { Simulator } from '../simulator/index.ts'

/** What every door of one environment is given. */
export interface DoorDeps {
  readonly environment: Environment
  readonly database: Database
  readonly access: Access
  readonly exchange: ExchangeRoom
  readonly caseFiles: CaseFiles
  readonly batches: Batches
  readonly idempotency: OnceDeps
  readonly limits: Limits
  readonly recorder: Recorder
  /** What makes the sandbox answer as it is asked to. Production has none, so nothing there can be steered. */
  readonly simulator?: Simulator
  readonly clock: Clock
  readonly random: Random
  /** What the health check tells. */
  readonly version: string
  /** Whether everything that a decision needs can be reached. */
  readonly isReady: () => Promise<boolean>
}
