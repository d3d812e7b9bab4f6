import { ACTION_CODES } from '../../core/action-codes.ts'
import type { NoticeAnswer } from '../../core/admission.ts'
import type { InformationRequest, LineOutcome, Rejection, ReviewAnswer } from '../../core/decision.ts'
import type { PatientEvent, Provider, ReviewRequest, ServiceLine } from '../../core/request.ts'
import type { DatePeriod } from '../../kernel/time.ts'
import { INQUIRY_ANSWER } from './tables/inquiry-answer.ts'
import { SUBMISSION_ANSWER } from './tables/submission-answer.ts'
import { viewDependent, viewEvent, viewLine, viewRequester, viewSubscriber } from './view.ts'
import { DELIVERED_UNITS } from './words.ts'
import { type WireObject, writeObject } from './write.ts'

/**
 * Writes the answer to a submission: `SubmissionResponseJson`, the `json` of its envelope. Never throws.
 *
 * @see reference section 2.3; 2.1 for what is written where there is nothing to say
 */
export function encodeSubmissionAnswer(answer: ReviewAnswer): WireObject {
  return writeSubmissionAnswer(answer)
}

/**
 * Writes what the payer says to a notice of admission: the answer to a submission without a decision. Its
 * `administrativeReferenceNumber` is the number of the stay. Never throws.
 *
 * @see reference section 2.4
 */
export function encodeNoticeAnswer(answer: NoticeAnswer): WireObject {
  return writeSubmissionAnswer(answer)
}

/** Everything that is answered in this shape. */
type Told = ReviewAnswer | NoticeAnswer

function writeSubmissionAnswer(answer: Told): WireObject {
  const view = viewAnswer(answer)
  const event = {
    ...view.event,
    providers: view.event.providers.map(withOneName),
    lines: view.event.lines.map((line) => ({ ...line, providers: line.providers.map(withOneName) })),
  }
  // A request without a dependent is answered with an empty one, as the published samples are.
  const dependent = view.dependent ?? {}
  return writeObject({ ...view, event, dependent }, SUBMISSION_ANSWER)
}

/**
 * Writes the answer to an inquiry: `InquiryResponseJson`, the `json` of its envelope. Never throws.
 *
 * @see reference section 2.2; 2.1 for what is written where there is nothing to say
 */
export function encodeInquiryAnswer(answer: ReviewAnswer): WireObject {
  return writeObject(viewAnswer(answer), INQUIRY_ANSWER)
}

/**
 * The answer in the shape of the tables. The request is repeated whole, also where it is rejected, as in the 278 that
 * goes with it.
 */
export function viewAnswer(answer: Told) {
  const { request, payer, outcome } = answer
  const rejections = outcome.kind === 'rejected' ? outcome.rejections.map((one) => placed(one, request)) : []
  const at = (level: Rejection['level']) => viewRejections(rejections.filter((one) => one.level === level))
  return {
    transactionIdentifier: request.correspondence.transactionIdentifier,
    // The answer goes back to who sent the request, and the JSON shows whom it is addressed to (GS03).
    receiverId: request.correspondence.senderId,
    payer: { id: payer.id, name: payer.name },
    contact: payer.contact,
    systemRejections: at('system'),
    payerRejections: at('payer'),
    requester: { ...viewRequester(request.requester), rejections: at('requester') },
    subscriber: { ...viewSubscriber(request.subscriber), rejections: at('subscriber') },
    dependent: request.dependent && { ...viewDependent(request.dependent), rejections: at('dependent') },
    event: viewAnsweredEvent(answer, rejections),
  }
}

/** A rejection of a dependent, line, provider or stop that the request does not have belongs to what stands above it. */
function placed(rejection: Rejection, { dependent, event }: ReviewRequest): Rejection {
  const { level, line, provider, stop, ...why } = rejection
  if (level === 'dependent' && dependent === undefined) return { ...why, level: 'subscriber' }
  if (level !== 'event' && level !== 'line') return rejection
  const asked = level === 'line' ? event.lines.find(({ number }) => number === line) : event
  if (asked === undefined) return { ...why, level: 'event' }
  const place = { level, ...(level === 'line' && line !== undefined ? { line } : {}) }
  if (provider !== undefined && asked.providers[provider - 1]) return { ...why, ...place, provider }
  return stop !== undefined && level === 'event' && event.transportStops[stop - 1]
    ? { ...why, ...place, stop }
    : { ...why, ...place }
}

function viewRejections(rejections: readonly Rejection[]) {
  return rejections.map(({ reason, followUp }) => ({ valid: 'N', reason, followUp }))
}

/** Entries with the rejections of each; `part` says which entry a rejection concerns. */
function withRejections<T extends object>(
  entries: readonly T[],
  part: 'provider' | 'stop',
  rejections: readonly Rejection[],
) {
  return entries.map((entry, index) => ({
    ...entry,
    rejections: viewRejections(rejections.filter((rejection) => rejection[part] === index + 1)),
  }))
}

/** Those about an event or a line as such, not about a part of it. */
function ofTheWhole(rejections: readonly Rejection[]) {
  return viewRejections(
    rejections.filter(({ provider, stop }) => provider === undefined && stop === undefined),
  )
}

function viewAnsweredEvent(answer: Told, rejections: readonly Rejection[]) {
  const { event } = answer.request
  const { ambulance, homeHealth } = event
  const whole = lineOutcome(answer, 0)
  const seen = viewEvent(event)
  const about = rejections.filter(({ level }) => level === 'event')
  return {
    ...seen,
    providers: withRejections(seen.providers, 'provider', about),
    transportStops: withRejections(seen.transportStops, 'stop', about),
    homeHealth: homeHealth && {
      ...homeHealth,
      certificationDays: viewDays(homeHealth.certificationPeriod),
    },
    ambulance: ambulance && {
      ...ambulance,
      distanceUnit: ambulance.distance === undefined ? undefined : 'DH',
    },
    rejections: ofTheWhole(about),
    decision: viewDecision(answer),
    delivery: viewDelivery(whole),
    wanted: viewWanted(
      (answer.outcome.kind === 'decided' ? answer.outcome.informationWanted : undefined) ??
        whole?.informationWanted,
    ),
    lines: event.lines.map((line) =>
      viewAnsweredLine(
        answer,
        line,
        rejections.filter((rejection) => rejection.level === 'line' && rejection.line === line.number),
      ),
    ),
  }
}

/** As CR604 has them. */
function viewDays(period: DatePeriod | undefined): string | undefined {
  return period && `${period.from}-${period.until}`.replaceAll(/(\d{4})-(\d\d)-(\d\d)/g, '$1$2$3')
}

function viewDecision(answer: Told) {
  const { request, outcome } = answer
  if (outcome.kind === 'rejected') return undefined
  if (outcome.kind === 'acknowledged') return viewAcknowledgement(request.event, outcome.referenceNumber)
  const whole = lineOutcome(answer, 0)
  return {
    action: ACTION_CODES[outcome.action],
    authorizationNumber: outcome.authorizationNumber,
    reasonCode: outcome.reasonCode ?? whole?.reasonCode,
    secondOpinion: outcome.secondOpinion ?? whole?.secondOpinion,
    administrativeReference: outcome.administrativeReference,
    // Without an earlier number, the one now given: so the published answers have it.
    previousAuthorizationNumber: request.event.previousAuthorizationNumber ?? outcome.authorizationNumber,
    issuedOn: outcome.issuedOn,
    ...viewEffect(outcome.effective ?? whole?.certifiedPeriod),
    requestedOn: outcome.requestedOn,
    message: joined(outcome.message, whole?.message, whole?.pend?.text),
  }
}

function viewAcknowledgement({ previousAuthorizationNumber }: PatientEvent, referenceNumber: string) {
  return { administrativeReference: referenceNumber, previousAuthorizationNumber }
}

function lineOutcome({ outcome }: Told, line: number): LineOutcome | undefined {
  return outcome.kind === 'decided' ? outcome.lines.find((candidate) => candidate.line === line) : undefined
}

/** Words for people, one after the other, none of them twice. */
function joined(...texts: readonly (string | undefined)[]): string | undefined {
  const words = new Set(texts.filter((text) => text !== undefined))
  return words.size === 0 ? undefined : [...words].join(' ')
}

/** From its first day (007) to its last (036): the published answers have no other end. */
function viewEffect(period: DatePeriod | undefined) {
  return { effectiveFrom: period?.from, expiresOn: period?.until }
}

/** The actions with which something is certified, so that a claim can carry the number. */
const CERTIFYING = new Set(['certified', 'certified-partially', 'modified'])

function viewAnsweredLine(answer: Told, line: ServiceLine, rejections: readonly Rejection[]) {
  const seen = viewLine(line)
  const decided = lineOutcome(answer, line.number)
  return {
    ...seen,
    providers: withRejections(seen.providers, 'provider', rejections),
    rejections: ofTheWhole(rejections),
    decision: decided && viewLineDecision(answer, decided),
    delivery: viewDelivery(decided),
    wanted: viewWanted(decided?.informationWanted),
  }
}

function viewLineDecision({ outcome }: Told, decided: LineOutcome) {
  const ofAll = outcome.kind === 'decided' ? outcome.authorizationNumber : undefined
  return {
    action: ACTION_CODES[decided.action],
    authorizationNumber: decided.authorizationNumber ?? (CERTIFYING.has(decided.action) ? ofAll : undefined),
    reasonCode: decided.reasonCode,
    secondOpinion: decided.secondOpinion,
    issuedOn: decided.issuedOn,
    ...viewEffect(decided.certifiedPeriod),
    message: joined(decided.message, decided.pend?.text),
  }
}

/** How much is certified, where that is said, and how often: beside the service, which stays as asked for. */
function viewDelivery(outcome: LineOutcome | undefined) {
  const quantity = outcome?.certifiedQuantity
  return {
    countUnit: quantity && (DELIVERED_UNITS[quantity.unit] ?? quantity.unit),
    count: quantity?.value,
    ...outcome?.certifiedPattern,
  }
}

/** What the payer still wants, and from whom: a list, as the format has it. */
function viewWanted(wanted: InformationRequest | undefined) {
  const contact = wanted?.contact
  const name = contact?.name
  const whole = name?.kind === 'person' ? name.last : name?.name
  return (
    wanted && { documents: wanted.documents, contacts: contact && [{ ...contact, name: { ...name, whole } }] }
  )
}

function withOneName<P extends { readonly name?: Provider['name'] }>(provider: P) {
  const { name } = provider
  return name?.kind === 'organization' ? { ...provider, name: { last: name.name } } : provider
}
