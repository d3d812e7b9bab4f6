/** Groups of rows that several trees share. */
import { DECIMAL, oneOf } from '../forms.ts'
import { date, decimal, leaf, names, numbered, period, type Table } from '../table.ts'
import { ANSWERS, CATEGORIES, DIAGNOSIS_TYPES, PLACE_SYSTEMS, PURPOSES } from '../words.ts'

export const ADDRESS: Table = [
  leaf('address1', 'address.line1', 'N301', 55),
  leaf('address2', 'address.line2', 'N302', 55),
  leaf('city', 'address.city', 'N401', 30),
  leaf('state', 'address.state', 'N402', 2),
  leaf('postalCode', 'address.postalCode', 'N403', 15),
  leaf('countryCode', 'address.country', 'N404', 3),
  leaf('countrySubDivisionCode', 'address.countrySubdivision', 'N407', 3),
]

/** The ways to reach somebody that the submission's answer has fields for. */
export const CONTACT: Table = [
  leaf('contactName', 'contact.name', 'PER02', 60),
  leaf('contactElectronicMail', 'contact.email', 'PER EM', 256),
  leaf('contactFacsimile', 'contact.facsimile', 'PER FX', 256),
  leaf('contactTelephone', 'contact.telephone', 'PER TE', 256),
]
export const EXTENSION = leaf('contactTelephoneExtension', 'contact.extension', 'PER EX', 256)
export const CONTACT_URL = leaf('contactUrl', 'contact.url', 'PER UR', 256)

/** A person's name in a member loop. */
export const MEMBER_NAME: Table = [
  leaf('lastName', 'name.last', 'NM103', 60),
  leaf('firstName', 'name.first', 'NM104', 35),
  leaf('middleName', 'name.middle', 'NM105', 25),
  leaf('suffix', 'name.suffix', 'NM107', 10),
]

export const PROVIDER_NAME: Table = [
  leaf('organizationName', 'name.name', 'NM103, NM102 = 2', 60),
  leaf('lastName', 'name.last', 'NM103, NM102 = 1', 60),
  leaf('firstName', 'name.first', 'NM104', 35),
  leaf('middleName', 'name.middle', 'NM105', 25),
  leaf('namePrefix', 'name.prefix', 'NM106', 10),
  leaf('nameSuffix', 'name.suffix', 'NM107', 10),
]

export const REQUESTER_NUMBERS: Table = [
  leaf('providerUpinNumber', 'references.upin', 'REF 1G', 50),
  leaf('facilityIdNumber', 'references.facility', 'REF 1J', 50),
  leaf('employerIdentificationNumber', 'references.employer', 'REF EI', 50),
  leaf('providerSiteNumber', 'references.provider-site', 'REF G5', 50),
  leaf('providerPlanNetworkIdNumber', 'references.provider-plan-network', 'REF N5', 50),
  leaf('facilityNetworkIdNumber', 'references.facility-network', 'REF N7', 50),
  leaf('socialSecurityNumber', 'references.social-security', 'REF SY', 50),
]
export const FEDERAL_TAXPAYER = leaf(
  'federalTaxpayerIdentificationNumber',
  'references.federal-taxpayer',
  'REF TJ',
  50,
)
export const CARRIER_ASSIGNED = leaf(
  'carrierAssignedReferenceNumber',
  'references.carrier-assigned',
  'REF ZH',
  50,
)

export const SUBSCRIBER_NUMBERS: Table = [
  leaf('policyNumber', 'references.policy', 'REF 1L', 50),
  leaf('branchIdentifier', 'references.branch', 'REF 3L', 50),
  leaf('groupNumber', 'references.group', 'REF 6P', 50),
  leaf('departmentNumber', 'references.department', 'REF DP', 50),
  leaf('patientAccountNumber', 'references.patient-account', 'REF EJ', 50),
  leaf('healthInsuranceClaimNumber', 'references.health-insurance-claim', 'REF F6', 50),
  leaf('idCard', 'references.identity-card', 'REF HJ', 50),
  leaf('insurancePolicyNumber', 'references.insurance-policy', 'REF IG', 50),
  leaf('planNetworkIdentificationNumber', 'references.plan-network', 'REF N6', 50),
  leaf('medicaidRecipientIdentificationNumber', 'references.medicaid-recipient', 'REF NQ', 50),
  leaf('ssn', 'references.social-security', 'REF SY', 50),
]

export const PROVIDER_NUMBERS: Table = [
  leaf('stateLicenseNumber', 'references.state-license', 'REF 0B', 50),
  leaf('licenseNumberStateCode', 'licenseState', 'REF 0B, REF03', 2),
  leaf('providerUpinNumber', 'references.upin', 'REF 1G', 50),
  leaf('facilityIdNumber', 'references.facility', 'REF 1J', 50),
  leaf('employersIdentificationNumber', 'references.employer', 'REF EI', 50),
  leaf('providerPlanNetworkIdentificationNumber', 'references.provider-plan-network', 'REF N5', 50),
  leaf('facilityNetworkIdentificationNumber', 'references.facility-network', 'REF N7', 50),
  leaf('ssn', 'references.social-security', 'REF SY', 50),
  CARRIER_ASSIGNED,
]
export const PROVIDER_SITE = leaf('providerSiteNumber', 'references.provider-site', 'REF G5', 50)

/** What is asked for, of an event or of a line. */
export const REVIEW: Table = [
  leaf('requestCategoryCode', 'category', 'UM01', oneOf(CATEGORIES)),
  leaf('certificationTypeCode', 'purpose', 'UM02', oneOf(PURPOSES)),
  leaf('serviceTypeCode', 'serviceType', 'UM03', 2),
  leaf('facilityTypeCode', 'place.code', 'UM04-1', 2),
  leaf('facilityCodeQualifier', 'place.system', 'UM04-2', oneOf(PLACE_SYSTEMS)),
]

export const PREVIOUS_AUTHORIZATION = leaf(
  'previousReviewAuthorizationNumber',
  'previousAuthorizationNumber',
  'REF BB',
  50,
)
export const PREVIOUS_ADMINISTRATIVE = leaf(
  'previousAdministrativeReferenceNumber',
  'previousAdministrativeReference',
  'REF NT',
  50,
)

export const EVENT_DATES: Table = [
  ...period('eventDate', 'period', 'DTP AAH'),
  ...period('admissionDate', 'admission', 'DTP 435'),
  date('dischargeDate', 'dischargeDate', 'DTP 096'),
]

/** One of up to twelve diagnoses; `index` counts from 0. */
export function diagnosis(suffix: number | '', index: number): Table {
  return [
    leaf(
      `diagnosisTypeCode${suffix}`,
      `diagnoses.${index}.type`,
      `HI0${index + 1}-1`,
      oneOf(DIAGNOSIS_TYPES),
    ),
    leaf(`diagnosisCode${suffix}`, `diagnoses.${index}.code`, `HI0${index + 1}-2`, 30),
  ]
}

export const DIAGNOSES: Table = numbered(12, (n) => [
  ...diagnosis(n, n - 1),
  date(`diagnosisDate${n}`, `diagnoses.${n - 1}.date`, `HI-4, composite ${n}`),
])

/** A service's procedure. Modifiers are named `procedureModifier1` in a request and `procedureModifier` in an answer. */
export function procedure(
  composite: string,
  firstModifier: 'procedureModifier' | 'procedureModifier1',
): Table {
  return [
    leaf('procedureCode', 'procedure.code', `${composite}-2`, 48),
    ...[firstModifier, ...names('procedureModifier', 2, 4)].map((field, i) =>
      leaf(field, `procedure.modifiers.${i}`, `${composite}-${i + 3}`, 2),
    ),
    leaf('procedureCodeDescription', 'procedure.description', `${composite}-7`, 80),
    leaf('procedureCode2', 'procedure.until', `${composite}-8`, 48),
  ]
}

export function procedureSystem(composite: string) {
  return leaf('productOrServiceIDQualifier', 'procedure.system', `${composite}-1`, 2)
}

export function quantity(unit: string, count: string): Table {
  return [
    leaf('unitOrBasisForMeasurementCode', 'quantity.unit', unit, 2),
    decimal('serviceUnitCount', 'quantity.value', count),
  ]
}

export function amount(x12: string) {
  return leaf('serviceLineAmount', 'amount', x12, DECIMAL)
}

/** How much, how often and when; `count` is the field of HSD02, and `core` ends with its point or is empty. */
export function delivery(core: string, count: 'serviceUnitCount' | 'serviceQuantity'): Table {
  return [
    leaf('quantityQualifier', `${core}countUnit`, 'HSD01', 2),
    decimal(count, `${core}count`, 'HSD02'),
    leaf('unitOrBasisForMeasurementCode', `${core}unit`, 'HSD03', 2),
    decimal('sampleSelectionModulus', `${core}modulus`, 'HSD04'),
    leaf('timePeriodQualifier', `${core}periodUnit`, 'HSD05', 2),
    decimal('periodCount', `${core}periodCount`, 'HSD06'),
    leaf('deliveryFrequencyCode', `${core}frequency`, 'HSD07', 2),
    leaf('deliveryPatternTimeCode', `${core}time`, 'HSD08', 1),
  ]
}

export const ATTACHMENT: Table = [
  leaf('reportTypeCode', 'reportType', 'PWK01', 2),
  leaf('transmissionCode', 'transmission', 'PWK02', 2),
  leaf('controlNumber', 'controlNumber', 'PWK06, PWK05 = AC', 80),
  leaf('description', 'description', 'PWK07', 80),
]

/** A tooth. Surfaces are named `toothSurfaceCode1` in a submission and `toothSurfaceCode` in an answer. */
export function tooth(firstSurface: 'toothSurfaceCode' | 'toothSurfaceCode1'): Table {
  return [
    leaf('toothCode', 'code', '2000F TOO02, TOO01 = JP', 30),
    ...[firstSurface, ...names('toothSurfaceCode', 2, 5)].map((field, i) =>
      leaf(field, `surfaces.${i}`, `2000F TOO03-${i + 1}`, 2),
    ),
  ]
}

/** Parts of the mouth, which an answer calls by another name than a submission. */
export function oralCavities(field: 'oralCavityDesignationCode' | 'americanDentalAssociationCodes'): Table {
  return [field, ...names(field, 2, 5)].map((name, i) => leaf(name, `oralCavities.${i}`, `SV304-${i + 1}`, 3))
}

export const PROSTHESIS = leaf('prosthesisCrownOrInlayCode', 'prosthesis', 'SV305', 1)

export const RATE = decimal('serviceLineRate', 'rate', 'SV206')

export const SCREENING = leaf('epsdtIndicator', 'screening', 'SV111', oneOf(ANSWERS))

export const REVENUE_CODE = leaf('serviceLineRevenueCode', 'revenueCode', 'SV201', 48)
