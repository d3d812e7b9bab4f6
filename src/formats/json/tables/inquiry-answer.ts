/** What an inquiry is answered: `InquiryResponseJson`. @see reference section 2.2 and, for its quirks, 2.1 */
import { MESSAGE, oneOf } from '../forms.ts'
import { date, group, groupAlways, leaf, period, type Table, unwritten } from '../table.ts'
import { REQUESTER_KINDS, STOP_ROLES } from '../words.ts'
import {
  certificates,
  DECISION,
  entries,
  PAYER_REFUSALS,
  provider,
  refusals,
  services,
} from './answer-parts.ts'
import {
  ADDRESS,
  CARRIER_ASSIGNED,
  CONTACT,
  CONTACT_URL,
  delivery,
  diagnosis,
  EVENT_DATES,
  EXTENSION,
  MEMBER_NAME,
  PREVIOUS_ADMINISTRATIVE,
  PREVIOUS_AUTHORIZATION,
  PROVIDER_NAME,
  PROVIDER_NUMBERS,
  PROVIDER_SITE,
  REQUESTER_NUMBERS,
  REVIEW,
  SUBSCRIBER_NUMBERS,
  tooth,
} from './parts.ts'

const CONTACT_HERE: Table = [...CONTACT, EXTENSION, CONTACT_URL]
const NUMBERS_HERE: Table = [...PROVIDER_NUMBERS, PROVIDER_SITE]

const STOP: Table = [
  leaf('entityIdentifierCode', 'role', '2010EB NM101', oneOf(STOP_ROLES)),
  leaf('organizationName', 'name', '2010EB NM103', 60),
  leaf('address1', 'address.line1', '2010EB N301', 55),
  leaf('address2', 'address.line2', '2010EB N302', 55),
  leaf('city', 'address.city', '2010EB N401', 30),
  leaf('state', 'address.state', '2010EB N402', 2),
  leaf('postalCode', 'address.postalCode', '2010EB N403', 15),
]

const LINE: Table = [
  refusals('serviceRequestValidation'),
  ...REVIEW,
  ...DECISION,
  PREVIOUS_AUTHORIZATION,
  PREVIOUS_ADMINISTRATIVE,
  ...period('serviceDate', 'period', '2000F DTP 472'),
  date('certificationIssueDate', 'decision.issuedOn', '2000F DTP 102'),
  date('certificationExpirationDate', 'decision.expiresOn', '2000F DTP 036'),
  date('certificationEffectiveDateBegin', 'decision.effectiveFrom', '2000F DTP 007'),
  unwritten(
    'certificationEffectiveDateEnd',
    '2000F DTP 007',
    'a decision holds until certificationExpirationDate',
  ),
  ...services('inquiry'),
  entries('toothInformation', 'teeth', tooth('toothSurfaceCode')),
  ...delivery('delivery.', 'serviceUnitCount'),
  leaf('freeFormMessageText', 'decision.message', '2000F MSG01', MESSAGE),
  entries(
    'serviceProviderName',
    'providers',
    provider('serviceProviderRequestValidation', PROVIDER_NAME, CONTACT_HERE, NUMBERS_HERE),
  ),
]

const EVENT: Table = [
  refusals('dependentRequestValidation'),
  refusals('patientEventRequestValidation'),
  ...REVIEW,
  ...DECISION,
  leaf('previousReviewAuthorizationNumber', 'decision.previousAuthorizationNumber', '2000E REF BB', 50),
  leaf('previousAdministrativeReferenceNumber', 'decision.administrativeReference', '2000E REF NT', 50),
  ...EVENT_DATES,
  date('certificationIssueDate', 'decision.issuedOn', '2000E DTP 102'),
  date('certificationExpirationDate', 'decision.expiresOn', '2000E DTP 036'),
  date('certificationEffectiveDateBegin', 'decision.effectiveFrom', '2000E DTP 007'),
  unwritten(
    'certificationEffectiveDateEnd',
    '2000E DTP 007',
    'a decision holds until certificationExpirationDate',
  ),
  date('healthCareServicesReviewRequestDateBegin', 'decision.requestedOn', '2000E DTP 881'),
  unwritten('healthCareServicesReviewRequestDateEnd', '2000E DTP 881', 'a request is made on one day'),
  ...diagnosis('', 0),
  ...delivery('delivery.', 'serviceUnitCount'),
  ...certificates([leaf('homeHealthCertificationPeriod', 'homeHealth.certificationDays', '2000E CR604', 35)]),
  leaf('freeFormMessageText', 'decision.message', '2000E MSG01', MESSAGE),
  entries(
    'patientEventProviderName',
    'providers',
    provider('patientEventProviderRequestValidation', PROVIDER_NAME, CONTACT_HERE, NUMBERS_HERE),
  ),
  entries('patientEventTransportInformation', 'transportStops', STOP),
  entries('serviceLevel', 'lines', LINE),
]

export const INQUIRY_ANSWER: Table = [
  refusals('requestValidation', 'systemRejections'),
  leaf('submitterTransactionIdentifier', 'transactionIdentifier', 'BHT03', 50),
  leaf('payerId', 'payer.id', '2010A NM109', 80),
  leaf('payerName', 'payer.name', '2010A NM103', 60),
  leaf('umClearingHouseId', 'receiverId', 'GS03', 15),
  ...CONTACT_HERE,
  PAYER_REFUSALS,
  group('requester', 'requester', [
    refusals('requesterRequestValidation'),
    leaf('requesterType', 'kind', '2010B NM101', oneOf(REQUESTER_KINDS)),
    leaf('organizationName', 'name.name', '2010B NM103, NM102 = 2', 60),
    leaf('lastName', 'name.last', '2010B NM103, NM102 = 1', 60),
    leaf('firstName', 'name.first', '2010B NM104', 35),
    groupAlways('requesterIdentification', '', [...REQUESTER_NUMBERS, CARRIER_ASSIGNED]),
    leaf('npi', 'identifier.npi', '2010B NM109, NM108 = XX', 80),
    leaf('payorId', 'identifier.payer', '2010B NM109, NM108 = PI', 80),
    leaf('ssn', 'identifier.social-security', '2010B NM109, NM108 = 34', 80),
    leaf('servicesPlanID', 'identifier.services-plan', '2010B NM109, NM108 = XV', 80),
    leaf('employersId', 'identifier.employer', '2010B NM109, NM108 = 24', 80),
    leaf('etin', 'identifier.electronic-transmitter', '2010B NM109, NM108 = 46', 80),
    leaf('providerCode', 'role', '2010B PRV01', 3),
    leaf('referenceIdentification', 'taxonomy', '2010B PRV03', 50),
  ]),
  group('subscriber', 'subscriber', [
    refusals('subscriberRequestValidation'),
    ...MEMBER_NAME,
    leaf('memberId', 'memberId', '2010C NM109', 80),
    date('dateOfBirth', 'birthDate', '2010C DMG02'),
    ...ADDRESS,
    groupAlways('supplementalIdentification', '', SUBSCRIBER_NUMBERS),
  ]),
  group('dependent', 'dependent', [
    refusals('dependentRequestValidation'),
    ...MEMBER_NAME,
    date('dateOfBirth', 'birthDate', '2010D DMG02'),
    ...ADDRESS,
    groupAlways('supplementalIdentification', '', [
      leaf('employeeIdentificationNumber', 'references.employee', 'REF A6', 50),
      leaf('patientAccountNumber', 'references.patient-account', 'REF EJ', 50),
      leaf('ssn', 'references.social-security', 'REF SY', 50),
    ]),
  ]),
  group('patientEventDetail', 'event', EVENT),
]
