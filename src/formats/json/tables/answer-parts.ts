/** Groups of rows that both answers share. Answers are only written. */
import { oneOf } from '../forms.ts'
import { decimal, groupAlways, leaf, list, listOrNull, type Table } from '../table.ts'
import { IDENTIFIER_SYSTEMS, PROVIDER_ROLES } from '../words.ts'
import { ADDRESS, amount, procedure, procedureSystem, quantity, REVENUE_CODE } from './parts.ts'

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
]

export const DELIVERY: Table = [
  leaf('quantityQualifier', 'delivery.qualifier', 'HSD01', 2),
  decimal('serviceUnitCount', 'delivery.count', 'HSD02'),
]

export const AMBULANCE: Table = [
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

/** The service of a line. All three kinds are always there, the two that do not apply as `{}`. */
export function services(professionalHasRevenueCode: boolean): Table {
  return [
    groupAlways('professionalService', 'professional', [
      ...(professionalHasRevenueCode ? [REVENUE_CODE] : []),
      procedureSystem('SV101'),
      ...procedure('SV101', 'procedureModifier'),
      amount('SV102'),
      ...quantity('SV103', 'SV104'),
    ]),
    groupAlways('institutionalService', 'institutional', [
      REVENUE_CODE,
      procedureSystem('SV202'),
      ...procedure('SV202', 'procedureModifier'),
      amount('SV203'),
      ...quantity('SV204', 'SV205'),
    ]),
    groupAlways('dentalService', 'dental', [
      ...procedure('SV301', 'procedureModifier'),
      amount('SV302'),
      decimal('serviceUnitCount', 'quantity.value', 'SV306'),
    ]),
  ]
}
