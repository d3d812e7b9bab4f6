import type { CaseRecord } from '../../cases/record/index.ts'
import type { AuthorizationId, Random } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Adjudication } from '../../utilization/adjudication/index.ts'
import { inquire } from './inquire.ts'
import type { Answered, Reading, StatusQuestion, Submission } from './model.ts'
import { read } from './read.ts'
import { submit } from './submit.ts'

export interface ExchangeDeps {
  readonly record: CaseRecord
  readonly adjudication: Adjudication
  readonly clock: Clock
  readonly random: Random
}

/** The use cases of the gateway, blind to the format that a request came in and to the one that an answer goes out in. */
export interface ExchangeRoom {
  submit(tx: Tx, submission: Submission, spell: (answered: Answered) => Uint8Array): Promise<Answered>
  inquire(tx: Tx, question: StatusQuestion): Promise<Answered>
  /** @throws Problem `state/not-found` when there is no such case, or not for this reader */
  read(tx: Tx, id: AuthorizationId): Promise<Reading>
}

export function openExchange(deps: ExchangeDeps): ExchangeRoom {
  return {
    submit: (tx, submission, spell) => submit(deps, tx, submission, spell),
    inquire: (tx, question) => inquire(deps, tx, question),
    read: (tx, id) => read(deps, tx, id),
  }
}
