/** Submissions in both spellings, of one invented member of the synthetic payer, for the doors. */
import type { ReviewRequest } from '../../src/core/request.ts'
import { decodeSubmission } from '../../src/formats/json/index.ts'
import { encodeRequest } from '../../src/formats/x12/index.ts'
import type { Instant } from '../../src/kernel/time.ts'

/** Everything about the member of `aSubmission` that must be in no log. */
export const MEMBER = {
  memberId: 'QF10001',
  lastName: 'Calloway',
  firstName: 'Wren',
  dateOfBirth: '19800229',
}

export interface SubmissionParts {
  readonly memberId?: string
  readonly transaction?: string
  readonly payerId?: string
  readonly procedureCode?: string
  readonly [field: string]: unknown
}

/** A planned ambulance journey, which is certified; that of member QFPEND001 is pended. */
export function aSubmission(parts: SubmissionParts = {}): Readonly<Record<string, unknown>> {
  const {
    memberId = MEMBER.memberId,
    transaction = 'T-1',
    payerId = 'QFHP1',
    procedureCode = 'A0428',
    ...rest
  } = parts
  return {
    senderId: 'LARKSPUR',
    submitterTransactionIdentifier: transaction,
    payerId,
    payerName: 'Quillfeather Health Plan',
    umClearingHouseId: 'QUILLFEATHER',
    requester: { requesterType: '1P', organizationName: 'Larkspur Ambulance', npi: '1234567893' },
    subscriber: { ...MEMBER, memberId, genderCode: 'F' },
    patientEventDetail: {
      requestCategoryCode: 'HS',
      certificationTypeCode: 'I',
      serviceTypeCode: '56',
      facilityTypeCode: '41',
      facilityCodeQualifier: 'B',
      eventDateBegin: '20270503',
      serviceLevel: [
        {
          professionalService: {
            productOrServiceIDQualifier: 'HC',
            procedureCode,
            unitOrBasisForMeasurementCode: 'UN',
            serviceUnitCount: '2',
          },
        },
      ],
    },
    ...rest,
  }
}

/** The same as an interchange. */
export function anInterchange(
  parts: SubmissionParts = {},
  { usage = 'T', control = '000000417' }: { readonly usage?: 'T' | 'P'; readonly control?: string } = {},
): string {
  return encodeRequest(requestOf(parts), {
    guide: '217',
    at: Date.UTC(2027, 0, 4) as Instant,
    interchangeControlNumber: control,
    usage,
  })
}

/** A question about it, as an interchange. */
export function anInquiryInterchange(parts: SubmissionParts = {}): string {
  return encodeRequest(
    { ...requestOf(parts), filter: {} },
    {
      guide: '215',
      at: Date.UTC(2027, 0, 4) as Instant,
      interchangeControlNumber: '000000418',
      usage: 'T',
    },
  )
}

function requestOf(parts: SubmissionParts): ReviewRequest {
  const decoded = decodeSubmission(aSubmission(parts))
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.faults))
  return decoded.value
}
