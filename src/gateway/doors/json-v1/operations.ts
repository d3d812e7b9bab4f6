import type { ReviewAnswer } from '../../../core/decision.ts'
import type { Inquiry, ReviewRequest } from '../../../core/request.ts'
import {
  decodeInquiry,
  decodeSubmission,
  encodeInquiryAnswer,
  encodeSubmissionAnswer,
} from '../../../formats/json/index.ts'
import type { Decoded } from '../../../kernel/result.ts'
import type { Scope } from '../../clients/index.ts'
import { type AskedInX12, readInquiryX12, readSubmissionX12 } from './x12-body.ts'

/** One operation of the compatible API: what it demands, how its two spellings are read, how its answer is written. */
export interface Operation<Asked extends ReviewRequest> {
  /** The path below the base, and the key of the answer's envelope. */
  readonly name: 'submission' | 'inquiry'
  readonly act: string
  readonly scope: Scope
  /** The implementation guide of both ways: 005010X217 or 005010X215. */
  readonly guide: '217' | '215'
  readonly readJson: (body: unknown) => Decoded<Asked>
  readonly readX12: (body: unknown) => Decoded<AskedInX12<Asked>>
  readonly writeJson: (answer: ReviewAnswer) => object
}

export const SUBMISSION: Operation<ReviewRequest> = {
  name: 'submission',
  act: 'authorization.submit',
  scope: 'pa:submit',
  guide: '217',
  readJson: decodeSubmission,
  readX12: readSubmissionX12,
  writeJson: encodeSubmissionAnswer,
}

export const INQUIRY: Operation<Inquiry> = {
  name: 'inquiry',
  act: 'authorization.inquire',
  scope: 'pa:inquire',
  guide: '215',
  readJson: decodeInquiry,
  readX12: readInquiryX12,
  writeJson: encodeInquiryAnswer,
}
