/**
 * X12 278: prior authorization as an interchange. Text in, core values out, and back; pure, and never throws on text.
 *
 * @see README.md
 */

export { acknowledgeGroup, acknowledgeInterchange } from './acknowledgements/acknowledge.ts'
export { type Acknowledgements, acknowledge, encodeAcknowledgements } from './acknowledgements/encode.ts'
export type {
  ElementError,
  GroupAcknowledgement,
  InterchangeAcknowledgement,
  SegmentError,
  TransactionAcknowledgement,
} from './acknowledgements/model.ts'
export { type AnswersFile, openAnswersFile } from './answers-file.ts'
export {
  type AttachedObject,
  type AttachmentBudget,
  decodeAttachments,
  type NamedNumber,
  type ReceivedAttachments,
  withFaults,
} from './attachments/index.ts'
export { type DecodedAnswer, decodeAnswer } from './decode-answer.ts'
export { type DecodedDetermination, decodeDeterminationAnswer } from './decode-determination.ts'
export { decodeInterchange } from './decode-interchange.ts'
export { type DecodedNoticeAnswer, decodeNoticeAnswer } from './decode-notice-answer.ts'
export { type DecodedRequest, decodeRequest } from './decode-request.ts'
export { decodeStream } from './decode-stream.ts'
export { type AnswerEnvelope, encodeAnswer } from './encode-answer.ts'
export { encodeDeterminationAnswer } from './encode-determination.ts'
export { encodeNotice, encodeNoticeAnswer } from './encode-notice.ts'
export { encodeRequest, type RequestEnvelope } from './encode-request.ts'
export type { Envelope, Usage } from './envelope/index.ts'
export type {
  CitedDecoded,
  CitedFault,
  FaultKind,
  FaultPlace,
  ReadingOptions,
  Strictness,
  X12Decoded,
  X12Fault,
} from './reading/index.ts'
export type {
  GroupEnd,
  GroupHeader,
  InterchangeEnd,
  InterchangeEvent,
  InterchangeHeader,
  ReceivedGroup,
  ReceivedInterchange,
  ReceivedTransaction,
} from './received.ts'
export type { Delimiters } from './text/index.ts'
export { type Budget, USUAL_BUDGET } from './text/index.ts'
export type { TransactionSet } from './transaction-set.ts'
