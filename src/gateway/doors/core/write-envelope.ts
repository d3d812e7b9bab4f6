import {
  ACKNOWLEDGEMENT_TYPES,
  answerType,
  type CoreFault,
  type CoreRequest,
  type CoreResponse,
  type EnvelopeKind,
  ERROR_TYPE,
  encodeCoreResponse,
  type Message,
  type Metadata,
} from '../../../formats/core-envelope/index.ts'
import { acknowledge, decodeInterchange, encodeAcknowledgements } from '../../../formats/x12/index.ts'
import type { Instant } from '../../../kernel/time.ts'
import { sha1 } from './read-envelope.ts'

/** What the envelope of an answer has to begin with, whatever it tells. */
export interface Writing {
  readonly kind: EnvelopeKind
  /** What could be read of the request's envelope; an answer repeats its id and turns its names round. */
  readonly read: Partial<Metadata>
  readonly at: Instant
  /** A UUID for an answer to a request that has none. */
  readonly ownId: string
}

/** As whom an answer is signed whose request does not say. */
const NOBODY = 'COUNTERSIGN'
/** More says nothing to anybody. */
const LONGEST_MESSAGE = 2000

/** The 278 that answers. */
export function writeAnswer(writing: Writing, request: CoreRequest, interchange: string): Message {
  return write(writing, {
    payloadType: answerType(request.payloadType),
    payload: interchange,
    errorCode: 'Success',
    errorMessage: '',
  })
}

/**
 * What is said back of an interchange that could not be read, or whose numbers were another's: a TA1 or a 999, in an envelope that went well. Undefined when there
 * is none to say: no ISA, or nothing that X12 itself has a word for.
 *
 * @see CAQH CORE 270 section 4.4.2, PayloadType; 005010X231A1
 */
export function writeAcknowledgement(
  writing: Writing,
  { payload }: CoreRequest,
  controlNumber: number,
  isSeenBefore: boolean,
): Message | undefined {
  const read = decodeInterchange(payload)
  if (!read.ok) return undefined
  const told = acknowledge(read.value, isSeenBefore)
  const isRefusedWhole = told.interchange?.status === 'rejected'
  if (!isRefusedWhole && told.groups.every(({ status }) => status === 'accepted')) return undefined
  return write(writing, {
    payloadType: ACKNOWLEDGEMENT_TYPES[isRefusedWhole ? 'TA1' : '999'],
    payload: encodeAcknowledgements(told, read.value.header, { at: writing.at, controlNumber }),
    errorCode: 'Success',
    errorMessage: '',
  })
}

/** What is wrong, all of it: the code of the first fault, and each with its place in words. */
export function writeError(writing: Writing, faults: readonly CoreFault[]): Message {
  const sentences = faults.map(({ at, message, remedy }) =>
    [at === '' ? message : `${at}: ${message}`, remedy].filter(Boolean).join('. '),
  )
  return write(writing, {
    payloadType: ERROR_TYPE,
    errorCode: faults[0]?.code ?? 'PayloadIllegal',
    errorMessage: sentences.join('; ').slice(0, LONGEST_MESSAGE),
  })
}

function write(
  { kind, read, at, ownId }: Writing,
  told: Pick<CoreResponse, 'payloadType' | 'payload' | 'errorCode' | 'errorMessage'>,
): Message {
  const response: CoreResponse = {
    processingMode: read.processingMode ?? 'RealTime',
    payloadId: read.payloadId ?? ownId,
    timeStamp: at,
    senderId: read.receiverId ?? NOBODY,
    receiverId: read.senderId ?? NOBODY,
    ruleVersion: read.ruleVersion ?? '2.2.0',
    ...told,
  }
  return encodeCoreResponse(response, kind, sha1)
}
