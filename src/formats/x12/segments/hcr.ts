import type { CertificationAction } from '../../../core/decision.ts'
import { ACTIONS } from '../actions.ts'
import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'

/** A decision: the action and, once certified, the number that a claim will carry. */
export interface Certification {
  readonly action: CertificationAction | undefined
  readonly authorizationNumber: string | undefined
}

/** @see 005010X217 loops 2000E and 2000F HCR01 and HCR02; reasons (HCR03) are not read yet */
export function decodeCertification(hcr: SegmentReader): Certification {
  return { action: hcr.requiredWord(1, ACTIONS), authorizationNumber: hcr.text(2) }
}

export function encodeCertification(action: CertificationAction, authorizationNumber?: string): Row {
  return ['HCR', ACTIONS.code(action), authorizationNumber]
}
