import { type Instant, plainDate } from '../../../kernel/time.ts'
import { quote } from '../findings.ts'
import type { TransactionRule } from '../grammar/rules.ts'
import { readMoment, readTime, wireTime } from '../moment.ts'
import type { SegmentReader } from '../reader.ts'
import type { Row } from '../segment.ts'

/** What the first segment of a transaction says. */
export interface Beginning {
  /** BHT03. */
  readonly reference: string
  /** BHT04 and BHT05, taken as UTC; undefined when they are no day and time. */
  readonly at: Instant | undefined
}

/** Reads the beginning of a transaction whose BHT02 was checked. A date that is none is noted: a published sample has one. */
export function decodeBeginning(bht: SegmentReader, table: TransactionRule): Beginning {
  bht.constant(1, '0007')
  bht.text(2)
  if (table.kind !== undefined && bht.text(6) !== table.kind) {
    bht.note(6, `expected ${table.kind}, found ${quote(bht.text(6))}`)
  }
  const reference = bht.required(3, "the submitter's number for this transaction")
  if (reference.length > 50) bht.fault(3, `expected at most 50 characters, found ${reference.length}`)
  return { reference, at: decodeMoment(bht) }
}

function decodeMoment(bht: SegmentReader): Instant | undefined {
  const [day, time] = [bht.text(4), bht.text(5)]
  if (plainDate(day ?? '') === undefined) {
    bht.note(4, `expected a day that exists, as CCYYMMDD; found ${quote(day)}`)
  }
  if (readTime(time) === undefined) bht.note(5, `expected a time as HHMM or HHMMSS; found ${quote(time)}`)
  return readMoment(day, time)
}

export function encodeBeginning(table: TransactionRule, reference: string, at: Instant): Row {
  const { date, time } = wireTime(at)
  return ['BHT', '0007', table.purpose, reference, date, time, table.kind]
}
