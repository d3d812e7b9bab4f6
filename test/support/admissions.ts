import { type AdmissionNotice, type NoticeReception, receiveNotice } from '../../src/core/admission.ts'
import { NUMBER_BYTES, noticeNumber } from '../../src/core/reference-number.ts'
import type { PatientEvent } from '../../src/core/request.ts'
import { decodeNotice } from '../../src/formats/json/index.ts'
import { encodeNotice } from '../../src/formats/x12/index.ts'
import { mintId, type OrganizationId } from '../../src/kernel/ids.ts'
import type { Instant } from '../../src/kernel/time.ts'
import { secureRandom } from '../../src/platform/secrets/index.ts'
import { MEMBER } from './a-submission.ts'
import { NOW } from './cases.ts'
import { aRequest, day, type RequestParts } from './requests.ts'

/** A notice that an invented member came into a hospital two days before `NOW`. */
export function aNotice(
  event: Partial<PatientEvent> = {},
  parts: Omit<RequestParts, 'event' | 'lines'> = {},
): AdmissionNotice {
  const admittedOn = day('2026-11-01')
  const request = aRequest(parts)
  return {
    ...request,
    requester: { ...request.requester, kind: 'facility', ...parts.requester },
    event: {
      purpose: 'initial',
      place: { code: '11', system: 'type-of-bill' },
      admission: { from: admittedOn, until: admittedOn },
      diagnoses: [{ role: 'admitting', system: 'icd-10', code: 'N1330' }],
      conditions: [],
      transportStops: [],
      providers: [],
      lines: [],
      ...event,
      category: 'admission',
    },
  }
}

/** A stay that a payer was told of, and has said nothing about. */
export function aStay(receivedFrom: OrganizationId, parts: Partial<NoticeReception> = {}) {
  const receivedAt = parts.receivedAt ?? NOW
  return receiveNotice({
    id: mintId('admission', receivedAt, secureRandom),
    payerId: 'pay_quillfeather',
    receivedFrom,
    door: 'json-v1',
    receivedAt,
    referenceNumber: noticeNumber(secureRandom(NUMBER_BYTES)),
    notice: aNotice(),
    windowHours: 72,
    actor: { kind: 'client', clientId: 'cs_test_1', organizationId: receivedFrom },
    ...parts,
  })
}

export interface NotificationParts {
  readonly memberId?: string
  readonly transaction?: string
  readonly payerId?: string
  readonly npi?: string
  /** Fields of the event; undefined takes one away. */
  readonly event?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** A notice as JSON of the compatible API, of a member of the synthetic payer who came into a hospital on 3 January 2027. */
export function aNotification(parts: NotificationParts = {}): Readonly<Record<string, unknown>> {
  const {
    memberId = MEMBER.memberId,
    transaction = 'N-1',
    payerId = 'QFHP1',
    npi = '1234567893',
    event = {},
    ...rest
  } = parts
  return {
    senderId: 'LARKSPUR',
    submitterTransactionIdentifier: transaction,
    payerId,
    payerName: 'Quillfeather Health Plan',
    umClearingHouseId: 'QUILLFEATHER',
    source: { sourceType: 'FA', organizationName: 'Larkspur Hospital', npi },
    subscriber: { ...MEMBER, memberId, genderCode: 'F' },
    patientEventDetail: {
      requestCategoryCode: 'AR',
      certificationTypeCode: 'I',
      serviceTypeCode: '1',
      facilityTypeCode: '11',
      facilityCodeQualifier: 'A',
      admissionDateBegin: '20270103',
      diagnosisTypeCode1: 'ABJ',
      diagnosisCode1: 'N1330',
      ...event,
    },
    ...rest,
  }
}

/** The same as an interchange. */
export function aNotificationInterchange(
  parts: NotificationParts = {},
  { usage = 'T', control = '000000419' }: { readonly usage?: 'T' | 'P'; readonly control?: string } = {},
): string {
  const decoded = decodeNotice(JSON.parse(JSON.stringify(aNotification(parts))))
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.faults))
  return encodeNotice(decoded.value, {
    at: Date.UTC(2027, 0, 4) as Instant,
    interchangeControlNumber: control,
    usage,
  })
}

/** The same as JSON of the resource API. */
export function aResourceNotice(event: object = {}, parts: object = {}): Readonly<Record<string, unknown>> {
  return {
    payer: { id: 'QFHP1' },
    requester: {
      kind: 'facility',
      name: { kind: 'organization', name: 'Larkspur Hospital' },
      identifier: { system: 'npi', value: '1234567893' },
    },
    subscriber: {
      memberId: MEMBER.memberId,
      name: { kind: 'person', last: MEMBER.lastName, first: MEMBER.firstName },
    },
    event: {
      category: 'admission',
      place: { code: '11', system: 'type-of-bill' },
      admission: { from: '2027-01-03', until: '2027-01-03' },
      ...event,
    },
    ...parts,
  }
}
