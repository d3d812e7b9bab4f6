import type { Instant } from '../../kernel/time.ts'
import { spell } from './characters.ts'
import { type Envelope, GUIDE_NAMES } from './envelope.ts'
import type { Guide } from './grammar/rules.ts'
import { wireTime } from './moment.ts'
import type { Row } from './segment.ts'
import { writeSegments } from './write.ts'

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
  const { date, time } = wireTime(at)
  const {
    interchangeControlNumber: isa13,
    groupControlNumber: gs06,
    transactionControlNumber: st02,
  } = envelope
  const sender = fixed(envelope.senderId, 15)
  const receiver = fixed(envelope.receiverId, 15)
  const name = GUIDE_NAMES[guide]
  return writeSegments([
    // biome-ignore format: a header reads best as it is sent
    ['ISA', '00', fixed('', 10), '00', fixed('', 10), 'ZZ', sender, 'ZZ', receiver, date.slice(2), time.slice(0, 4), '',
      '00501', isa13, '0', envelope.usage, ''],
    ['GS', 'HI', envelope.applicationSender, envelope.applicationReceiver, date, time, gs06, 'X', name],
    ['ST', '278', st02, name],
    ...body,
    ['SE', String(body.length + 2), st02],
    ['GE', '1', gs06],
    ['IEA', '1', isa13],
  ])
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
