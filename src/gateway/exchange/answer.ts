import { effectivePeriod, standing } from '../../core/answered.ts'
import type { Authorization, ForwardedCase } from '../../core/authorization.ts'
import type { Rejection, ReviewAnswer } from '../../core/decision.ts'
import type { DeterminationAnswer } from '../../core/determination/index.ts'
import type { PatientEvent, ReviewRequest, ServiceLine, Trace } from '../../core/request.ts'
import { type Instant, utcTime } from '../../kernel/time.ts'
import { goesBy, type Payer } from '../payers/index.ts'
import { RETAINED } from './forwarded.ts'
import type { Determined, Question } from './question.ts'

/**
 * A case as an answer to whoever asks.
 *
 * @param asked the request that is answered now: the one that opened the case, or an inquiry's, whose correspondence
 *              the answer goes back along
 */
export function answerOf(
  authorization: Authorization,
  payer: Payer,
  asked: ReviewRequest,
  answeredAt: Instant,
): ReviewAnswer {
  const request = {
    ...authorization.request,
    correspondence: asked.correspondence,
    payer: asked.payer,
    event: tracedBy(authorization.request.event, asked.event),
  }
  const common = { request, payer: namedAs(payer, asked), answeredAt }
  if (authorization.state === 'rejected')
    return { ...common, outcome: { kind: 'rejected', rejections: authorization.rejections } }
  if (authorization.state === 'forwarding' || authorization.state === 'payer-unconfirmed')
    return { ...common, outcome: { kind: 'rejected', rejections: [RETAINED] } }
  if (authorization.state === 'payer-received') return { ...common, outcome: atThePayer(authorization) }
  if (!('decided' in authorization))
    throw new Error(`a case that is ${authorization.state} has no answer yet`)
  const { administrativeReference, receivedAt } = authorization
  const { action, lines, message, isCertified, issuedAt } = standing(authorization)
  const effective = effectivePeriod(request.event, lines)
  return {
    ...common,
    outcome: {
      kind: 'decided',
      action,
      lines,
      administrativeReference,
      requestedOn: utcTime(receivedAt).date,
      ...('authorizationNumber' in authorization
        ? { authorizationNumber: authorization.authorizationNumber }
        : {}),
      ...(issuedAt === undefined ? {} : { issuedOn: utcTime(issuedAt).date }),
      ...(isCertified && effective ? { effective } : {}),
      ...(message === undefined ? {} : { message }),
    },
  }
}

/**
 * The event with the numbers by which whoever asks now follows it, and without those of whoever asked before. A line has those
 * of the line that asks about the same.
 *
 * @see 005010X217 and 005010X215 loops 2000E and 2000F TRN
 */
function tracedBy(kept: PatientEvent, asked: PatientEvent): PatientEvent {
  const left = [...asked.lines]
  const lines = kept.lines.map((line) => {
    const at = left.findIndex((one) => asksAbout(one, line))
    const [same] = at < 0 ? [] : left.splice(at, 1)
    return withTraces(line, same?.traces)
  })
  return withTraces({ ...kept, lines }, asked.traces)
}

/** Whether a line that is asked about can be meant of this one: everything that it says of the service is the same. */
function asksAbout(asked: ServiceLine, kept: ServiceLine): boolean {
  const [said, known] = [codesOf(asked), codesOf(kept)]
  const given = said.flatMap((code, i) =>
    code === undefined ? [] : [code.toUpperCase() === known[i]?.toUpperCase()],
  )
  return given.length > 0 && given.every(Boolean)
}

function codesOf({ procedure, revenueCode, serviceType }: ServiceLine) {
  return [procedure?.code, revenueCode, serviceType] as const
}

function withTraces<T extends { readonly traces?: readonly Trace[] }>(
  { traces: _, ...rest }: T,
  traces: readonly Trace[] | undefined,
): Omit<T, 'traces'> & { readonly traces?: readonly Trace[] } {
  return traces === undefined ? rest : { ...rest, traces }
}

/** The payer has it, and has said nothing else: the one answer of our own that is a pend (X12 306 A4). */
function atThePayer({
  request,
  administrativeReference,
  receivedAt,
}: ForwardedCase): ReviewAnswer['outcome'] {
  const { lines } = request.event
  const numbers = lines.length === 0 ? [0] : lines.map(({ number }) => number)
  const pend = { waitingFor: 'payer', text: 'The payer has the request and has not decided yet.' } as const
  return {
    kind: 'decided',
    action: 'pended',
    lines: numbers.map((line) => ({ line, action: 'pended', grounds: [], pend })),
    administrativeReference,
    requestedOn: utcTime(receivedAt).date,
    message: pend.text,
  }
}

/** A payer's refusal to consider what was asked, when there is no case to tell of. */
export function refusalOf(
  asked: ReviewRequest,
  payer: Payer | undefined,
  rejection: Rejection,
  answeredAt: Instant,
): ReviewAnswer {
  return {
    request: asked,
    payer: payer ? namedAs(payer, asked) : unknownPayer(asked),
    answeredAt,
    outcome: { kind: 'rejected', rejections: [rejection] },
  }
}

/** X12 901 79 and 889 C: no payer goes by that id; correct it and ask again. */
const UNKNOWN_PAYER = { level: 'payer', reason: '79', followUp: 'C' } as const

/** What the rules say, as an answer to the request that asked it. */
export function determinationOf(
  { at, payer, lines, rejections }: Determined,
  asked: ReviewRequest,
  { globalPayerId, plan }: Pick<Question, 'globalPayerId' | 'plan'>,
): DeterminationAnswer {
  const common = {
    request: asked,
    payer: payer ? namedAs(payer, asked) : unknownPayer(asked),
    answeredAt: at,
    ...(globalPayerId !== undefined && { globalPayerId }),
    ...(plan !== undefined && { plan }),
  }
  if (!payer) return { ...common, outcome: { kind: 'rejected', rejections: [UNKNOWN_PAYER] } }
  if (rejections) return { ...common, outcome: { kind: 'rejected', rejections } }
  const { lineOfBusiness } = payer
  const standsIn = !goesBy(payer, asked.payer.id) && !(globalPayerId && goesBy(payer, globalPayerId))
  return { ...common, outcome: { kind: 'determined', lineOfBusiness, standsIn, lines } }
}

/** The payer goes by the id that the sender used: that is the one their system will look for. */
export function namedAs(payer: Payer, asked: Pick<ReviewRequest, 'payer'>): ReviewAnswer['payer'] {
  return {
    id: asked.payer.id,
    name: payer.name,
    ...(payer.contact ? { contact: payer.contact } : {}),
  }
}

function unknownPayer({ payer }: ReviewRequest): ReviewAnswer['payer'] {
  return { id: payer.id, name: payer.name ?? payer.id }
}
