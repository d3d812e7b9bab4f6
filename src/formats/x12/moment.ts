import { type Instant, instantOf, plainDate, utcTime } from '../../kernel/time.ts'

/*
 * X12 names no time zone in ISA, GS and BHT. We write UTC, and take what we read as UTC.
 */

/** A moment as ISA, GS and BHT spell it: `CCYYMMDD` and `HHMMSS`. */
export function wireTime(at: Instant): { readonly date: string; readonly time: string } {
  const { date, secondOfDay } = utcTime(at)
  const parts = [Math.floor(secondOfDay / 3600), Math.floor(secondOfDay / 60) % 60, secondOfDay % 60]
  return { date: date.replaceAll('-', ''), time: parts.map((part) => String(part).padStart(2, '0')).join('') }
}

/** Seconds into the day of `HHMM`, `HHMMSS` or a finer time; undefined when no clock shows it. */
export function readTime(text: string | undefined): number | undefined {
  const match = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)?\d{0,2}$/.exec(text ?? '')
  if (match === null) return undefined
  const [, hours, minutes, seconds = '0'] = match
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** The moment of a day `CCYYMMDD` and a time; undefined when either is none. */
export function readMoment(day: string | undefined, time: string | undefined): Instant | undefined {
  const date = plainDate(day ?? '')
  const secondOfDay = readTime(time)
  return date === undefined || secondOfDay === undefined ? undefined : instantOf({ date, secondOfDay })
}
