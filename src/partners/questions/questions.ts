import { record } from '../../audit/index.ts'
import { mintId, type OrganizationId, type PersonId, type Random } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { Database, Session, Tx } from '../../platform/database/index.ts'
import type { About, Question, Thread } from './model.ts'
import * as store from './store.ts'

export interface QuestionsDeps {
  /** The control plane's. */
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
}

/** Who writes: somebody of a company, or of the operator. */
export interface Writer {
  readonly personId: PersonId
  /** Absent: of the operator. */
  readonly organizationId?: OrganizationId
}

export interface Asked {
  readonly about: About
  readonly ref: string
  readonly subject: string
  readonly text: string
}

export interface Questions {
  /** Asks the partner desk, before any request or on the one that is open. */
  ask(writer: Required<Writer>, asked: Asked): Promise<Thread>
  /**
   * Says something more: the operator answers, the partner asks on.
   *
   * @throws Problem `state/not-found` for another company's, too; `state/not-allowed` it is closed
   */
  say(writer: Writer, questionId: string, text: string): Promise<Thread>
  /** For either side. Again it changes nothing. @throws Problem `state/not-found` */
  close(writer: Writer, questionId: string): Promise<Thread>
  /** What moved last first: a company's own, or all for the operator. */
  list(writer: Writer, state?: Question['state']): Promise<readonly Question[]>
  /** @throws Problem `state/not-found` for another company's, too */
  read(writer: Writer, questionId: string): Promise<Thread>
}

export function openQuestions({ database, clock, random }: QuestionsDeps): Questions {
  const within = <T>(writer: Writer, work: (tx: Tx) => Promise<T>) =>
    database.transaction(sessionOf(writer), work)
  const say = async (tx: Tx, question: Question, writer: Writer, text: string, now: Instant) => {
    const side = sideOf(writer)
    const id = mintId('message', now, random)
    await store.insertMessage(tx, question, { id, side, personId: writer.personId, text, sentAt: now })
  }
  return {
    ask: (writer, { text, ...asked }) =>
      within(writer, async (tx) => {
        const now = clock.now()
        const { organizationId, personId } = writer
        const requestId = await store.findOpenRequest(tx, organizationId)
        const question: Question = {
          id: mintId('question', now, random),
          organizationId,
          ...asked,
          ...(requestId === undefined ? {} : { requestId }),
          state: 'open',
          askedBy: personId,
          askedAt: now,
          movedAt: now,
        }
        await store.insertQuestion(tx, question)
        await say(tx, question, writer, text, now)
        await noted(tx, 'question.ask', question, writer, now)
        return threadOf(tx, question.id)
      }),
    say: (writer, questionId, text) =>
      within(writer, async (tx) => {
        const question = await find(tx, questionId)
        if (question.state === 'closed')
          throw new Problem('state/not-allowed', 'The question is closed. Ask another.')
        const now = clock.now()
        const isAnswer = sideOf(writer) === 'operator'
        await say(tx, question, writer, text, now)
        await store.moveQuestion(tx, question.id, isAnswer ? 'answered' : 'open', now)
        await noted(tx, isAnswer ? 'question.answer' : 'question.ask-on', question, writer, now)
        return threadOf(tx, question.id)
      }),
    close: (writer, questionId) =>
      within(writer, async (tx) => {
        const question = await find(tx, questionId)
        if (question.state === 'closed') return threadOf(tx, question.id)
        const now = clock.now()
        await store.moveQuestion(tx, question.id, 'closed', now)
        await noted(tx, 'question.close', question, writer, now)
        return threadOf(tx, question.id)
      }),
    list: (writer, state) => within(writer, (tx) => store.findQuestions(tx, state)),
    read: (writer, questionId) => within(writer, (tx) => threadOf(tx, questionId)),
  }
}

const sideOf = ({ organizationId }: Writer) => (organizationId === undefined ? 'operator' : 'partner')
const sessionOf = ({ organizationId }: Writer): Session =>
  organizationId === undefined ? { role: 'staff' } : { role: 'tenant', organization: organizationId }

async function find(tx: Tx, id: string): Promise<Question> {
  const question = await store.findQuestion(tx, id)
  if (!question) throw new Problem('state/not-found', 'There is no such question.')
  return question
}

async function threadOf(tx: Tx, id: string): Promise<Thread> {
  const question = await find(tx, id)
  return { question, messages: await store.findMessages(tx, question.id) }
}

/** Never with what was said. */
function noted(tx: Tx, act: string, question: Question, writer: Writer, at: Instant): Promise<void> {
  const { organizationId } = question
  return record(tx, {
    at,
    actor: { kind: 'person', ...writer },
    act,
    on: question.id,
    organizationId,
    outcome: 'done',
  })
}
