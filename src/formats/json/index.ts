/** The compatible JSON API: its submissions, inquiries, notices and answers, to and from the core. */
export { decodeInquiry, decodeSubmission } from './decode.ts'
export { type DeterminationRequest, decodeDetermination, decodePlan } from './decode-determination.ts'
export { decodeNotice } from './decode-notice.ts'
export { encodeInquiry, encodeNotice, encodeSubmission } from './encode.ts'
export { encodeInquiryAnswer, encodeNoticeAnswer, encodeSubmissionAnswer } from './encode-answer.ts'
export {
  encodeDeterminationAnswer,
  encodeDeterminationRules,
  encodeFiredRules,
} from './encode-determination.ts'
export { type JsonSchema, WIRE_SCHEMAS } from './schema.ts'
export type { WireObject } from './write.ts'
