import type { Id, OrganizationId, PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

export type QuestionId = Id<'question'>

/** What a question is about. `clause`: of an agreement, as `services/4`. */
export const SUBJECTS = ['general', 'page', 'product', 'plan', 'clause'] as const
export type About = (typeof SUBJECTS)[number]

/** A thread between a company and the partner desk. */
export interface Question {
  readonly id: QuestionId
  readonly organizationId: OrganizationId
  readonly about: About
  /** Which page, product, plan or clause; empty for a general one. */
  readonly ref: string
  /** The request for production that it belongs to, once there is one. */
  readonly requestId?: string
  readonly subject: string
  /** `open`: the operator answers next. `answered`: the partner has it. Whoever writes again opens or answers it anew. */
  readonly state: 'open' | 'answered' | 'closed'
  readonly askedBy: PersonId
  readonly askedAt: Instant
  readonly movedAt: Instant
}

export interface Message {
  readonly id: Id<'message'>
  readonly side: 'partner' | 'operator'
  readonly personId: PersonId
  readonly text: string
  readonly sentAt: Instant
}

/** A question with what was said, oldest first. */
export interface Thread {
  readonly question: Question
  readonly messages: readonly Message[]
}
