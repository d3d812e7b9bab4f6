export type { ExchangeDeps } from './deps.ts'
export { type ExchangeRoom, openExchange } from './exchange.ts'
export type { Answered, Asking, Reading, StatusQuestion, Submission } from './model.ts'
export { type MemberQuestion, type PayersInScope, type WhoSaw, whoSaw } from './who-saw.ts'
