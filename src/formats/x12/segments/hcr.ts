import type { CertificationAction, DecisionReason } from '../../../core/decision.ts'
import { ACTIONS, YES_OR_NO } from '../codes/index.ts'
import type { SegmentReader } from '../reading/index.ts'
import { present } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/** A decision: the action and why; once certified, the number that a claim will carry. */
export interface Certification extends DecisionReason {
  readonly action?: CertificationAction
  readonly authorizationNumber?: string
}

/** @see 005010X217 loops 2000E and 2000F HCR */
export function decodeCertification(hcr: SegmentReader): Certification {
  return present<Certification>({
    action: hcr.requiredWord(1, ACTIONS),
    authorizationNumber: hcr.text(2),
    reasonCode: hcr.text(3),
    secondOpinion: hcr.word(4, YES_OR_NO),
  })
}

export function encodeCertification(
  action: CertificationAction,
  authorizationNumber: string | undefined,
  { reasonCode, secondOpinion }: DecisionReason,
): Row {
  const opinion = secondOpinion && YES_OR_NO.code(secondOpinion)
  return ['HCR', ACTIONS.code(action), authorizationNumber, reasonCode, opinion]
}
