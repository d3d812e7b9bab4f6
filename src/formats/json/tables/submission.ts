/** What a submission says: `POST /submission`. @see reference section 2.3 */
import { DATE_IF_READABLE, MESSAGE, oneOf } from '../forms.ts'
import {
  date,
  decimal,
  group,
  later,
  leaf,
  list,
  names,
  numbered,
  period,
  type Table,
  unread,
} from '../table.ts'
import {
  CONDITION_FIELDS,
  GENDERS,
  IDENTIFIER_SYSTEMS,
  NEARLY_PROVIDER_ROLES,
  PROVIDER_ROLES,
  REQUESTER_KINDS,
  STOP_ROLES,
  URGENCIES,
  YES_OR_NO,
} from '../words.ts'
import {
  ADDRESS,
  amount,
  CARRIER_ASSIGNED,
  CONTACT,
  DIAGNOSES,
  EVENT_DATES,
  EXTENSION,
  MEMBER_NAME,
  PREVIOUS_ADMINISTRATIVE,
  PREVIOUS_AUTHORIZATION,
  PROVIDER_NAME,
  PROVIDER_NUMBERS,
  procedure,
  procedureSystem,
  quantity,
  REQUESTER_NUMBERS,
  REVENUE_CODE,
  REVIEW,
  SUBSCRIBER_NUMBERS,
} from './parts.ts'

/** How many entries of an array are read; more is a fault. The limits are ours. */
export const MOST_LINES = 999
export const MOST_PROVIDERS = 20
export const MOST_STOPS = 20

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
  ...later('2010C INS', 'insuredIndicator', 'militaryRelationship'),
  group('supplementalIdentification', '', SUBSCRIBER_NUMBERS),
]

const DEPENDENT: Table = [
  ...MEMBER_NAME,
  leaf('dateOfBirth', 'birthDate', '2010D DMG02', DATE_IF_READABLE),
  leaf('genderCode', 'gender', '2010D DMG03', oneOf(GENDERS)),
  ...ADDRESS,
  leaf('relationshipToInsuredCode', 'relationship', '2010D INS02', 2),
  ...later('2010D INS', 'insuredIndicator', 'birthSequenceNumber'),
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
  ...later('SV107', ...names('diagnosisCodePointer', 1, 4)),
  ...later('SV111', 'epsdtIndicator'),
  ...later('SV120', 'nursingHomeLevelOfCare'),
]

const INSTITUTIONAL: Table = [
  REVENUE_CODE,
  procedureSystem('SV202'),
  ...procedure('SV202', 'procedureModifier1'),
  amount('SV203'),
  ...quantity('SV204', 'SV205'),
  ...later('SV206', 'serviceLineRate'),
  ...later('SV209', 'nursingHomeResidentialStatusCode'),
  ...later('SV210', 'nursingHomeLevelOfCare'),
]

const DENTAL: Table = [
  ...procedure('SV301', 'procedureModifier1'),
  amount('SV302'),
  decimal('serviceUnitCount', 'quantity.value', 'SV306'),
  ...later('SV304', 'oralCavityDesignationCode', ...names('oralCavityDesignationCode', 2, 5)),
  ...later('SV305', 'prosthesisCrownOrInlayCode'),
  ...later('SV307', 'description'),
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
  ...later('2000F TOO', 'toothInformation'),
  ...later('2000F HSD', 'healthCareServiceDelivery'),
  ...later('2000F PWK', 'attachments'),
  list(
    'serviceProviderName',
    'providers',
    MOST_PROVIDERS,
    provider([...CONTACT, EXTENSION], PROVIDER_NUMBERS),
  ),
]

const EVENT: Table = [
  ...REVIEW,
  ...later('2000E UM05', ...names('relatedCausesCode', 1, 3), 'stateCode', 'countryCode'),
  leaf('levelOfServiceCode', 'urgency', '2000E UM06', oneOf(URGENCIES)),
  ...later('2000E UM07', 'currentHealthConditionCode'),
  ...later('2000E UM08', 'prognosisCode'),
  ...later('2000E UM09', 'releaseOfInformationCode'),
  ...later('2000E UM10', 'delayReasonCode'),
  PREVIOUS_AUTHORIZATION,
  PREVIOUS_ADMINISTRATIVE,
  date('accidentDate', 'accidentDate', '2000E DTP 439'),
  ...later('2000E DTP 484', 'lastMenstrualPeriodDate'),
  ...later('2000E DTP ABC', 'estimatedDateOfBirth'),
  date('onsetDate', 'onsetDate', '2000E DTP 431'),
  ...EVENT_DATES,
  ...DIAGNOSES,
  ...later(
    '2000E HSD',
    'quantityQualifier',
    'serviceUnitCount',
    'unitOrBasisForMeasurementCode',
    'sampleSelectionModulus',
    'timePeriodQualifier',
    'periodCount',
    'deliveryFrequencyCode',
    'deliveryPatternTimeCode',
  ),
  ...CONDITIONS,
  leaf('freeFormMessageText', 'message', '2000E MSG01', MESSAGE),
  ...later('2000E CL1', 'admissionToFacility'),
  group('ambulanceTransport', 'ambulance', AMBULANCE),
  ...later('2000E CR2', 'spinalManipulation'),
  ...later('2000E CR5', 'homeOxygenTherapyInformation'),
  ...later('2000E CR6', 'homeHealth'),
  ...later('2000E PWK', 'attachments'),
  list(
    'patientEventProviderName',
    'providers',
    MOST_PROVIDERS,
    provider([...CONTACT, EXTENSION], PROVIDER_NUMBERS),
  ),
  list('patientEventTransportInformation', 'transportStops', MOST_STOPS, STOP),
  ...later('2010EC', 'patientEventOtherUmoName'),
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
