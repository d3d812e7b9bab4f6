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
    subscriber: viewMember(request.subscriber),
    dependent: request.dependent && viewMember(request.dependent),
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

export function viewMember(member: Subscriber | Dependent) {
  return { ...member, ...viewReferences(member.references) }
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
  const { procedure, revenueCode, quantity, amount } = line
  return {
    ...line,
    period: viewPeriod(line.period),
    providers: line.providers.map(viewProvider),
    [line.kind]: { procedure, revenueCode, quantity, amount },
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
