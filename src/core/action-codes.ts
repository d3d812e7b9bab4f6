import type { CertificationAction } from './decision.ts'

/**
 * How every format spells what was decided. `A5` is not in the list: it means something else than modified.
 *
 * @see X12 306; 005010X217 loops 2000E and 2000F HCR01
 */
export const ACTION_CODES: Readonly<Record<CertificationAction, string>> = {
  certified: 'A1',
  'certified-partially': 'A2',
  'not-certified': 'A3',
  pended: 'A4',
  modified: 'A6',
  cancelled: 'C',
  'contact-payer': 'CT',
  'no-action-required': 'NA',
}

const ACTIONS: ReadonlyMap<string, CertificationAction> = new Map(
  Object.entries(ACTION_CODES).map(([action, code]) => [code, action as CertificationAction]),
)

/** What a code stands for, however it is written; undefined when the list does not have it. */
export function actionOf(code: string): CertificationAction | undefined {
  return ACTIONS.get(code.trim().toUpperCase())
}
