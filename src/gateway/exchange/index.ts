export type { ExchangeDeps } from './deps.ts'
export { type ExchangeRoom, openExchange } from './exchange.ts'
export type { Answered, Asking, Reading, RefusedFollowUp, StatusQuestion, Submission } from './model.ts'
export { type MemberQuestion, type WhoSaw, whoSaw } from './who-saw.ts'
