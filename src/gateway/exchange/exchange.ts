import { followUpOf } from '../../core/lifecycle.ts'
import type { AdmissionId, AuthorizationId, OrganizationId } from '../../kernel/ids.ts'
import type { Tx } from '../../platform/database/index.ts'
import { admit } from './admit.ts'
import { inquireAt } from './ask-payer.ts'
import type { ExchangeDeps } from './deps.ts'
import { determine } from './determine.ts'
import { determineTogether } from './determine-together.ts'
import { followUp } from './follow-up.ts'
import type {
  Acknowledged,
  AdmissionReading,
  Answered,
  Notification,
  Reading,
  StatusQuestion,
  Submission,
} from './model.ts'
import { type Orchestrated, type Orchestration, orchestrate } from './orchestrate.ts'
import type { Determined, Question } from './question.ts'
import { read } from './read.ts'
import { readAdmission } from './read-admission.ts'
import { submit } from './submit.ts'

/** The use cases of the gateway, blind to the format that a request came in and to the one that an answer goes out in. */
export interface ExchangeRoom {
  /** A request that opens a case, or one that is about a case that there is already: its purpose says which. */
  submit(tx: Tx, submission: Submission, spell: (answered: Answered) => Uint8Array): Promise<Answered>
  inquire(tx: Tx, question: StatusQuestion): Promise<Answered>
  /** @throws Problem `request/invalid` the ids are of two payers, or there are more than 999 lines */
  determine(tx: Tx, question: Question): Promise<Determined>
  /** The same in a transaction of ours, shared with others who ask: never inside one that is open. */
  determineTogether(question: Question): Promise<Determined>
  /** @throws Problem `request/invalid` as `determine`; or nothing says whose case is to be submitted */
  orchestrate(
    tx: Tx,
    orchestration: Orchestration,
    spell: (answered: Answered) => Uint8Array,
  ): Promise<Orchestrated>
  admit(
    tx: Tx,
    notification: Notification,
    spell: (acknowledged: Acknowledged) => Uint8Array,
  ): Promise<Acknowledged>
  /** @throws Problem `state/not-found` when there is no such admission, or not for this reader */
  readAdmission(tx: Tx, id: AdmissionId, reader: OrganizationId): Promise<AdmissionReading>
  /** @throws Problem `state/not-found` when there is no such case, or not for this reader */
  read(tx: Tx, id: AuthorizationId): Promise<Reading>
}

export function openExchange(deps: ExchangeDeps): ExchangeRoom {
  const take: ExchangeRoom['submit'] = (tx, submission, spell) => {
    const purpose = followUpOf(submission.request.event.purpose)
    return purpose === undefined
      ? submit(deps, tx, submission, spell)
      : followUp(deps, tx, { ...submission, purpose }, spell)
  }
  return {
    submit: take,
    inquire: (tx, question) => inquireAt(deps, tx, question),
    determine: (tx, question) => determine(deps, tx, question),
    determineTogether: determineTogether(deps),
    orchestrate: (tx, orchestration, spell) => orchestrate(deps, tx, orchestration, take, spell),
    admit: (tx, notification, spell) => admit(deps, tx, notification, spell),
    readAdmission: (tx, id, reader) => readAdmission(deps, tx, id, reader),
    read: (tx, id) => read(deps, tx, id),
  }
}
