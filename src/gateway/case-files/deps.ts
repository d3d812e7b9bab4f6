import type { Documents } from '../../cases/documents/index.ts'
import type { CaseRecord } from '../../cases/record/index.ts'
import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Vault } from '../../platform/secrets/index.ts'

/** What the files of one environment's cases are handed. */
export interface CaseFilesDeps {
  readonly database: Database
  readonly record: CaseRecord
  readonly documents: Documents
  /** Seals the cursors of searches. */
  readonly vault: Pick<Vault, 'seal' | 'open'>
  readonly clock: Clock
  /** Waits for so many ms, or until the signal; with a timer when left out. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
  readonly random: Random
}
