import type { ReviewRequest } from '../../../core/request.ts'
import { type Instant, instantOf, plainDate } from '../../../kernel/time.ts'
import { codeTable, list } from '../codes/index.ts'
import type { TransactionRule } from '../grammar/rules.ts'
import type { SegmentReader } from '../reading/index.ts'
import { quote } from '../reading/index.ts'
import type { Row } from '../text/index.ts'
import { readTime, wireTime } from '../text/index.ts'

type Reservation = NonNullable<ReviewRequest['reservation']>

/** BHT02 beside BHT06 `RU`: what is wanted of a reservation. */
const RESERVATIONS = codeTable<Reservation>({ make: '13', use: '36', cancel: '01' })
const RESERVATION = 'RU'

/** What the first segment of a transaction says. */
export interface Beginning {
  /** BHT03. */
  readonly reference: string
  /** BHT04 and BHT05, taken as UTC; undefined when they are no day and time. */
  readonly at: Instant | undefined
  /** BHT02 and BHT06 of a request about a reservation. */
  readonly reservation?: Reservation
}

/** Reads the beginning of a transaction whose BHT02 was checked. A date that is none is noted: a published sample has one. */
export function decodeBeginning(bht: SegmentReader, table: TransactionRule): Beginning {
  bht.constant(1, '0007')
  checkKind(bht, table)
  const reference = bht.required(3, "the submitter's number for this transaction")
  if (reference.length > 50) bht.fault(3, `expected at most 50 characters, found ${reference.length}`)
  const at = decodeMoment(bht)
  const reservation = table.direction === 'request' ? decodeReservation(bht, table) : undefined
  return reservation === undefined ? { reference, at } : { reference, at, reservation }
}

function checkKind(bht: SegmentReader, { kind, furtherKinds }: TransactionRule): void {
  const found = bht.text(6)
  if (found === kind || (found !== undefined && furtherKinds?.includes(found))) return
  const expected = [...(kind === undefined ? [] : [kind]), ...(furtherKinds ?? [])]
  bht.note(6, `expected ${list(expected) || 'nothing'}, found ${quote(found)}`)
}

function decodeReservation(bht: SegmentReader, table: TransactionRule): Reservation | undefined {
  const purpose = bht.text(2) ?? ''
  const isMarked = bht.text(6) === RESERVATION
  if (purpose === table.purpose) return isMarked ? RESERVATIONS.word(purpose) : undefined
  if (!isMarked) bht.note(6, `expected ${RESERVATION} beside ${purpose}; read as that`)
  return RESERVATIONS.word(purpose)
}

function decodeMoment(bht: SegmentReader): Instant | undefined {
  const [day, time] = [bht.text(4), bht.text(5)]
  const date = plainDate(day ?? '')
  const secondOfDay = readTime(time)
  if (date === undefined) bht.note(4, `expected a day that exists, as CCYYMMDD; found ${quote(day)}`)
  if (secondOfDay === undefined) bht.note(5, `expected a time as HHMM or HHMMSS; found ${quote(time)}`)
  return date === undefined || secondOfDay === undefined ? undefined : instantOf({ date, secondOfDay })
}

/** @param kind BHT06, where it is another than the table's first */
export function encodeBeginning(
  table: TransactionRule,
  reference: string,
  at: Instant,
  kind: string | undefined = table.kind,
): Row {
  const { date, time } = wireTime(at)
  return ['BHT', '0007', table.purpose, reference, date, time, kind]
}

/** Writes the beginning of a request about a reservation. */
export function encodeReservation(
  reservation: Reservation,
  table: TransactionRule,
  reference: string,
  at: Instant,
): Row {
  const { date, time } = wireTime(at)
  return table.furtherKinds?.includes(RESERVATION)
    ? ['BHT', '0007', RESERVATIONS.code(reservation), reference, date, time, RESERVATION]
    : encodeBeginning(table, reference, at)
}
