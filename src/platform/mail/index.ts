export { type KeptMessage, type Mailer, type Message, type Outbox, openOutbox } from './outbox.ts'
