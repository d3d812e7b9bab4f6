import { record } from '../../audit/index.ts'
import type { Authorization, ForwardedCase, PendedCase } from '../../core/authorization.ts'
import { dueAt } from '../../core/deadlines.ts'
import type { Decided, LineOutcome, Rejection, ReviewAnswer } from '../../core/decision.ts'
import { abandon, payerHas, relay, retryLater } from '../../core/lifecycle.ts'
import type { AuthorizationId, Id } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { lockMessage, type Outgoing, type Reply, selectUpstream, updateMessage } from '../connectors/index.ts'
import { payerOf } from '../payers/index.ts'
import { changeOf, isChange } from './change-at-payer.ts'
import { again, asked, type Conclusion, done, type Failed, type ReplyTo, waiting } from './conclusion.ts'
import type { ExchangeDeps } from './deps.ts'
import { givenUp, notReadThere, putOff } from './forwarded.ts'
import { giveWay } from './give-way.ts'
import { exchangeWithPayer, UPSTREAM } from './said.ts'

/**
 * Keeps what came of a message: the second of two transactions. What is concluded is not concluded again, so an answer that comes
 * twice, or after another has been found, changes nothing.
 *
 * @param tx as `worker`
 */
export async function conclude(
  deps: ExchangeDeps,
  tx: Tx,
  messageId: Id<'exchange'>,
  reply: Reply,
): Promise<Concluded> {
  const outgoing = await lockMessage(tx, messageId)
  if (!outgoing || outgoing.stage === 'done') return { isOpen: false }
  if (outgoing.caseId === undefined) return { isOpen: true }
  return concludeCase(deps, tx, outgoing, outgoing.caseId, reply)
}

/** What is left of a message once a reply was kept. */
export interface Concluded {
  /** The last word is still to come. */
  readonly isOpen: boolean
  /** Why it was not taken, where it was not. */
  readonly rejections?: readonly Rejection[]
}

async function concludeCase(
  deps: ExchangeDeps,
  tx: Tx,
  outgoing: Outgoing,
  caseId: AuthorizationId,
  reply: Reply,
): Promise<Concluded> {
  const at = deps.clock.now()
  const authorization = await deps.record.lock(tx, caseId)
  if (!authorization) throw new Error(`case ${caseId} is not there to be answered`)
  const upstream = await selectUpstream(tx, outgoing.payerId)
  const reading = { outgoing, upstream, at, exchangeId: outgoing.id }
  const raw =
    'raw' in reply && reply.raw
      ? [exchangeWithPayer(deps, 'inbound', { format: 'x12', body: reply.raw }, at)]
      : []
  const said = raw[0] ? { ...reading, exchangeId: raw[0].id } : reading
  const { moved, change, rejections } = isChange(outgoing)
    ? await changeOf(tx, authorization, reply, said)
    : isOpen(authorization)
      ? await outcomeOf(tx, authorization, reply, said)
      : { change: done(outgoing, at) }
  if (moved && moved.events.length > 0) await deps.record.decide(tx, moved.authorization, moved.events, raw)
  else if (raw.length > 0) await deps.record.say(tx, authorization, raw)
  await updateMessage(tx, outgoing.id, change)
  const now = moved?.authorization ?? authorization
  const earlier =
    outgoing.follows && 'decided' in now ? await deps.record.lock(tx, outgoing.follows) : undefined
  if (earlier) await giveWay(deps, tx, earlier, now)
  await noteConclusion(deps, tx, now, reply, at)
  return { isOpen: change.stage !== 'done', ...(rejections && { rejections }) }
}

type OpenCase = ForwardedCase | PendedCase

function isOpen(authorization: Authorization): authorization is OpenCase {
  switch (authorization.state) {
    case 'forwarding':
    case 'payer-unconfirmed':
    case 'payer-received':
    case 'pended':
      return true
    default:
      return false
  }
}

async function outcomeOf(tx: Tx, authorization: OpenCase, reply: Reply, to: ReplyTo): Promise<Conclusion> {
  const { outgoing, upstream, at } = to
  switch (reply.as) {
    case 'taken':
      return taken(authorization, reply.by, to)
    case 'refused':
      return refused(authorization, [notReadThere(upstream?.answersAs)], 'payer', to)
    case 'determined':
      return failed(authorization, UNREADABLE, to)
    case 'failed':
      return failed(authorization, reply, to)
    case 'answered': {
      const { outcome } = reply.answer
      if (outcome.kind === 'acknowledged') return failed(authorization, UNREADABLE, to)
      if (outcome.kind === 'rejected') return rejected(authorization, outcome.rejections, to)
      const decided = decidedBy(outcome, authorization, to.exchangeId)
      if (authorization.state === 'pended' && saysTheSame(authorization, decided))
        return { change: asked(outgoing, at) }
      const { lineOfBusiness } = await payerOf(tx, authorization.payerId)
      const { administrativeReference, authorizationNumber = administrativeReference } = outcome
      const moved = relay(
        authorization,
        decided,
        {
          administrativeReference,
          authorizationNumber,
          dueAt: dueAt(authorization.receivedAt, lineOfBusiness, authorization.request.event.urgency),
        },
        at,
      )
      const isOver = moved.authorization.state !== 'pended'
      return { moved, change: isOver ? done(outgoing, at) : waiting(at) }
    }
  }
}

const UNREADABLE = { as: 'failed', why: 'unreadable', reached: 'perhaps' } as const

function rejected(authorization: OpenCase, rejections: readonly Rejection[], to: ReplyTo): Conclusion {
  switch (putOff(rejections)) {
    case 'held-there':
      return taken(authorization, 'answer', to)
    case 'ask-again':
      return failed(authorization, { as: 'failed', why: 'too-busy', reached: 'no' }, to)
    default:
      return refused(authorization, rejections, 'payer', to)
  }
}

function taken(authorization: OpenCase, by: string, { outgoing, at }: ReplyTo): Conclusion {
  if (authorization.state === 'pended') return { change: asked(outgoing, at) }
  const change = outgoing.stage === 'ask' ? asked(outgoing, at) : waiting(at)
  return { moved: payerHas(authorization, by, at), change }
}

/** A case that the payer has taken on is not refused any more: what is refused is a question of ours. */
function refused(
  authorization: OpenCase,
  rejections: readonly Rejection[],
  by: 'payer' | 'us',
  { outgoing, at }: ReplyTo,
): Conclusion {
  if (authorization.state === 'pended') return { change: asked(outgoing, at) }
  return { moved: abandon(authorization, rejections, by, at), change: done(outgoing, at), rejections }
}

function failed(authorization: OpenCase, reply: Omit<Failed, 'raw'>, to: ReplyTo): Conclusion {
  const { outgoing, upstream, at } = to
  const { why } = reply
  if (outgoing.stage === 'ask') return { change: { ...asked(outgoing, at), lastFailure: why } }
  const change = again(to, reply)
  if (!change) return refused(authorization, [givenUp(upstream?.answersAs)], 'us', to)
  const { isUnsure, dueAt: nextAt } = change
  return { moved: retryLater(authorization, { isUnsure, why, nextAt }, at), change }
}

type DecidedOutcome = Extract<ReviewAnswer['outcome'], { kind: 'decided' }>

/**
 * What the payer decided, by the numbers of our lines: they were sent in their order. A line that it says nothing of goes as
 * the event goes; lines that nobody asked for are left out.
 */
function decidedBy(
  { action, lines, message, informationWanted }: DecidedOutcome,
  { request }: Authorization,
  exchangeId: string,
): Extract<Decided, { by: 'upstream' }> {
  const asked = request.event.lines.length === 0 ? [{ number: 0 }] : request.event.lines
  const outcomes = asked.map(({ number }, i): LineOutcome => {
    const told = lines.find(({ line }) => line === (number === 0 ? 0 : i + 1))
    const outcome = told ?? { action, grounds: [] }
    return {
      ...(message !== undefined && number === 0 ? { message } : {}),
      ...(informationWanted !== undefined && number === 0 ? { informationWanted } : {}),
      ...outcome,
      line: number,
      ...(outcome.action === 'pended' ? { pend: WAITS_FOR_PAYER } : {}),
    }
  })
  return { by: 'upstream', action, lines: outcomes, exchangeId }
}

const WAITS_FOR_PAYER = {
  waitingFor: 'payer',
  text: 'The payer has the request and has not decided yet.',
} as const

/** Whether a case that waits would wait just as before. */
function saysTheSame({ decided }: PendedCase, { action, lines }: Decided): boolean {
  const spelled = (outcomes: readonly LineOutcome[]) =>
    JSON.stringify(outcomes.map(({ line, action: each, message }) => [line, each, message]))
  return decided.action === action && spelled(decided.lines) === spelled(lines)
}

function noteConclusion(
  { random }: ExchangeDeps,
  tx: Tx,
  { id, receivedFrom: organizationId, state }: Authorization,
  reply: Reply,
  at: Instant,
): Promise<void> {
  const detail = { state, reply: reply.as, ...('why' in reply && { why: reply.why }) }
  const act = 'authorization.relay'
  return record(tx, { at, actor: UPSTREAM, act, on: id, organizationId, outcome: 'done', detail }, random)
}
