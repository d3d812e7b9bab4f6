import { type Findings, quote, SegmentReader } from '../reading/index.ts'
import type { Delimiters, Row, Segment } from '../text/index.ts'
import { GROUP_STATUSES, STATUSES } from './codes.ts'
import type { ElementError, GroupAcknowledgement, SegmentError, TransactionAcknowledgement } from './model.ts'

/** ST03 and GS08 of the 999 that we write. Its older name is read too. */
export const GUIDE_999 = '005010X231A1'
export const GUIDES_999: readonly string[] = [GUIDE_999, '005010X231']

/** IK404 and CTX01-2 have so much room. */
const LONGEST_VALUE = 99

/** Writes what stands between ST and SE of a 999. */
export function encodeGroupAcknowledgement(told: GroupAcknowledgement): readonly Row[] {
  return [
    ['AK1', told.kind, told.controlNumber, told.guide],
    ...told.transactions.flatMap(encodeTransaction),
    [
      'AK9',
      GROUP_STATUSES.code(told.status),
      String(told.announced),
      String(told.received),
      String(told.accepted),
      ...told.codes,
    ],
  ]
}

function encodeTransaction(told: TransactionAcknowledgement): readonly Row[] {
  return [
    ['AK2', told.set, told.controlNumber, told.guide],
    ...told.errors.flatMap(encodeSegmentError),
    ['IK5', STATUSES.code(told.status), ...told.codes],
  ]
}

function encodeSegmentError(error: SegmentError): readonly Row[] {
  const { segmentId, position, loop, code, businessUnit, elements } = error
  return [
    ['IK3', segmentId, String(position), loop, code],
    ...(businessUnit === undefined ? [] : [['CTX', [businessUnit.name, businessUnit.value]] satisfies Row]),
    ...elements.map(encodeElementError),
  ]
}

function encodeElementError({ element, component, code, value }: ElementError): Row {
  const position = [String(element), component === undefined ? undefined : String(component)]
  return ['IK4', position, undefined, code, value?.slice(0, LONGEST_VALUE)]
}

/**
 * Reads what stands between ST and SE of a 999.
 *
 * Contexts other than the number of a case are passed over.
 *
 * @returns undefined when it does not say which group it answers, or how; the findings say so
 */
export function decodeGroupAcknowledgement(
  body: readonly Segment[],
  delimiters: Delimiters,
  findings: Findings,
): GroupAcknowledgement | undefined {
  const reader = new Reader(findings)
  for (const segment of body) reader.take(new SegmentReader(segment, '', delimiters.component, findings))
  return reader.conclude(body.at(-1))
}

/** A part of a 999 that still grows. */
type Growing<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Growing<Item>[] : T[K] }

class Reader {
  readonly #findings: Findings
  #head: Pick<GroupAcknowledgement, 'kind' | 'controlNumber' | 'guide'> | undefined
  #tail: Pick<GroupAcknowledgement, 'status' | 'announced' | 'received' | 'accepted' | 'codes'> | undefined
  readonly #transactions: TransactionAcknowledgement[] = []
  #transaction: Pick<TransactionAcknowledgement, 'set' | 'controlNumber' | 'guide'> | undefined
  #errors: Growing<SegmentError>[] = []

  constructor(findings: Findings) {
    this.#findings = findings
  }

  take(read: SegmentReader): void {
    switch (read.segment.id) {
      case 'AK1':
        this.#head = {
          kind: read.required(1, 'the kind of the group that is answered'),
          controlNumber: read.required(2, 'the control number of the group that is answered'),
          ...guideOf(read),
        }
        break
      case 'AK2':
        this.#transaction = {
          set: read.required(1, 'the transaction set that is answered'),
          controlNumber: read.required(2, 'the control number of the transaction that is answered'),
          ...guideOf(read),
        }
        break
      case 'IK3':
        this.#errors.push(segmentErrorOf(read))
        break
      case 'CTX':
        this.#takeContext(read)
        break
      case 'IK4':
        this.#errors.at(-1)?.elements.push(elementErrorOf(read))
        break
      case 'IK5':
        this.#endTransaction(read)
        break
      case 'AK9':
        this.#tail = tailOf(read)
        break
      default:
        read.fault(
          undefined,
          `${read.segment.id} has no place in a 999`,
          undefined,
          undefined,
          'segment-unexpected',
        )
    }
  }

  conclude(last: Segment | undefined): GroupAcknowledgement | undefined {
    if (this.#head === undefined) this.#missing('AK1', 'which group is answered', last)
    if (this.#transaction !== undefined) this.#missing('IK5', 'what became of the transaction', last)
    if (this.#tail === undefined) this.#missing('AK9', 'what became of the group', last)
    if (this.#head === undefined || this.#tail === undefined) return undefined
    return { ...this.#head, transactions: this.#transactions, ...this.#tail }
  }

  #takeContext(read: SegmentReader): void {
    const [name = '', value] = read.components(1)
    const error = this.#errors.at(-1)
    if (error !== undefined && value !== undefined) error.businessUnit = { name, value }
  }

  #endTransaction(read: SegmentReader): void {
    const transaction = this.#transaction
    if (transaction === undefined) {
      read.fault(
        undefined,
        'IK5 ends what AK2 begins, and no AK2 is open',
        undefined,
        undefined,
        'segment-order',
      )
      return
    }
    const status = read.requiredWord(1, STATUSES) ?? 'rejected'
    this.#transactions.push({ ...transaction, status, errors: this.#errors, codes: codesFrom(read, 2) })
    this.#transaction = undefined
    this.#errors = []
  }

  #missing(id: string, what: string, after: Segment | undefined): void {
    const place = after === undefined ? '' : { segment: after, missing: id }
    this.#findings.fault(place, `expected ${id} (${what}); it is missing`, undefined, 'segment-missing')
  }
}

function guideOf(read: SegmentReader) {
  const guide = read.text(3)
  return guide === undefined ? {} : { guide }
}

function segmentErrorOf(read: SegmentReader): Growing<SegmentError> {
  const loop = read.text(3)
  return {
    segmentId: read.required(1, 'the segment that is wrong'),
    position: numberOf(read, 2),
    ...(loop === undefined ? {} : { loop }),
    code: read.text(4) ?? '8',
    elements: [],
  }
}

function elementErrorOf(read: SegmentReader): ElementError {
  const [element = '', component] = read.components(1)
  const value = read.text(4)
  return {
    element: Number(element),
    ...(component === undefined ? {} : { component: Number(component) }),
    code: read.required(3, 'what is wrong with the element'),
    ...(value === undefined ? {} : { value }),
  }
}

function tailOf(read: SegmentReader) {
  return {
    status: read.requiredWord(1, GROUP_STATUSES) ?? 'rejected',
    announced: numberOf(read, 2),
    received: numberOf(read, 3),
    accepted: numberOf(read, 4),
    codes: codesFrom(read, 5),
  }
}

function numberOf(read: SegmentReader, element: number): number {
  const found = read.required(element, 'a number')
  if (found === '' || /^\d{1,10}$/.test(found)) return Number(found)
  read.fault(element, `expected a number, found ${quote(found)}`, undefined, undefined, 'characters')
  return 0
}

/** Up to five codes from an element on. */
function codesFrom(read: SegmentReader, element: number): readonly string[] {
  return [0, 1, 2, 3, 4].map((index) => read.text(element + index)).filter((code) => code !== undefined)
}
