/** A moment: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly __instant: true }

/** A calendar day without a time zone, `YYYY-MM-DD`; always a day that exists. */
export type PlainDate = string & { readonly __plainDate: true }

/** Both ends are included; a single day has equal ends. `from` is never after `until`. */
export interface DatePeriod {
  readonly from: PlainDate
  readonly until: PlainDate
}

/** Where the present moment comes from. Handed in, so that tests and sandboxes can set it. */
export interface Clock {
  now(): Instant
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Reads a calendar day.
 *
 * @param text `YYYY-MM-DD` or `YYYYMMDD`
 * @returns    the day, or undefined when the text has another shape or names a day that does not exist
 */
export function plainDate(text: string): PlainDate | undefined {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text)
  if (!match || (text.length !== 8 && text.length !== 10)) return undefined
  const [, year, month, day] = match as unknown as [string, string, string, string]
  if (Number(day) < 1 || Number(day) > daysInMonth(Number(year), Number(month))) return undefined
  return `${year}-${month}-${day}` as PlainDate
}

function daysInMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0)
}
