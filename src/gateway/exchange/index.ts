export { type ExchangeDeps, type ExchangeRoom, openExchange } from './exchange.ts'
export type { Answered, Asking, Reading, StatusQuestion, Submission } from './model.ts'
