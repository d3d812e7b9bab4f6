import type { Instant } from '../../kernel/time.ts'
import { present } from './absent.ts'
import type { Delimiters } from './delimiters.ts'
import { type Envelope, GUIDE_NAMES } from './envelope.ts'
import { type Findings, quote } from './findings.ts'
import type { Guide } from './grammar/rules.ts'
import { readMoment } from './moment.ts'
import { SegmentReader } from './reader.ts'
import type { Segment } from './segment.ts'
import { tokenize } from './tokenize.ts'

/** An interchange opened: what its envelope says, and the one transaction in it. */
export interface Interchange {
  readonly delimiters: Delimiters
  readonly guide: Guide
  /** All but BHT03, which the transaction itself holds. */
  readonly envelope: Omit<Envelope, 'beginningReference'>
  /** GS04 and GS05, taken as UTC; undefined when they are no day and time. */
  readonly sentAt: Instant | undefined
  /** What stands between ST and SE. */
  readonly body: readonly Segment[]
}

/**
 * Opens an interchange: ISA, GS and ST, and the SE, GE and IEA that close them, whose counts and numbers must agree.
 *
 * One group with one transaction is read. Tolerated and noted: dates and times of the envelope that are none, passwords that
 * are announced as absent and present, GS names that differ from those of the ISA.
 *
 * @returns undefined when there is no transaction to go on with; the findings say why. Never throws
 */
export function openInterchange(text: string, findings: Findings): Interchange | undefined {
  const tokens = tokenize(text, findings)
  if (tokens === undefined) return undefined
  const { delimiters, segments } = tokens
  const read = (segment: Segment) => new SegmentReader(segment, '', delimiters.component, findings)
  const parts = unwrap(segments, findings)
  const isa = read(parts.isa)
  checkInterchange(isa, parts, read)
  const gs = parts.gs && read(parts.gs)
  const st = parts.st && read(parts.st)
  if (gs !== undefined) checkGroup(gs, isa, parts, read)
  if (st === undefined || gs === undefined) return undefined
  const guide = checkTransaction(st, gs, parts, read)
  if (guide === undefined) return undefined
  return {
    delimiters,
    guide,
    envelope: envelopeOf(isa, gs, st),
    sentAt: readMoment(gs.text(4), gs.text(5)),
    body: parts.body,
  }
}

/** The segments of the envelope. What is absent was reported. */
interface Parts {
  readonly isa: Segment
  readonly gs?: Segment
  readonly st?: Segment
  readonly body: readonly Segment[]
  readonly se?: Segment
  readonly ge?: Segment
  readonly iea?: Segment
}

/** Takes the envelope off, from the outside in, and reports what is missing or too much. */
function unwrap(segments: readonly Segment[], findings: Findings): Parts {
  const [isa, ...rest] = segments as readonly [Segment, ...Segment[]]
  const last = segments.at(-1) ?? isa
  const find = (id: string) => rest.find((segment) => segment.id === id)
  const found = { gs: find('GS'), st: find('ST'), se: find('SE'), ge: find('GE'), iea: find('IEA') }
  const missing = (id: string, after: Segment, what: string) =>
    findings.fault({ segment: after }, `expected ${id} (${what}) after this; it is missing`, WHOLE)
  if (found.gs === undefined) missing('GS', isa, 'the group')
  if (found.st === undefined) missing('ST', found.gs ?? isa, 'the transaction')
  if (found.st !== undefined && found.se === undefined) missing('SE', last, 'the end of the transaction')
  if (found.gs !== undefined && found.ge === undefined) missing('GE', last, 'the end of the group')
  if (found.iea === undefined) missing('IEA', last, 'the end of the interchange')
  reportStrays(segments, found, findings)
  const body = found.st === undefined ? [] : bodyOf(segments, found.st)
  return present<Parts>({ isa, ...found, body })
}

const WHOLE = 'Send the interchange whole, from ISA to IEA.'
const ENVELOPE = new Set(['ISA', 'TA1', 'GS', 'ST', 'SE', 'GE', 'IEA'])

/** The segments after ST, up to the first that belongs to the envelope again. */
function bodyOf(segments: readonly Segment[], st: Segment): readonly Segment[] {
  const after = segments.slice(st.number)
  const end = after.findIndex((segment) => ENVELOPE.has(segment.id))
  return end < 0 ? after : after.slice(0, end)
}

/** Reports segments outside a transaction, envelope segments out of their order, and second groups or transactions. */
function reportStrays(
  segments: readonly Segment[],
  found: Readonly<Record<string, Segment | undefined>>,
  findings: Findings,
): void {
  const order = ['ISA', 'GS', 'ST', 'SE', 'GE', 'IEA']
  const firsts = new Set<Segment | undefined>([segments[0], ...Object.values(found)])
  let reached = 0
  for (const segment of segments) {
    const place = order.indexOf(segment.id)
    if (place >= 0 && !firsts.has(segment)) {
      findings.fault(
        { segment },
        `a second ${segment.id}: one interchange with one transaction is read`,
        ONE_BY_ONE,
      )
    } else if (place >= 0 && place < reached) {
      findings.fault({ segment }, `${segment.id} stands after ${order[reached]}, and belongs before it`)
    } else if (place >= 0) reached = place
    else if (order[reached] !== 'ST' && segment.id !== 'TA1') {
      findings.fault(
        { segment },
        `stands outside a transaction: after ${order[reached]}, not between ST and SE`,
      )
    }
  }
}

const ONE_BY_ONE = 'Send each transaction in an interchange of its own.'

type Read = (segment: Segment) => SegmentReader

function checkInterchange(isa: SegmentReader, parts: Parts, read: Read): void {
  for (const [qualifier, element] of [
    [1, 2],
    [3, 4],
  ] as const) {
    if (isa.text(qualifier) === '00' && isa.text(element) !== undefined) {
      isa.note(element, `expected spaces, as ISA-0${qualifier} is 00; what is there was not read`)
    }
  }
  isa.required(6, 'the id of the sender')
  isa.required(8, 'the id of the receiver')
  noteShape(isa, 9, /^\d{6}$/, 'a day as YYMMDD')
  noteShape(isa, 10, /^\d{4}$/, 'a time as HHMM')
  requireShape(isa, 12, /^00501$/, '00501, the version of the envelope')
  requireShape(isa, 13, /^\d{9}$/, 'a control number of nine digits')
  requireShape(isa, 15, /^[TP]$/, 'T (test) or P (production)')
  if (parts.iea === undefined) return
  const iea = read(parts.iea)
  requireCount(iea, 1, 1, parts.gs === undefined ? undefined : 'group')
  requireEcho(iea, 2, isa, 13)
}

function checkGroup(gs: SegmentReader, isa: SegmentReader, parts: Parts, read: Read): void {
  requireShape(gs, 1, /^HI$/, 'HI, the group of 278 transactions')
  gs.required(2, 'the id of the sending application')
  gs.required(3, 'the id of the receiving application')
  noteDifference(gs, 2, isa, 6)
  noteDifference(gs, 3, isa, 8)
  noteShape(gs, 4, /^\d{8}$/, 'a day as CCYYMMDD')
  noteShape(gs, 5, /^\d{4}(\d\d){0,2}$/, 'a time as HHMM or HHMMSS')
  requireShape(gs, 6, /^\d{1,9}$/, 'a control number of up to nine digits')
  if (parts.ge === undefined) return
  const ge = read(parts.ge)
  requireCount(ge, 1, 1, parts.st === undefined ? undefined : 'transaction')
  requireEcho(ge, 2, gs, 6)
}

function checkTransaction(st: SegmentReader, gs: SegmentReader, parts: Parts, read: Read): Guide | undefined {
  requireShape(st, 2, /^[A-Za-z0-9]{4,9}$/, 'a control number of four to nine characters')
  if (parts.se !== undefined) {
    const se = read(parts.se)
    requireCount(se, 1, parts.body.length + 2, 'segment, ST and SE counted')
    requireEcho(se, 2, st, 2)
  }
  const set = st.text(1)
  if (set !== '278') {
    st.fault(1, `expected 278 (a review of health care services), found ${quote(set)}`)
    return undefined
  }
  return guideOf(st, gs)
}

function guideOf(st: SegmentReader, gs: SegmentReader): Guide | undefined {
  const named = gs.text(8)
  const repeated = st.text(3)
  if (repeated === undefined) st.note(3, `expected the guide again, ${quote(named)}; found nothing`)
  else if (repeated !== named)
    st.fault(3, `expected the guide of GS-08, ${quote(named)}; found ${quote(repeated)}`)
  for (const [guide, name] of Object.entries(GUIDE_NAMES)) if (name === named) return guide as Guide
  gs.fault(
    8,
    `expected 005010X217 (request) or 005010X215 (inquiry), found ${quote(named)}${whatElse(named)}`,
  )
  return undefined
}

function whatElse(guide: string | undefined): string {
  if (guide === '005010X216') return ', a notice of admission, which is not read here'
  return /^00[34]/.test(guide ?? '') ? ', an older version' : ''
}

function requireShape(reader: SegmentReader, element: number, shape: RegExp, meaning: string): void {
  const found = reader.text(element)
  if (!shape.test(found ?? '')) reader.fault(element, `expected ${meaning}; found ${quote(found)}`)
}

function noteShape(reader: SegmentReader, element: number, shape: RegExp, meaning: string): void {
  const found = reader.text(element)
  if (!shape.test(found ?? '')) reader.note(element, `expected ${meaning}; found ${quote(found)}`)
}

function noteDifference(gs: SegmentReader, element: number, isa: SegmentReader, other: number): void {
  const [found, expected] = [gs.text(element), isa.text(other)]
  if (found !== undefined && found !== expected) {
    gs.note(element, `${quote(found)} is another name than in ISA-0${other}, ${quote(expected)}`)
  }
}

/** `what` is undefined when there is nothing to count, which was reported already. */
function requireCount(reader: SegmentReader, element: number, count: number, what: string | undefined): void {
  const found = reader.text(element)
  if (what === undefined || (/^\d+$/.test(found ?? '') && Number(found) === count)) return
  reader.fault(element, `expected the count ${count} (${what}); found ${quote(found)}`)
}

function requireEcho(trailer: SegmentReader, element: number, header: SegmentReader, of: number): void {
  const [found, expected] = [trailer.text(element), header.text(of)]
  if (found === expected) return
  const source = `${header.segment.id}-${String(of).padStart(2, '0')}`
  trailer.fault(
    element,
    `expected the control number of ${source}, ${quote(expected)}; found ${quote(found)}`,
  )
}

function envelopeOf(isa: SegmentReader, gs: SegmentReader, st: SegmentReader): Interchange['envelope'] {
  return {
    senderId: isa.text(6) ?? '',
    receiverId: isa.text(8) ?? '',
    interchangeControlNumber: isa.text(13) ?? '',
    groupControlNumber: gs.text(6) ?? '',
    transactionControlNumber: st.text(2) ?? '',
    applicationSender: gs.text(2) ?? '',
    applicationReceiver: gs.text(3) ?? '',
    usage: isa.text(15) === 'T' ? 'T' : 'P',
  }
}
