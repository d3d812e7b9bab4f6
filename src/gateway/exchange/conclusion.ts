/** What a reply to a message makes of what it is about, and of the message itself. */
import type { Moved } from '../../core/authorization.ts'
import type { Rejection } from '../../core/decision.ts'
import type { Instant } from '../../kernel/time.ts'
import {
  MOST_POLLS,
  type Outgoing,
  type OutgoingChange,
  pollAfterMs,
  type Reply,
  retryAfterMs,
  type Upstream,
} from '../connectors/index.ts'

/** What a reply makes of a case, and of the message. */
export interface Conclusion {
  readonly moved?: Moved
  readonly change: OutgoingChange
  /** Why it was not taken, where it was not. */
  readonly rejections?: readonly Rejection[]
}

export interface ReplyTo {
  readonly outgoing: Outgoing
  readonly upstream: Upstream | undefined
  readonly at: Instant
  /** Where what the payer said is kept. */
  readonly exchangeId: string
}

export function done({ attempts, isUnsure }: Outgoing, at: Instant): OutgoingChange {
  return { stage: 'done', attempts, isUnsure, dueAt: at }
}

/** The payer has it: from now on it is asked what became of it. */
export function waiting(at: Instant): OutgoingChange {
  return { stage: 'ask', attempts: 0, isUnsure: false, dueAt: (at + pollAfterMs(1)) as Instant }
}

export function asked(outgoing: Outgoing, at: Instant): OutgoingChange {
  const attempts = outgoing.attempts + 1
  if (attempts > MOST_POLLS) return done(outgoing, at)
  return { stage: 'ask', attempts, isUnsure: false, dueAt: (at + pollAfterMs(attempts)) as Instant }
}

/** Another attempt, unless this was the last. @returns undefined when it was */
export function again(
  { outgoing, upstream, at }: ReplyTo,
  { why, reached }: Omit<Failed, 'raw'>,
): (OutgoingChange & { readonly lastFailure: Failed['why'] }) | undefined {
  const attempts = outgoing.attempts + 1
  if (attempts > (upstream?.retries ?? 0)) return undefined
  const dueAt = (at + retryAfterMs(attempts)) as Instant
  const isUnsure = outgoing.isUnsure || reached === 'perhaps'
  return { stage: 'send', attempts, isUnsure, dueAt, lastFailure: why }
}

export type Failed = Extract<Reply, { as: 'failed' }>
