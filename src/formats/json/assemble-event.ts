import type {
  AmbulanceTransport,
  CertificationCondition,
  Diagnosis,
  PatientEvent,
  Place,
  Procedure,
  Provider,
  Purpose,
  Quantity,
  RelatedCauses,
  ReviewCategory,
  ServiceLine,
  TransportStop,
  Urgency,
  YesOrNo,
} from '../../core/request.ts'
import {
  assembleDelivery,
  assembleFacilityAdmission,
  assembleHomeHealth,
  assembleHomeOxygen,
  assembleSpinalManipulation,
  codesOf,
} from './assemble-certificates.ts'
import { assembleAttachments, assembleEarlierDenials, assembleTeeth } from './assemble-entries.ts'
import { assembleAddress, assembleProvider } from './assemble-parties.ts'
import { assemblePeriod } from './assemble-period.ts'
import { type Draft, given, givenAny } from './draft.ts'
import type { Findings } from './findings.ts'

export function assembleEvent(draft: Draft, findings: Findings): PatientEvent {
  return {
    category:
      draft.word<ReviewCategory>('category') ?? assumed(draft, 'category', 'health-services', findings),
    purpose: draft.word<Purpose>('purpose') ?? assumed(draft, 'purpose', 'initial', findings),
    ...given({
      serviceType: draft.text('serviceType'),
      place: assemblePlace(draft, findings),
      urgency: draft.word<Urgency>('urgency'),
      relatedCauses: assembleRelatedCauses(draft, findings),
      currentCondition: draft.text('currentCondition'),
      prognosis: draft.text('prognosis'),
      releaseOfInformation: draft.text('releaseOfInformation'),
      delayReason: draft.text('delayReason'),
      previousAuthorizationNumber: draft.text('previousAuthorizationNumber'),
      previousAdministrativeReference: draft.text('previousAdministrativeReference'),
      accidentDate: draft.date('accidentDate'),
      lastMenstrualPeriod: draft.date('lastMenstrualPeriod'),
      expectedBirth: draft.date('expectedBirth'),
      onsetDate: draft.date('onsetDate'),
      period: assemblePeriod(draft, 'period', findings),
      admission: assemblePeriod(draft, 'admission', findings),
      dischargeDate: draft.date('dischargeDate'),
    }),
    diagnoses: assembleDiagnoses(draft, findings),
    conditions: assembleConditions(draft, findings),
    ...given({
      delivery: assembleDelivery(draft, 'delivery.'),
      facilityAdmission: assembleFacilityAdmission(draft.group('facilityAdmission')),
      ambulance: assembleAmbulance(draft.group('ambulance')),
      spinalManipulation: assembleSpinalManipulation(draft.group('spinalManipulation')),
      homeOxygen: assembleHomeOxygen(draft.group('homeOxygen')),
      homeHealth: assembleHomeHealth(draft.group('homeHealth'), findings),
      attachments: assembleAttachments(draft, findings),
      earlierDenials: assembleEarlierDenials(draft, findings),
    }),
    transportStops: draft.list('transportStops').flatMap((stop) => assembleStop(stop, findings) ?? []),
    ...given({ message: draft.text('message') }),
    providers: assembleProviders(draft, findings),
    lines: draft.list('lines').map((line, i) => assembleLine(line, i + 1, findings)),
  }
}

const ASSUMED = {
  category: { field: 'requestCategoryCode', code: 'HS' },
  purpose: { field: 'certificationTypeCode', code: 'I' },
} as const

function assumed<Word>(draft: Draft, path: keyof typeof ASSUMED, word: Word, findings: Findings): Word {
  const { field, code } = ASSUMED[path]
  if (!draft.wasSent(path)) findings.note(`${draft.at}/${field}`, `is missing: read as ${code}`)
  return word
}

function assembleProviders(draft: Draft, findings: Findings): readonly Provider[] {
  return draft.list('providers').flatMap((provider) => assembleProvider(provider, findings) ?? [])
}

function assemblePlace(draft: Draft, findings: Findings): Place | undefined {
  const code = draft.text('place.code')
  const system = draft.word<Place['system']>('place.system')
  if (code !== undefined) {
    if (system === undefined && !draft.wasSent('place.system')) {
      findings.note(draft.place('place.code'), 'has no facilityCodeQualifier: read as B, a place of service')
    }
    return { code, system: system ?? 'place-of-service' }
  }
  if (system !== undefined && !draft.wasSent('place.code')) {
    findings.note(draft.place('place.system'), 'not used, as no facilityTypeCode is given')
  }
  return undefined
}

/** Gaps in the numbering close; the principal diagnosis comes first, as the core promises. */
function assembleDiagnoses(draft: Draft, findings: Findings): readonly Diagnosis[] {
  const sent = Array.from({ length: 12 }, (_, i) => assembleDiagnosis(draft, i, findings)).flatMap(
    (diagnosis) => diagnosis ?? [],
  )
  const principal = sent.findIndex((diagnosis) => diagnosis.role === 'principal')
  const first = sent[principal]
  if (first === undefined || principal === 0) return sent
  findings.note(draft.at, 'the principal diagnosis was put first')
  return [first, ...sent.slice(0, principal), ...sent.slice(principal + 1)]
}

function assembleDiagnosis(draft: Draft, index: number, findings: Findings): Diagnosis | undefined {
  const path = `diagnoses.${index}`
  const code = draft.text(`${path}.code`)
  const type = draft.text(`${path}.type`)
  if (code === undefined) {
    if (type !== undefined && !draft.wasSent(`${path}.code`)) {
      findings.note(draft.place(`${path}.type`), 'not used, as it has no diagnosis code')
    }
    return undefined
  }
  if (type === undefined && !draft.wasSent(`${path}.type`)) {
    findings.note(draft.place(`${path}.code`), `has no type: read as ${index === 0 ? 'ABK' : 'ABF'}`)
  }
  const [role, system] = (type ?? (index === 0 ? 'principal icd-10' : 'other icd-10')).split(' ') as [
    Diagnosis['role'],
    Diagnosis['system'],
  ]
  return { role, system, code, ...given({ date: draft.date(`${path}.date`) }) }
}

function assembleConditions(draft: Draft, findings: Findings): readonly CertificationCondition[] {
  const categories = new Set(draft.below('conditions').map(([rest]) => rest.slice(0, rest.indexOf('.'))))
  return [...categories].map((category) => {
    const path = `conditions.${category}`
    const codes = draft.below(`${path}.codes`).map(([, code]) => code)
    if (!draft.wasSent(`${path}.applies`)) {
      findings.note(draft.place(`${path}.codes.0`), 'its indicator is missing: read as Y')
    }
    return {
      category: category as CertificationCondition['category'],
      applies: draft.text(`${path}.applies`) !== 'no',
      codes,
    }
  })
}

function assembleAmbulance(draft: Draft): AmbulanceTransport | undefined {
  return givenAny({
    patientWeight: draft.text('patientWeight'),
    transportCode: draft.text('transportCode'),
    reasonCode: draft.text('reasonCode'),
    distance: draft.text('distance'),
    roundTripPurpose: draft.text('roundTripPurpose'),
    stretcherPurpose: draft.text('stretcherPurpose'),
  })
}

function assembleStop(draft: Draft, findings: Findings): TransportStop | undefined {
  const role = draft.word<TransportStop['role']>('role')
  if (role === undefined) {
    if (!draft.wasSent('role')) {
      findings.fault(`${draft.at}/entityIdentifierCode`, 'is missing', 'Say which stop it is, such as PW.')
    }
    return undefined
  }
  return { role, ...given({ name: draft.text('name'), address: assembleAddress(draft, findings) }) }
}

/** Where it happened says nothing without what happened. */
function assembleRelatedCauses(draft: Draft, findings: Findings): RelatedCauses | undefined {
  const codes = codesOf(draft, 'relatedCauses.codes')
  const [state, country] = [draft.text('relatedCauses.state'), draft.text('relatedCauses.country')]
  if (codes !== undefined) return { codes, ...given({ state, country }) }
  for (const path of ['relatedCauses.state', 'relatedCauses.country']) {
    if (draft.text(path) !== undefined)
      findings.note(draft.place(path), 'not used, as no relatedCausesCode is given')
  }
  return undefined
}

const SERVICES = ['professional', 'institutional', 'dental'] as const
type ServiceKind = (typeof SERVICES)[number]

function assembleLine(draft: Draft, number: number, findings: Findings): ServiceLine {
  const [kind, ...others] = SERVICES.filter((service) => !draft.group(service).isEmpty)
  for (const other of others) {
    findings.fault(draft.group(other).at, `a line holds one service, and ${kind}Service is given already`)
  }
  const service = kind === undefined ? undefined : draft.group(kind)
  return {
    number,
    kind: kind ?? 'unspecified',
    ...given({
      category: draft.word<ReviewCategory>('category'),
      purpose: draft.word<Purpose>('purpose'),
      serviceType: draft.text('serviceType'),
      place: assemblePlace(draft, findings),
      previousAuthorizationNumber: draft.text('previousAuthorizationNumber'),
      previousAdministrativeReference: draft.text('previousAdministrativeReference'),
      period: assemblePeriod(draft, 'period', findings),
      procedure: kind && service && assembleProcedure(service, kind, findings),
      revenueCode: service?.text('revenueCode'),
      quantity: kind && service && assembleQuantity(service, kind, findings),
      amount: service?.text('amount'),
      rate: service?.text('rate'),
      diagnosisPointers: service && codesOf(service, 'diagnosisPointers'),
      screening: service?.word<YesOrNo>('screening'),
      nursingHomeLevel: service?.text('nursingHomeLevel'),
      nursingHomeStatus: service?.text('nursingHomeStatus'),
      oralCavities: service && codesOf(service, 'oralCavities'),
      prosthesis: service?.text('prosthesis'),
      dentalDescription: service?.text('dentalDescription'),
      teeth: assembleTeeth(draft, findings),
      delivery: assembleDelivery(draft.group('delivery'), ''),
      attachments: assembleAttachments(draft, findings),
      message: draft.text('message'),
    }),
    providers: assembleProviders(draft, findings),
  }
}

function assembleProcedure(draft: Draft, kind: ServiceKind, findings: Findings): Procedure | undefined {
  const code = draft.text('procedure.code')
  if (code === undefined) {
    const [first] = draft.below('procedure')
    if (first && !draft.wasSent('procedure.code')) {
      findings.note(draft.place(`procedure.${first[0]}`), 'not used, as no procedureCode is given')
    }
    return undefined
  }
  return {
    system: draft.text('procedure.system') ?? assumedSystem(draft, kind, findings),
    code,
    ...given({ until: draft.text('procedure.until') }),
    modifiers: draft.below('procedure.modifiers').map(([, modifier]) => modifier),
    ...given({ description: draft.text('procedure.description') }),
  }
}

/** A dental service has no field for the list that its code is of: it is always the dental one. */
function assumedSystem(draft: Draft, kind: ServiceKind, findings: Findings): string {
  if (kind === 'dental') return 'AD'
  if (!draft.wasSent('procedure.system')) {
    findings.note(draft.place('procedure.code'), 'has no productOrServiceIDQualifier: read as HC')
  }
  return 'HC'
}

function assembleQuantity(draft: Draft, kind: ServiceKind, findings: Findings): Quantity | undefined {
  const value = draft.text('quantity.value')
  const unit = draft.text('quantity.unit')
  if (value === undefined) {
    if (unit !== undefined && !draft.wasSent('quantity.value')) {
      findings.note(draft.place('quantity.unit'), 'not used, as no serviceUnitCount is given')
    }
    return undefined
  }
  if (unit === undefined && kind !== 'dental' && !draft.wasSent('quantity.unit')) {
    findings.note(draft.place('quantity.value'), 'has no unitOrBasisForMeasurementCode: read as UN')
  }
  return { unit: unit ?? 'UN', value }
}
