import { type Instant, instantOf, plainDate, utcTime } from '../../../kernel/time.ts'
import { isDigits } from './characters.ts'

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
  if (text === undefined || text.length < 4 || text.length > 8 || !isDigits(text)) return undefined
  const [hours, minutes] = [numberAt(text, 0), numberAt(text, 2)]
  if (hours > 23 || minutes > 59) return undefined
  const seconds = text.length < 6 ? 0 : numberAt(text, 4)
  if (seconds <= 59) return hours * 3600 + minutes * 60 + seconds
  // Two digits that are no seconds are a fraction of the minute, and too fine for us.
  return text.length === 6 ? hours * 3600 + minutes * 60 : undefined
}

/** The number that two digits of a text spell. */
function numberAt(digits: string, from: number): number {
  return digits.charCodeAt(from) * 10 + digits.charCodeAt(from + 1) - 528
}

/** The moment of a day `CCYYMMDD` and a time; undefined when either is none. */
export function readMoment(day: string | undefined, time: string | undefined): Instant | undefined {
  const date = plainDate(day ?? '')
  const secondOfDay = readTime(time)
  return date === undefined || secondOfDay === undefined ? undefined : instantOf({ date, secondOfDay })
}
