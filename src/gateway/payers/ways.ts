/** What may be asked of a payer. */
export const PAYER_OPERATIONS = ['determination', 'inquiry', 'submission', 'notice'] as const
export type PayerOperation = (typeof PAYER_OPERATIONS)[number]

/**
 * Who answers an operation: `local` our own engine, `x12` and `fhir` the payer's or its vendor's system, which is asked
 * over that format; `none`: it is not to be asked here.
 */
export const WAYS = ['local', 'x12', 'fhir', 'none'] as const
export type Way = (typeof WAYS)[number]
