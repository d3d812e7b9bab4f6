/** The compatible JSON API: its submissions, inquiries and answers, to and from the core. */
export { decodeInquiry, decodeSubmission } from './decode.ts'
export { type DeterminationRequest, decodeDetermination, decodePlan } from './decode-determination.ts'
export { encodeInquiry, encodeSubmission } from './encode.ts'
export { encodeInquiryAnswer, encodeSubmissionAnswer } from './encode-answer.ts'
export {
  encodeDeterminationAnswer,
  encodeDeterminationRules,
  encodeFiredRules,
} from './encode-determination.ts'
export type { WireObject } from './write.ts'
