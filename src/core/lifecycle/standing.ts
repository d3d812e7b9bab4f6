/** How a case stands by the clock. Both are marks, read off when somebody looks: no event and no row says them. */
import { type Instant, instantOf, type PlainDate } from '../../kernel/time.ts'
import type { Authorization } from '../authorization.ts'
import type { LineOutcome } from '../decision.ts'
import type { PatientEvent } from '../request.ts'

/** The last place on earth where a day ends is twelve hours behind UTC: the reading that can be late but never early. */
const DAY_ENDS_EVERYWHERE_AFTER_MS = 36 * 3_600_000

/**
 * Whether everything that a case certifies lies in the past. A line that is certified without an end never expires.
 *
 * @see 005010X217 loops 2000E and 2000F, DTP*036
 */
export function isExpired(authorization: Authorization, now: Instant): boolean {
  const isInForce =
    authorization.state === 'approved' ||
    authorization.state === 'modified' ||
    authorization.state === 'partially-approved'
  if (!isInForce) return false
  const { decided, request } = authorization
  const ends = decided.lines.filter(isCertified).map((line) => lastDay(line, request.event))
  return ends.length > 0 && ends.every((day) => day !== undefined && isOver(day, now))
}

/** Whether the payer owes a decision whose moment has passed. What follows from it is the law's, by line of business. */
export function isOverdue(authorization: Authorization, now: Instant): boolean {
  if (authorization.state === 'pended') return now > authorization.pending.dueAt
  return authorization.state === 'appealed' && now > authorization.appeal.dueAt
}

function isCertified({ action }: LineOutcome): boolean {
  return action === 'certified' || action === 'certified-partially' || action === 'modified'
}

function lastDay(outcome: LineOutcome, event: PatientEvent): PlainDate | undefined {
  const line = event.lines.find(({ number }) => number === outcome.line)
  const period = outcome.certifiedPeriod ?? line?.period ?? event.period ?? event.admission
  return period?.until
}

function isOver(day: PlainDate, now: Instant): boolean {
  return now >= instantOf({ date: day, secondOfDay: 0 }) + DAY_ENDS_EVERYWHERE_AFTER_MS
}
