/** Submissions over the wire, one for each number: no two are of the same member or the same transaction. */

const BASE = '/rcm/prior-authorization/v1'

/** Where each spelling of each operation is asked. */
export const PATHS = {
  submission: `${BASE}/submission`,
  submissionX12: `${BASE}/submission/x12`,
  inquiry: `${BASE}/inquiry`,
  determination: `${BASE}/determination`,
  inquiryX12: `${BASE}/inquiry/x12`,
  healthcheck: `${BASE}/healthcheck`,
} as const

const DIGITS = 9
const digits = (serial: number) => String(serial).padStart(DIGITS, '0')

/** The member that a submission is about. */
export const memberOf = (serial: number) => `QF${digits(serial)}`
/** What its sender calls the transaction. */
export const transactionOf = (serial: number) => `PROOF${digits(serial)}`

/**
 * A planned ambulance journey of an invented member, which the sandbox's payer certifies at once. An inquiry is spelled
 * the same way.
 */
export function submissionJson(serial: number): string {
  return JSON.stringify({
    senderId: 'LARKSPUR',
    submitterTransactionIdentifier: transactionOf(serial),
    payerId: 'QFHP1',
    payerName: 'Quillfeather Health Plan',
    umClearingHouseId: 'QUILLFEATHER',
    requester: { requesterType: '1P', organizationName: 'Larkspur Ambulance', npi: '1234567893' },
    subscriber: {
      memberId: memberOf(serial),
      lastName: 'Calloway',
      firstName: 'Wren',
      dateOfBirth: '19800229',
      genderCode: 'F',
    },
    patientEventDetail: {
      requestCategoryCode: 'HS',
      certificationTypeCode: 'I',
      serviceTypeCode: '56',
      facilityTypeCode: '41',
      facilityCodeQualifier: 'B',
      eventDateBegin: '20270512',
      serviceLevel: [
        {
          professionalService: {
            productOrServiceIDQualifier: 'HC',
            procedureCode: 'A0428',
            unitOrBasisForMeasurementCode: 'UN',
            serviceUnitCount: '2',
          },
        },
      ],
    },
  })
}

/** The same in the JSON of the resource API. */
export function resourceJson(serial: number): string {
  return JSON.stringify({
    payer: { id: 'QFHP1' },
    requester: {
      kind: 'provider',
      name: { kind: 'organization', name: 'Larkspur Ambulance' },
      identifier: { system: 'npi', value: '1234567893' },
    },
    subscriber: {
      memberId: memberOf(serial),
      name: { kind: 'person', last: 'Calloway', first: 'Wren' },
      birthDate: '1980-02-29',
      gender: 'female',
    },
    event: {
      category: 'health-services',
      serviceType: '56',
      place: { code: '41', system: 'place-of-service' },
      period: { from: '2027-05-12', until: '2027-05-12' },
      lines: [
        { number: 1, procedure: { system: 'HC', code: 'A0428' }, quantity: { unit: 'UN', value: '2' } },
      ],
    },
  })
}

/** The same as a 278 (005010X217), in the body that the compatible API takes it in. */
export function submissionX12(serial: number): string {
  return inEnvelope('005010X217', serial, [
    `BHT*0007*13*${transactionOf(serial)}*20270501*0900`,
    ...parties(serial),
    'HL*4*3*EV*1',
    'UM*HS*I*56*41:B',
    'DTP*AAH*D8*20270512',
    'HL*5*4*SS*0',
    'SV1*HC:A0428**UN*2',
  ])
}

/** Asks after it, as a 278 inquiry (005010X215). */
export function inquiryX12(serial: number): string {
  return inEnvelope('005010X215', serial, [
    `BHT*0007*28*${transactionOf(serial)}*20270501*0900`,
    ...parties(serial),
    'HL*4*3*EV*1',
    'UM*HS*I*56*41:B',
    'DTP*AAH*D8*20270512',
    'HL*5*4*SS*0',
    'SV1*HC:A0428**UN*2',
  ])
}

function parties(serial: number): readonly string[] {
  return [
    'HL*1**20*1',
    'NM1*X3*2*QUILLFEATHER HEALTH PLAN*****PI*QFHP1',
    'HL*2*1*21*1',
    'NM1*1P*2*LARKSPUR AMBULANCE*****XX*1234567893',
    'HL*3*2*22*1',
    `NM1*IL*1*CALLOWAY*WREN****MI*${memberOf(serial)}`,
    'DMG*D8*19800229*F',
  ]
}

function inEnvelope(guide: string, serial: number, segments: readonly string[]): string {
  const control = digits(serial)
  const x12 = [
    `ISA*00*          *00*          *ZZ*LARKSPUR       *ZZ*QUILLFEATHER   *270501*0900*^*00501*${control}*0*T*:`,
    `GS*HI*LARKSPUR*QUILLFEATHER*20270501*0900*1*X*${guide}`,
    `ST*278*0001*${guide}`,
    ...segments,
    `SE*${segments.length + 2}*0001`,
    'GE*1*1',
    `IEA*1*${control}`,
  ]
  return JSON.stringify({ x12: `${x12.join('~')}~` })
}
