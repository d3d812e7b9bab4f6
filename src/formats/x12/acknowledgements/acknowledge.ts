import type { X12Fault } from '../reading/index.ts'
import type { GroupHeader, ReceivedGroup, ReceivedInterchange, ReceivedTransaction } from '../received.ts'
import { ELEMENT_CODES, HAS_ELEMENT_ERRORS, NOT_AS_THE_GUIDE_SAYS, SEGMENT_CODES } from './codes.ts'
import type {
  ElementError,
  GroupAcknowledgement,
  InterchangeAcknowledgement,
  SegmentError,
  TransactionAcknowledgement,
} from './model.ts'

/** IK502 to IK506 and AK905 to AK909 have room for five. */
const MOST_CODES = 5

/**
 * What is to be said about the envelope of an interchange: a TA1.
 *
 * An interchange that is refused is always answered, as its sender would learn of it in no other way. One that is well is
 * answered when ISA14 asks for it.
 *
 * @param isSeenBefore whether an interchange of this sender with this control number came before; kept by the caller
 * @returns            undefined when nothing is to be said
 * @see X12.5, ISA14 and TA1
 */
export function acknowledgeInterchange(
  { header, faults }: Pick<ReceivedInterchange, 'header' | 'faults'>,
  isSeenBefore: boolean,
): InterchangeAcknowledgement | undefined {
  const note = faults.length > 0 ? noteOf(faults) : isSeenBefore ? DUPLICATE : NOTHING_WRONG
  if (note === NOTHING_WRONG && !header.isAcknowledgementRequested) return undefined
  const { controlNumber, date, time } = header
  return { controlNumber, date, time, status: note === NOTHING_WRONG ? 'accepted' : 'rejected', note }
}

const NOTHING_WRONG = '000'
const DUPLICATE = '025'
const INVALID_STRUCTURE = '022'

/** TA105 for what is wrong with an element of the ISA. */
const ISA_NOTES: Readonly<Record<number, string>> = {
  1: '010',
  2: '011',
  3: '012',
  4: '013',
  5: '005',
  6: '006',
  7: '007',
  8: '008',
  9: '014',
  10: '015',
  11: '016',
  12: '017',
  13: '018',
  14: '019',
  15: '020',
  16: '027',
}

/** A TA1 has room for one note: that of the first fault. */
function noteOf([first]: readonly X12Fault[]): string {
  const { kind, place } = first ?? {}
  if (kind === 'cut-off' || place?.missing === 'IEA') return '023'
  if (place?.segmentId === 'ISA' && place.element !== undefined) {
    return ISA_NOTES[place.element] ?? INVALID_STRUCTURE
  }
  if (place?.segmentId === 'IEA' && place.element === 1) return '021'
  if (place?.segmentId === 'IEA' && place.element === 2) return '001'
  return place?.missing === 'GS' ? '024' : INVALID_STRUCTURE
}

/**
 * What is to be said about a group and each of its transactions: a 999.
 *
 * A group with faults of its own is refused with all its transactions. In a transaction with faults each is named by segment
 * and, where it is one, by element; a transaction with notes alone is accepted.
 *
 * @see 005010X231
 */
export function acknowledgeGroup(group: ReceivedGroup): GroupAcknowledgement {
  const { header, received, announced } = group
  const codes = first(group.faults.map(groupCode))
  const transactions = group.transactions.map(acknowledgeTransaction)
  const accepted = codes.length > 0 ? 0 : transactions.filter(({ status }) => status !== 'rejected').length
  return {
    ...namesOf(header),
    transactions,
    status: accepted === 0 ? 'rejected' : accepted < received ? 'partially-accepted' : 'accepted',
    announced,
    received,
    accepted,
    codes,
  }
}

function namesOf({ kind, controlNumber, guide }: GroupHeader) {
  return { kind, controlNumber, ...(guide === '' ? {} : { guide }) }
}

/** AK905. */
function groupCode({ kind, place }: X12Fault): string {
  if (place?.missing === 'GE') return '3'
  const at = `${place?.segmentId}${place?.element ?? ''}`
  if (at === 'GE2') return '4'
  if (at === 'GE1' || place?.missing === 'ST') return '5'
  if (at === 'GS6') return '6'
  if (at === 'GS8') return '2'
  return kind === 'code' && at === 'GS1' ? '1' : '5'
}

function acknowledgeTransaction(received: ReceivedTransaction): TransactionAcknowledgement {
  const { set, controlNumber, guide, result } = received
  const faults = result.ok ? [] : result.faults
  const errors = errorsOf(faults, received)
  const codes = first([
    ...faults.map(transactionCode).filter((code) => code !== undefined),
    ...(errors.length > 0 ? ['5'] : []),
  ])
  return {
    set,
    controlNumber,
    ...(guide === '' ? {} : { guide }),
    status: result.ok ? 'accepted' : 'rejected',
    errors,
    codes: result.ok || codes.length > 0 ? codes : ['I5'],
  }
}

/** IK502 for a fault of ST or SE, or of the group that the transaction is in. */
function transactionCode({ kind, place }: X12Fault): string | undefined {
  if (place?.missing === 'SE' || kind === 'cut-off') return '2'
  switch (`${place?.segmentId}${place?.element ?? ''}`) {
    case 'SE1':
      return '4'
    case 'SE2':
      return '3'
    case 'ST1':
      return '6'
    case 'ST2':
      return '7'
    case 'ST3':
    case 'GS8':
      return 'I6'
    case 'GS1':
      return '1'
    default:
      return undefined
  }
}

const ENVELOPE = new Set(['GS', 'ST', 'SE'])

/** One IK3 for each segment that something is wrong with, and one for each that is missing. */
function errorsOf(faults: readonly X12Fault[], received: ReceivedTransaction): readonly SegmentError[] {
  const groups = new Map<string, X12Fault[]>()
  for (const fault of faults) {
    const { place, kind } = fault
    if (place === undefined || ENVELOPE.has(place.segmentId) || kind === 'trailer-missing') continue
    // A segment that is missing is an IK3 of its own, beside whatever is wrong with the segment that it is missing after.
    const key = `${place.segmentNumber} ${place.missing ?? ''} ${place.element === undefined ? kind : ''}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [fault])
    else known.push(fault)
  }
  return [...groups.values()].map((group) => errorOf(group, received))
}

function errorOf(faults: readonly X12Fault[], received: ReceivedTransaction): SegmentError {
  const [{ place, kind } = { kind: 'content' as const }] = faults
  const elements = faults.flatMap(elementError)
  const segmentNumber = place?.segmentNumber ?? received.segmentNumber
  const businessUnit = businessUnitOf(received, segmentNumber)
  const code = elements.length > 0 ? HAS_ELEMENT_ERRORS : (SEGMENT_CODES[kind] ?? NOT_AS_THE_GUIDE_SAYS)
  return {
    segmentId: place?.missing ?? place?.segmentId ?? '',
    position: segmentNumber - received.segmentNumber + 1,
    ...(place?.loop === undefined ? {} : { loop: place.loop }),
    code,
    ...(businessUnit === undefined ? {} : { businessUnit }),
    elements,
  }
}

function elementError({ kind, place }: X12Fault): readonly ElementError[] {
  if (place?.element === undefined || place.element === 0) return []
  return [
    {
      element: place.element,
      ...(place.component === undefined ? {} : { component: place.component }),
      code: ELEMENT_CODES[kind] ?? 'I12',
      ...(place.value === undefined ? {} : { value: place.value }),
    },
  ]
}

/** The trace number that stands before the segment, as far as a CTX has room for it. */
function businessUnitOf({ traceNumbers }: ReceivedTransaction, segmentNumber: number) {
  const trace = traceNumbers.findLast((one) => one.segmentNumber < segmentNumber)
  return trace === undefined ? undefined : { name: 'TRN02', value: trace.value.slice(0, 35) }
}

function first(codes: readonly string[]): readonly string[] {
  return [...new Set(codes)].slice(0, MOST_CODES)
}
