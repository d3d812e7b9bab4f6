/** What a submission says: `POST /submission`. @see reference section 2.3 */
import { DATE_IF_READABLE, MESSAGE, oneOf } from '../forms.ts'
import { date, decimal, group, leaf, list, numbered, period, type Table, unread } from '../table.ts'
import {
  ANSWERS,
  CONDITION_FIELDS,
  GENDERS,
  IDENTIFIER_SYSTEMS,
  NEARLY_PROVIDER_ROLES,
  OTHER_UMOS,
  PROVIDER_ROLES,
  REQUESTER_KINDS,
  STOP_ROLES,
  URGENCIES,
  YES_OR_NO,
} from '../words.ts'
import {
  ADDRESS,
  ATTACHMENT,
  amount,
  CARRIER_ASSIGNED,
  CONTACT,
  DIAGNOSES,
  delivery,
  EVENT_DATES,
  EXTENSION,
  MEMBER_NAME,
  oralCavities,
  PREVIOUS_ADMINISTRATIVE,
  PREVIOUS_AUTHORIZATION,
  PROSTHESIS,
  PROVIDER_NAME,
  PROVIDER_NUMBERS,
  procedure,
  procedureSystem,
  quantity,
  RATE,
  REQUESTER_NUMBERS,
  REVENUE_CODE,
  REVIEW,
  SCREENING,
  SUBSCRIBER_NUMBERS,
  tooth,
} from './parts.ts'

/** How many entries of an array are read; more is a fault. The limits are ours. */
export const MOST_LINES = 999
export const MOST_PROVIDERS = 20
/** As many as a 278 has room for. */
export const MOST_STOPS = 5
export const MOST_ATTACHMENTS = 10
export const MOST_OTHER_UMOS = 3
export const MOST_TEETH = 32

export const HEADER: Table = [
  leaf('senderId', 'correspondence.senderId', 'ISA06, GS02', 15),
  leaf('submitterTransactionIdentifier', 'correspondence.transactionIdentifier', 'BHT03', 50),
  leaf('payerId', 'payer.id', '2010A NM109', 80),
  leaf('payerName', 'payer.name', '2010A NM103', 60),
  leaf('umClearingHouseId', 'correspondence.receiverId', 'ISA08, GS03', 15),
  unread('portalUsername', 'a login to a payer portal'),
  unread('portalPassword', 'a login to a payer portal'),
]

export const REQUESTER: Table = [
  leaf('requesterType', 'kind', '2010B NM101', oneOf(REQUESTER_KINDS)),
  leaf('organizationName', 'name.name', '2010B NM103, NM102 = 2', 60),
  leaf('lastName', 'name.last', '2010B NM103, NM102 = 1', 60),
  leaf('firstName', 'name.first', '2010B NM104', 35),
  ...ADDRESS,
  leaf('npi', 'identifier.npi', '2010B NM109, NM108 = XX', 80),
  leaf('employersId', 'identifier.employer', '2010B NM109, NM108 = 24', 80),
  leaf('ssn', 'identifier.social-security', '2010B NM109, NM108 = 34', 80),
  leaf('etin', 'identifier.electronic-transmitter', '2010B NM109, NM108 = 46', 80),
  leaf('servicesPlanID', 'identifier.services-plan', '2010B NM109, NM108 = XV', 80),
  ...CONTACT,
  EXTENSION,
  leaf('providerCode', 'role', '2010B PRV01', 3),
  leaf('referenceIdentification', 'taxonomy', '2010B PRV03', 50),
]

const SUBSCRIBER: Table = [
  ...MEMBER_NAME,
  leaf('memberId', 'memberId', '2010C NM109', 80),
  date('dateOfBirth', 'birthDate', '2010C DMG02'),
  leaf('genderCode', 'gender', '2010C DMG03', oneOf(GENDERS)),
  ...ADDRESS,
  leaf('insuredIndicator', 'insured', '2010C INS01', oneOf(YES_OR_NO)),
  leaf('militaryRelationship', 'militaryRelationship', '2010C INS08', 2),
  group('supplementalIdentification', '', SUBSCRIBER_NUMBERS),
]

const DEPENDENT: Table = [
  ...MEMBER_NAME,
  leaf('dateOfBirth', 'birthDate', '2010D DMG02', DATE_IF_READABLE),
  leaf('genderCode', 'gender', '2010D DMG03', oneOf(GENDERS)),
  ...ADDRESS,
  leaf('insuredIndicator', 'insured', '2010D INS01', oneOf(YES_OR_NO)),
  leaf('relationshipToInsuredCode', 'relationship', '2010D INS02', 2),
  leaf('birthSequenceNumber', 'birthSequence', '2010D INS17', 9),
  group('supplementalIdentification', '', [
    leaf('patientAccountNumber', 'references.patient-account', 'REF EJ', 50),
    leaf('ssn', 'references.social-security', 'REF SY', 50),
  ]),
]

/** A provider of an event or a line, in a request. */
export function provider(contact: Table, numbers: Table): Table {
  return [
    leaf('entityIdentifierCode', 'role', 'NM101', oneOf(PROVIDER_ROLES, NEARLY_PROVIDER_ROLES)),
    ...PROVIDER_NAME,
    leaf('identificationCodeQualifier', 'identifier.system', 'NM108', oneOf(IDENTIFIER_SYSTEMS)),
    leaf('identifier', 'identifier.value', 'NM109', 80),
    ...ADDRESS,
    ...contact,
    leaf('providerCode', 'providerCode', 'PRV01', 3),
    leaf('providerTaxonomyCode', 'taxonomy', 'PRV03', 50),
    group('providerSupplementalInformation', '', numbers),
  ]
}

const CONDITIONS: Table = Object.entries(CONDITION_FIELDS).flatMap(([category, field]) => [
  leaf(
    `${field}CertificationConditionIndicator`,
    `conditions.${category}.applies`,
    '2000E CRC02',
    oneOf(YES_OR_NO),
  ),
  ...numbered(5, (n) => [
    leaf(
      `${field}CertificationConditionCode${n}`,
      `conditions.${category}.codes.${n - 1}`,
      `2000E CRC0${n + 2}`,
      3,
    ),
  ]),
])

const AMBULANCE: Table = [
  decimal('patientWeight', 'patientWeight', '2000E CR102, CR101 = LB'),
  leaf('transportCode', 'transportCode', '2000E CR103', 1),
  leaf('transportReasonCode', 'reasonCode', '2000E CR104', 1),
  decimal('transportDistance', 'distance', '2000E CR106, CR105 = DH'),
  leaf('roundTripPurposeDescription', 'roundTripPurpose', '2000E CR109', 80),
  leaf('stretcherPurposeDescription', 'stretcherPurpose', '2000E CR110', 80),
]

const FACILITY_ADMISSION: Table = [
  leaf('admissionTypeCode', 'type', '2000E CL101', 1),
  leaf('admissionSourceCode', 'source', '2000E CL102', 1),
  leaf('patientStatusCode', 'patientStatus', '2000E CL103', 2),
  leaf('nursingHomeResidentialStatusCode', 'nursingHomeStatus', '2000E CL104', 1),
]

const SPINAL_MANIPULATION: Table = [
  decimal('treatmentSeriesNumber', 'seriesNumber', '2000E CR201'),
  decimal('treatmentCount', 'treatmentCount', '2000E CR202'),
  leaf('subluxationBeginningLevelCode', 'levelFrom', '2000E CR203', 3),
  leaf('subluxationEndLevelCode', 'levelUntil', '2000E CR204', 3),
  leaf('patientConditionCode', 'condition', '2000E CR208', 1),
  leaf('complicationIndicator', 'complicated', '2000E CR209', oneOf(ANSWERS)),
  leaf('patientConditionDescription1', 'description', '2000E CR210', 80),
  leaf('patientConditionDescription2', 'furtherDescription', '2000E CR211', 80),
  leaf('xrayAvailabilityIndicator', 'xrayAvailable', '2000E CR212', oneOf(ANSWERS)),
]

const HOME_OXYGEN: Table = [
  leaf('equipmentTypeCode1', 'equipment', '2000E CR503', 1),
  leaf('equipmentTypeCode2', 'secondEquipment', '2000E CR504', 1),
  leaf('equipmentTypeCode3', 'systemType', '2000E CR518', 1),
  leaf('equipmentReasonDescription', 'equipmentReason', '2000E CR505', 80),
  leaf('flowRate', 'flowRate', '2000E CR506', 15),
  decimal('dailyUseCount', 'dailyUses', '2000E CR507'),
  decimal('usePeriodHourCount', 'hoursPerUse', '2000E CR508'),
  leaf('respiratoryTherapistOrderText', 'therapistOrder', '2000E CR509', 80),
  decimal('arterialBloodGasQuantity', 'arterialBloodGas', '2000E CR510'),
  decimal('saturationQuantity', 'saturation', '2000E CR511'),
  leaf('testConditionCode', 'testCondition', '2000E CR512', 1),
  ...numbered(3, (n) => [leaf(`testFindingsCode${n}`, `testFindings.${n - 1}`, `2000E CR5${n + 12}`, 1)]),
  leaf('portableSystemFlowRate', 'portableFlowRate', '2000E CR516', 15),
  leaf('deliverySystemCode', 'deliverySystem', '2000E CR517', 1),
]

const HOME_HEALTH: Table = [
  leaf('prognosisCode', 'prognosis', '2000E CR601', 1),
  date('startDate', 'startDate', '2000E CR602'),
  date('certificationPeriodStartDate', 'certificationPeriod.from', '2000E CR604, CR603 = RD8'),
  date('certificationPeriodEndDate', 'certificationPeriod.until', '2000E CR604, CR603 = RD8'),
  leaf('medicareCoverageIndicator', 'medicareCoverage', '2000E CR607', oneOf(ANSWERS)),
  leaf('certificationTypeCode', 'certificationType', '2000E CR608', 1),
  date('surgeryDate', 'surgeryDate', '2000E CR609'),
  leaf('productOrServiceQualifier', 'surgicalProcedureSystem', '2000E CR610', 2),
  leaf('surgicalProcedureCode', 'surgicalProcedure', '2000E CR611', 15),
  date('physicalOrderDate', 'orderDate', '2000E CR612'),
  date('lastVisitDate', 'lastVisitDate', '2000E CR613'),
  date('physicianContactDate', 'physicianContactDate', '2000E CR614'),
  date('lastAdmissionPeriodStartDate', 'lastAdmission.from', '2000E CR616, CR615 = RD8'),
  date('lastAdmissionPeriodEndDate', 'lastAdmission.until', '2000E CR616, CR615 = RD8'),
  leaf('patientLocationCode', 'patientLocation', '2000E CR617', 1),
]

const OTHER_UMO: Table = [
  leaf('entityIdentifierCode', 'by', '2010EC NM101', oneOf(OTHER_UMOS)),
  leaf('otherUmoName', 'name', '2010EC NM103', 60),
  leaf('otherUmoDenialReason1', 'reasons.0', '2010EC REF02, REF01 = ZZ', 50),
  ...[2, 3, 4].map((n) =>
    leaf(`otherUmoDenialReason${n}`, `reasons.${n - 1}`, `2010EC REF04-${n * 2 - 2}`, 50),
  ),
  date('otherUmoDenialDate', 'deniedOn', '2010EC DTP 598'),
]

export const STOP: Table = [
  leaf('entityIdentifierCode', 'role', '2010EB NM101', oneOf(STOP_ROLES)),
  leaf('transportLocationName', 'name', '2010EB NM103', 60),
  leaf('address1', 'address.line1', '2010EB N301', 55),
  leaf('address2', 'address.line2', '2010EB N302', 55),
  leaf('city', 'address.city', '2010EB N401', 30),
  leaf('state', 'address.state', '2010EB N402', 2),
  leaf('postalCode', 'address.postalCode', '2010EB N403', 15),
]

const PROFESSIONAL: Table = [
  procedureSystem('SV101'),
  ...procedure('SV101', 'procedureModifier1'),
  amount('SV102'),
  ...quantity('SV103', 'SV104'),
  ...numbered(4, (n) => [leaf(`diagnosisCodePointer${n}`, `diagnosisPointers.${n - 1}`, `SV107-${n}`, 2)]),
  SCREENING,
  leaf('nursingHomeLevelOfCare', 'nursingHomeLevel', 'SV120', 1),
]

const INSTITUTIONAL: Table = [
  REVENUE_CODE,
  procedureSystem('SV202'),
  ...procedure('SV202', 'procedureModifier1'),
  amount('SV203'),
  ...quantity('SV204', 'SV205'),
  RATE,
  leaf('nursingHomeResidentialStatusCode', 'nursingHomeStatus', 'SV209', 1),
  leaf('nursingHomeLevelOfCare', 'nursingHomeLevel', 'SV210', 1),
]

const DENTAL: Table = [
  ...procedure('SV301', 'procedureModifier1'),
  amount('SV302'),
  ...oralCavities('oralCavityDesignationCode'),
  PROSTHESIS,
  decimal('serviceUnitCount', 'quantity.value', 'SV306'),
  leaf('description', 'dentalDescription', 'SV307', 80),
]

const LINE: Table = [
  ...REVIEW,
  PREVIOUS_AUTHORIZATION,
  PREVIOUS_ADMINISTRATIVE,
  ...period('serviceDate', 'period', '2000F DTP 472'),
  leaf('freeFormMessageText', 'message', '2000F MSG01', MESSAGE),
  group('professionalService', 'professional', PROFESSIONAL),
  group('institutionalService', 'institutional', INSTITUTIONAL),
  group('dentalService', 'dental', DENTAL),
  list('toothInformation', 'teeth', MOST_TEETH, tooth('toothSurfaceCode1')),
  group('healthCareServiceDelivery', 'delivery', delivery('', 'serviceQuantity')),
  list('attachments', 'attachments', MOST_ATTACHMENTS, ATTACHMENT),
  list(
    'serviceProviderName',
    'providers',
    MOST_PROVIDERS,
    provider([...CONTACT, EXTENSION], PROVIDER_NUMBERS),
  ),
]

const EVENT: Table = [
  ...REVIEW,
  ...numbered(3, (n) => [
    leaf(`relatedCausesCode${n}`, `relatedCauses.codes.${n - 1}`, `2000E UM05-${n}`, 3),
  ]),
  leaf('stateCode', 'relatedCauses.state', '2000E UM05-4', 2),
  leaf('countryCode', 'relatedCauses.country', '2000E UM05-5', 3),
  leaf('levelOfServiceCode', 'urgency', '2000E UM06', oneOf(URGENCIES)),
  leaf('currentHealthConditionCode', 'currentCondition', '2000E UM07', 1),
  leaf('prognosisCode', 'prognosis', '2000E UM08', 1),
  leaf('releaseOfInformationCode', 'releaseOfInformation', '2000E UM09', 1),
  leaf('delayReasonCode', 'delayReason', '2000E UM10', 2),
  PREVIOUS_AUTHORIZATION,
  PREVIOUS_ADMINISTRATIVE,
  date('accidentDate', 'accidentDate', '2000E DTP 439'),
  date('lastMenstrualPeriodDate', 'lastMenstrualPeriod', '2000E DTP 484'),
  date('estimatedDateOfBirth', 'expectedBirth', '2000E DTP ABC'),
  date('onsetDate', 'onsetDate', '2000E DTP 431'),
  ...EVENT_DATES,
  ...DIAGNOSES,
  ...delivery('delivery.', 'serviceUnitCount'),
  ...CONDITIONS,
  leaf('freeFormMessageText', 'message', '2000E MSG01', MESSAGE),
  group('admissionToFacility', 'facilityAdmission', FACILITY_ADMISSION),
  group('ambulanceTransport', 'ambulance', AMBULANCE),
  group('spinalManipulation', 'spinalManipulation', SPINAL_MANIPULATION),
  group('homeOxygenTherapyInformation', 'homeOxygen', HOME_OXYGEN),
  group('homeHealth', 'homeHealth', HOME_HEALTH),
  list('attachments', 'attachments', MOST_ATTACHMENTS, ATTACHMENT),
  list(
    'patientEventProviderName',
    'providers',
    MOST_PROVIDERS,
    provider([...CONTACT, EXTENSION], PROVIDER_NUMBERS),
  ),
  list('patientEventTransportInformation', 'transportStops', MOST_STOPS, STOP),
  list('patientEventOtherUmoName', 'earlierDenials', MOST_OTHER_UMOS, OTHER_UMO),
  list('serviceLevel', 'lines', MOST_LINES, LINE),
]

/** Everything a submission may hold. */
export const SUBMISSION: Table = [
  ...HEADER,
  group('requester', 'requester', [
    ...REQUESTER,
    group('requesterIdentification', '', [...REQUESTER_NUMBERS, CARRIER_ASSIGNED]),
  ]),
  group('subscriber', 'subscriber', SUBSCRIBER),
  group('dependent', 'dependent', DEPENDENT),
  group('patientEventDetail', 'event', EVENT),
]
