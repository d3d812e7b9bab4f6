import { codeTable } from '../codes/index.ts'
import type { FaultKind } from '../reading/index.ts'
import type { GroupAcknowledgement, InterchangeAcknowledgement } from './model.ts'

/*
 * The codes of TA1 and 999 for what we find. IK304 is X12 data element 620, IK403 is 621, IK502 is 618, AK905 is 716, TA105 is
 * I18. A code that begins with I is about the guide, the others are about the standard.
 *
 * @see 005010X231, and X12.5 for TA1
 */

/** TA104, IK501: the same words for an interchange and for a transaction. */
export const STATUSES = codeTable<InterchangeAcknowledgement['status']>({
  accepted: 'A',
  'accepted-with-errors': 'E',
  rejected: 'R',
})

/** AK901. */
export const GROUP_STATUSES = codeTable<GroupAcknowledgement['status']>({
  accepted: 'A',
  'accepted-with-errors': 'E',
  'partially-accepted': 'P',
  rejected: 'R',
})

/** IK304: what is wrong with a segment as a whole. */
export const SEGMENT_CODES: Partial<Readonly<Record<FaultKind, string>>> = {
  'segment-id': '1',
  'segment-unexpected': '2',
  'segment-missing': '3',
  'loop-missing': '3',
  'loop-repeated': '4',
  'segment-repeated': '5',
  'segment-order': '7',
}

/** IK304 when elements are named under the segment. */
export const HAS_ELEMENT_ERRORS = '8'
/** IK304 for what the guide does not have there and no other code fits: a segment that the guide does not use. */
export const NOT_AS_THE_GUIDE_SAYS = 'I4'

/** IK403: what is wrong with an element. */
export const ELEMENT_CODES: Partial<Readonly<Record<FaultKind, string>>> = {
  'element-missing': '1',
  'element-dependent': 'I9',
  'element-unused': 'I10',
  value: 'I12',
  pattern: 'I12',
  code: '7',
  date: '8',
  time: '9',
  length: '5',
  characters: '6',
  count: 'I12',
  'control-number': 'I12',
}
