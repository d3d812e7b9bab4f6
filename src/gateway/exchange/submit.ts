import { record } from '../../audit/index.ts'
import type { Exchange } from '../../cases/record/index.ts'
import type { Authorization, Moved } from '../../core/authorization.ts'
import { dueAt } from '../../core/deadlines.ts'
import { type FollowUp, followUpOf, receive, settle } from '../../core/lifecycle.ts'
import { administrativeReference, authorizationNumber, NUMBER_BYTES } from '../../core/reference-number.ts'
import type { Actor } from '../../kernel/actor.ts'
import { mintId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { findPayer, type Payer } from '../payers/index.ts'
import type { Forced } from '../simulator/index.ts'
import { answerOf, refusalOf } from './answer.ts'
import type { ExchangeDeps } from './deps.ts'
import { giveWay } from './give-way.ts'
import type { Answered, RefusedFollowUp, Submission } from './model.ts'
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
  return openCase(deps, tx, { submission, payer, at }, spell)
}

/** A request whose payer is known. */
export interface Opening {
  readonly submission: Submission
  readonly payer: Payer
  readonly at: Instant
  /** The case that the new one goes on from. It is locked. */
  readonly follows?: Authorization
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
  const settled = await decide(deps, tx, received, payer, at, forced)
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

/** What was asked and what was answered, as kept with a case. */
export function saidBothWays(
  deps: Pick<ExchangeDeps, 'random'>,
  { format, raw, notes }: Submission,
  at: Instant,
  answer: Uint8Array,
): readonly Exchange[] {
  const said = (direction: Exchange['direction'], body: Uint8Array, noted: Exchange['notes']): Exchange => ({
    id: mintId('exchange', at, deps.random),
    direction,
    format,
    at,
    body,
    notes: noted,
  })
  return [said('inbound', raw, notes), said('outbound', answer, [])]
}

async function decide(
  deps: ExchangeDeps,
  tx: Tx,
  received: ReturnType<typeof receive>,
  payer: Payer,
  at: Instant,
  forced: Forced | undefined,
): Promise<Moved> {
  const { authorization, events } = received
  const terms = {
    administrativeReference: administrativeReference(deps.random(NUMBER_BYTES)),
    authorizationNumber: authorizationNumber(deps.random(NUMBER_BYTES)),
    // Timers run by the business clock, which a sandbox's company may have moved on.
    dueAt: dueAt(await businessTime(deps, tx, at), payer.lineOfBusiness, authorization.request.event.urgency),
  }
  if (forced) return simulate(received, forced, at, terms)
  const decided = await deps.adjudication.adjudicate(tx, payer, authorization.request, at)
  const settled = settle(authorization, decided, at, terms)
  return { authorization: settled.authorization, events: [...events, ...settled.events] }
}

export function actorOf({ caller }: Submission): Actor {
  return { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId }
}

const ACTS: Readonly<Record<FollowUp, string>> = {
  renewal: 'authorization.renew',
  revised: 'authorization.update',
  extension: 'authorization.extend',
  cancel: 'authorization.cancel',
  'appeal-immediate': 'authorization.appeal',
  'appeal-standard': 'authorization.appeal',
  reconsideration: 'authorization.appeal',
}

/** Puts on the audit record what was asked, and how the case stands that it is about. */
export function note(
  deps: ExchangeDeps,
  tx: Tx,
  submission: Submission,
  at: Instant,
  authorization?: Pick<Authorization, 'id'> & Partial<Pick<Authorization, 'state'>>,
  refused?: RefusedFollowUp['because'],
) {
  const purpose = followUpOf(submission.request.event.purpose)
  return record(
    tx,
    {
      at,
      actor: actorOf(submission),
      act: purpose === undefined ? 'authorization.submit' : ACTS[purpose],
      outcome: 'done',
      requestId: submission.requestId,
      ...(authorization ? { on: authorization.id } : {}),
      detail: {
        state: authorization?.state ?? (refused ? 'unknown' : 'unknown-payer'),
        ...(refused ? { refused } : {}),
      },
    },
    deps.random,
  )
}
