import type { Instant } from '../../../kernel/time.ts'
import type { Guide } from '../grammar/rules.ts'
import type { SegmentReader } from '../reading/index.ts'
import { type Findings, quote, type Reading, RULES, readingOf } from '../reading/index.ts'
import type { Delimiters, Segment } from '../text/index.ts'
import { Cutter, readMoment } from '../text/index.ts'
import { type Envelope, GUIDE_NAMES } from './envelope.ts'
import { EnvelopeReader, type FoundTransaction } from './envelope-reader.ts'

/** A 278 out of its envelope, and what the envelope says of it. */
export interface Interchange {
  readonly delimiters: Delimiters
  readonly guide: Guide
  /** All but BHT03, which the transaction itself holds. */
  readonly envelope: Omit<Envelope, 'beginningReference'>
  /** GS04 and GS05, taken as UTC; undefined when they are no day and time. */
  readonly sentAt: () => Instant | undefined
  /** What stands between ST and SE. */
  readonly body: readonly Segment[]
}

/**
 * Opens an interchange that holds one transaction, a 278. A second transaction is a fault.
 *
 * @returns undefined when there is no transaction to go on with; the findings say why. Never throws
 */
export function openInterchange(
  text: string,
  findings: Findings,
  reading: Reading = readingOf(),
): Interchange | undefined {
  let first: FoundTransaction | undefined
  let interchanges = 0
  const second = ({ segment }: SegmentReader) =>
    findings.fault(
      { segment },
      `a second ${segment.id}: one interchange with one transaction is read`,
      'Send each transaction in an interchange of its own.',
      'content',
    )
  const reader = new EnvelopeReader(
    reading,
    {
      interchange: ({ isa }) => {
        if (++interchanges === 2) second(isa)
      },
      transaction: (found) => {
        if (first === undefined) first = found
        else if (interchanges === 1) second(found.st)
      },
    },
    () => findings,
  )
  const cutter = new Cutter(reader, reading.budget)
  cutter.push(text)
  cutter.end()
  reader.finish()
  if (first === undefined && findings.isClean) {
    findings.fault('', 'expected a transaction; the interchange holds none', undefined, 'content')
  }
  return first === undefined ? undefined : open278(first)
}

/** Checks that a transaction is a 278 of a guide we know. All it finds are findings of the transaction. */
export function open278(found: FoundTransaction): Interchange | undefined {
  const { st, body, isWhole, interchange, group, findings } = found
  const set = st.text(1)
  if (set !== '278') {
    const message = `expected 278 (a review of health care services), found ${quote(set)}`
    st.fault(1, message, undefined, undefined, 'code')
    return undefined
  }
  const { gs } = group
  if (gs === undefined || !isWhole) return undefined
  requireGroupKind(gs, 'HI', 'the group of 278 transactions', findings)
  const guide = guideOf(st, gs, findings)
  if (guide === undefined) return undefined
  return {
    delimiters: interchange.delimiters,
    guide,
    envelope: envelopeOf(interchange.isa, gs, st),
    sentAt: () => readMoment(gs.text(4), gs.text(5)),
    body,
  }
}

/** Checks GS01 for a transaction in the group. */
export function requireGroupKind(gs: SegmentReader, kind: string, meaning: string, findings: Findings): void {
  const found = gs.text(1)
  if (found === kind) return
  const place = { segment: gs.segment, element: 1 }
  findings.fault(place, `expected ${kind}, ${meaning}; found ${quote(found)}`, undefined, 'code')
}

/** The guides by their names. */
const GUIDES = new Map(
  (Object.entries(GUIDE_NAMES) as [Guide, string][]).map(([guide, name]) => [name, guide]),
)

function guideOf(st: SegmentReader, gs: SegmentReader, findings: Findings): Guide | undefined {
  const named = gs.text(8)
  const repeated = st.text(3)
  if (repeated === undefined) {
    st.note(3, `expected the guide again, ${quote(named)}; found nothing`, RULES.guide, 'element-missing')
  } else if (repeated !== named) {
    st.fault(3, `expected the guide of GS-08, ${quote(named)}; found ${quote(repeated)}`)
  }
  const guide = GUIDES.get(named ?? '')
  if (guide !== undefined) return guide
  findings.fault(
    { segment: gs.segment, element: 8 },
    `expected 005010X217 (request), 005010X215 (inquiry) or 005010X216 (notice), found ${quote(named)}${whatElse(named)}`,
    undefined,
    'code',
  )
  return undefined
}

function whatElse(guide: string | undefined): string {
  return /^00[34]/.test(guide ?? '') ? ', an older version' : ''
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
    ...(isa.text(14) === '1' && { asksForAcknowledgement: true as const }),
  }
}
