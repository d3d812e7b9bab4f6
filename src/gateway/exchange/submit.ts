import type { Authorization, Moved } from '../../core/authorization.ts'
import { dueAt } from '../../core/deadlines.ts'
import { receive, reject, settle } from '../../core/lifecycle.ts'
import { administrativeReference, authorizationNumber, NUMBER_BYTES } from '../../core/reference-number.ts'
import { mintId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Prepared } from '../connectors/index.ts'
import { findPayer, type Payer } from '../payers/index.ts'
import type { Forced } from '../simulator/index.ts'
import { answerOf, refusalOf } from './answer.ts'
import type { ExchangeDeps } from './deps.ts'
import { askedOfPayer, forwardCase, isOnItsWay } from './forward.ts'
import { givenUp } from './forwarded.ts'
import { giveWay } from './give-way.ts'
import type { Answered, Submission } from './model.ts'
import { actorOf, note, type Opening, saidBothWays } from './said.ts'
import { businessTime, forcedFor, scheduleAfterwards, simulate } from './simulate.ts'

/** X12 901 79: no payer here goes by that id; 889 C: correct it and send again. */
export const UNKNOWN_PAYER = { level: 'payer', reason: '79', followUp: 'C' } as const

/**
 * Takes a request, has it decided, and keeps it: the case, its events, what was said both ways and the audit entry are
 * written in the caller's transaction, or not at all.
 *
 * @param spell the answer as it will be sent, byte for byte; kept with the case
 */
export async function submit(
  deps: ExchangeDeps,
  tx: Tx,
  submission: Submission,
  spell: (answered: Answered) => Uint8Array,
): Promise<Answered> {
  const at = deps.clock.now()
  const { request } = submission
  const payer = await findPayer(tx, request.payer.id)
  if (!payer) {
    await note(deps, tx, submission, at)
    return { answer: refusalOf(request, undefined, UNKNOWN_PAYER, at) }
  }
  const known = submission.known && (await deps.record.find(tx, submission.known))
  // One that was given up is to be sent again, and is another case then.
  if (known && !isGivenUp(known)) return tellKnown(deps, tx, { submission, payer, at }, known)
  return openCase(deps, tx, { submission, payer, at }, spell)
}

/** Its sender was told to send it again. */
export function isGivenUp(authorization: Authorization): boolean {
  return (
    authorization.state === 'rejected' &&
    authorization.rejections.some(({ followUp }) => followUp === 'P' || followUp === 'R')
  )
}

/** The same request again, whose answer was not the last word: how its case stands now. */
async function tellKnown(
  deps: ExchangeDeps,
  tx: Tx,
  { submission, payer, at }: Opening,
  known: Authorization,
): Promise<Answered> {
  await note(deps, tx, submission, at, known)
  return {
    answer: answerOf(known, payer, submission.request, at),
    authorizationId: known.id,
    payer,
    told: { authorization: known, events: await deps.record.events(tx, known.id) },
    ...(isOnItsWay(known) && { standsAs: known.id }),
  }
}

/** Opens a case, has it decided, and keeps it; where it is certified and takes the place of another, that one too. */
export async function openCase(
  deps: ExchangeDeps,
  tx: Tx,
  opening: Opening,
  spell: (answered: Answered) => Uint8Array,
): Promise<Answered> {
  const { submission, payer, at, follows } = opening
  const { request } = submission
  const received = receive({
    id: mintId('authorization', at, deps.random),
    payerId: payer.id,
    receivedFrom: submission.caller.organizationId,
    door: submission.door,
    receivedAt: at,
    request,
    actor: actorOf(submission),
    ...(follows ? { follows: follows.id } : {}),
  })
  const forced = forcedFor(deps, submission)
  // What is forced is forced for each request, an open case for the same care notwithstanding; and what goes on from a case was
  // compared with what else does.
  const earlier =
    submission.insists || forced || follows
      ? undefined
      : await deps.record.findOpenDuplicate(tx, received.authorization)
  const known = earlier && (await deps.record.find(tx, earlier.id))
  if (known) {
    await note(deps, tx, submission, at, known)
    return {
      answer: answerOf(known, payer, request, at),
      authorizationId: known.id,
      payer,
      isDuplicate: true,
      told: { authorization: known, events: await deps.record.events(tx, known.id) },
    }
  }
  const task = { operation: 'submission', request: askedOfPayer(request, follows) } as const
  const prepared = forced
    ? undefined
    : await deps.connectors.for(payer, 'submission').prepare(tx, payer, task, at)
  if (prepared?.as === 'message') return forwardCase(deps, tx, opening, received, prepared.message, spell)
  const settled = await decide(deps, tx, received, payer, at, forced ?? prepared)
  const answered: Answered = {
    answer: answerOf(settled.authorization, payer, request, at),
    authorizationId: settled.authorization.id,
    payer,
    isNew: true,
    told: settled,
  }
  await deps.record.save(
    tx,
    settled.authorization,
    settled.events,
    saidBothWays(deps, submission, at, spell(answered)),
  )
  if (forced && settled.authorization.state === 'pended')
    await scheduleAfterwards(deps, tx, forced, settled.authorization, at)
  if (follows) await giveWay(deps, tx, follows, settled.authorization)
  await note(deps, tx, submission, at, settled.authorization)
  return answered
}

async function decide(
  deps: ExchangeDeps,
  tx: Tx,
  received: ReturnType<typeof receive>,
  payer: Payer,
  at: Instant,
  how: Forced | Exclude<Prepared, { as: 'message' }> | undefined,
): Promise<Moved> {
  const { authorization, events } = received
  const terms = {
    administrativeReference: administrativeReference(deps.random(NUMBER_BYTES)),
    authorizationNumber: authorizationNumber(deps.random(NUMBER_BYTES)),
    // Timers run by the business clock, which a sandbox's company may have moved on.
    dueAt: dueAt(await businessTime(deps, tx, at), payer.lineOfBusiness, authorization.request.event.urgency),
  }
  if (how && 'kind' in how) return simulate(received, how, at, terms)
  if (how?.as === 'outage') return unanswerable(received, at)
  if (how?.as !== 'decided') throw new Error('a submission is decided, or sent to who decides it')
  const settled = settle(authorization, how.decided, at, terms)
  return { authorization: settled.authorization, events: [...events, ...settled.events] }
}

/** Nobody can be asked: the request is on record, and was not considered. */
function unanswerable({ authorization, events }: ReturnType<typeof receive>, at: Instant): Moved {
  const rejected = reject(authorization, [givenUp(undefined)], at)
  return { authorization: rejected.authorization, events: [...events, ...rejected.events] }
}
