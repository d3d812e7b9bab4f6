/** What a submission is answered: `SubmissionResponseJson`. @see reference section 2.3 and, for its quirks, 2.1 */
import { MESSAGE, oneOf } from '../forms.ts'
import { date, group, groupAlways, leaf, period, type Table, unwritten } from '../table.ts'
import { GENDERS, REQUESTER_KINDS, STOP_ROLES, URGENCIES, YES_OR_NO } from '../words.ts'
import {
  certificates,
  DECISION,
  DOCUMENTS,
  entries,
  informationContacts,
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
  delivery,
  EVENT_DATES,
  MEMBER_NAME,
  PREVIOUS_AUTHORIZATION,
  REVIEW,
  tooth,
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
  refusals('patientEventTransportInformationValidation'),
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
  date('certificationIssueDate', 'decision.issuedOn', '2000F DTP 102'),
  date('certificationExpirationDate', 'decision.expiresOn', '2000F DTP 036'),
  date('certificationEffectiveDateBegin', 'decision.effectiveFrom', '2000F DTP 007'),
  unwritten(
    'certificationEffectiveDateEnd',
    '2000F DTP 007',
    'a decision holds until certificationExpirationDate',
  ),
  ...services('submission'),
  entries('toothInformation', 'teeth', tooth('toothSurfaceCode')),
  ...delivery('delivery.', 'serviceUnitCount'),
  DOCUMENTS,
  leaf('freeFormMessageText', 'decision.message', '2000F MSG01', MESSAGE),
  entries(
    'serviceProviderName',
    'providers',
    provider('serviceProviderRequestValidation', PROVIDER_NAME, CONTACT, PROVIDER_NUMBERS),
  ),
  informationContacts('serviceDetailAdditionalServiceInformationContactName', '2010FB'),
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
  date('lastMenstrualPeriodDate', 'lastMenstrualPeriod', '2000E DTP 484'),
  date('estimatedDateOfBirth', 'expectedBirth', '2000E DTP ABC'),
  date('onsetOfCurrentSymptomsOrIllnessDate', 'onsetDate', '2000E DTP 431'),
  ...EVENT_DATES,
  date('certificationIssueDate', 'decision.issuedOn', '2000E DTP 102'),
  date('certificationExpirationDate', 'decision.expiresOn', '2000E DTP 036'),
  date('certificationEffectiveDateBegin', 'decision.effectiveFrom', '2000E DTP 007'),
  unwritten(
    'certificationEffectiveDateEnd',
    '2000E DTP 007',
    'a decision holds until certificationExpirationDate',
  ),
  ...DIAGNOSES,
  ...delivery('delivery.', 'serviceUnitCount'),
  ...certificates([
    date('homeHealthCertificationPeriodStartDate', 'homeHealth.certificationPeriod.from', '2000E CR604'),
  ]),
  DOCUMENTS,
  leaf('freeFormMessageText', 'decision.message', '2000E MSG01', MESSAGE),
  entries(
    'patientEventProviderName',
    'providers',
    provider('patientEventProviderRequestValidation', PROVIDER_NAME, CONTACT, PROVIDER_NUMBERS),
  ),
  informationContacts('patientEventAdditionalPatientInformationContactName', '2010EB'),
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
    leaf('prefix', 'name.prefix', '2010C NM106', 10),
    leaf('memberId', 'memberId', '2010C NM109', 80),
    date('dateOfBirth', 'birthDate', '2010C DMG02'),
    leaf('genderCode', 'gender', '2010C DMG03', oneOf(GENDERS)),
    groupAlways('supplementalIdentification', '', [
      leaf('patientAccountNumber', 'references.patient-account', 'REF EJ', 50),
      leaf('medicaidRecipientIdentificationNumber', 'references.medicaid-recipient', 'REF NQ', 50),
      leaf('ssn', 'references.social-security', 'REF SY', 50),
    ]),
    ...ADDRESS,
    leaf('insuredIndicator', 'insured', '2010C INS01', oneOf(YES_OR_NO)),
    leaf('militaryRelationship', 'militaryRelationship', '2010C INS08', 2),
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
    leaf('insuredIndicator', 'insured', '2010D INS01', oneOf(YES_OR_NO)),
    leaf('relationshipToInsuredCode', 'relationship', '2010D INS02', 2),
    leaf('birthSequenceNumber', 'birthSequence', '2010D INS17', 9),
  ]),
  group('patientEventDetail', 'event', EVENT),
]
