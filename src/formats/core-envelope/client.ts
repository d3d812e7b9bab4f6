import type { Instant } from '../../kernel/time.ts'
import { decodeCoreResponse } from './decode-response.ts'
import { encodeCoreRequest } from './encode.ts'
import type { EnvelopeKind, Message, RuleVersion } from './model.ts'
import { REQUEST_TYPES, requestTypeOf } from './payload-types.ts'

/** What an upstream is asked, in real time. */
export interface ToWrap {
  readonly envelope: EnvelopeKind
  /** One 278 request, ISA to IEA. */
  readonly interchange: string
  /** As the upstream knows us and itself: 1 to 100 printable characters. */
  readonly senderId: string
  readonly receiverId: string
  /** A UUID of its own for every message, a retry among them. */
  readonly payloadId: string
  readonly at: Instant
  /** The rule that the upstream speaks; 2.2.0 when left out. */
  readonly ruleVersion?: RuleVersion
  /** What the upstream calls the interchange, where it is not the usual name of its guide. */
  readonly payloadType?: string
}

export interface Wrapped extends Message {
  /** HTTP headers that go with it, besides `Content-Type`. */
  readonly headers: Readonly<Record<string, string>>
}

/** Puts a 278 request into an envelope. Never throws. @see CAQH CORE 270 section 4.2 */
export function wrap(asked: ToWrap): Wrapped {
  const { envelope, interchange, senderId, receiverId, payloadId, at } = asked
  const message = encodeCoreRequest(
    {
      payloadType: asked.payloadType ?? requestTypeOf(interchange) ?? REQUEST_TYPES['217'],
      processingMode: 'RealTime',
      payloadId,
      timeStamp: at,
      senderId,
      receiverId,
      ruleVersion: asked.ruleVersion ?? '2.2.0',
      payload: interchange,
    },
    envelope,
    // Real time has no checksum.
    () => '',
  )
  return { ...message, headers: envelope === 'mime' ? {} : { soapaction: 'RealTimeTransaction' } }
}

export type Unwrapped =
  | {
      readonly ok: true
      /** A 278 answer, a TA1 or a 999; `payloadType` says what its sender takes it for. */
      readonly interchange: string
      readonly payloadType: string
      readonly payloadId: string
    }
  | {
      readonly ok: false
      /** `PayloadTypeIllegal` and its like, `soap:Sender`, or `Unreadable`: an answer that is no envelope. */
      readonly error: string
      readonly message: string
    }

/** Takes the answer out of the envelope that came back, whatever its HTTP status was. Never throws. */
export function unwrap(answer: Message): Unwrapped {
  return decodeCoreResponse(answer)
}
