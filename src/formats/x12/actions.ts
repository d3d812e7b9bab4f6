import type { CertificationAction } from '../../core/decision.ts'
import { codeTable } from './code-table.ts'

/**
 * What was decided, as an answer spells it (HCR01). `A5` is not in the list: it means something else than modified.
 *
 * @see X12 306; 005010X217 loops 2000E and 2000F HCR01
 */
export const ACTIONS = codeTable<CertificationAction>({
  certified: 'A1',
  'certified-partially': 'A2',
  'not-certified': 'A3',
  pended: 'A4',
  modified: 'A6',
  cancelled: 'C',
  'contact-payer': 'CT',
  'no-action-required': 'NA',
})
