/**
 * The code lists of the guides that carry meaning for us, each beside our own word. A code that merely travels
 * (service type, place of service, procedure, modifier) has no table: it is kept as it was sent.
 */
import type {
  CertificationCondition,
  Gender,
  PrimaryIdentifier,
  ProviderRole,
  Purpose,
  ReferenceKind,
  RequesterKind,
  ReviewCategory,
  TransportStop,
  Urgency,
  YesOrNo,
} from '../../../core/request.ts'
import { codeTable } from './code-table.ts'

/** Which numbering a party's first number is of: NM108. */
export const IDENTIFIERS = codeTable<PrimaryIdentifier['system']>({
  npi: 'XX',
  employer: '24',
  'social-security': '34',
  'electronic-transmitter': '46',
  'services-plan': 'XV',
  payer: 'PI',
  member: 'MI',
})

/** What a party's further number is: REF01. */
export const REFERENCES = codeTable<ReferenceKind>({
  'state-license': '0B',
  upin: '1G',
  facility: '1J',
  policy: '1L',
  branch: '3L',
  group: '6P',
  employee: 'A6',
  department: 'DP',
  employer: 'EI',
  'patient-account': 'EJ',
  'health-insurance-claim': 'F6',
  'provider-site': 'G5',
  'identity-card': 'HJ',
  'insurance-policy': 'IG',
  'provider-plan-network': 'N5',
  'plan-network': 'N6',
  'facility-network': 'N7',
  'medicaid-recipient': 'NQ',
  'social-security': 'SY',
  'federal-taxpayer': 'TJ',
  'carrier-assigned': 'ZH',
})

/** Who asks: NM101 of loop 2010B. */
export const REQUESTERS = codeTable<RequesterKind>({
  provider: '1P',
  'government-facility': '2A',
  'third-party-administrator': '2B',
  employer: '36',
  facility: 'FA',
  payer: 'PR',
  'utilization-management': 'X3',
})

/** DMG03. */
export const GENDERS = codeTable<Gender>({ female: 'F', male: 'M', unknown: 'U' })

/** X12 1073. */
export const YES_OR_NO = codeTable<YesOrNo>({ yes: 'Y', no: 'N', unknown: 'U', 'not-applicable': 'W' })

/** UM01. */
export const CATEGORIES = codeTable<ReviewCategory>({
  'health-services': 'HS',
  admission: 'AR',
  'specialty-care': 'SC',
  reservation: 'IN',
})

/** UM02. */
export const PURPOSES = codeTable<Purpose>({
  'appeal-immediate': '1',
  'appeal-standard': '2',
  cancel: '3',
  extension: '4',
  notification: '5',
  verification: '6',
  initial: 'I',
  reconsideration: 'N',
  renewal: 'R',
  revised: 'S',
})

/** UM06. */
export const URGENCIES = codeTable<Urgency>({ emergency: '03', elective: 'E', urgent: 'U' })

/** The parts a provider can play that these guides have no code for. */
type UncodedRole = 'rendering' | 'consulting' | 'gatekeeper' | 'other-operating'

/** What part a provider plays: NM101 of loops 2010EA and 2010F. */
export const PROVIDERS = codeTable<Exclude<ProviderRole, UncodedRole>>({
  attending: '71',
  operating: '72',
  'other-physician': '73',
  admitting: 'AAJ',
  'assistant-surgeon': 'DD',
  ordering: 'DK',
  referring: 'DN',
  supervising: 'DQ',
  facility: 'FA',
  'primary-care': 'P3',
  'purchased-service': 'QB',
  'service-provider': 'SJ',
})

/** How a role without a code is written all the same: as the nearest that has one. Reading gives the nearest back. */
export const NEAREST_PROVIDER_ROLES: Readonly<Record<UncodedRole, Exclude<ProviderRole, UncodedRole>>> = {
  rendering: 'service-provider',
  consulting: 'other-physician',
  gatekeeper: 'primary-care',
  'other-operating': 'operating',
}

/** Codes of the guides that have no word of ours, and the nearest: what is noted when one is read. */
export const NEAREST_PROVIDER_WORDS: ReadonlyMap<string, ProviderRole> = new Map([
  ['1T', 'service-provider'],
  ['77', 'facility'],
  ['G3', 'facility'],
  ['QV', 'service-provider'],
])

/** A stop on an ambulance journey: NM101 of the transport loop. */
export const STOPS = codeTable<TransportStop['role']>({
  'drop-off': '45',
  'final-scheduled': 'FS',
  'next-destination': 'ND',
  'pick-up': 'PW',
  'next-scheduled': 'R3',
})

/** What kind of service a fact is asked for: CRC01. */
export const CONDITIONS = codeTable<CertificationCondition['category']>({
  ambulance: '07',
  chiropractic: '08',
  'durable-medical-equipment': '09',
  'oxygen-therapy': '11',
  'functional-limitations': '75',
  'activities-permitted': '76',
  'mental-status': '77',
})
