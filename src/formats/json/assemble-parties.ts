import type {
  Address,
  Contact,
  Dependent,
  PartyName,
  PrimaryIdentifier,
  Provider,
  ProviderRole,
  Reference,
  ReferenceKind,
  Requester,
  Subscriber,
} from '../../core/request.ts'
import { isNpi } from '../../kernel/npi.ts'
import { type Draft, given, givenAny } from './draft.ts'
import type { Findings } from './findings.ts'

export function assembleRequester(draft: Draft, findings: Findings): Requester {
  return {
    kind: draft.word<Requester['kind']>('kind') ?? 'provider',
    ...given({ name: assembleName(draft, findings), identifier: onlyIdentifier(draft, findings) }),
    references: assembleReferences(draft, findings),
    ...given({
      address: assembleAddress(draft, findings),
      contact: assembleContact(draft),
      role: draft.text('role'),
      taxonomy: draft.text('taxonomy'),
    }),
  }
}

export function assembleSubscriber(draft: Draft, findings: Findings): Subscriber {
  if (draft.text('insured') === 'no')
    findings.note(draft.place('insured'), 'not used: the subscriber is the insured person')
  return {
    ...given({ memberId: draft.text('memberId') }),
    ...member(draft, findings),
    ...given({ militaryRelationship: draft.text('militaryRelationship') }),
  }
}

/** @returns undefined when nothing is said of a dependent: an answer's `{"supplementalIdentification": {}}` too */
export function assembleDependent(draft: Draft, findings: Findings): Dependent | undefined {
  if (draft.isEmpty) return undefined
  if (draft.text('insured') === 'yes')
    findings.note(draft.place('insured'), 'not used: the subscriber is the insured person')
  return {
    ...member(draft, findings),
    ...given({ relationship: draft.text('relationship'), birthSequence: draft.text('birthSequence') }),
  }
}

function member(draft: Draft, findings: Findings) {
  return {
    ...given({
      name: assembleName(draft, findings),
      birthDate: draft.date('birthDate'),
      gender: draft.word<'female' | 'male' | 'unknown'>('gender'),
    }),
    references: assembleReferences(draft, findings),
    ...given({ address: assembleAddress(draft, findings) }),
  }
}

/** @returns undefined, with a fault, when the provider's part in the event is not said */
export function assembleProvider(draft: Draft, findings: Findings): Provider | undefined {
  const role = draft.word<ProviderRole>('role')
  if (role === undefined) {
    if (!draft.wasSent('role')) {
      findings.fault(
        `${draft.at}/entityIdentifierCode`,
        'is missing',
        'Say what the provider is, such as SJ.',
      )
    }
    return undefined
  }
  return {
    role,
    ...given({ name: assembleName(draft, findings), identifier: qualifiedIdentifier(draft, findings) }),
    references: assembleReferences(draft, findings),
    ...given({
      address: assembleAddress(draft, findings),
      contact: assembleContact(draft),
      providerCode: draft.text('providerCode'),
      taxonomy: draft.text('taxonomy'),
    }),
  }
}

/** An organization's name wins over a person's: the vendor's samples give both, with the same text. */
function assembleName(draft: Draft, findings: Findings): PartyName | undefined {
  const organization = draft.text('name.name')
  const last = draft.text('name.last')
  if (organization !== undefined) {
    if (last !== undefined) findings.note(draft.place('name.last'), 'not used, as organizationName is given')
    return { kind: 'organization', name: organization }
  }
  const rest = given({
    first: draft.text('name.first'),
    middle: draft.text('name.middle'),
    prefix: draft.text('name.prefix'),
    suffix: draft.text('name.suffix'),
  })
  if (last !== undefined) return { kind: 'person', last, ...rest }
  if (Object.keys(rest).length > 0 && !draft.wasSent('name.last')) {
    findings.note(`${draft.at}/lastName`, 'is missing, so the rest of the name was not used')
  }
  return undefined
}

/** An interchange has no place for a second line alone, so it is read as the first. */
export function assembleAddress(draft: Draft, findings: Findings): Address | undefined {
  const [first, second] = [draft.text('address.line1'), draft.text('address.line2')]
  const isAlone = second !== undefined && first === undefined && !draft.wasSent('address.line1')
  if (isAlone) findings.note(draft.place('address.line2'), 'is read as address1, which is not given')
  return givenAny({
    line1: isAlone ? second : first,
    line2: isAlone ? undefined : second,
    city: draft.text('address.city'),
    state: draft.text('address.state'),
    postalCode: draft.text('address.postalCode'),
    country: draft.text('address.country'),
    countrySubdivision: draft.text('address.countrySubdivision'),
  })
}

function assembleContact(draft: Draft): Contact | undefined {
  return givenAny({
    name: draft.text('contact.name'),
    telephone: draft.text('contact.telephone'),
    extension: draft.text('contact.extension'),
    facsimile: draft.text('contact.facsimile'),
    email: draft.text('contact.email'),
    url: draft.text('contact.url'),
  })
}

function assembleReferences(draft: Draft, findings: Findings): readonly Reference[] {
  const state = draft.text('licenseState')
  const references = draft.below('references').map(([kind, value]) => ({
    kind: kind as ReferenceKind,
    value,
    ...(kind === 'state-license' ? given({ state }) : {}),
  }))
  if (state !== undefined && draft.text('references.state-license') === undefined) {
    findings.note(draft.place('licenseState'), 'not used, as no stateLicenseNumber is given')
  }
  return references
}

/** A requester's identifiers share one place in a 278, so the first of the table is used. */
function onlyIdentifier(draft: Draft, findings: Findings): PrimaryIdentifier | undefined {
  const [first, ...rest] = draft.below('identifier')
  for (const [system] of rest) {
    findings.note(
      draft.place(`identifier.${system}`),
      'not used: one identifier is enough, and another came first',
    )
  }
  return first && checkedIdentifier(first[0], first[1], draft.place(`identifier.${first[0]}`), findings)
}

function qualifiedIdentifier(draft: Draft, findings: Findings): PrimaryIdentifier | undefined {
  const system = draft.text('identifier.system')
  const value = draft.text('identifier.value')
  const at = draft.place('identifier.value')
  if (value === undefined) {
    if (system !== undefined && !draft.wasSent('identifier.value')) {
      findings.note(draft.place('identifier.system'), 'not used, as no identifier is given')
    }
    return undefined
  }
  if (system !== undefined) return checkedIdentifier(system, value, at, findings)
  if (!draft.wasSent('identifier.system')) {
    findings.fault(at, 'has no identificationCodeQualifier', 'Say what the number is: XX for an NPI.')
  }
  return undefined
}

function checkedIdentifier(system: string, value: string, at: string, findings: Findings): PrimaryIdentifier {
  if (system === 'npi') checkNpi(value, at, findings)
  return { system: system as PrimaryIdentifier['system'], value }
}

/** The vendor's samples carry 1234567890, whose check digit is wrong; so that is a note. */
function checkNpi(value: string, at: string, findings: Findings): void {
  if (!/^\d{10}$/.test(value)) findings.fault(at, 'expected an NPI, ten digits')
  else if (!isNpi(value)) findings.note(at, 'is no NPI that was ever issued: its check digit is wrong')
}
