import { ChangePending } from '../../cases/record/index.ts'
import type { Appeal, Authorization, AuthorizationState, Moved } from '../../core/authorization.ts'
import { appealDueAt } from '../../core/deadlines.ts'
import type { Rejection } from '../../core/decision.ts'
import {
  type Appealable,
  appeal,
  type Cancellable,
  cancel,
  type FollowUp,
  isExpired,
  possibleFollowUps,
} from '../../core/lifecycle.ts'
import type { PatientEvent, ReviewRequest, ServiceLine } from '../../core/request.ts'
import { saysTheSame } from '../../core/same-content.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { findPayer } from '../payers/index.ts'
import { answerOf, refusalOf } from './answer.ts'
import type { ExchangeDeps } from './deps.ts'
import { forwardChange } from './forward-change.ts'
import type { Answered, FollowUpAsked, RefusedFollowUp, Submission } from './model.ts'
import { canBeOfPatient } from './patient.ts'
import { actorOf, note, type Opening, saidBothWays } from './said.ts'
import { businessTime, forcedFor } from './simulate.ts'
import { openCase, UNKNOWN_PAYER } from './submit.ts'

type Spell = (answered: Answered) => Uint8Array

/**
 * How a refusal is spelled in an answer (X12 901 and 889). None of the reasons says "not in this state": an input error
 * that must not be sent again is the nearest, and the case itself says how it stands.
 *
 * @see 005010X217 loops 2000B and 2000E, AAA03 and AAA04
 */
const REJECTIONS: Readonly<Record<RefusedFollowUp['because'], Rejection>> = {
  'no-number': { level: 'event', reason: 'MA', followUp: 'C' },
  'not-found': { level: 'event', reason: 'AA', followUp: 'C' },
  'not-the-requester': { level: 'requester', reason: '41', followUp: 'N' },
  'other-patient': { level: 'event', reason: 'CI', followUp: 'C' },
  part: { level: 'event', reason: '33', followUp: 'C' },
  state: { level: 'event', reason: '33', followUp: 'N' },
  'change-pending': { level: 'event', reason: '33', followUp: 'N' },
}

const NAMES_NO_CASE: ReadonlySet<RefusedFollowUp['because']> = new Set(['no-number', 'not-found'])

/**
 * Takes what is asked about a case that there is already: to revise, extend, renew, cancel or look at it again.
 *
 * The case is locked first, so of two at once the later sees what the earlier made of it. What cannot be is answered with
 * a rejection, and changes nothing. Of another company's case nothing is said, not even that it is.
 *
 * @param spell the answer as it will be sent, byte for byte; kept with the case
 */
export async function followUp(
  deps: ExchangeDeps,
  tx: Tx,
  submission: FollowUpAsked,
  spell: Spell,
): Promise<Answered> {
  const at = deps.clock.now()
  const { request, purpose } = submission
  const payer = await findPayer(tx, request.payer.id)
  if (!payer) {
    await note(deps, tx, submission, at)
    return { answer: refusalOf(request, undefined, UNKNOWN_PAYER, at) }
  }
  const opening = { submission, payer, at }
  const earlier = await earlierCase(deps, tx, opening)
  if ('because' in earlier) {
    // What the sandbox was asked to answer, it answers though there is nothing to go on from.
    if (NAMES_NO_CASE.has(earlier.because) && forcedFor(deps, submission))
      return openCase(deps, tx, opening, spell)
    return refuse(deps, tx, opening, earlier)
  }
  if (isSaidAlready(purpose, earlier.state)) return tellAsItStands(deps, tx, opening, earlier)
  const now = await businessTime(deps, tx, at)
  const instead = possibleFollowUps(earlier, now)
  if (!instead.includes(purpose)) {
    const state = isExpired(earlier, now) ? 'expired' : earlier.state
    return refuse(deps, tx, opening, { because: 'state', state, instead }, earlier)
  }
  switch (purpose) {
    case 'revised':
    case 'extension':
    case 'renewal':
      return goOn(deps, tx, opening, earlier, spell)
    case 'cancel':
      if (isPart(request.event, earlier.request.event))
        return refuse(deps, tx, opening, { because: 'part' }, earlier)
      // What may be cancelled is what `possibleFollowUps` said: the one table of it.
      return (
        (await toPayer(deps, tx, opening, earlier, spell)) ??
        keepMove(deps, tx, opening, cancel(earlier as Cancellable, actorOf(submission), at), spell)
      )
    case 'appeal-immediate':
    case 'appeal-standard':
    case 'reconsideration': {
      const elsewhere = await toPayer(deps, tx, opening, earlier, spell)
      if (elsewhere) return elsewhere
      const contested = appealOf(purpose, opening, earlier, now)
      const moved = appeal(earlier as Appealable, contested, actorOf(submission))
      return keepMove(deps, tx, opening, moved, spell)
    }
  }
}

/**
 * Opens a case that goes on from this one, unless the same was asked for and is waited for: then that one is told of. While
 * a revision or an extension is waited for, another is refused with the number of the first (X12 REF*NT): of two, each could
 * come into force. The earlier case is locked, so of two at once the later finds the earlier's.
 */
async function goOn(
  deps: ExchangeDeps,
  tx: Tx,
  opening: Opening,
  earlier: Authorization,
  spell: Spell,
): Promise<Answered> {
  const { submission, payer, at } = opening
  const { request, insists } = submission
  const open = await deps.record.findOpenFollowers(tx, earlier.id)
  const same = open.find((follower) => saysTheSame(follower.request.event, request.event))
  if (same && !insists && !forcedFor(deps, submission)) {
    await note(deps, tx, submission, at, same)
    const events = await deps.record.events(tx, same.id)
    return {
      answer: answerOf(same, payer, request, at),
      authorizationId: same.id,
      payer,
      isDuplicate: true,
      told: { authorization: same, events },
    }
  }
  const pending = open.find(isChange)
  if (pending && isChange({ request }))
    return refuse(deps, tx, opening, { because: 'change-pending', pending: numbered(pending) }, earlier)
  return openCase(deps, tx, { ...opening, follows: earlier }, spell).catch(refuseUnseenChange)
}

/** What takes the place of the case that it follows, once it is certified. */
function isChange({ request }: Pick<Authorization, 'request'>): boolean {
  return request.event.purpose === 'revised' || request.event.purpose === 'extension'
}

function numbered(authorization: Authorization): NonNullable<RefusedFollowUp['pending']> {
  return {
    id: authorization.id,
    ...('administrativeReference' in authorization
      ? { administrativeReference: authorization.administrativeReference }
      : {}),
  }
}

/** @throws Problem `state/not-allowed` the change that is waited for is another company's, which this one may not see */
function refuseUnseenChange(error: unknown): never {
  if (!(error instanceof ChangePending)) throw error
  throw new Problem(
    'state/not-allowed',
    'Another company has asked for a change of this case, and it waits for its answer. Ask again when the case shows it.',
    { cause: error },
  )
}

/** What the payer is to do with a case that it decided; undefined when it was decided here. */
function toPayer(deps: ExchangeDeps, tx: Tx, opening: Opening, earlier: Authorization, spell: Spell) {
  const { submission, payer, at } = opening
  return forwardChange(deps, tx, opening, earlier, (moved) => told(submission, moved, payer, at), spell)
}

/** The case that is meant, locked; or why there is none to go on from. */
async function earlierCase(
  deps: ExchangeDeps,
  tx: Tx,
  { submission, payer }: Opening,
): Promise<Authorization | RefusedFollowUp> {
  const { request, earlier } = submission
  const numbers = numbersIn(request.event)
  if (earlier === undefined && Object.keys(numbers).length === 0) return { because: 'no-number' }
  const found =
    earlier === undefined
      ? (await deps.record.findForInquiry(tx, { payerId: payer.id, ...numbers, limit: 1 }))[0]
      : await deps.record.find(tx, earlier)
  if (!found || found.payerId !== payer.id) return { because: 'not-found' }
  const locked = await deps.record.lock(tx, found.id)
  if (!locked) return { because: 'not-the-requester', on: found.id }
  return canBeOfPatient(locked.request, request) ? locked : { because: 'other-patient', on: found.id }
}

/** The numbers by which a request names an earlier case: the event's, else those that all its lines agree on. */
function numbersIn(event: PatientEvent) {
  const authorizationNumber =
    event.previousAuthorizationNumber ?? agreed(event.lines, 'previousAuthorizationNumber')
  const administrativeReference =
    event.previousAdministrativeReference ?? agreed(event.lines, 'previousAdministrativeReference')
  return {
    ...(authorizationNumber === undefined ? {} : { authorizationNumber }),
    ...(administrativeReference === undefined ? {} : { administrativeReference }),
  }
}

function agreed(
  lines: readonly ServiceLine[],
  name: 'previousAuthorizationNumber' | 'previousAdministrativeReference',
): string | undefined {
  const [first, ...others] = lines.map((line) => line[name])
  return others.every((other) => other === first) ? first : undefined
}

/** To ask again for what was done changes nothing, and is answered with how the case stands. */
function isSaidAlready(purpose: FollowUp, state: AuthorizationState): boolean {
  if (purpose === 'cancel') return state === 'cancelled' || state === 'withdrawn'
  const isAppeal =
    purpose === 'appeal-immediate' || purpose === 'appeal-standard' || purpose === 'reconsideration'
  return isAppeal && state === 'appealed'
}

/**
 * Whether a cancellation names some lines of a case and leaves others out. Nothing is ended that was not named, and a part
 * is not ended at all: a revision that asks for the rest says the same, and is looked at.
 */
function isPart(asked: PatientEvent, kept: PatientEvent): boolean {
  if (asked.lines.length === 0) return false
  const named = asked.lines.map(careOf)
  for (const care of kept.lines.map(careOf)) {
    const at = named.indexOf(care)
    if (at < 0) return true
    named.splice(at, 1)
  }
  return false
}

function careOf({ procedure, revenueCode, serviceType }: ServiceLine): string {
  return JSON.stringify([procedure?.code.toUpperCase(), revenueCode, serviceType])
}

const APPEAL_KINDS = {
  'appeal-immediate': 'immediate',
  'appeal-standard': 'standard',
  reconsideration: 'reconsideration',
} as const

function appealOf(
  purpose: keyof typeof APPEAL_KINDS,
  { submission, payer, at }: Opening,
  { request }: Authorization,
  /** By the business clock, which timers run by. */
  now: Instant,
): Appeal {
  const kind = APPEAL_KINDS[purpose]
  const urgency = submission.request.event.urgency ?? request.event.urgency
  return { kind, receivedAt: at, dueAt: appealDueAt(now, payer.lineOfBusiness, kind, urgency) }
}

async function keepMove(
  deps: ExchangeDeps,
  tx: Tx,
  { submission, payer, at }: Opening,
  { authorization, events }: Moved,
  spell: Spell,
): Promise<Answered> {
  const earlier = await deps.record.events(tx, authorization.id)
  const answered = told(submission, { authorization, events: [...earlier, ...events] }, payer, at)
  const said = saidBothWays(deps, submission, at, spell(answered))
  await deps.record.move(tx, authorization, events, said)
  await note(deps, tx, submission, at, authorization)
  return answered
}

async function tellAsItStands(
  deps: ExchangeDeps,
  tx: Tx,
  { submission, payer, at }: Opening,
  authorization: Authorization,
): Promise<Answered> {
  await note(deps, tx, submission, at, authorization)
  const events = await deps.record.events(tx, authorization.id)
  return told(submission, { authorization, events }, payer, at)
}

function told({ request }: Submission, moved: Moved, payer: Opening['payer'], at: Opening['at']): Answered {
  const { authorization } = moved
  const { purpose } = request.event
  const answer = answerOf(authorization, payer, request, at)
  const event = { ...answer.request.event, purpose, ...previousOf(request.event) }
  return {
    answer: { ...answer, request: { ...answer.request, event } },
    authorizationId: authorization.id,
    payer,
    told: moved,
  }
}

/** The numbers that the case was named by are repeated, as every other part of a request is. */
function previousOf({ previousAuthorizationNumber, previousAdministrativeReference }: PatientEvent) {
  return {
    ...(previousAuthorizationNumber === undefined ? {} : { previousAuthorizationNumber }),
    ...(previousAdministrativeReference === undefined ? {} : { previousAdministrativeReference }),
  }
}

async function refuse(
  deps: ExchangeDeps,
  tx: Tx,
  { submission, payer, at }: Opening,
  refused: RefusedFollowUp,
  authorization?: Authorization,
): Promise<Answered> {
  const on = authorization?.id ?? refused.on
  const known =
    on === undefined ? undefined : { id: on, ...(authorization && { state: authorization.state }) }
  await note(deps, tx, submission, at, known, refused.because)
  return {
    answer: refusalOf(namingPending(submission.request, refused), payer, REJECTIONS[refused.because], at),
    payer,
    refused: { ...refused, ...(on === undefined ? {} : { on }) },
  }
}

/** The answer's REF*NT is the payer's number of what is waited for: an inquiry by it tells how that stands. */
function namingPending(request: ReviewRequest, { pending }: RefusedFollowUp): ReviewRequest {
  const number = pending?.administrativeReference
  if (number === undefined) return request
  return { ...request, event: { ...request.event, previousAdministrativeReference: number } }
}
