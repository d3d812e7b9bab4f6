import type { FaultKind, SegmentReader } from '../reading/index.ts'
import { type Findings, quote, RULES } from '../reading/index.ts'
import { isDigits } from '../text/index.ts'

/** Whether a text has the shape that an element must have; an absent element is the empty text. */
type Shape = (text: string) => boolean

const digits =
  (shortest: number, longest = shortest): Shape =>
  (text) =>
    text.length >= shortest && text.length <= longest && isDigits(text)

const oneOf = (...allowed: readonly string[]): Shape => {
  const all = new Set(allowed)
  return (text) => all.has(text)
}

/** ISA05 and ISA07 of health care. */
const QUALIFIER = oneOf('01', '14', '20', '27', '28', '29', '30', '33', 'ZZ')
const [SIX_DIGITS, FOUR_DIGITS, EIGHT_DIGITS, NINE_DIGITS] = [digits(6), digits(4), digits(8), digits(9)]
const TO_NINE_DIGITS = digits(1, 9)
const VERSION = oneOf('00501')
const FLAG = oneOf('0', '1')
const USAGE = oneOf('T', 'P')
const AGENCY = oneOf('X')
const FOUR_TO_EIGHT_DIGITS = digits(4, 8)
const GROUP_TIME: Shape = (text) => text.length % 2 === 0 && FOUR_TO_EIGHT_DIGITS(text)
const COUNT = digits(1, 10)
const TRANSACTION_NUMBER: Shape = (text) => /^[A-Za-z0-9]{4,9}$/.test(text)

export function checkInterchange(isa: SegmentReader, findings: Findings): void {
  for (let qualifier = 1; qualifier <= 3; qualifier += 2) {
    const element = qualifier + 1
    if (isa.text(qualifier) === '00' && isa.text(element) !== undefined) {
      const message = `expected spaces, as ISA-0${qualifier} is 00; what is there was not read`
      isa.note(element, message, RULES.noPassword, 'value')
    }
  }
  if (findings.isStrict) {
    for (const element of [5, 7]) {
      noteShape(isa, element, QUALIFIER, 'a qualifier such as ZZ or 30', RULES.qualifier, 'code')
    }
  }
  isa.required(6, 'the id of the sender')
  isa.required(8, 'the id of the receiver')
  noteShape(isa, 9, SIX_DIGITS, 'a day as YYMMDD', RULES.interchangeDate, 'date')
  noteShape(isa, 10, FOUR_DIGITS, 'a time as HHMM', RULES.interchangeTime, 'time')
  requireShape(isa, 12, VERSION, '00501, the version of the envelope', 'code')
  requireShape(isa, 13, NINE_DIGITS, 'a control number of nine digits', 'control-number')
  noteShape(isa, 14, FLAG, '0 or 1, whether a TA1 is asked for', RULES.acknowledgement, 'code')
  requireShape(isa, 15, USAGE, 'T (test) or P (production)', 'code')
}

/** @param found how many groups there were, and whether a TA1, which is no group, stood there */
export function checkInterchangeEnd(
  iea: SegmentReader,
  isa: SegmentReader,
  { groups, hasAnswer }: { readonly groups: number; readonly hasAnswer: boolean },
): void {
  // That there is no group is reported already.
  if (groups > 0 || hasAnswer) requireCount(iea, 1, groups, 'group')
  requireEcho(iea, 2, isa, 13)
}

/** The kind of group (GS01) and the guide (GS08) are checked with the transactions in it. */
export function checkGroup(gs: SegmentReader, isa: SegmentReader, findings: Findings): void {
  gs.required(2, 'the id of the sending application')
  gs.required(3, 'the id of the receiving application')
  noteDifference(gs, 2, isa, 6)
  noteDifference(gs, 3, isa, 8)
  noteShape(gs, 4, EIGHT_DIGITS, 'a day as CCYYMMDD', RULES.groupDate, 'date')
  noteShape(gs, 5, GROUP_TIME, 'a time as HHMM or HHMMSS', RULES.groupTime, 'time')
  requireShape(gs, 6, TO_NINE_DIGITS, 'a control number of up to nine digits', 'control-number')
  if (findings.isStrict) noteShape(gs, 7, AGENCY, 'X', RULES.agency, 'code')
}

export function checkGroupEnd(ge: SegmentReader, gs: SegmentReader, transactions: number): void {
  if (transactions > 0) requireCount(ge, 1, transactions, 'transaction')
  requireEcho(ge, 2, gs, 6)
}

export function checkTransactionStart(st: SegmentReader): void {
  const meaning = 'a control number of four to nine characters'
  requireShape(st, 2, TRANSACTION_NUMBER, meaning, 'control-number')
}

/** @param count how many segments there were, ST and SE among them */
export function checkTransactionEnd(se: SegmentReader, st: SegmentReader, count: number): void {
  requireCount(se, 1, count, 'segment, ST and SE counted')
  requireEcho(se, 2, st, 2)
}

function requireShape(
  reader: SegmentReader,
  element: number,
  shape: Shape,
  meaning: string,
  kind: FaultKind,
): void {
  const found = reader.text(element)
  if (shape(found ?? '')) return
  reader.fault(element, `expected ${meaning}; found ${quote(found)}`, undefined, undefined, kind)
}

function noteShape(
  reader: SegmentReader,
  element: number,
  shape: Shape,
  meaning: string,
  rule: string,
  kind: FaultKind,
): void {
  const found = reader.text(element)
  if (!shape(found ?? '')) {
    reader.note(element, `expected ${meaning}; found ${quote(found)}`, rule, kind)
  }
}

/** No rule says that they must be the same. */
function noteDifference(gs: SegmentReader, element: number, isa: SegmentReader, other: number): void {
  const [found, expected] = [gs.text(element), isa.text(other)]
  if (found !== undefined && found !== expected) {
    gs.note(element, `${quote(found)} is another name than in ISA-0${other}, ${quote(expected)}`)
  }
}

function requireCount(reader: SegmentReader, element: number, count: number, what: string): void {
  const found = reader.text(element)
  if (found !== undefined && COUNT(found) && Number(found) === count) return
  const message = `expected the count ${count} (${what}); found ${quote(found)}`
  reader.fault(element, message, undefined, undefined, 'count')
}

function requireEcho(trailer: SegmentReader, element: number, header: SegmentReader, of: number): void {
  const [found, expected] = [trailer.text(element), header.text(of)]
  if (found === expected) return
  const source = `${header.segment.id}-${String(of).padStart(2, '0')}`
  trailer.fault(
    element,
    `expected the control number of ${source}, ${quote(expected)}; found ${quote(found)}`,
    undefined,
    undefined,
    'control-number',
  )
}
