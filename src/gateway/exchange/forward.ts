import type { Exchange } from '../../cases/record/index.ts'
import type { Authorization, Moved, ReceivedCase } from '../../core/authorization.ts'
import { forward } from '../../core/lifecycle.ts'
import { administrativeReference, NUMBER_BYTES } from '../../core/reference-number.ts'
import type { ReviewRequest } from '../../core/request.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { insertMessage, type Message, type NewOutgoing } from '../connectors/index.ts'
import type { Onward } from '../idempotency/index.ts'
import { answerOf } from './answer.ts'
import { type Concluded, conclude } from './conclude.ts'
import type { ExchangeDeps } from './deps.ts'
import type { Answered, Submission } from './model.ts'
import { exchangeWithPayer, note, type Opening, saidBothWays } from './said.ts'

type Spell = (answered: Answered) => Uint8Array

/** What is asked of the payer, in so far as it differs from what was asked of us: the case that it goes on from, by its number. */
export function askedOfPayer(request: ReviewRequest, follows: Authorization | undefined): ReviewRequest {
  const { event } = request
  if ((!follows || event.previousAuthorizationNumber) ?? event.previousAdministrativeReference) return request
  return { ...request, event: { ...event, ...numbersOf(follows) } }
}

/** The numbers that a payer knows a case by. */
export function numbersOf(authorization: Authorization) {
  return {
    ...('authorizationNumber' in authorization && authorization.authorizationNumber !== undefined
      ? { previousAuthorizationNumber: authorization.authorizationNumber }
      : {}),
    ...('administrativeReference' in authorization
      ? { previousAdministrativeReference: authorization.administrativeReference }
      : {}),
  }
}

/**
 * Keeps a case that its payer decides, with what is to be sent, and says what comes after: the first of two transactions.
 *
 * @returns what there is to say meanwhile, and `onward`
 */
export async function forwardCase(
  deps: ExchangeDeps,
  tx: Tx,
  opening: Opening,
  received: Moved<ReceivedCase>,
  message: Message,
  spell: Spell,
): Promise<Answered> {
  const { submission, payer, at, follows } = opening
  const { request } = submission
  const delivery = { trace: message.traceNumber, purpose: request.event.purpose }
  const reference = administrativeReference(deps.random(NUMBER_BYTES))
  const sent = forward(received.authorization, delivery, { administrativeReference: reference }, at)
  const moved: Moved = { authorization: sent.authorization, events: [...received.events, ...sent.events] }
  const outgoing = exchangeWithPayer(deps, 'outbound', message, at)
  const { id } = moved.authorization
  await deps.record.save(tx, moved.authorization, moved.events, [cameIn(deps, submission, at), outgoing])
  await insertMessage(tx, {
    ...outgoingOf(outgoing.id, message, moved.authorization, at),
    caseId: id,
    purpose: request.event.purpose,
    ...(follows && { follows: follows.id }),
  })
  await note(deps, tx, submission, at, moved.authorization)
  return {
    answer: answerOf(moved.authorization, payer, request, at),
    authorizationId: id,
    payer,
    isNew: true,
    told: moved,
    onward: onwardOf(deps, opening, message, outgoing.id, id, spell),
  }
}

/** What is left to do: the payer is asked, what it says is put on the case, and its sender is told. */
function onwardOf(
  deps: ExchangeDeps,
  { submission, payer }: Opening,
  message: Message,
  messageId: Id<'exchange'>,
  id: Authorization['id'],
  spell: Spell,
): Onward<Answered> {
  return {
    tellsOf: id,
    mostMs: message.mostMs,
    ask: async () => {
      await sendAndConclude(deps, message, messageId)
    },
    tell: async (tx) => {
      const authorization = await deps.record.find(tx, id)
      if (!authorization) throw new Error(`case ${id} is gone`)
      const at = deps.clock.now()
      const told: Moved = { authorization, events: await deps.record.events(tx, id) }
      const answered: Answered = {
        answer: answerOf(authorization, payer, submission.request, at),
        authorizationId: id,
        payer,
        isNew: true,
        told,
        ...(isOnItsWay(authorization) && { standsAs: id }),
      }
      const [, answer] = saidBothWays(deps, submission, at, spell(answered))
      if (answer) await deps.record.say(tx, authorization, [answer])
      return answered
    },
  }
}

/**
 * Sends a message once and keeps what came of it. What fails here is found by whoever works the outbox off.
 *
 * @returns undefined when it failed in this house
 */
export async function sendAndConclude(
  deps: ExchangeDeps,
  message: Message,
  messageId: Id<'exchange'>,
): Promise<Concluded | undefined> {
  try {
    const reply = await deps.connectors.for(message.payer, message.operation).send(message)
    return await deps.database.transaction({ role: 'worker' }, (tx) => conclude(deps, tx, messageId, reply))
  } catch (error) {
    deps.onFailure?.(error)
    return undefined
  }
}

/** Nobody knows yet what the payer makes of it. */
export function isOnItsWay({ state }: Authorization): boolean {
  return state === 'forwarding' || state === 'payer-unconfirmed'
}

export function cameIn(deps: ExchangeDeps, submission: Submission, at: Instant): Exchange {
  const [came] = saidBothWays(deps, submission, at, new Uint8Array())
  if (!came) throw new Error('what came in is always kept')
  return came
}

export function outgoingOf(
  id: Id<'exchange'>,
  { payer, operation, traceNumber, mostMs }: Message,
  { receivedFrom }: Pick<Authorization, 'receivedFrom'>,
  at: Instant,
): Omit<NewOutgoing, 'caseId' | 'admissionId' | 'purpose'> {
  if (operation !== 'submission' && operation !== 'notice')
    throw new Error(`nothing is kept of what is asked by ${operation}`)
  return {
    id,
    payerId: payer.id,
    receivedFrom,
    operation,
    traceNumber,
    createdAt: at,
    // Until then it is ours; should this process end, another finds it.
    dueAt: (at + mostMs + SPARE_MS) as Instant,
  }
}

/** For the transactions around a call. */
const SPARE_MS = 15_000
