import type { Instant } from '../../../kernel/time.ts'
import type { Guide } from '../grammar/rules.ts'
import type { Row } from '../text/index.ts'
import { spell, wireTime, writeSegments } from '../text/index.ts'
import { type Envelope, GUIDE_NAMES, type Usage } from './envelope.ts'

/**
 * Puts a transaction into its envelope and writes the interchange.
 *
 * @param body what stands between ST and SE
 * @param at   the moment that ISA and GS are dated with; UTC, as X12 names no zone
 */
export function sealInterchange(
  body: readonly Row[],
  guide: Guide,
  envelope: Omit<Envelope, 'beginningReference'>,
  at: Instant,
): string {
  const {
    interchangeControlNumber: isa13,
    groupControlNumber: gs06,
    transactionControlNumber: st02,
    usage,
  } = envelope
  const name = GUIDE_NAMES[guide]
  const sender = { qualifier: envelope.senderQualifier ?? 'ZZ', id: envelope.senderId }
  const receiver = { qualifier: envelope.receiverQualifier ?? 'ZZ', id: envelope.receiverId }
  const { date, time } = wireTime(at)
  return writeSegments([
    headerRow({ at, sender, receiver, usage }, isa13),
    ['GS', 'HI', envelope.applicationSender, envelope.applicationReceiver, date, time, gs06, 'X', name],
    ...transactionRows('278', st02, name, body),
    ['GE', '1', gs06],
    ['IEA', '1', isa13],
  ])
}

/** A name in the ISA, and which numbering it is of (ISA05, ISA07). */
interface Party {
  readonly qualifier: string
  readonly id: string
}

interface Header {
  /** The moment that ISA and GS are dated with; UTC. */
  readonly at: Instant
  readonly sender: Party
  readonly receiver: Party
  readonly usage: Usage
}

/** An interchange with one group, or none when there are no transactions. */
export interface Sealing extends Header {
  /** Our own number for the interchange, from 1. */
  readonly controlNumber: number
  /** What stands between ISA and GS: TA1. */
  readonly beforeGroups: readonly Row[]
  readonly group: { readonly kind: string; readonly guide: string; readonly set: string }
  /** What stands between ST and SE of each. */
  readonly transactions: readonly (readonly Row[])[]
}

/** Puts any number of transactions of one kind into an envelope and writes the interchange. */
export function sealGroups(sealing: Sealing): string {
  const { at, sender, receiver, group, transactions, controlNumber } = sealing
  const { interchangeControlNumber: isa13, groupControlNumber: gs06 } = controlNumbers(controlNumber)
  const { date, time } = wireTime(at)
  const count = String(transactions.length)
  const groups: readonly Row[] = [
    ['GS', group.kind, sender.id, receiver.id, date, time, gs06, 'X', group.guide],
    ...transactions.flatMap((body, index) =>
      transactionRows(group.set, String(index + 1).padStart(4, '0'), group.guide, body),
    ),
    ['GE', count, gs06],
  ]
  return writeSegments([
    headerRow(sealing, isa13),
    ...sealing.beforeGroups,
    ...(transactions.length === 0 ? [] : groups),
    ['IEA', transactions.length === 0 ? '0' : '1', isa13],
  ])
}

/** The ISA, of fixed widths; ISA11 and ISA16 are for the writer to fill. */
export function headerRow({ at, sender, receiver, usage }: Header, controlNumber: string): Row {
  const { date, time } = wireTime(at)
  // biome-ignore format: a header reads best as it is sent
  return ['ISA', '00', fixed('', 10), '00', fixed('', 10), sender.qualifier, fixed(sender.id, 15), receiver.qualifier,
    fixed(receiver.id, 15), date.slice(2), time.slice(0, 4), '', '00501', controlNumber, '0', usage, '']
}

/** ST, what stands between, and SE. */
export function transactionRows(
  set: string,
  number: string,
  guide: string,
  body: readonly Row[],
): readonly Row[] {
  return [['ST', set, number, guide], ...body, ['SE', String(body.length + 2), number]]
}

/** Makes the three control numbers of an interchange with one transaction out of one number; it starts again after 999999999. */
export function controlNumbers(number: number) {
  const wrapped = Math.trunc(Math.abs(number)) % 1_000_000_000
  return {
    interchangeControlNumber: String(wrapped).padStart(9, '0'),
    groupControlNumber: String(wrapped),
    transactionControlNumber: '0001',
  }
}

/** The ISA has fixed widths: a shorter value is padded with spaces, a longer one is cut. */
function fixed(value: string, width: number): string {
  return spell(value).slice(0, width).padEnd(width)
}
