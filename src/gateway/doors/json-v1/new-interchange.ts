import { acknowledge, decodeInterchange, encodeAcknowledgements } from '../../../formats/x12/index.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'
import type { Instant } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/database/index.ts'
import type { Caller } from '../../access/index.ts'
import { keepNumbers } from '../../idempotency/index.ts'
import { controlNumber } from '../control-number.ts'
import type { DoorDeps } from '../model.ts'
import type { Asked } from './reading.ts'

/** The TA1 of an interchange that is refused as a duplicate, as an interchange on one line. */
export const TA1_HEADER = 'countersign-ta1'

/** An interchange that came under the numbers of another one. */
export class DuplicateInterchange extends Problem {
  /** The TA1 to it, as an interchange; absent when its envelope does not tell whom to answer. */
  readonly ta1: string | undefined

  constructor(detail: string, fault: Fault, ta1: string | undefined) {
    super('request/invalid', detail, { faults: [fault] })
    this.ta1 = ta1
  }
}

/**
 * Lets an interchange pass whose numbers are new, or that came under them before. Anything but an interchange passes, and
 * so does one that asks for no acknowledgement (ISA14): whoever sends one at a time and waits often counts nothing, and
 * must not have to begin.
 *
 * @throws DuplicateInterchange another interchange came under these numbers within 24 hours
 * @see X12.5 TA105 025
 */
export async function requireNewInterchange(
  deps: Pick<DoorDeps, 'idempotency' | 'random'>,
  tx: Tx,
  { organizationId }: Caller,
  { envelope, raw }: Pick<Asked<unknown>, 'envelope' | 'raw'>,
  at: Instant,
): Promise<void> {
  if (!envelope?.asksForAcknowledgement) return
  if (await keepNumbers(deps.idempotency, tx, organizationId, envelope, raw, at)) return
  throw new DuplicateInterchange(
    'Another interchange came under these numbers within the last 24 hours, and was answered (TA1 025); nothing was stored.',
    {
      at: 'ISA-13',
      message: `another interchange of this sender and receiver came with ISA13 ${envelope.interchangeControlNumber} and GS06 ${envelope.groupControlNumber} within the last 24 hours (TA1 note code 025)`,
      remedy: 'Give each interchange a number of its own. The very same one may be sent again.',
    },
    duplicateOf(raw, at, controlNumber(deps.random)),
  )
}

function duplicateOf(raw: Uint8Array, at: Instant, number: number): string | undefined {
  const decoded = decodeInterchange(new TextDecoder().decode(raw))
  if (!decoded.ok) return undefined
  const { interchange } = acknowledge(decoded.value, true)
  return (
    interchange &&
    encodeAcknowledgements({ interchange, groups: [] }, decoded.value.header, { at, controlNumber: number })
  )
}
