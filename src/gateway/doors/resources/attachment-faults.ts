/** What is wrong with the objects of a 275 beyond its syntax, in the words and at the places of the interchange. */
import { MEDIA_TYPES, type MediaType, mediaTypeOf } from '../../../cases/documents/index.ts'
import type {
  AttachedObject,
  NamedNumber,
  ReceivedInterchange,
  X12Fault,
} from '../../../formats/x12/index.ts'
import type { Environment } from '../../../kernel/actor.ts'
import type { LinkedDocument, LinkingNumber, Unlinked } from '../../case-files/index.ts'
import { isControlNumber } from './sent-document.ts'

/** Production makes nothing of a test. @see docs/decisions/0025-x12-codec.md, ISA15 */
export function usageFaults(
  { usage, byte }: ReceivedInterchange['header'],
  environment: Environment,
): readonly X12Fault[] {
  if (environment === 'sandbox' || usage !== 'T') return []
  return [
    {
      at: 'ISA-15',
      message: 'expected P (production), found T (test)',
      remedy: 'Send it to the sandbox, or mark it P.',
      kind: 'code',
      place: { segmentId: 'ISA', segmentNumber: 1, byte, element: 15, value: usage },
    },
  ]
}

/** Bytes of a type that is not taken, and a control number that cannot be kept. */
export function objectFaults({ content, place, controlNumber }: AttachedObject): readonly X12Fault[] {
  return [
    ...(mediaTypeOf(content)
      ? []
      : [
          {
            at: spelled(place),
            message: `its first bytes are of none that is taken: ${Object.values(MEDIA_TYPES)
              .map(({ what }) => what)
              .join(', ')}`,
            remedy: 'Send the document itself, unpacked.',
            kind: 'value',
            place,
          } as const,
        ]),
    ...(controlNumber === undefined || isControlNumber(controlNumber.value)
      ? []
      : [
          {
            at: spelled(controlNumber.place),
            message: 'expected 2 to 80 printable characters (X12 PWK06)',
            kind: 'value',
            place: controlNumber.place,
          } as const,
        ]),
  ]
}

const GIVEN_BY_PAYER: readonly string[] = ['TRN2', 'BB', 'G1', 'NT']

/** As the files of cases take it; its bytes were looked at. */
export function linkedDocument({
  content,
  controlNumber,
  numbers,
  payerId,
  memberId,
}: AttachedObject): LinkedDocument {
  return {
    document: {
      // With a fault instead, it is never kept.
      mediaType: mediaTypeOf(content) ?? ('application/pdf' satisfies MediaType),
      content,
      ...(controlNumber ? { controlNumber: controlNumber.value } : {}),
    },
    payer: payerId,
    ...(memberId === undefined ? {} : { memberId }),
    numbers: numbers.map(
      ({ qualifier, value }): LinkingNumber => ({
        givenBy: GIVEN_BY_PAYER.includes(qualifier) ? 'payer' : 'sender',
        value,
      }),
    ),
  }
}

/** Says which number leads to no case, where it stands. */
export function unlinkedFault({ document, because }: Unlinked, objects: readonly AttachedObject[]): X12Fault {
  const { numbers = [], place } = objects[document] ?? {}
  const at = numbers[0]?.place ?? place
  const { message, remedy } = TELLINGS[because]
  return {
    at: at ? spelled(at) : '',
    message: `${named(numbers)} ${message}`,
    remedy,
    kind: 'content',
    ...(at ? { place: at } : {}),
  }
}

const TELLINGS: Readonly<Record<Unlinked['because'], { readonly message: string; readonly remedy: string }>> =
  {
    'no-payer': {
      message: 'cannot be looked for: no payer goes by the id in NM1*40 or NM1*PR',
      remedy: 'Correct the id of the payer.',
    },
    'no-member': {
      message: 'leads to no case of yours, and no member is named by whom to look for one',
      remedy:
        'Name the member (NM1*IL or NM1*QC with MI), or give a number of the payer (TRN*2, REF*NT, REF*BB).',
    },
    'no-case': {
      message: 'leads to no case of yours for that payer and member',
      remedy: 'Take the number from the request (PWK06), or from the answer to it.',
    },
    'other-patient': {
      message: 'is of a case of another member',
      remedy: 'Correct the number, or the member.',
    },
  }

function named(numbers: readonly NamedNumber[]): string {
  const all = [...new Set(numbers.map(({ value }) => `"${value.slice(0, 40)}"`))].slice(0, 5)
  return all.join(', ')
}

/** As the reader of a 275 spells places. */
function spelled({ segmentId, element, segmentNumber, byte }: NonNullable<X12Fault['place']>): string {
  const name = element === undefined ? segmentId : `${segmentId}-${String(element).padStart(2, '0')}`
  return `${name}, segment ${segmentNumber}, byte ${byte}`
}
