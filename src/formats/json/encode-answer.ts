import type { LineOutcome, Rejection, ReviewAnswer } from '../../core/decision.ts'
import type { Provider, Quantity, ServiceLine } from '../../core/request.ts'
import type { DatePeriod } from '../../kernel/time.ts'
import { INQUIRY_ANSWER } from './tables/inquiry-answer.ts'
import { SUBMISSION_ANSWER } from './tables/submission-answer.ts'
import { viewEvent, viewLine, viewMember, viewPeriod, viewRequester } from './view.ts'
import { ACTION_CODES, DELIVERED_UNITS } from './words.ts'
import { type WireObject, writeObject } from './write.ts'

/**
 * Writes the answer to a submission: `SubmissionResponseJson`, the `json` of its envelope. Never throws.
 *
 * @see reference section 2.3; 2.1 for what is written where there is nothing to say
 */
export function encodeSubmissionAnswer(answer: ReviewAnswer): WireObject {
  const view = viewAnswer(answer)
  const event = view.event && {
    ...view.event,
    providers: view.event.providers.map(withOneName),
    lines: view.event.lines.map((line) => ({ ...line, providers: line.providers.map(withOneName) })),
  }
  // A request without a dependent is answered with an empty one, as the published samples are.
  const dependent = view.dependent ?? (view.subscriber && {})
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

/** How far down an answer reaches: like a 278, a rejection is the last level that is answered. */
const DEPTH: Readonly<Record<Rejection['level'], number>> = {
  system: 0,
  payer: 0,
  requester: 1,
  subscriber: 2,
  dependent: 3,
  event: 4,
  line: 4,
}

function viewAnswer(answer: ReviewAnswer) {
  const { request, payer, outcome } = answer
  const rejections = outcome.kind === 'rejected' ? outcome.rejections : []
  const depth = outcome.kind === 'decided' ? 4 : Math.max(0, ...rejections.map(({ level }) => DEPTH[level]))
  const at = (level: Rejection['level']) => viewRejections(rejections.filter((r) => r.level === level))
  const { dependent } = request
  return {
    transactionIdentifier: request.correspondence.transactionIdentifier,
    // The answer goes back to who sent the request, and the JSON shows whom it is addressed to (GS03).
    receiverId: request.correspondence.senderId,
    payer: { id: payer.id, name: payer.name },
    contact: payer.contact,
    systemRejections: at('system'),
    payerRejections: at('payer'),
    requester: depth < 1 ? undefined : { ...viewRequester(request.requester), rejections: at('requester') },
    subscriber: depth < 2 ? undefined : { ...viewMember(request.subscriber), rejections: at('subscriber') },
    dependent:
      depth < 2 || (dependent === undefined && at('dependent').length === 0)
        ? undefined
        : { ...(dependent && viewMember(dependent)), rejections: at('dependent') },
    event: depth < 4 ? undefined : viewAnsweredEvent(answer, rejections),
  }
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
    // Seen from an inquiry, the number that was given is a number given before.
    previousAuthorizationNumber: request.event.previousAuthorizationNumber ?? outcome.authorizationNumber,
    issuedOn: outcome.issuedOn,
    ...viewEffect(outcome.effective ?? whole?.certifiedPeriod),
    requestedOn: outcome.requestedOn,
    message: outcome.message ?? messageOf(whole),
  }
}

function lineOutcome({ outcome }: ReviewAnswer, line: number): LineOutcome | undefined {
  return outcome.kind === 'decided' ? outcome.lines.find((candidate) => candidate.line === line) : undefined
}

function messageOf(outcome: LineOutcome | undefined): string | undefined {
  return outcome?.message ?? outcome?.pend?.text
}

function viewEffect(period: DatePeriod | undefined) {
  return { effective: viewPeriod(period), expiresOn: period?.until }
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
      message: messageOf(decided),
    },
    delivery: viewDelivery(decided.certifiedQuantity),
  }
}

/** How much is certified, where that is said: beside the service, which stays as asked for. */
function viewDelivery(quantity: Quantity | undefined) {
  return quantity && { qualifier: DELIVERED_UNITS[quantity.unit] ?? 'FL', count: quantity.value }
}

function withOneName<P extends { readonly name?: Provider['name'] }>(provider: P) {
  const { name } = provider
  return name?.kind === 'organization' ? { ...provider, name: { last: name.name } } : provider
}
