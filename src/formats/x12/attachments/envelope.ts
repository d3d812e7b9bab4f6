/** The envelope around 275 transactions: which segments belong to which, and whether its counts and numbers agree. */

import type { X12Fault } from '../reading/index.ts'
import { quote } from '../reading/index.ts'
import type { GroupHeader, InterchangeHeader } from '../received.ts'
import type { Delimiters } from '../text/index.ts'
import { readMoment } from '../text/index.ts'
import type { BinarySegment } from './cut.ts'
import { AttachmentFaults } from './faults.ts'

/** A transaction out of its envelope. */
export interface EnvelopedTransaction {
  readonly st: BinarySegment
  /** What stands between ST and SE. */
  readonly body: readonly BinarySegment[]
  /** False when reading stopped in it, so that what is missing at its end is no news. */
  readonly isWhole: boolean
  readonly faults: AttachmentFaults
}

export interface EnvelopedGroup {
  readonly gs: BinarySegment
  readonly header: GroupHeader
  readonly transactions: readonly EnvelopedTransaction[]
  readonly announced: number
  readonly faults: readonly X12Fault[]
}

export interface EnvelopedInterchange {
  readonly header: InterchangeHeader
  readonly groups: readonly EnvelopedGroup[]
  readonly faults: AttachmentFaults
}

/** 5010 and what came after it: the envelope is the same. */
const VERSIONS = /^00(50[1-9]|[678]\d\d)$/
const GROUP_KIND = 'PI'

const element = ({ elements }: BinarySegment, number: number): string => (elements[number] ?? '').trim()

/** @param isWhole false when the end could not be read, so that what is missing there is no news. Never throws */
export function openEnvelope(
  segments: readonly BinarySegment[],
  delimiters: Delimiters,
  isWhole: boolean,
): EnvelopedInterchange {
  const [isa = NO_SEGMENT, ...rest] = segments
  const faults = new AttachmentFaults()
  checkHeader(isa, faults)
  const iea = rest.at(-1)?.id === 'IEA' ? rest.at(-1) : undefined
  const groups = groupsOf(iea ? rest.slice(0, -1) : rest, isa, faults, isWhole)
  if (iea) {
    requireCount(iea, 1, groups.length, 'group', faults)
    requireEcho(iea, 2, element(isa, 13), faults)
  } else if (isWhole) missing(rest.at(-1) ?? isa, 'IEA', faults)
  return { header: headerOf(isa, delimiters), groups, faults }
}

const NO_SEGMENT: BinarySegment = { id: 'ISA', elements: ['ISA'], number: 1, byte: 0 }

function checkHeader(isa: BinarySegment, faults: AttachmentFaults): void {
  for (const number of [6, 8])
    if (element(isa, number) === '')
      faults.add(isa, 'expected an id, found nothing', 'element-missing', { element: number })
  requireShape(isa, 12, VERSIONS, 'the version of an envelope, such as 00501 or 00602', faults)
  requireShape(isa, 13, /^\d{9}$/, 'a control number of nine digits', faults)
  requireShape(isa, 15, /^[TP]$/, 'T (test) or P (production)', faults)
}

function headerOf(isa: BinarySegment, delimiters: Delimiters): InterchangeHeader {
  return {
    senderQualifier: element(isa, 5),
    senderId: element(isa, 6),
    receiverQualifier: element(isa, 7),
    receiverId: element(isa, 8),
    date: element(isa, 9),
    time: element(isa, 10),
    controlNumber: element(isa, 13),
    isAcknowledgementRequested: element(isa, 14) === '1',
    usage: element(isa, 15) === 'P' ? 'P' : 'T',
    delimiters,
    byte: isa.byte,
  }
}

function groupsOf(
  segments: readonly BinarySegment[],
  isa: BinarySegment,
  faults: AttachmentFaults,
  isWhole: boolean,
): readonly EnvelopedGroup[] {
  const groups: EnvelopedGroup[] = []
  for (let at = 0; at < segments.length; ) {
    const gs = segments[at]
    if (gs?.id !== 'GS') {
      if (gs) stray(gs, 'between groups', faults)
      at++
      continue
    }
    const next = segments.findIndex(({ id }, i) => i > at && (id === 'GE' || id === 'GS'))
    const end = next < 0 ? segments.length : next
    const ge = segments[end]?.id === 'GE' ? segments[end] : undefined
    groups.push(groupOf(gs, segments.slice(at + 1, end), ge, isWhole || end < segments.length))
    at = ge ? end + 1 : end
  }
  if (groups.length === 0 && isWhole) missing(isa, 'GS', faults)
  return groups
}

function groupOf(
  gs: BinarySegment,
  segments: readonly BinarySegment[],
  ge: BinarySegment | undefined,
  isWhole: boolean,
): EnvelopedGroup {
  const faults = new AttachmentFaults()
  requireShape(gs, 1, new RegExp(`^${GROUP_KIND}$`), `${GROUP_KIND} (patient information)`, faults)
  requireShape(gs, 6, /^\d{1,9}$/, 'a control number of up to nine digits', faults)
  const transactions = transactionsOf(segments, faults, isWhole)
  if (ge) {
    requireCount(ge, 1, transactions.length, 'transaction', faults)
    requireEcho(ge, 2, element(gs, 6), faults)
  } else if (isWhole) missing(segments.at(-1) ?? gs, 'GE', faults)
  if (transactions.length === 0 && isWhole) missing(gs, 'ST', faults)
  const announced = Number(ge && element(ge, 1))
  return {
    gs,
    header: {
      kind: element(gs, 1),
      applicationSender: element(gs, 2),
      applicationReceiver: element(gs, 3),
      controlNumber: element(gs, 6),
      guide: element(gs, 8),
      sentAt: readMoment(element(gs, 4), element(gs, 5)),
    },
    transactions,
    announced: Number.isSafeInteger(announced) ? announced : 0,
    faults: faults.all,
  }
}

function transactionsOf(
  segments: readonly BinarySegment[],
  group: AttachmentFaults,
  isWhole: boolean,
): readonly EnvelopedTransaction[] {
  const transactions: EnvelopedTransaction[] = []
  for (let at = 0; at < segments.length; ) {
    const st = segments[at]
    if (st?.id !== 'ST') {
      if (st) stray(st, 'between transactions', group)
      at++
      continue
    }
    const next = segments.findIndex(({ id }, i) => i > at && (id === 'SE' || id === 'ST'))
    const end = next < 0 ? segments.length : next
    const se = segments[end]?.id === 'SE' ? segments[end] : undefined
    const body = segments.slice(at + 1, end)
    const faults = new AttachmentFaults()
    requireShape(st, 2, /^[A-Za-z0-9]{4,9}$/, 'a control number of four to nine characters', faults)
    if (se) {
      requireCount(se, 1, body.length + 2, 'segment, ST and SE counted', faults)
      requireEcho(se, 2, element(st, 2), faults)
    } else if (isWhole || end < segments.length) missing(body.at(-1) ?? st, 'SE', faults)
    transactions.push({ st, body, faults, isWhole: isWhole || end < segments.length })
    at = se ? end + 1 : end
  }
  return transactions
}

function requireShape(
  segment: BinarySegment,
  number: number,
  shape: RegExp,
  meaning: string,
  faults: AttachmentFaults,
): void {
  const found = element(segment, number)
  if (!shape.test(found))
    faults.add(
      segment,
      `expected ${meaning}, found ${quote(found)}`,
      found === '' ? 'element-missing' : 'code',
      {
        element: number,
      },
    )
}

function requireCount(
  segment: BinarySegment,
  number: number,
  found: number,
  what: string,
  faults: AttachmentFaults,
): void {
  const said = element(segment, number)
  if (!/^\d{1,10}$/.test(said) || Number(said) !== found)
    faults.add(segment, `says ${quote(said)}, and there are ${found} (${what})`, 'count', { element: number })
}

function requireEcho(
  segment: BinarySegment,
  number: number,
  expected: string,
  faults: AttachmentFaults,
): void {
  const found = element(segment, number)
  if (found !== expected)
    faults.add(
      segment,
      `expected ${quote(expected)}, as its header says; found ${quote(found)}`,
      'control-number',
      {
        element: number,
      },
    )
}

function missing(before: BinarySegment, id: string, faults: AttachmentFaults): void {
  faults.add(
    before,
    `expected ${id} after this segment`,
    id === 'GS' || id === 'ST' ? 'segment-missing' : 'trailer-missing',
    {
      missing: id,
    },
  )
}

function stray(segment: BinarySegment, where: string, faults: AttachmentFaults): void {
  faults.add(segment, `expected nothing of the kind ${where}`, 'segment-unexpected')
}
