import type { X12Decoded, X12Fault } from '../reading/index.ts'
import type { ReceivedGroup, ReceivedTransaction } from '../received.ts'
import { cutInterchange, type Stop } from './cut.ts'
import { type EnvelopedGroup, type EnvelopedTransaction, openEnvelope } from './envelope.ts'
import { AttachmentFaults } from './faults.ts'
import type { AttachedObject, AttachmentBudget, ReceivedAttachments } from './model.ts'
import { readTransaction } from './read-transaction.ts'

/**
 * Reads an interchange of 275 transactions with their objects. Never throws.
 *
 * @param bytes as received, from ISA to IEA
 * @returns     faults alone when there is no interchange in it, or an ISA that cannot be read; else what was read, with every
 *              fault of it, and an interchange to acknowledge
 * @see 006020X316; 005010X211
 */
export function decodeAttachments(
  bytes: Uint8Array,
  budget: AttachmentBudget,
): X12Decoded<ReceivedAttachments> {
  const { segments, delimiters, stop } = cutInterchange(bytes, budget.segments)
  const stopped = new AttachmentFaults()
  if (stop) tellStop(stop, stopped)
  if (!delimiters) return { ok: false, faults: stopped.all }
  const { header, groups, faults } = openEnvelope(segments, delimiters, stop === undefined)
  const objects: AttachedObject[] = []
  const read = groups.map((group) => readGroup(group, budget, objects))
  if (objects.length > budget.objects)
    faults.add(
      segments.at(-1) ?? { id: 'ISA', elements: [], number: 1, byte: 0 },
      `holds ${objects.length} objects; at most ${budget.objects} are read at one time`,
      'budget',
    )
  const received = {
    header,
    acknowledgements: [],
    groups: read,
    faults: [...faults.all, ...stopped.all],
    notes: [],
  }
  return {
    ok: true,
    value: { received, objects, faults: inOrder([received.faults, ...read.map(faultsOf)].flat()), notes: [] },
    notes: [],
  }
}

function tellStop({ segment, message, kind, element, remedy }: Stop, faults: AttachmentFaults): void {
  faults.add(segment, message, kind, {
    ...(element === undefined ? {} : { element }),
    ...(remedy === undefined ? {} : { remedy }),
  })
}

function readGroup(
  group: EnvelopedGroup,
  budget: AttachmentBudget,
  objects: AttachedObject[],
): ReceivedGroup {
  const { header, announced, faults, transactions } = group
  return {
    header,
    announced,
    faults,
    notes: [],
    received: transactions.length,
    transactions: transactions.map((one) => read(one, group, budget, objects)),
  }
}

function read(
  transaction: EnvelopedTransaction,
  { header }: EnvelopedGroup,
  budget: AttachmentBudget,
  objects: AttachedObject[],
): ReceivedTransaction {
  const { st, body, faults } = transaction
  const guide = st.elements[3]?.trim() || header.guide
  objects.push(...readTransaction(transaction, guide, header.applicationReceiver, budget))
  return {
    set: st.elements[1] ?? '',
    controlNumber: st.elements[2] ?? '',
    guide,
    segmentNumber: st.number,
    byte: st.byte,
    traceNumbers: body
      .filter(({ id }) => id === 'TRN')
      .flatMap(({ number, elements }) =>
        elements[2] ? [{ segmentNumber: number, value: elements[2] }] : [],
      ),
    result:
      faults.all.length === 0
        ? { ok: true, value: { kind: 'attachments' }, notes: [] }
        : { ok: false, faults: faults.all },
  }
}

function faultsOf({ faults, transactions }: ReceivedGroup): readonly X12Fault[] {
  return [...faults, ...transactions.flatMap(({ result }) => (result.ok ? [] : result.faults))]
}

function inOrder(faults: readonly X12Fault[]): readonly X12Fault[] {
  return faults.toSorted((one, other) => (one.place?.byte ?? 0) - (other.place?.byte ?? 0))
}
