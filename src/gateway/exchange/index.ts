export { answerOf, determinationOf } from './answer.ts'
export type { ExchangeDeps } from './deps.ts'
export { noteOf } from './determine.ts'
export { type ExchangeRoom, openExchange } from './exchange.ts'
export type {
  Acknowledged,
  AdmissionReading,
  Answered,
  Asking,
  Notification,
  Reading,
  RefusedFollowUp,
  StatusQuestion,
  Submission,
} from './model.ts'
export type { Orchestrated } from './orchestrate.ts'
export type { Determined, Question } from './question.ts'
export { sendDue } from './send-due.ts'
export { settleDue } from './settle-due.ts'
export { type MemberQuestion, type PayersInScope, type WhoSaw, whoSaw } from './who-saw.ts'
