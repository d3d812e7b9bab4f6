import type { Selectable } from 'kysely'
import type { OrganizationId, PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { About, Message, Question, QuestionId } from './model.ts'

type Tables = {
  questions: {
    id: string
    organization_id: string
    about: About
    about_ref: string
    request_id: string | null
    subject: string
    state: Question['state']
    asked_by: string
    asked_at: string
    moved_at: string
  }
  question_messages: {
    id: string
    question_id: string
    organization_id: string
    side: Message['side']
    person_id: string
    text: string
    sent_at: string
  }
  production_requests: { id: string; organization_id: string; state: string }
}

const db = (tx: Tx) => tx.withTables<Tables>()
const moment = (instant: Instant) => new Date(instant).toISOString()
const instant = (text: string) => Date.parse(text) as Instant

export async function insertQuestion(tx: Tx, question: Question): Promise<void> {
  await db(tx)
    .insertInto('questions')
    .values({
      id: question.id,
      organization_id: question.organizationId,
      about: question.about,
      about_ref: question.ref,
      request_id: question.requestId ?? null,
      subject: question.subject,
      state: question.state,
      asked_by: question.askedBy,
      asked_at: moment(question.askedAt),
      moved_at: moment(question.movedAt),
    })
    .execute()
}

export async function insertMessage(
  tx: Tx,
  { id, organizationId }: Question,
  message: Message,
): Promise<void> {
  await db(tx)
    .insertInto('question_messages')
    .values({
      id: message.id,
      question_id: id,
      organization_id: organizationId,
      side: message.side,
      person_id: message.personId,
      text: message.text,
      sent_at: moment(message.sentAt),
    })
    .execute()
}

export async function moveQuestion(
  tx: Tx,
  id: QuestionId,
  state: Question['state'],
  at: Instant,
): Promise<void> {
  await db(tx)
    .updateTable('questions')
    .set({ state, moved_at: moment(at) })
    .where('id', '=', id)
    .execute()
}

export async function findQuestion(tx: Tx, id: string): Promise<Question | undefined> {
  const row = await db(tx).selectFrom('questions').selectAll().where('id', '=', id).executeTakeFirst()
  return row && questionOf(row)
}

/** What moved last first, a thousand at most; of the session's company, or of all for the operator. */
export async function findQuestions(tx: Tx, state?: Question['state']): Promise<readonly Question[]> {
  const rows = await db(tx)
    .selectFrom('questions')
    .selectAll()
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'open'))
    .orderBy('moved_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1000)
    .execute()
  return rows.map(questionOf)
}

export async function findMessages(tx: Tx, id: QuestionId): Promise<readonly Message[]> {
  const rows = await db(tx)
    .selectFrom('question_messages')
    .selectAll()
    .where('question_id', '=', id)
    .orderBy('sent_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id as Message['id'],
    side: row.side,
    personId: row.person_id as PersonId,
    text: row.text,
    sentAt: instant(row.sent_at),
  }))
}

const OPEN = ['draft', 'submitted', 'in-review', 'offered', 'partner-signed']

/** The request for production that a company has open. */
export async function findOpenRequest(tx: Tx, organizationId: OrganizationId): Promise<string | undefined> {
  const row = await db(tx)
    .selectFrom('production_requests')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('state', 'in', OPEN)
    .executeTakeFirst()
  return row?.id
}

/** What was asked before there was a request goes along with it. */
export async function moveIntoRequest(
  tx: Tx,
  organizationId: OrganizationId,
  requestId: string,
): Promise<void> {
  await db(tx)
    .updateTable('questions')
    .set({ request_id: requestId })
    .where('organization_id', '=', organizationId)
    .where('request_id', 'is', null)
    .where('state', '<>', 'closed')
    .execute()
}

function questionOf(row: Selectable<Tables['questions']>): Question {
  return {
    id: row.id as QuestionId,
    organizationId: row.organization_id as OrganizationId,
    about: row.about,
    ref: row.about_ref,
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    subject: row.subject,
    state: row.state,
    askedBy: row.asked_by as PersonId,
    askedAt: instant(row.asked_at),
    movedAt: instant(row.moved_at),
  }
}
