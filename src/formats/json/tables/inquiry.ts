/** What an inquiry says: `POST /inquiry`. @see reference section 2.2 */
import { DATE_IF_READABLE } from '../forms.ts'
import { date, decimal, elsewhere, group, leaf, list, period, type Table } from '../table.ts'
import {
  CARRIER_ASSIGNED,
  diagnosis,
  EVENT_DATES,
  FEDERAL_TAXPAYER,
  MEMBER_NAME,
  PREVIOUS_ADMINISTRATIVE,
  PREVIOUS_AUTHORIZATION,
  PROSTHESIS,
  PROVIDER_NUMBERS,
  PROVIDER_SITE,
  procedureSystem,
  quantity,
  REQUESTER_NUMBERS,
  REVENUE_CODE,
  REVIEW,
  SUBSCRIBER_NUMBERS,
} from './parts.ts'
import { HEADER, MOST_LINES, MOST_PROVIDERS, provider, REQUESTER } from './submission.ts'

const PROFESSIONAL: Table = [
  procedureSystem('SV101'),
  leaf('procedureCode', 'procedure.code', 'SV101-2', 48),
  leaf('procedureCode2', 'procedure.until', 'SV101-8', 48),
  ...quantity('SV103', 'SV104'),
]

const INSTITUTIONAL: Table = [
  REVENUE_CODE,
  procedureSystem('SV202'),
  leaf('procedureCode', 'procedure.code', 'SV202-2', 48),
  leaf('procedureCode2', 'procedure.until', 'SV202-8', 48),
  ...quantity('SV204', 'SV205'),
]

const DENTAL: Table = [
  leaf('procedureCode', 'procedure.code', 'SV301-2', 48),
  leaf('procedureCode2', 'procedure.until', 'SV301-8', 48),
  decimal('serviceUnitCount', 'quantity.value', 'SV306'),
  leaf('americanDentalAssociationCodes', 'oralCavities.0', 'SV304-1', 3),
  PROSTHESIS,
]

const LINE: Table = [
  ...REVIEW,
  leaf('certificationActionCode', 'filter.action', '2000F HCR01', 2),
  PREVIOUS_AUTHORIZATION,
  PREVIOUS_ADMINISTRATIVE,
  ...period('serviceDate', 'period', '2000F DTP 472'),
  ...period('certificationIssueDate', 'filter.issued', '2000F DTP 102'),
  ...period('certificationExpirationDate', 'filter.expires', '2000F DTP 036'),
  ...period('certificationEffectiveDate', 'filter.effective', '2000F DTP 007'),
  group('professionalService', 'professional', PROFESSIONAL),
  group('institutionalService', 'institutional', INSTITUTIONAL),
  group('dentalService', 'dental', DENTAL),
  group('toothInformation', 'tooth', [
    leaf('toothCode', 'code', '2000F TOO02, TOO01 = JP', 30),
    leaf('toothSurfaceCode', 'surfaces.0', '2000F TOO03-1', 2),
  ]),
  list(
    'serviceProviderName',
    'providers',
    MOST_PROVIDERS,
    provider([], [...PROVIDER_NUMBERS, PROVIDER_SITE]),
  ),
]

const EVENT: Table = [
  ...REVIEW,
  leaf('certificationActionCode', 'filter.action', '2000E HCR01', 2),
  PREVIOUS_AUTHORIZATION,
  PREVIOUS_ADMINISTRATIVE,
  date('accidentDate', 'accidentDate', '2000E DTP 439'),
  ...EVENT_DATES,
  ...period('certificationIssueDate', 'filter.issued', '2000E DTP 102'),
  ...period('certificationExpirationDate', 'filter.expires', '2000E DTP 036'),
  ...period('certificationEffectiveDate', 'filter.effective', '2000E DTP 007'),
  date('healthCareServicesReviewRequestDate', 'filter.requestedOn.from', '2000E DTP 881'),
  ...diagnosis('', 0),
  list('patientEventProviderName', 'providers', MOST_PROVIDERS, provider([], PROVIDER_NUMBERS)),
  list('serviceLevel', 'lines', MOST_LINES, LINE),
]

/** Everything an inquiry may hold. A determination and an orchestration send the same, and who the plan is. */
export const INQUIRY: Table = [
  ...HEADER,
  ...elsewhere('a determination', 'rhPayerId', 'planId'),
  group('requester', 'requester', [
    ...REQUESTER,
    leaf('payorId', 'identifier.payer', '2010B NM109, NM108 = PI', 80),
    group('requesterIdentification', '', [...REQUESTER_NUMBERS, FEDERAL_TAXPAYER, CARRIER_ASSIGNED]),
  ]),
  group('subscriber', 'subscriber', [
    ...MEMBER_NAME,
    leaf('memberId', 'memberId', '2010C NM109', 80),
    date('dateOfBirth', 'birthDate', '2010C DMG02'),
    group('supplementalIdentification', '', SUBSCRIBER_NUMBERS),
  ]),
  group('dependent', 'dependent', [
    ...MEMBER_NAME,
    leaf('dateOfBirth', 'birthDate', '2010D DMG02', DATE_IF_READABLE),
    group('supplementalIdentification', '', [
      leaf('employeeIdentificationNumber', 'references.employee', 'REF A6', 50),
      leaf('patientAccountNumber', 'references.patient-account', 'REF EJ', 50),
      leaf('ssn', 'references.social-security', 'REF SY', 50),
    ]),
  ]),
  group('patientEventDetail', 'event', EVENT),
]
