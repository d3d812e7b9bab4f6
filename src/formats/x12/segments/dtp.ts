import type { DatePeriod, PlainDate } from '../../../kernel/time.ts'
import type { SegmentReader } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/** Reads the days of a DTP; one day is a period that begins and ends on it. */
export function decodePeriod(dtp: SegmentReader | undefined): DatePeriod | undefined {
  dtp?.text(1)
  return dtp?.period(2, 3)
}

/** Reads a DTP that can only be one day. */
export function decodeDay(dtp: SegmentReader | undefined): PlainDate | undefined {
  const period = decodePeriod(dtp)
  if (period !== undefined && period.from !== period.until) dtp?.fault(3, 'expected one day, found a period')
  return period?.from
}

/** Writes days as one (D8) where they are one, else as a period (RD8). */
export function encodePeriod(qualifier: string, period: DatePeriod | undefined): readonly Row[] {
  if (period === undefined) return []
  const { from, until } = period
  if (from === until) return encodeDay(qualifier, from)
  return [['DTP', qualifier, 'RD8', `${wireDate(from)}-${wireDate(until)}`]]
}

export function encodeDay(qualifier: string, day: PlainDate | undefined): readonly Row[] {
  return day === undefined ? [] : [['DTP', qualifier, 'D8', wireDate(day)]]
}

/** `CCYYMMDD`. */
export function wireDate(date: PlainDate): string {
  return date.replaceAll('-', '')
}
