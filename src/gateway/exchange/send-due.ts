import type { Authorization } from '../../core/authorization.ts'
import type { Inquiry } from '../../core/request.ts'
import type { Instant } from '../../kernel/time.ts'
import { utcTime } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import {
  type Message,
  type Outgoing,
  type PayersAnswer,
  type Prepared,
  type Reply,
  selectUpstream,
  takeDue,
} from '../connectors/index.ts'
import { type Payer, payerOf } from '../payers/index.ts'
import { isChange } from './change-at-payer.ts'
import { conclude } from './conclude.ts'
import type { ExchangeDeps } from './deps.ts'
import { numbersOf } from './forward.ts'

/** Messages that are worked off at once; each waits for its payer. */
const MOST_AT_ONCE = 8
/** How long one of them may take before another process takes it up, in ms. */
const LEASE_MS = 600_000

/**
 * Works the outbox off: sends again what has not arrived, and asks payers what became of what they have. Safe to call often, and
 * from several processes.
 *
 * @returns how many messages were looked at
 */
export async function sendDue(deps: ExchangeDeps): Promise<number> {
  let looked = 0
  for (let taken = MOST_AT_ONCE; taken === MOST_AT_ONCE; ) {
    const at = deps.clock.now()
    const due = await deps.database.transaction({ role: 'worker' }, (tx) =>
      takeDue(tx, at, (at + LEASE_MS) as Instant, MOST_AT_ONCE),
    )
    // One that fails is looked at again once its lease is over; it keeps nobody else's waiting.
    await Promise.all(due.map((outgoing) => work(deps, outgoing).catch((error) => deps.onFailure?.(error))))
    taken = due.length
    looked += taken
  }
  return looked
}

async function work(deps: ExchangeDeps, outgoing: Outgoing): Promise<void> {
  const { payer, sent, question } = await deps.database.transaction({ role: 'worker' }, (tx) =>
    whatToSend(deps, tx, outgoing),
  )
  const isKnown = outgoing.stage === 'ask' || outgoing.isUnsure
  const found = isKnown && question ? await ask(deps, payer, question, outgoing) : undefined
  const reply = found ?? (await deps.connectors.for(payer, outgoing.operation).send(sent))
  await deps.database.transaction({ role: 'worker' }, (tx) => conclude(deps, tx, outgoing.id, reply))
}

interface ToSend {
  readonly payer: Payer
  /** What was sent, byte for byte: a payer that has it knows it again. */
  readonly sent: Message
  /** What became of it; absent where nothing can be asked. */
  readonly question?: { readonly message: Message; readonly authorization: Authorization }
}

async function whatToSend(deps: ExchangeDeps, tx: Tx, outgoing: Outgoing): Promise<ToSend> {
  const at = deps.clock.now()
  const payer = await payerOf(tx, outgoing.payerId)
  const { caseId } = outgoing
  const authorization = caseId && (await deps.record.find(tx, caseId))
  if (!caseId || !authorization) throw new Error(`there is nothing that message ${outgoing.id} is about`)
  const exchange = (await deps.record.exchanges(tx, caseId)).find(({ id }) => id === outgoing.id)
  if (!exchange) throw new Error(`what message ${outgoing.id} says is gone`)
  const upstream = await selectUpstream(tx, payer.id)
  const sent: Message = {
    payer,
    operation: outgoing.operation,
    traceNumber: outgoing.traceNumber,
    body: exchange.body,
    format: 'x12',
    mostMs: upstream?.timeoutMs ?? 0,
  }
  const inquiry = inquiryAfter(authorization, outgoing, at)
  const prepared: Prepared = await deps.connectors
    .for(payer, outgoing.operation)
    .prepare(tx, payer, { operation: 'inquiry', request: inquiry }, at)
  return {
    payer,
    sent,
    ...(prepared.as === 'message' && { question: { message: prepared.message, authorization } }),
  }
}

/** By the payer's own number where it has given one; else by who and what it was, and when we sent it. */
function inquiryAfter(authorization: Authorization, outgoing: Outgoing, at: Instant): Inquiry {
  const { request } = authorization
  const {
    purpose: _,
    previousAuthorizationNumber: __,
    previousAdministrativeReference: ___,
    ...event
  } = request.event
  const hasPayersNumber = 'decided' in authorization
  return {
    ...request,
    event: { ...event, purpose: 'initial', ...(hasPayersNumber ? numbersOf(authorization) : {}) },
    filter: hasPayersNumber
      ? {}
      : { requestedOn: { from: utcTime(outgoing.createdAt).date, until: utcTime(at).date } },
  }
}

/** @returns what the payer says of it; undefined when it has no such request, so that it is to be sent again */
async function ask(
  deps: ExchangeDeps,
  payer: Payer,
  { message, authorization }: NonNullable<ToSend['question']>,
  outgoing: Outgoing,
): Promise<Reply | undefined> {
  const reply = await deps.connectors.for(payer, outgoing.operation).send(message)
  if (reply.as === 'failed') return { ...reply, reached: 'no' }
  // It reads no such question, or owes its answer: what is known of the request stays what it is.
  if (reply.as !== 'answered') return outgoing.stage === 'ask' ? { ...STILL_OPEN, raw: reply.raw } : undefined
  const { outcome } = reply.answer
  const isNothingNew = isChange(outgoing) && !(outgoing.purpose === 'cancel' && isCancelled(outcome))
  if (isNothingNew) return outgoing.stage === 'ask' ? { ...STILL_OPEN, raw: reply.raw } : undefined
  if (outcome.kind !== 'decided')
    return outgoing.stage === 'ask' ? { ...STILL_OPEN, raw: reply.raw } : undefined
  if ('decided' in authorization || (await isOurs(deps, authorization, outcome))) return reply
  return outgoing.stage === 'ask' ? { ...STILL_OPEN, raw: reply.raw } : undefined
}

/** Of what was asked of a case that was there, a payer's record tells one thing alone: that it was taken back. */
function isCancelled(outcome: PayersAnswer['outcome']): boolean {
  return outcome.kind === 'decided' && outcome.action === 'cancelled'
}

/** Nothing new. */
const STILL_OPEN = { as: 'failed', why: 'too-busy', reached: 'no' } as const

/** What was found by the member alone may be another request's: one that we know by the payer's number already. */
async function isOurs(
  deps: ExchangeDeps,
  { id, payerId }: Authorization,
  { administrativeReference }: { readonly administrativeReference: string },
): Promise<boolean> {
  const known = await deps.database.transaction({ role: 'worker' }, (tx) =>
    deps.record.findForInquiry(tx, { payerId, administrativeReference, limit: 2 }),
  )
  return known.every((one) => one.id === id)
}
