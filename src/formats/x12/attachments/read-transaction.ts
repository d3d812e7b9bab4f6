import { quote } from '../reading/index.ts'
import type { BinarySegment } from './cut.ts'
import type { EnvelopedTransaction } from './envelope.ts'
import { type AttachmentFaults, placeOf } from './faults.ts'
import type { AttachedObject, AttachmentBudget, NamedNumber } from './model.ts'
import { unpack } from './unpack.ts'

/**
 * Guides of the 275 whose shape is read: those to a review of health care services; and those to a claim, in which some send
 * what belongs to a review.
 */
export const GUIDES_275: readonly string[] = ['006020X316', '005010X211', '006020X314', '005010X210']

/** NM101 of the payer (1000B) and of the patient (1000C, 1000D); who sends (`ACV`, `41`, `1P`) is known by the token. */
const PAYERS: readonly string[] = ['PR', '40']
const PATIENTS: readonly string[] = ['IL', 'QC']
/** REF01 of numbers that tell which case is meant. */
export const CASE_NUMBERS: readonly string[] = ['BB', 'G1', 'NT', '2I']

const element = ({ elements }: BinarySegment, number: number): string => (elements[number] ?? '').trim()

interface Found {
  payerId: string
  memberId: string | undefined
  /** Before the first LX. */
  readonly numbers: NamedNumber[]
}

/** One LX and all that stands below it. */
interface Loop {
  readonly lx: BinarySegment
  readonly below: readonly BinarySegment[]
  readonly isWhole: boolean
}

/**
 * Reads what stands between ST and SE of a 275. Order and segments that tell nothing of where an object belongs are not
 * looked at: guides differ in them.
 *
 * @param guide    ST03, or GS08 where it is absent
 * @param receiver whom the group is addressed to: the payer, where no loop names one. Never throws
 */
export function readTransaction(
  { st, body, faults, isWhole }: EnvelopedTransaction,
  guide: string,
  receiver: string,
  budget: AttachmentBudget,
): readonly AttachedObject[] {
  if (element(st, 1) !== '275')
    faults.add(st, `expected 275 (additional information), found ${quote(element(st, 1))}`, 'code', {
      element: 1,
    })
  if (!GUIDES_275.includes(guide))
    faults.add(st, `expected one of ${GUIDES_275.join(', ')}, found ${quote(guide)}`, 'code', { element: 3 })
  if (body[0]?.id !== 'BGN' && (isWhole || body.length > 0))
    faults.add(body[0] ?? st, 'expected BGN after ST', 'segment-missing', { missing: 'BGN' })
  const firstLoop = body.findIndex(({ id }) => id === 'LX')
  const found = readHead(firstLoop < 0 ? body : body.slice(0, firstLoop), receiver)
  const loops = loopsOf(firstLoop < 0 ? [] : body.slice(firstLoop))
  if (loops.length === 0 && isWhole)
    faults.add(body.at(-1) ?? st, 'expected LX, and an object below it', 'loop-missing', { missing: 'LX' })
  return loops.flatMap((loop, i) =>
    objectsOf({ ...loop, isWhole: isWhole || i < loops.length - 1 }, found, faults, budget),
  )
}

function readHead(head: readonly BinarySegment[], receiver: string): Found {
  const found: Found = { payerId: receiver, memberId: undefined, numbers: [] }
  for (const segment of head) {
    const [code, id] = [element(segment, 1), element(segment, 9)]
    if (segment.id === 'NM1' && PAYERS.includes(code) && id !== '') found.payerId = id
    if (segment.id === 'NM1' && PATIENTS.includes(code) && element(segment, 8) === 'MI' && id !== '')
      found.memberId = id
    found.numbers.push(...numberIn(segment))
  }
  return found
}

function numberIn(segment: BinarySegment): readonly NamedNumber[] {
  const [qualifier, value] = [element(segment, 1), element(segment, 2)]
  if (value === '') return []
  const place = placeOf(segment, 2)
  if (segment.id === 'TRN') return [{ qualifier: `TRN${qualifier}`, value, place }]
  return segment.id === 'REF' && CASE_NUMBERS.includes(qualifier) ? [{ qualifier, value, place }] : []
}

function loopsOf(segments: readonly BinarySegment[]): readonly Omit<Loop, 'isWhole'>[] {
  const loops: { lx: BinarySegment; below: BinarySegment[] }[] = []
  for (const segment of segments)
    if (segment.id === 'LX') loops.push({ lx: segment, below: [] })
    else loops.at(-1)?.below.push(segment)
  return loops
}

function objectsOf(
  { lx, below, isWhole }: Loop,
  { payerId, memberId, numbers }: Found,
  faults: AttachmentFaults,
  budget: AttachmentBudget,
): readonly AttachedObject[] {
  const own = below.flatMap(numberIn)
  const trace = own.find(({ qualifier }) => qualifier.startsWith('TRN'))
  if (own.length + numbers.length === 0 && (isWhole || below.length > 0))
    faults.add(lx, 'names no case: expected a TRN below it', 'segment-missing', {
      missing: 'TRN',
      remedy:
        'Send the attachment control number of the request (PWK06) as TRN*1, or the number of the payer as TRN*2.',
    })
  const carriers = below.filter(({ id }) => id === 'BDS' || id === 'BIN')
  if (carriers.length === 0 && isWhole)
    faults.add(lx, 'holds no object: expected a BDS below it', 'segment-missing', { missing: 'BDS' })
  return carriers.flatMap((segment) => {
    const filter = segment.id === 'BDS' ? element(segment, 1) : undefined
    const unpacked = unpack(segment.data ?? new Uint8Array(0), filter, budget.objectBytes)
    if ('fault' in unpacked) {
      const { fault, remedy } = unpacked
      const about = { element: segment.id === 'BDS' && fault.startsWith('expected one of') ? 1 : undefined }
      faults.add(segment, fault, 'value', {
        ...(about.element === undefined ? {} : { element: about.element }),
        ...(remedy === undefined ? {} : { remedy }),
      })
      return []
    }
    return [
      {
        content: unpacked.content,
        place: placeOf(segment),
        assignedNumber: element(lx, 1),
        ...(trace ? { controlNumber: trace } : {}),
        numbers: [...own, ...numbers],
        payerId,
        ...(memberId === undefined ? {} : { memberId }),
      },
    ]
  })
}
