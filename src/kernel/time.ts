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
  const isDashed = text.length === 10 && text[4] === '-' && text[7] === '-'
  if (!isDashed && text.length !== 8) return undefined
  const [monthAt, dayAt] = isDashed ? [5, 8] : [4, 6]
  const year = numberAt(text, 0, 4)
  const month = numberAt(text, monthAt, 2)
  const day = numberAt(text, dayAt, 2)
  // A comparison with NaN, which is what letters come to, is never true.
  if (!(year >= 0 && day >= 1 && day <= daysInMonth(year, month))) return undefined
  return (isDashed ? text : `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`) as PlainDate
}

/** The number that so many digits of a text spell; NaN when one is no digit. */
function numberAt(text: string, from: number, length: number): number {
  let number = 0
  for (let index = from; index < from + length; index++) {
    const digit = text.charCodeAt(index) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

function daysInMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && isLeap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0)
}

/** A moment as a clock in UTC shows it, to the second. `secondOfDay` runs from 0 to 86399. */
export interface UtcTime {
  readonly date: PlainDate
  readonly secondOfDay: number
}

const MS_PER_DAY = 86_400_000
const DAYS_PER_ERA = 146_097

/** What a clock in UTC shows at a moment; milliseconds are dropped. */
export function utcTime(at: Instant): UtcTime {
  const day = Math.floor(at / MS_PER_DAY)
  return { date: dateOfDay(day), secondOfDay: Math.floor((at - day * MS_PER_DAY) / 1000) }
}

/** The moment at which a clock in UTC shows this time. */
export function instantOf(time: UtcTime): Instant {
  return (dayOfDate(time.date) * MS_PER_DAY + time.secondOfDay * 1000) as Instant
}

/*
 * Days are counted in eras of 400 years, and years begin in March, so that the leap day is the last of its year.
 * 719468 is the number of days from 0000-03-01 to 1970-01-01.
 */

function dateOfDay(sinceEpoch: number): PlainDate {
  const days = sinceEpoch + 719_468
  const era = Math.floor(days / DAYS_PER_ERA)
  const dayOfEra = days - era * DAYS_PER_ERA
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}` as PlainDate
}

function dayOfDate(date: PlainDate): number {
  const month = Number(date.slice(5, 7))
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0)
  const era = Math.floor(year / 400)
  const yearOfEra = year - era * 400
  const monthFromMarch = month > 2 ? month - 3 : month + 9
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + Number(date.slice(8, 10)) - 1
  const dayOfEra = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * DAYS_PER_ERA + dayOfEra - 719_468
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
