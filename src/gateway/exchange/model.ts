import type { FoundAdmission } from '../../cases/admissions/index.ts'
import type { Exchange } from '../../cases/record/index.ts'
import type { AdmissionEvent, AdmissionNotice, AdmissionState, NoticeAnswer } from '../../core/admission.ts'
import type { Authorization, AuthorizationState, CaseEvent, Door, Moved } from '../../core/authorization.ts'
import type { ReviewAnswer } from '../../core/decision.ts'
import type { FollowUp } from '../../core/lifecycle.ts'
import type { Inquiry, ReviewRequest } from '../../core/request.ts'
import type { AdmissionId, AuthorizationId } from '../../kernel/ids.ts'
import type { Fault } from '../../kernel/result.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Caller } from '../access/index.ts'
import type { Onward } from '../idempotency/index.ts'
import type { Payer } from '../payers/index.ts'
import type { Scenario } from '../simulator/index.ts'

/** Who asks, and how it reached us. What was said, word for word, is kept with the case. */
export interface Asking {
  readonly caller: Caller
  readonly requestId: string
  readonly door: Door
  readonly format: Exchange['format']
  /** The body as received. */
  readonly raw: Uint8Array
  /** What was tolerated while reading it. */
  readonly notes: readonly Fault[]
  /** What the sandbox is to make of it; never there in production. */
  readonly scenario?: Scenario
}

export interface Submission extends Asking {
  readonly request: ReviewRequest
  /** The caller knows that the same care was asked for already, and wants a case of its own. */
  readonly insists: boolean
  /** The case that it follows, for a door that names it by its id and not by a number. */
  readonly earlier?: AuthorizationId
  /** What was made of this very request before, where its answer was not the last word. */
  readonly known?: AuthorizationId
}

/** A submission that is about a case that there is already. */
export interface FollowUpAsked extends Submission {
  readonly purpose: FollowUp
}

export interface StatusQuestion extends Asking {
  readonly inquiry: Inquiry
  /** Of a case that was considered and not taken back: what is asked is whether the care has one. */
  readonly stands?: boolean
}

/** What a door spells. */
export interface Answered {
  readonly answer: ReviewAnswer
  /** The case that the answer tells of; absent when there is none. */
  readonly authorizationId?: AuthorizationId
  /** Whose key seals what is kept of this answer; absent when no payer was found, and then nothing is kept. */
  readonly payer?: Payer
  /** The same care was asked for before and nobody has answered yet: this is that case, and no second one was made. */
  readonly isDuplicate?: true
  /** This request opened the case. */
  readonly isNew?: true
  /** That case as it is now, whole; absent when there is none. */
  readonly told?: Moved
  /** Why a follow-up was not taken, for a door that says it in words of its own; the answer says it in codes. */
  readonly refused?: RefusedFollowUp
  /** The payer has to be asked first; until then `answer` is what there is to say. */
  readonly onward?: Onward<Answered>
  /** The case, where the last word is still to come: the same request is told how it stands when it comes again. */
  readonly standsAs?: AuthorizationId
}

export interface RefusedFollowUp {
  readonly because:
    | 'no-number'
    | 'not-found'
    | 'not-the-requester'
    | 'other-patient'
    | 'part'
    | 'state'
    | 'change-pending'
  /** The case that it is about; absent when there is none that the asking company may see. */
  readonly on?: AuthorizationId
  /** With `change-pending`: the revision or extension that is waited for, where the asking company may see it. */
  readonly pending?: { readonly id: AuthorizationId; readonly administrativeReference?: string }
  /** With `state`: how the case stands, and what may be asked of it. */
  readonly state?: AuthorizationState
  readonly instead?: readonly FollowUp[]
}

/** A case, for somebody who may see it. */
export interface Reading {
  /** When it was looked at: marks are read off by it. */
  readonly at: Instant
  readonly authorization: Authorization
  readonly payer: Payer
  readonly events: readonly CaseEvent[]
  /** What was tolerated while the request was read. */
  readonly notes: readonly Fault[]
}

export interface Notification extends Asking {
  readonly notice: AdmissionNotice
}

/** What a door spells of a notice. */
export interface Acknowledged {
  readonly answer: NoticeAnswer
  /** The stay that was told of; absent when the notice was not taken. */
  readonly admissionId?: AdmissionId
  /** As in `Answered`. */
  readonly payer?: Payer
  /** It told of a stay that nobody had told of. */
  readonly isNew?: true
  /** Nothing in it was new: it is acknowledged by the number that it has already. */
  readonly isDuplicate?: true
}

/** An admission, for somebody who may see it. */
export interface AdmissionReading extends FoundAdmission {
  /** As far as this reader is told. */
  readonly state: AdmissionState
  readonly payer: Payer
  readonly events: readonly AdmissionEvent[]
  /** What was tolerated while its notices were read; empty for everybody but their sender. */
  readonly notes: readonly Fault[]
}
