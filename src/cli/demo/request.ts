/**
 * The demo's request in both spellings: a planned ambulance journey of an invented member. Control numbers change from
 * run to run, so that each run asks anew.
 */

const MEMBER = {
  memberId: 'QF10001',
  lastName: 'Calloway',
  firstName: 'Wren',
  dateOfBirth: '19800229',
  genderCode: 'F',
}
const MONTH_DAYS = 28

/** Another day for each run: the same care on the same day would be reported as a duplicate. */
function dayOf(run: string): string {
  const day = (Number.parseInt(run.slice(-4), 36) % MONTH_DAYS) + 1
  return `202705${String(day).padStart(2, '0')}`
}

export function submission(run: string): object {
  return {
    senderId: 'LARKSPUR',
    submitterTransactionIdentifier: `DEMO${run}`.toUpperCase(),
    payerId: 'QFHP1',
    payerName: 'Quillfeather Health Plan',
    umClearingHouseId: 'QUILLFEATHER',
    requester: { requesterType: '1P', organizationName: 'Larkspur Ambulance', npi: '1234567893' },
    subscriber: MEMBER,
    patientEventDetail: {
      requestCategoryCode: 'HS',
      certificationTypeCode: 'I',
      serviceTypeCode: '56',
      facilityTypeCode: '41',
      facilityCodeQualifier: 'B',
      eventDateBegin: dayOf(run),
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
  }
}

/** The same question as a 278, from another transaction of the same sender. */
export function interchange(run: string): string {
  const control = String(Number.parseInt(run.slice(-6), 36) % 1_000_000_000).padStart(9, '0')
  const segments = [
    `ISA*00*          *00*          *ZZ*LARKSPUR       *ZZ*QUILLFEATHER   *270501*0900*^*00501*${control}*0*T*:`,
    'GS*HI*LARKSPUR*QUILLFEATHER*20270501*0900*1*X*005010X217',
    'ST*278*0001*005010X217',
    `BHT*0007*13*DEMOX${run.toUpperCase()}*20270501*0900`,
    'HL*1**20*1',
    'NM1*X3*2*QUILLFEATHER HEALTH PLAN*****PI*QFHP1',
    'HL*2*1*21*1',
    'NM1*1P*2*LARKSPUR AMBULANCE*****XX*1234567893',
    'HL*3*2*22*1',
    'NM1*IL*1*CALLOWAY*WREN****MI*QF10001',
    'DMG*D8*19800229*F',
    'HL*4*3*EV*1',
    'UM*HS*I*56*41:B',
    `DTP*AAH*D8*${dayOf(run)}`,
    'HL*5*4*SS*0',
    'SV1*HC:A0428**UN*2',
  ]
  const inside = segments.length - 1
  return `${[...segments, `SE*${inside}*0001`, 'GE*1*1', `IEA*1*${control}`].join('~')}~`
}
