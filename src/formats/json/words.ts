/**
 * Codes of the wire and the core's words for them. The first code of a word is the one that is written.
 *
 * @see reference section 4.5 and 4.6
 */
import type {
  CertificationCondition,
  Diagnosis,
  Gender,
  Place,
  PrimaryIdentifier,
  ProviderRole,
  Purpose,
  RequesterKind,
  ReviewCategory,
  TransportStop,
  Urgency,
  YesOrNo,
} from '../../core/request.ts'

type Words<Word extends string> = Readonly<Record<string, Word>>

/** X12 98 in loop 2010B. */
export const REQUESTER_KINDS: Words<RequesterKind> = {
  '1P': 'provider',
  '2A': 'government-facility',
  '2B': 'third-party-administrator',
  '36': 'employer',
  FA: 'facility',
  PR: 'payer',
  X3: 'utilization-management',
}

/** X12 1525. */
export const CATEGORIES: Words<ReviewCategory> = {
  HS: 'health-services',
  AR: 'admission',
  SC: 'specialty-care',
  IN: 'reservation',
}

/** X12 1322. */
export const PURPOSES: Words<Purpose> = {
  I: 'initial',
  R: 'renewal',
  S: 'revised',
  '4': 'extension',
  '3': 'cancel',
  '1': 'appeal-immediate',
  '2': 'appeal-standard',
  '5': 'notification',
  '6': 'verification',
  N: 'reconsideration',
}

/** X12 1338. */
export const URGENCIES: Words<Urgency> = { '03': 'emergency', U: 'urgent', E: 'elective' }

/** X12 1073. */
export const ANSWERS: Words<YesOrNo> = { Y: 'yes', N: 'no', U: 'unknown', W: 'not-applicable' }

/** X12 1068. */
export const GENDERS: Words<Gender> = { F: 'female', M: 'male', U: 'unknown' }

/** X12 1332. */
export const PLACE_SYSTEMS: Words<Place['system']> = { B: 'place-of-service', A: 'type-of-bill' }

/** X12 66. */
export const IDENTIFIER_SYSTEMS: Words<PrimaryIdentifier['system']> = {
  XX: 'npi',
  '24': 'employer',
  '34': 'social-security',
  '46': 'electronic-transmitter',
  XV: 'services-plan',
  PI: 'payer',
  MI: 'member',
}

/** X12 98 in loops 2010EA and 2010F. */
export const PROVIDER_ROLES: Words<ProviderRole> = {
  SJ: 'service-provider',
  DN: 'referring',
  FA: 'facility',
  '71': 'attending',
  AAJ: 'admitting',
  '72': 'operating',
  '73': 'other-physician',
  DK: 'ordering',
  DQ: 'supervising',
  P3: 'primary-care',
  DD: 'assistant-surgeon',
  QB: 'purchased-service',
}

/** Service location, clinic, physician group, group practice: the core says where or who, and not of what kind. */
export const NEARLY_PROVIDER_ROLES: Words<ProviderRole> = {
  '77': 'facility',
  G3: 'facility',
  '1T': 'service-provider',
  QV: 'service-provider',
}

/** Roles for which the guides have no code, and the nearest that has one, which is written instead. */
export const NEAREST_PROVIDER_ROLES: Readonly<Partial<Record<ProviderRole, ProviderRole>>> = {
  rendering: 'service-provider',
  consulting: 'other-physician',
  gatekeeper: 'primary-care',
  'other-operating': 'operating',
}

/** X12 98 in loop 2010EB. */
export const STOP_ROLES: Words<TransportStop['role']> = {
  PW: 'pick-up',
  ND: 'next-destination',
  R3: 'next-scheduled',
  FS: 'final-scheduled',
  '45': 'drop-off',
}

/** X12 98 in loop 2010EC of a request: the code travels as it is. */
const OTHER_UMO_CODES = ['00', 'CA', 'I3', 'PRP', 'SEP', 'TTP', 'X3', 'Y2']
export const OTHER_UMOS: Words<string> = Object.fromEntries(OTHER_UMO_CODES.map((code) => [code, code]))

/** X12 1270 in HI: what the diagnosis is to the event, and of which edition its code is. */
export const DIAGNOSIS_TYPES: Words<`${Diagnosis['role']} ${Diagnosis['system']}`> = {
  ABK: 'principal icd-10',
  ABJ: 'admitting icd-10',
  APR: 'reason-for-visit icd-10',
  ABF: 'other icd-10',
  BK: 'principal icd-9',
  BJ: 'admitting icd-9',
  PR: 'reason-for-visit icd-9',
  BF: 'other icd-9',
  DR: 'other drg',
  LOI: 'other loinc',
}

/** How the field names of each category of CRC begin. */
export const CONDITION_FIELDS: Readonly<Record<CertificationCondition['category'], string>> = {
  ambulance: 'ambulance',
  chiropractic: 'chiropractic',
  'durable-medical-equipment': 'durableMedicalEquipment',
  'oxygen-therapy': 'oxygenTherapy',
  'functional-limitations': 'functionalLimitations',
  'activities-permitted': 'activitiesPermitted',
  'mental-status': 'mentalStatus',
}

export const YES_OR_NO: Words<'yes' | 'no'> = { Y: 'yes', N: 'no' }

/** X12 673 for those units of X12 355 that it spells otherwise; the rest travel as they are. */
export const DELIVERED_UNITS: Readonly<Record<string, string>> = { DA: 'DY', UN: 'FL', HR: 'HS', MO: 'MN' }
