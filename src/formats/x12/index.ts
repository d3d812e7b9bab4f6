/**
 * X12 278: prior authorization as an interchange. Text in, core values out, and back; pure, and never throws on text.
 *
 * @see README.md
 */

export { type DecodedAnswer, decodeAnswer } from './decode-answer.ts'
export { type DecodedRequest, decodeRequest } from './decode-request.ts'
export { type AnswerEnvelope, encodeAnswer } from './encode-answer.ts'
export { encodeDeterminationAnswer } from './encode-determination.ts'
export { encodeRequest, type RequestEnvelope } from './encode-request.ts'
export type { Envelope, Usage } from './envelope.ts'
