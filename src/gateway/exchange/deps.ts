import type { AdmissionRecord } from '../../cases/admissions/index.ts'
import type { CaseRecord } from '../../cases/record/index.ts'
import type { Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Rules } from '../../utilization/rules/index.ts'
import type { Connectors } from '../connectors/index.ts'
import type { Simulator } from '../simulator/index.ts'

/** What the use cases of one environment are handed. */
export interface ExchangeDeps {
  readonly database: Database
  readonly record: CaseRecord
  readonly admissions: AdmissionRecord
  /** Who decides for each payer. */
  readonly connectors: Connectors
  readonly rules: Rules
  readonly clock: Clock
  readonly random: Random
  /** Told of work with a payer that failed in this house: for the log. */
  readonly onFailure?: (error: unknown) => void
  /** What a sandbox can be made to answer; production has none. */
  readonly simulator?: Pick<
    Simulator,
    'force' | 'answerInquiry' | 'businessTime' | 'schedule' | 'takeDue' | 'approve' | 'settled'
  >
}
