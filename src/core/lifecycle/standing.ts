/** How a case stands by the clock, and by what was used of it. Marks, read off when somebody looks: no event and no row says them. */
import { type Instant, instantOf, type PlainDate } from '../../kernel/time.ts'
import type { ApprovedCase, Authorization, ReducedCase } from '../authorization.ts'
import type { LineOutcome } from '../decision.ts'
import type { PatientEvent, Quantity } from '../request.ts'

/** The last place on earth where a day ends is twelve hours behind UTC: the reading that can be late but never early. */
const DAY_ENDS_EVERYWHERE_AFTER_MS = 36 * 3_600_000

/**
 * Whether everything that a case certifies lies in the past. A line that is certified without an end never expires.
 *
 * @see 005010X217 loops 2000E and 2000F, DTP*036
 */
export function isExpired(authorization: Authorization, now: Instant): boolean {
  if (!isInForce(authorization)) return false
  const { decided, request } = authorization
  const ends = decided.lines.filter(isCertified).map((line) => lastDay(line, request.event))
  return ends.length > 0 && ends.every((day) => day !== undefined && isOver(day, now))
}

/**
 * Whether all that a case certifies was used: each certified line as much as it is certified for, or more. A line that is
 * certified without a quantity is never used up, and what is counted in another unit says nothing of it.
 *
 * @param used what was used of each service line, by its number, in all; a 278 has no place for it
 */
export function isUsedUp(authorization: Authorization, used: ReadonlyMap<number, Quantity>): boolean {
  if (!isInForce(authorization)) return false
  const { decided, request } = authorization
  const certified = decided.lines.filter(isCertified)
  return certified.length > 0 && certified.every((line) => reaches(used.get(line.line), line, request.event))
}

function reaches(used: Quantity | undefined, outcome: LineOutcome, event: PatientEvent): boolean {
  const asked = event.lines.find(({ number }) => number === outcome.line)
  const certified = outcome.certifiedQuantity ?? asked?.quantity
  if (!used || !certified || used.unit !== certified.unit) return false
  return Number(used.value) >= Number(certified.value)
}

/** Whether the payer owes a decision whose moment has passed. What follows from it is the law's, by line of business. */
export function isOverdue(authorization: Authorization, now: Instant): boolean {
  if (authorization.state === 'pended') return now > authorization.pending.dueAt
  return authorization.state === 'appealed' && now > authorization.appeal.dueAt
}

function isInForce(authorization: Authorization): authorization is ApprovedCase | ReducedCase {
  const { state } = authorization
  return state === 'approved' || state === 'modified' || state === 'partially-approved'
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
