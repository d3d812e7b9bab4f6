import { Type } from 'typebox'
import { type Question, SUBJECTS, type Thread } from './model.ts'

const closed = { additionalProperties: false } as const
const TEXT = Type.String({ minLength: 1, maxLength: 10_000, pattern: '\\S' })

/** Body of `POST /api/questions`. */
export const ASK = Type.Object(
  {
    about: Type.Enum([...SUBJECTS]),
    ref: Type.Optional(Type.String({ maxLength: 200 })),
    subject: Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
    }),
    text: TEXT,
  },
  closed,
)
/** Body of `POST /api/questions/:id/messages`, and of its like for the operator. */
export const SAY = Type.Object({ text: TEXT }, closed)
/** Query of `GET /api/operator/questions`. */
export const STATE = Type.Object({ state: Type.Optional(Type.Enum(['open', 'answered', 'closed'])) }, closed)

const moment = (instant: number) => new Date(instant).toISOString()

/** With who holds it: nobody, once it is closed. */
export function questionWire(question: Question) {
  const holder = { open: 'operator', answered: 'partner', closed: 'nobody' }[question.state]
  return { ...question, askedAt: moment(question.askedAt), movedAt: moment(question.movedAt), holder }
}

export function threadWire({ question, messages }: Thread) {
  return {
    ...questionWire(question),
    messages: messages.map(({ sentAt, ...message }) => ({ ...message, sentAt: moment(sentAt) })),
  }
}
