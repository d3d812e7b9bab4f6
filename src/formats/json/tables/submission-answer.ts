/** What a submission is answered: `SubmissionResponseJson`. @see reference section 2.3 and, for its quirks, 2.1 */
import { MESSAGE, oneOf } from '../forms.ts'
import { constant, date, group, groupAlways, leaf, period, type Table } from '../table.ts'
import { GENDERS, REQUESTER_KINDS, STOP_ROLES, URGENCIES } from '../words.ts'
import {
  AMBULANCE,
  DECISION,
  DELIVERY,
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
  DIAGNOSES,
  EVENT_DATES,
  MEMBER_NAME,
  PREVIOUS_AUTHORIZATION,
  REVIEW,
} from './parts.ts'

/** The schema has no organizationName here; NM103, which holds either name, is `lastName`. */
const PROVIDER_NAME: Table = [
  leaf('lastName', 'name.last', 'NM103', 60),
  leaf('firstName', 'name.first', 'NM104', 35),
  leaf('middleName', 'name.middle', 'NM105', 25),
  leaf('namePrefix', 'name.prefix', 'NM106', 10),
  leaf('nameSuffix', 'name.suffix', 'NM107', 10),
]

const PROVIDER_NUMBERS: Table = [leaf('ssn', 'references.social-security', 'REF SY', 50), CARRIER_ASSIGNED]

const STOP: Table = [
  leaf('entityIdentifierCode', 'role', '2010EB NM101', oneOf(STOP_ROLES)),
  leaf('transportLocationName', 'name', '2010EB NM103', 60),
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
  leaf('administrativeReferenceNumber', 'previousAdministrativeReference', '2000F REF NT', 50),
  PREVIOUS_AUTHORIZATION,
  ...period('serviceDate', 'period', '2000F DTP 472'),
  date('certificationExpirationDate', 'decision.expiresOn', '2000F DTP 036'),
  date('certificationEffectiveDateBegin', 'decision.effectiveFrom', '2000F DTP 007'),
  ...services(false),
  ...DELIVERY,
  leaf('freeFormMessageText', 'decision.message', '2000F MSG01', MESSAGE),
  entries(
    'serviceProviderName',
    'providers',
    provider('serviceProviderRequestValidation', PROVIDER_NAME, CONTACT, PROVIDER_NUMBERS),
  ),
  constant('serviceDetailAdditionalServiceInformationContactName', [{}]),
]

const EVENT: Table = [
  refusals('patientEventRequestValidation'),
  refusals('dependentRequestValidation'),
  ...REVIEW,
  leaf('levelOfServiceCode', 'urgency', '2000E UM06', oneOf(URGENCIES)),
  ...DECISION,
  leaf('administrativeReferenceNumber', 'decision.administrativeReference', '2000E REF NT', 50),
  leaf('previousReviewAuthorizationNumber', 'decision.previousAuthorizationNumber', '2000E REF BB', 50),
  date('accidentDate', 'accidentDate', '2000E DTP 439'),
  date('onsetOfCurrentSymptomsOrIllnessDate', 'onsetDate', '2000E DTP 431'),
  ...EVENT_DATES,
  date('certificationIssueDate', 'decision.issuedOn', '2000E DTP 102'),
  date('certificationExpirationDate', 'decision.expiresOn', '2000E DTP 036'),
  date('certificationEffectiveDateBegin', 'decision.effectiveFrom', '2000E DTP 007'),
  ...DIAGNOSES,
  ...DELIVERY,
  ...AMBULANCE,
  leaf('freeFormMessageText', 'decision.message', '2000E MSG01', MESSAGE),
  entries(
    'patientEventProviderName',
    'providers',
    provider('patientEventProviderRequestValidation', PROVIDER_NAME, CONTACT, PROVIDER_NUMBERS),
  ),
  constant('patientEventAdditionalPatientInformationContactName', [{}]),
  entries('patientEventTransportInformation', 'transportStops', STOP),
  entries('serviceLevel', 'lines', LINE),
]

export const SUBMISSION_ANSWER: Table = [
  refusals('requestValidation', 'systemRejections'),
  leaf('submitterTransactionIdentifier', 'transactionIdentifier', 'BHT03', 50),
  leaf('payerId', 'payer.id', '2010A NM109', 80),
  leaf('payerName', 'payer.name', '2010A NM103', 60),
  leaf('umClearingHouseId', 'receiverId', 'GS03', 15),
  ...CONTACT,
  PAYER_REFUSALS,
  group('requester', 'requester', [
    refusals('requesterRequestValidation'),
    leaf('requesterType', 'kind', '2010B NM101', oneOf(REQUESTER_KINDS)),
    leaf('organizationName', 'name.name', '2010B NM103, NM102 = 2', 60),
    leaf('lastName', 'name.last', '2010B NM103, NM102 = 1', 60),
    leaf('firstName', 'name.first', '2010B NM104', 35),
    groupAlways('requesterIdentification', '', [
      leaf('facilityIdNumber', 'references.facility', 'REF 1J', 50),
      leaf('socialSecurityNumber', 'references.social-security', 'REF SY', 50),
    ]),
    leaf('npi', 'identifier.npi', '2010B NM109, NM108 = XX', 80),
    leaf('employersId', 'identifier.employer', '2010B NM109, NM108 = 24', 80),
    leaf('providerCode', 'role', '2010B PRV01', 3),
    leaf('referenceIdentification', 'taxonomy', '2010B PRV03', 50),
  ]),
  group('subscriber', 'subscriber', [
    refusals('subscriberRequestValidation'),
    ...MEMBER_NAME,
    leaf('memberId', 'memberId', '2010C NM109', 80),
    date('dateOfBirth', 'birthDate', '2010C DMG02'),
    leaf('genderCode', 'gender', '2010C DMG03', oneOf(GENDERS)),
    groupAlways('supplementalIdentification', '', [
      leaf('patientAccountNumber', 'references.patient-account', 'REF EJ', 50),
      leaf('medicaidRecipientIdentificationNumber', 'references.medicaid-recipient', 'REF NQ', 50),
      leaf('ssn', 'references.social-security', 'REF SY', 50),
    ]),
    ...ADDRESS,
  ]),
  group('dependent', 'dependent', [
    refusals('dependentRequestValidation'),
    ...MEMBER_NAME,
    date('dateOfBirth', 'birthDate', '2010D DMG02'),
    leaf('genderCode', 'gender', '2010D DMG03', oneOf(GENDERS)),
    groupAlways('supplementalIdentification', '', [
      leaf('patientAccountNumber', 'references.patient-account', 'REF EJ', 50),
      leaf('ssn', 'references.social-security', 'REF SY', 50),
    ]),
    ...ADDRESS,
    leaf('relationshipToInsuredCode', 'relationship', '2010D INS02', 2),
  ]),
  group('patientEventDetail', 'event', EVENT),
]
