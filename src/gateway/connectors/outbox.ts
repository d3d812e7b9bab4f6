/** What was sent to a payer and is not answered for good: kept from before it is sent, so that nothing is lost with a process. */
import type { Purpose } from '../../core/request.ts'
import type { AdmissionId, AuthorizationId, Id, OrganizationId, PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

/** A message on its way. What it says is the exchange of the same id. */
export interface Outgoing {
  readonly id: Id<'exchange'>
  readonly payerId: PayerId
  /** What it is about: a case or an admission, one of the two. */
  readonly caseId?: AuthorizationId
  readonly admissionId?: AdmissionId
  readonly receivedFrom: OrganizationId
  /** The case that gives way once this one is certified. */
  readonly follows?: AuthorizationId
  readonly operation: 'submission' | 'notice'
  readonly purpose: Purpose
  readonly traceNumber: string
  /** `send`: it may not have arrived; `ask`: the payer has it and owes its decision; `done`: nothing is left to do. */
  readonly stage: 'send' | 'ask' | 'done'
  /** Of this stage, so far. */
  readonly attempts: number
  /** An attempt may have arrived although nobody said so: the payer is asked before it is sent again. */
  readonly isUnsure: boolean
  readonly createdAt: Instant
}

export interface NewOutgoing extends Omit<Outgoing, 'stage' | 'attempts' | 'isUnsure'> {
  /** Until then it is whoever made it who sends it. */
  readonly dueAt: Instant
}

export interface OutgoingChange extends Pick<Outgoing, 'stage' | 'attempts' | 'isUnsure'> {
  readonly dueAt: Instant
  readonly lastFailure?: string
}

const FIRST_RETRY_MS = 30_000
const LONGEST_RETRY_MS = 3_600_000
const FIRST_POLL_MS = 900_000
const LONGEST_POLL_MS = 21_600_000

/** How long to wait before the next attempt, in ms: half a minute, then twice as long each time, up to an hour. */
export function retryAfterMs(attempts: number): number {
  return doubled(FIRST_RETRY_MS, attempts, LONGEST_RETRY_MS)
}

/** How long to wait before a payer is asked again what became of it, in ms: a quarter of an hour, up to six hours. */
export function pollAfterMs(attempts: number): number {
  return doubled(FIRST_POLL_MS, attempts, LONGEST_POLL_MS)
}

/** Asked every six hours, a payer has a hundred days to decide before nobody asks it of our own accord any more. */
export const MOST_POLLS = 400

function doubled(first: number, attempts: number, most: number): number {
  return Math.min(first * 2 ** Math.min(Math.max(attempts - 1, 0), 30), most)
}
