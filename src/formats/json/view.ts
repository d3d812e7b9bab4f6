/**
 * Core objects in the shape that the tables' paths lead through: what the core keeps as a list of kinds and values is
 * keyed by kind here, and a single day has no end.
 */
import type {
  Dependent,
  Diagnosis,
  PatientEvent,
  PrimaryIdentifier,
  Provider,
  Reference,
  Requester,
  ReviewRequest,
  ServiceLine,
  Subscriber,
} from '../../core/request.ts'
import type { DatePeriod } from '../../kernel/time.ts'
import { NEAREST_PROVIDER_ROLES } from './words.ts'

export function viewRequest(request: ReviewRequest) {
  return {
    ...request,
    requester: viewRequester(request.requester),
    subscriber: viewSubscriber(request.subscriber),
    dependent: request.dependent && viewDependent(request.dependent),
    event: viewEvent(request.event),
  }
}

export function viewRequester(requester: Requester) {
  return {
    ...requester,
    ...viewReferences(requester.references),
    identifier: requester.identifier && viewIdentifier(requester.identifier),
  }
}

function viewIdentifier({ system, value }: PrimaryIdentifier) {
  return { [system]: value }
}

/** Who is insured is said where a 278 would say it: beside what else INS holds. */
export function viewSubscriber(subscriber: Subscriber) {
  const insured = subscriber.militaryRelationship === undefined ? undefined : 'yes'
  return { ...subscriber, ...viewReferences(subscriber.references), insured }
}

export function viewDependent(dependent: Dependent) {
  const { relationship, birthSequence } = dependent
  const insured = relationship === undefined && birthSequence === undefined ? undefined : 'no'
  return { ...dependent, ...viewReferences(dependent.references), insured }
}

export function viewEvent(event: PatientEvent) {
  return {
    ...event,
    period: viewPeriod(event.period),
    admission: viewPeriod(event.admission),
    diagnoses: event.diagnoses.map(viewDiagnosis),
    conditions: Object.fromEntries(
      event.conditions.map(({ category, applies, codes }) => [
        category,
        { applies: applies ? 'yes' : 'no', codes },
      ]),
    ),
    providers: event.providers.map(viewProvider),
    lines: event.lines.map(viewLine),
  }
}

function viewDiagnosis(diagnosis: Diagnosis) {
  return { ...diagnosis, type: `${diagnosis.role} ${diagnosis.system}` }
}

export function viewLine(line: ServiceLine) {
  const { procedure, revenueCode, quantity, amount, rate, diagnosisPointers, screening } = line
  const { nursingHomeLevel, nursingHomeStatus, oralCavities, prosthesis, dentalDescription } = line
  return {
    ...line,
    period: viewPeriod(line.period),
    providers: line.providers.map(viewProvider),
    tooth: line.teeth?.[0],
    [line.kind]: {
      ...{ procedure, revenueCode, quantity, amount, rate, diagnosisPointers, screening },
      ...{ nursingHomeLevel, nursingHomeStatus, oralCavities, prosthesis, dentalDescription },
    },
  }
}

export function viewProvider(provider: Provider) {
  return {
    ...provider,
    role: NEAREST_PROVIDER_ROLES[provider.role] ?? provider.role,
    ...viewReferences(provider.references),
  }
}

/** A kind that repeats has one field: the first is written. */
function viewReferences(references: readonly Reference[]) {
  const licence = references.find(({ kind }) => kind === 'state-license')
  return {
    references: Object.fromEntries(references.toReversed().map(({ kind, value }) => [kind, value])),
    licenseState: licence?.state,
  }
}

export function viewPeriod(period: DatePeriod | undefined) {
  return period?.from === period?.until ? period && { from: period.from } : period
}
