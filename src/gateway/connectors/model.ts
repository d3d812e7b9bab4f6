import type { AdmissionNotice, NoticeAnswer } from '../../core/admission.ts'
import type { Decided, ReviewAnswer } from '../../core/decision.ts'
import type { Inquiry, ReviewRequest } from '../../core/request.ts'
import type { DecodedDetermination } from '../../formats/x12/index.ts'
import type { Fault } from '../../kernel/result.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Payer, PayerOperation } from '../payers/index.ts'

/** What a payer is asked. */
export type Task =
  | { readonly operation: 'submission'; readonly request: ReviewRequest }
  | { readonly operation: 'inquiry'; readonly request: Inquiry }
  /** About nobody; `plan` has no place in the 278, and goes beside it where there is room. */
  | { readonly operation: 'determination'; readonly request: Inquiry; readonly plan?: string }
  | { readonly operation: 'notice'; readonly request: AdmissionNotice }

/** A task in the words of the payer's own connection, ready to be sent, and sent again as it is. */
export interface Message {
  readonly payer: Payer
  readonly operation: PayerOperation
  /** Ours: BHT03, and a TRN of the event. The payer repeats it. */
  readonly traceNumber: string
  /** Byte for byte what is sent, out of its transport's envelope. */
  readonly body: Uint8Array
  readonly format: 'x12' | 'fhir'
  /** What goes beside it: the plan that a determination is about. */
  readonly plan?: string
  /** How long one attempt may take, with all that belongs to it, in ms. */
  readonly mostMs: number
}

/** What becomes of a task in the transaction that takes it. */
export type Prepared =
  /** It was decided, by rules and policies of this house. */
  | { readonly as: 'decided'; readonly decided: Decided }
  /** The record and the rules of this house answer. */
  | { readonly as: 'here' }
  /** It has to be sent. */
  | { readonly as: 'message'; readonly message: Message }
  /** Nobody can be asked, and nothing is to be gained by trying again. */
  | { readonly as: 'outage'; readonly why: Failure }

/** What went wrong with an attempt, in words of ours: for events, logs and counts. */
export type Failure =
  | 'not-set-up'
  | 'not-built'
  | 'shut-off'
  | 'not-allowed-out'
  | 'unreachable'
  | 'too-slow'
  | 'cut-off'
  | 'not-let-in'
  | 'no-such-path'
  | 'too-busy'
  | 'failed-there'
  | 'unreadable'
  | 'other-trace'

/** What came of asking. */
export type Reply =
  /** The payer's answer to this very message. */
  | {
      readonly as: 'answered'
      readonly answer: ReviewAnswer | NoticeAnswer
      readonly raw: Uint8Array
    }
  /** What it says to a determination. */
  | { readonly as: 'determined'; readonly said: DecodedDetermination; readonly raw: Uint8Array }
  /** It has the message, and its answer is still to come. */
  | { readonly as: 'taken'; readonly by: 'TA1' | '999' | 'duplicate'; readonly raw: Uint8Array }
  /** It will not read the message, however often it is sent. Places and codes; nothing of what stood there. */
  | {
      readonly as: 'refused'
      readonly by: 'TA1' | '999' | 'http'
      readonly faults: readonly Fault[]
      readonly raw: Uint8Array
    }
  /** Nobody can tell. `reached`: whether it may have got there all the same. */
  | {
      readonly as: 'failed'
      readonly why: Failure
      readonly reached: 'no' | 'perhaps'
      readonly raw?: Uint8Array
    }

/** One way of having a payer decide. Another is a file of its own and a line in `connectors.ts`; all pass the same test. */
export interface Connector {
  /** In the transaction that takes the task, of the caller's company: decides it, or says what is to be sent. */
  prepare(tx: Tx, payer: Payer, task: Task, at: Instant): Promise<Prepared>
  /** Sends what was prepared, once, with no transaction open. Never throws. */
  send(message: Message): Promise<Reply>
}
