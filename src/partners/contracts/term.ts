import { type Instant, instantOf, type PlainDate, utcTime } from '../../kernel/time.ts'
import type { Contract, Terms } from './model.ts'

const DAY_MS = 86_400_000

/**
 * So many months later, on the same day of the month at the same time; on the last day of a month that has no such day.
 *
 * @param months 0 or more
 */
export function monthsAfter(at: Instant, months: number): Instant {
  const { date, secondOfDay } = utcTime(at)
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const index = year * 12 + (month - 1) + months
  const to = { year: Math.floor(index / 12), month: (index % 12) + 1 }
  // Day 0 of the next month is the last of this one.
  const last = new Date(Date.UTC(to.year, to.month, 0)).getUTCDate()
  const digits = (value: number, width: number) => String(value).padStart(width, '0')
  const day2 = digits(Math.min(day, last), 2)
  const then = `${digits(to.year, 4)}-${digits(to.month, 2)}-${day2}` as PlainDate
  return (instantOf({ date: then, secondOfDay }) + (at % 1000)) as Instant
}

/** When a contract that begins at a moment ends by itself; undefined when it goes on until somebody gives notice. */
export function agreedEnd({ months, renews }: Terms, beginsAt: Instant): Instant | undefined {
  return renews === 'never' ? monthsAfter(beginsAt, months) : undefined
}

/**
 * When a contract that renews ends after a notice: with the term in which the notice came, when it came early enough, or
 * with the one after.
 */
export function endAfterNotice({ months, noticeDays }: Terms, beginsAt: Instant, noticeAt: Instant): Instant {
  for (let terms = 1; ; terms++) {
    const end = monthsAfter(beginsAt, terms * months)
    if (end - noticeDays * DAY_MS >= noticeAt) return end
  }
}

/** How a contract stands at a moment. */
export type Standing =
  | 'offered'
  | 'partner-signed'
  | 'void'
  /** Both have signed, and it has not begun. */
  | 'countersigned'
  | 'active'
  | 'ended'
  | 'terminated'
  /** Another has taken its place. */
  | 'amended'
  | 'renewed'

export function standingOf(contract: Contract, now: Instant): Standing {
  const { state, beginsAt, endsAt, endKind } = contract
  if (state !== 'countersigned' || beginsAt === undefined) return state
  if (endsAt !== undefined && endsAt <= now)
    return endKind === undefined || endKind === 'notice' ? 'ended' : endKind
  return now < beginsAt ? 'countersigned' : 'active'
}

/** When the present term of a contract in force is over, and by when notice of its end would be due. */
export function termOf(
  { terms, beginsAt, endsAt }: Contract,
  now: Instant,
): { readonly over: Instant; readonly noticeBy?: Instant } | undefined {
  if (beginsAt === undefined) return undefined
  if (endsAt !== undefined) return { over: endsAt }
  for (let count = 1; ; count++) {
    const over = monthsAfter(beginsAt, count * terms.months)
    if (over > now) return { over, noticeBy: (over - terms.noticeDays * DAY_MS) as Instant }
  }
}
