/** By when a payer owes its decision. Data, with the law it comes from. */
import type { Instant } from '../kernel/time.ts'
import type { AppealKind } from './authorization.ts'
import type { Urgency } from './request.ts'

export const LINES_OF_BUSINESS = [
  'medicare-advantage',
  'medicaid-fee-for-service',
  'medicaid-managed-care',
  'chip-fee-for-service',
  'chip-managed-care',
  'marketplace',
  'commercial',
] as const

/** Under which law a payer covers a member: it picks the clocks. */
export type LineOfBusiness = (typeof LINES_OF_BUSINESS)[number]

/** How long a payer has, and where that is written. */
export interface DecisionClock {
  /** From receipt to notice. */
  readonly hours: number
  readonly source: string
}

interface Clocks {
  readonly expedited: DecisionClock
  readonly standard: DecisionClock
}

const CLOCKS: Readonly<Record<LineOfBusiness, Clocks>> = {
  'medicare-advantage': {
    expedited: { hours: 72, source: '42 CFR 422.572(a)' },
    standard: { hours: 7 * 24, source: '42 CFR 422.568(b)(1), as amended by CMS-0057-F' },
  },
  'medicaid-fee-for-service': {
    expedited: { hours: 72, source: '42 CFR 440.230(e)(1), as amended by CMS-0057-F' },
    standard: { hours: 7 * 24, source: '42 CFR 440.230(e)(1), as amended by CMS-0057-F' },
  },
  'medicaid-managed-care': {
    expedited: { hours: 72, source: '42 CFR 438.210(d)(2)' },
    standard: { hours: 7 * 24, source: '42 CFR 438.210(d)(1), as amended by CMS-0057-F' },
  },
  'chip-fee-for-service': {
    expedited: { hours: 72, source: '42 CFR 457.495(d), as amended by CMS-0057-F' },
    standard: { hours: 7 * 24, source: '42 CFR 457.495(d), as amended by CMS-0057-F' },
  },
  'chip-managed-care': {
    expedited: { hours: 72, source: '42 CFR 457.1230(d), by 438.210(d)(2)' },
    standard: { hours: 7 * 24, source: '42 CFR 457.1230(d), by 438.210(d)(1) as amended by CMS-0057-F' },
  },
  // CMS-0057-F does not bind these two to its clocks; the claims procedures of ERISA do.
  marketplace: {
    expedited: { hours: 72, source: '45 CFR 147.136(b)(3)(i), by 29 CFR 2560.503-1(f)(2)(i)' },
    standard: { hours: 15 * 24, source: '45 CFR 147.136(b)(3)(i), by 29 CFR 2560.503-1(f)(2)(iii)(A)' },
  },
  commercial: {
    expedited: { hours: 72, source: '29 CFR 2560.503-1(f)(2)(i)' },
    standard: { hours: 15 * 24, source: '29 CFR 2560.503-1(f)(2)(iii)(A)' },
  },
}

const SHORTEST: Clocks = CLOCKS['medicare-advantage']
const MS_PER_HOUR = 3_600_000

/** @returns the line of business that a text names; undefined when it names none that we know */
export function lineOfBusiness(text: string): LineOfBusiness | undefined {
  return LINES_OF_BUSINESS.find((known) => known === text)
}

/**
 * The clock that a request is on. Urgent requests and emergencies are expedited; what is not said to be pressing is not.
 *
 * @param business a line of business; one that we do not know gets the shortest clocks, which can be early but never late
 */
export function decisionClock(business: string, urgency: Urgency | undefined): DecisionClock {
  const known = lineOfBusiness(business)
  const clocks = known === undefined ? SHORTEST : CLOCKS[known]
  return urgency === 'urgent' || urgency === 'emergency' ? clocks.expedited : clocks.standard
}

/**
 * The moment by which a payer owes its decision.
 *
 * Calendar days are counted as 24 hours each from receipt: the reading that can be early but never late.
 *
 * @param receivedAt when the request reached the payer
 * @returns          always later than `receivedAt`
 * @see 42 CFR 422.568(b)(1), 422.572(a), 438.210(d), 440.230(e), 457.495(d); 29 CFR 2560.503-1(f)(2)
 */
export function dueAt(receivedAt: Instant, business: string, urgency: Urgency | undefined): Instant {
  return (receivedAt + decisionClock(business, urgency).hours * MS_PER_HOUR) as Instant
}

const ERISA_APPEALS: Clocks = {
  expedited: { hours: 72, source: '29 CFR 2560.503-1(i)(2)(i)' },
  standard: { hours: 30 * 24, source: '29 CFR 2560.503-1(i)(2)(ii)(A)' },
}

const APPEAL_CLOCKS: Readonly<Record<LineOfBusiness, Clocks>> = {
  'medicare-advantage': {
    expedited: { hours: 72, source: '42 CFR 422.590(e)(1)' },
    standard: { hours: 30 * 24, source: '42 CFR 422.590(a)(1)' },
  },
  // A fair hearing. Three working days are counted as 72 hours, which can be early but never late.
  'medicaid-fee-for-service': {
    expedited: { hours: 72, source: '42 CFR 431.244(f)(3)' },
    standard: { hours: 90 * 24, source: '42 CFR 431.244(f)(1)' },
  },
  'medicaid-managed-care': {
    expedited: { hours: 72, source: '42 CFR 438.408(b)(3)' },
    standard: { hours: 30 * 24, source: '42 CFR 438.408(b)(2)' },
  },
  'chip-fee-for-service': {
    expedited: { hours: 72, source: '42 CFR 457.1160(b)(2)' },
    standard: { hours: 90 * 24, source: '42 CFR 457.1160(b)(1)' },
  },
  'chip-managed-care': {
    expedited: { hours: 72, source: '42 CFR 457.1260(e), by 438.408(b)(3)' },
    standard: { hours: 30 * 24, source: '42 CFR 457.1260(e), by 438.408(b)(2)' },
  },
  marketplace: {
    expedited: {
      ...ERISA_APPEALS.expedited,
      source: '45 CFR 147.136(b)(3)(i), by 29 CFR 2560.503-1(i)(2)(i)',
    },
    standard: {
      ...ERISA_APPEALS.standard,
      source: '45 CFR 147.136(b)(3)(i), by 29 CFR 2560.503-1(i)(2)(ii)(A)',
    },
  },
  commercial: ERISA_APPEALS,
}

/**
 * The clock that an appeal is on. An immediate one is expedited, and so is one of urgent care.
 *
 * @param business a line of business; one that we do not know gets the shortest clocks
 */
export function appealClock(business: string, kind: AppealKind, urgency: Urgency | undefined): DecisionClock {
  const known = lineOfBusiness(business)
  const clocks = known === undefined ? APPEAL_CLOCKS['medicare-advantage'] : APPEAL_CLOCKS[known]
  const isExpedited = kind === 'immediate' || urgency === 'urgent' || urgency === 'emergency'
  return isExpedited ? clocks.expedited : clocks.standard
}

/**
 * The moment by which a payer owes its decision on an appeal.
 *
 * @param receivedAt when the appeal reached the payer
 * @returns          always later than `receivedAt`
 */
export function appealDueAt(
  receivedAt: Instant,
  business: string,
  kind: AppealKind,
  urgency: Urgency | undefined,
): Instant {
  return (receivedAt + appealClock(business, kind, urgency).hours * MS_PER_HOUR) as Instant
}
