import type { LineOutcome, Rejection, ReviewAnswer } from '../../core/decision.ts'
import type { Provider, Quantity, ReviewRequest, ServiceLine } from '../../core/request.ts'
import type { DatePeriod } from '../../kernel/time.ts'
import { INQUIRY_ANSWER } from './tables/inquiry-answer.ts'
import { SUBMISSION_ANSWER } from './tables/submission-answer.ts'
import { viewEvent, viewLine, viewMember, viewRequester } from './view.ts'
import { ACTION_CODES, DELIVERED_UNITS } from './words.ts'
import { type WireObject, writeObject } from './write.ts'

/**
 * Writes the answer to a submission: `SubmissionResponseJson`, the `json` of its envelope. Never throws.
 *
 * @see reference section 2.3; 2.1 for what is written where there is nothing to say
 */
export function encodeSubmissionAnswer(answer: ReviewAnswer): WireObject {
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
export function viewAnswer(answer: ReviewAnswer) {
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
    subscriber: { ...viewMember(request.subscriber), rejections: at('subscriber') },
    dependent: request.dependent && { ...viewMember(request.dependent), rejections: at('dependent') },
    event: viewAnsweredEvent(answer, rejections),
  }
}

/** A rejection of a dependent or a line that the request does not have belongs to what stands above it. */
function placed(rejection: Rejection, { dependent, event }: ReviewRequest): Rejection {
  const { level, line } = rejection
  if (level === 'dependent' && dependent === undefined) return { ...rejection, level: 'subscriber' }
  if (level === 'line' && !event.lines.some(({ number }) => number === line)) {
    return { ...rejection, level: 'event' }
  }
  return rejection
}

function viewRejections(rejections: readonly Rejection[]) {
  return rejections.map(({ reason, followUp }) => ({ valid: 'N', reason, followUp }))
}

function viewAnsweredEvent(answer: ReviewAnswer, rejections: readonly Rejection[]) {
  const { event } = answer.request
  const { ambulance } = event
  const whole = lineOutcome(answer, 0)
  return {
    ...viewEvent(event),
    ambulance: ambulance && {
      ...ambulance,
      distanceUnit: ambulance.distance === undefined ? undefined : 'DH',
    },
    rejections: viewRejections(rejections.filter(({ level }) => level === 'event')),
    decision: viewDecision(answer),
    delivery: viewDelivery(whole?.certifiedQuantity),
    lines: event.lines.map((line) => ({
      ...viewAnsweredLine(answer, line),
      rejections: viewRejections(
        rejections.filter((rejection) => rejection.level === 'line' && rejection.line === line.number),
      ),
    })),
  }
}

function viewDecision(answer: ReviewAnswer) {
  const { request, outcome } = answer
  if (outcome.kind === 'rejected') return undefined
  const whole = lineOutcome(answer, 0)
  return {
    action: ACTION_CODES[outcome.action],
    authorizationNumber: outcome.authorizationNumber,
    administrativeReference: outcome.administrativeReference,
    // Without an earlier number, the one now given: so the published answers have it.
    previousAuthorizationNumber: request.event.previousAuthorizationNumber ?? outcome.authorizationNumber,
    issuedOn: outcome.issuedOn,
    ...viewEffect(outcome.effective ?? whole?.certifiedPeriod),
    requestedOn: outcome.requestedOn,
    message: joined(outcome.message, whole?.message, whole?.pend?.text),
  }
}

function lineOutcome({ outcome }: ReviewAnswer, line: number): LineOutcome | undefined {
  return outcome.kind === 'decided' ? outcome.lines.find((candidate) => candidate.line === line) : undefined
}

/** Words for people, one after the other. */
function joined(...texts: readonly (string | undefined)[]): string | undefined {
  const words = texts.filter((text) => text !== undefined)
  return words.length === 0 ? undefined : words.join(' ')
}

/** From its first day (007) to its last (036): the published answers have no other end. */
function viewEffect(period: DatePeriod | undefined) {
  return { effectiveFrom: period?.from, expiresOn: period?.until }
}

/** The actions with which something is certified, so that a claim can carry the number. */
const CERTIFYING = new Set(['certified', 'certified-partially', 'modified'])

function viewAnsweredLine(answer: ReviewAnswer, line: ServiceLine) {
  const { outcome } = answer
  const decided = lineOutcome(answer, line.number)
  if (outcome.kind === 'rejected' || decided === undefined) return { ...viewLine(line) }
  return {
    ...viewLine(line),
    decision: {
      action: ACTION_CODES[decided.action],
      authorizationNumber: CERTIFYING.has(decided.action) ? outcome.authorizationNumber : undefined,
      ...viewEffect(decided.certifiedPeriod),
      message: joined(decided.message, decided.pend?.text),
    },
    delivery: viewDelivery(decided.certifiedQuantity),
  }
}

/** How much is certified, where that is said: beside the service, which stays as asked for. */
function viewDelivery(quantity: Quantity | undefined) {
  return quantity && { qualifier: DELIVERED_UNITS[quantity.unit] ?? quantity.unit, count: quantity.value }
}

function withOneName<P extends { readonly name?: Provider['name'] }>(provider: P) {
  const { name } = provider
  return name?.kind === 'organization' ? { ...provider, name: { last: name.name } } : provider
}
