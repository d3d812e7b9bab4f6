/** What is asked of a case that its payer decided: taken back, or looked at again. The case moves when the payer says so. */
import type { AppealKind, Authorization, Moved } from '../../core/authorization.ts'
import { appealDueAt } from '../../core/deadlines.ts'
import type { Rejection } from '../../core/decision.ts'
import {
  type Appealable,
  appeal,
  askedOn,
  type Cancellable,
  cancel,
  payerRefuses,
  possibleFollowUps,
  retryLater,
} from '../../core/lifecycle.ts'
import type { Purpose } from '../../core/request.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Outgoing, Reply } from '../connectors/index.ts'
import { payerOf } from '../payers/index.ts'
import { again, asked, type Conclusion, done, type Failed, type ReplyTo, waiting } from './conclusion.ts'
import { givenUp, notReadThere, putOff } from './forwarded.ts'
import { UPSTREAM } from './said.ts'

/** Each with the kind of appeal that it is; a cancellation is none. */
const CHANGES: Readonly<Partial<Record<Purpose, AppealKind | 'cancel'>>> = {
  cancel: 'cancel',
  'appeal-immediate': 'immediate',
  'appeal-standard': 'standard',
  reconsideration: 'reconsideration',
}

/** Whether a message is about a case that was there before it. */
export function isChange({ purpose }: Pick<Outgoing, 'purpose'>): boolean {
  return CHANGES[purpose] !== undefined
}

/** What a payer's reply makes of a case that it was asked to change. */
export async function changeOf(
  tx: Tx,
  authorization: Authorization,
  reply: Reply,
  to: ReplyTo,
): Promise<Conclusion> {
  const { outgoing, at } = to
  const { traceNumber: trace, purpose, attempts, stage } = outgoing
  const isFirst = attempts === 0 && stage === 'send'
  const begun: Moved = isFirst
    ? askedOn(authorization, { trace, purpose }, at)
    : { authorization, events: [] }
  const { moved, ...conclusion } = await afterReply(tx, begun.authorization, reply, to)
  return {
    ...conclusion,
    moved: moved ? { authorization: moved.authorization, events: [...begun.events, ...moved.events] } : begun,
  }
}

async function afterReply(
  tx: Tx,
  authorization: Authorization,
  reply: Reply,
  to: ReplyTo,
): Promise<Conclusion> {
  const { outgoing, upstream, at } = to
  switch (reply.as) {
    case 'taken':
      return { change: outgoing.stage === 'ask' ? asked(outgoing, at) : waiting(at) }
    case 'refused':
      return refused(authorization, [notReadThere(upstream?.answersAs)], to)
    case 'determined':
      return failed(authorization, UNREADABLE, to)
    case 'failed':
      return failed(authorization, reply, to)
    case 'answered': {
      const { outcome } = reply.answer
      if (outcome.kind === 'acknowledged') return failed(authorization, UNREADABLE, to)
      if (outcome.kind === 'decided') {
        const moved = await payersMove(tx, authorization, outcome.action, to)
        return moved ? { moved, change: done(outgoing, at) } : refused(authorization, [NOT_DONE], to)
      }
      const isLater = putOff(outcome.rejections)
      if (isLater === 'held-there') return { change: waiting(at) }
      if (isLater === 'ask-again')
        return failed(authorization, { as: 'failed', why: 'too-busy', reached: 'no' }, to)
      return refused(authorization, outcome.rejections, to)
    }
  }
}

const UNREADABLE = { as: 'failed', why: 'unreadable', reached: 'perhaps' } as const

/** The payer answered, and did something else than what was asked. X12 901 33 (input errors), 889 N. */
const NOT_DONE: Rejection = { level: 'event', reason: '33', followUp: 'N' }

/** The case as the payer has made it; undefined when it did not do what was asked, or the case has moved on. */
async function payersMove(
  tx: Tx,
  authorization: Authorization,
  action: string,
  { outgoing, at }: ReplyTo,
): Promise<Moved | undefined> {
  if (!(possibleFollowUps(authorization, at) as readonly Purpose[]).includes(outgoing.purpose))
    return undefined
  const kind = CHANGES[outgoing.purpose]
  if (kind === 'cancel' || kind === undefined)
    return action === 'cancelled' ? cancel(authorization as Cancellable, UPSTREAM, at) : undefined
  const { lineOfBusiness } = await payerOf(tx, authorization.payerId)
  const dueAt = appealDueAt(at, lineOfBusiness, kind, authorization.request.event.urgency)
  return appeal(authorization as Appealable, { kind, receivedAt: outgoing.createdAt, dueAt }, UPSTREAM)
}

function refused(
  authorization: Authorization,
  rejections: readonly Rejection[],
  { outgoing, at }: ReplyTo,
): Conclusion {
  const moved = payerRefuses(authorization, outgoing.purpose, rejections, at)
  return { moved, change: done(outgoing, at), rejections }
}

function failed(authorization: Authorization, reply: Omit<Failed, 'raw'>, to: ReplyTo): Conclusion {
  const { outgoing, upstream, at } = to
  const { why } = reply
  if (outgoing.stage === 'ask') return { change: { ...asked(outgoing, at), lastFailure: why } }
  const change = again(to, reply)
  if (!change) return refused(authorization, [givenUp(upstream?.answersAs)], to)
  // Of a case that was there before, the events alone tell.
  const later = { isUnsure: false, why, nextAt: change.dueAt }
  return { moved: retryLater(authorization, later, at), change }
}
