/** Groups of rows that both answers share. Answers are only written. */
import { oneOf } from '../forms.ts'
import { date, decimal, groupAlways, leaf, list, listOrHollow, listOrNull, type Table } from '../table.ts'
import { ANSWERS, IDENTIFIER_SYSTEMS, PROVIDER_ROLES } from '../words.ts'
import {
  ADDRESS,
  ATTACHMENT,
  amount,
  CONTACT,
  oralCavities,
  PROSTHESIS,
  procedure,
  procedureSystem,
  quantity,
  RATE,
  REVENUE_CODE,
  SCREENING,
} from './parts.ts'

/** No limit: what is answered was read under one. */
const ALL = Number.MAX_SAFE_INTEGER

export function entries(field: string, core: string, rows: Table) {
  return list(field, core, ALL, rows)
}

/** Why something was refused. */
const REFUSAL: Table = [
  leaf('responseCode', 'valid', 'AAA01', 1),
  leaf('rejectReasonCode', 'reason', 'AAA03', 2),
  leaf('followupActionCode', 'followUp', 'AAA04', 1),
]

export function refusals(field: string, core = 'rejections') {
  return entries(field, core, REFUSAL)
}

/** The payer's own, which the format writes as null when there are none. */
export const PAYER_REFUSALS = listOrNull('umRequestValidation', 'payerRejections', ALL, REFUSAL)

/** The decision on an event or a line. */
export const DECISION: Table = [
  leaf('certificationActionCode', 'decision.action', 'HCR01', 2),
  leaf('reviewIdentificationNumber', 'decision.authorizationNumber', 'HCR02', 50),
  leaf('reviewDecisionReasonCode', 'decision.reasonCode', 'HCR03', 30),
  leaf('secondSurgicalOpinionIndicator', 'decision.secondOpinion', 'HCR04', oneOf(ANSWERS)),
]

/** Documents that the payer still wants. */
export const DOCUMENTS = entries('attachments', 'wanted.documents', ATTACHMENT)

/** Where further information is to be sent. NM103 is the organization's name, whoever it is. */
export function informationContacts(field: string, loop: string) {
  return listOrHollow(field, 'wanted.contacts', ALL, [
    leaf('organizationName', 'name.whole', `${loop} NM103`, 60),
    leaf('middleName', 'name.middle', `${loop} NM105`, 25),
    leaf('nameSuffix', 'name.suffix', `${loop} NM107`, 10),
    leaf('identificationCodeQualifier', 'identifier.system', `${loop} NM108`, oneOf(IDENTIFIER_SYSTEMS)),
    leaf('identifier', 'identifier.value', `${loop} NM109`, 80),
    ...ADDRESS,
    ...CONTACT,
  ])
}

const FACILITY_ADMISSION: Table = [
  leaf('institutionalAdmissionTypeCode', 'facilityAdmission.type', '2000E CL101', 1),
  leaf('institutionalAdmissionSourceCode', 'facilityAdmission.source', '2000E CL102', 1),
  leaf('institutionalPatientStatusCode', 'facilityAdmission.patientStatus', '2000E CL103', 2),
]

const SPINAL_MANIPULATION: Table = [
  decimal('spinalManipulationTreatmentSeriesNumber', 'spinalManipulation.seriesNumber', '2000E CR201'),
  decimal('spinalManipulationTreatmentCount', 'spinalManipulation.treatmentCount', '2000E CR202'),
  leaf('spinalManipulationSubluxationLevelCode', 'spinalManipulation.levelFrom', '2000E CR203', 3),
  leaf('spinalManipulationSubluxationLevelCode2', 'spinalManipulation.levelUntil', '2000E CR204', 3),
]

const HOME_OXYGEN: Table = [
  leaf('oxygenEquipmentTypeCode', 'homeOxygen.equipment', '2000E CR503', 1),
  leaf('oxygenEquipmentTypeCode2', 'homeOxygen.secondEquipment', '2000E CR504', 1),
  leaf('oxygenFlowRate', 'homeOxygen.flowRate', '2000E CR506', 15),
  decimal('dailyOxygenUseCount', 'homeOxygen.dailyUses', '2000E CR507'),
  decimal('oxygenUsePeriodHourCount', 'homeOxygen.hoursPerUse', '2000E CR508'),
  leaf('respiratoryTherapistOrderText', 'homeOxygen.therapistOrder', '2000E CR509', 80),
  leaf('portableOxygenSystemFlowRate', 'homeOxygen.portableFlowRate', '2000E CR516', 15),
  leaf('oxygenDeliverySystemCode', 'homeOxygen.deliverySystem', '2000E CR517', 1),
  leaf('oxygenSystemTypeCode', 'homeOxygen.systemType', '2000E CR518', 1),
]

/** @param period the field of the certified period, which the two answers spell differently */
function homeHealth(period: Table): Table {
  return [
    leaf('homeHealthPrognosisCode', 'homeHealth.prognosis', '2000E CR601', 1),
    date('homeHealthStartDate', 'homeHealth.startDate', '2000E CR602'),
    ...period,
    leaf('homeHealthMedicareCoverageIndicator', 'homeHealth.medicareCoverage', '2000E CR607', oneOf(ANSWERS)),
    leaf('homeHealthCertificationTypeCode', 'homeHealth.certificationType', '2000E CR608', 1),
  ]
}

/** What the event says of an institution, a journey and treatments, without their inner objects. */
export function certificates(homeHealthPeriod: Table): Table {
  return [
    ...FACILITY_ADMISSION,
    ...AMBULANCE,
    ...SPINAL_MANIPULATION,
    ...HOME_OXYGEN,
    ...homeHealth(homeHealthPeriod),
  ]
}

const AMBULANCE: Table = [
  leaf('ambulanceTransportCode', 'ambulance.transportCode', '2000E CR103', 1),
  leaf('ambulanceUnitOrBasisForMeasurementCode', 'ambulance.distanceUnit', '2000E CR105', 2),
  decimal('ambulanceTransportDistance', 'ambulance.distance', '2000E CR106'),
]

/** @param name the fields of the provider's name that the answer has */
export function provider(refusalField: string, name: Table, contact: Table, numbers: Table): Table {
  return [
    refusals(refusalField),
    leaf('entityIdentifierCode', 'role', 'NM101', oneOf(PROVIDER_ROLES)),
    ...name,
    leaf('identificationCodeQualifier', 'identifier.system', 'NM108', oneOf(IDENTIFIER_SYSTEMS)),
    leaf('identifier', 'identifier.value', 'NM109', 80),
    ...ADDRESS,
    groupAlways('providerSupplementalInformation', '', numbers),
    ...contact,
    leaf('providerCode', 'providerCode', 'PRV01', 3),
    leaf('providerTaxonomyCode', 'taxonomy', 'PRV03', 50),
  ]
}

/**
 * The service of a line. All three kinds are always there, the two that do not apply as `{}`. The schemas of the two
 * answers give some fields to the one and not to the other.
 */
export function services(answer: 'inquiry' | 'submission'): Table {
  const isInquiry = answer === 'inquiry'
  return [
    groupAlways('professionalService', 'professional', [
      ...(isInquiry ? [REVENUE_CODE] : []),
      procedureSystem('SV101'),
      ...procedure('SV101', 'procedureModifier'),
      amount('SV102'),
      ...quantity('SV103', 'SV104'),
      ...(isInquiry ? [RATE] : []),
      SCREENING,
      ...(isInquiry ? [] : [leaf('nursingHomeLevelOfCareCode', 'nursingHomeLevel', 'SV120', 1)]),
    ]),
    groupAlways('institutionalService', 'institutional', [
      REVENUE_CODE,
      procedureSystem('SV202'),
      ...procedure('SV202', 'procedureModifier'),
      amount('SV203'),
      ...quantity('SV204', 'SV205'),
      RATE,
      ...(isInquiry ? [SCREENING] : [leaf('nursingHomeLevelOfCare', 'nursingHomeLevel', 'SV210', 1)]),
    ]),
    groupAlways('dentalService', 'dental', [
      ...procedure('SV301', 'procedureModifier'),
      amount('SV302'),
      ...oralCavities('americanDentalAssociationCodes'),
      PROSTHESIS,
      decimal('serviceUnitCount', 'quantity.value', 'SV306'),
    ]),
  ]
}
