/**
 * The notice of admission: a payer is told that a member has come into a facility, has been moved, or has left.
 *
 * It is a record of its own. It asks for nothing and nothing is decided about it: the payer says that it was received, by a
 * number, and may tie it to an authorization for the same stay.
 */

import type { Actor } from '../kernel/actor.ts'
import type { AdmissionId, AuthorizationId, OrganizationId, PayerId } from '../kernel/ids.ts'
import { type Instant, instantOf, type PlainDate } from '../kernel/time.ts'
import type { Authorization, AuthorizationState, Door } from './authorization.ts'
import type { Rejection, ReviewAnswer } from './decision.ts'
import { OPEN_STATES } from './lifecycle.ts'
import { plain } from './plain.ts'
import type { PatientEvent, Place, ReviewRequest } from './request.ts'
import { saysTheSame } from './same-content.ts'

/**
 * "This member is here." (X12 278, 005010X216)
 *
 * It carries the tree of a request; its requester is who sends the notice. `event.purpose` says what it does to the stay:
 * `initial` opens it, `revised` mends it, `cancel` takes it back. A notice that changes a stay names it by its number
 * (`event.previousAdministrativeReference`), or tells of the same member, sender and day of admission.
 */
export interface AdmissionNotice extends Omit<ReviewRequest, 'reservation'> {
  readonly event: PatientEvent & { readonly category: 'admission' }
}

/** What a notice tells of. */
export type AdmissionKind = 'admission' | 'observation' | 'transfer' | 'discharge'

/** What a notice must say and does not; each codec tells it in the coordinates of its own document. */
export type Shortcoming =
  | 'purpose-of-no-notice'
  | 'no-number-to-cancel'
  | 'no-admission-date'
  | 'no-member'
  | 'discharge-before-admission'

/** @returns nothing for a notice that can be acted upon */
export function shortcomingsOf({ event, subscriber }: AdmissionNotice): readonly Shortcoming[] {
  const namesStay = event.previousAdministrativeReference !== undefined
  const isCancel = event.purpose === 'cancel'
  const found: readonly (Shortcoming | false)[] = [
    !['initial', 'revised', 'cancel'].includes(event.purpose) && 'purpose-of-no-notice',
    isCancel && !namesStay && 'no-number-to-cancel',
    !isCancel && !namesStay && event.admission === undefined && 'no-admission-date',
    !namesStay && subscriber.memberId === undefined && subscriber.name === undefined && 'no-member',
    isDischargedTooEarly(event) && 'discharge-before-admission',
  ]
  return found.filter((shortcoming) => shortcoming !== false)
}

function isDischargedTooEarly({ admission, dischargeDate }: PatientEvent): boolean {
  return admission !== undefined && dischargeDate !== undefined && dischargeDate < admission.from
}

/** Places where somebody is watched without being admitted: the outpatient departments of a hospital. */
const OBSERVATION: readonly Place[] = [
  { system: 'place-of-service', code: '19' },
  { system: 'place-of-service', code: '22' },
  { system: 'type-of-bill', code: '13' },
]
/** Revenue codes of treatment and observation rooms. */
const OBSERVATION_ROOMS: ReadonlySet<string> = new Set(['0760', '0762', '760', '762'])

/** Sources of an admission: a hospital, a skilled nursing facility, another facility (X12 CL102). */
const FROM_ANOTHER_FACILITY: ReadonlySet<string> = new Set(['4', '5', '6'])

/**
 * What a notice tells of, from what it says: X12 has no word for it.
 *
 * A day of discharge makes it a discharge; another facility than the one that is known, or one that somebody came from, a
 * transfer; a place or a room for observation, an observation; anything else is an admission.
 *
 * @param known the stay as it is known so far, when it is
 */
export function kindOf(event: PatientEvent, known?: PatientEvent): AdmissionKind {
  if (event.dischargeDate !== undefined) return 'discharge'
  if (FROM_ANOTHER_FACILITY.has(event.facilityAdmission?.source ?? '')) return 'transfer'
  if (known !== undefined && isElsewhere(event, known)) return 'transfer'
  return isObservation(event) ? 'observation' : 'admission'
}

/** Only two facilities that are both named can be told apart. */
function isElsewhere(event: PatientEvent, known: PatientEvent): boolean {
  const [here, there] = [facilityOf(event), facilityOf(known)]
  return here !== undefined && there !== undefined && here !== there
}

function facilityOf({ providers }: PatientEvent): string | undefined {
  return providers.find(({ role }) => role === 'facility')?.identifier?.value
}

function isObservation({ place, lines }: PatientEvent): boolean {
  return isOneOf(OBSERVATION, place) || lines.some((line) => OBSERVATION_ROOMS.has(line.revenueCode ?? ''))
}

function isOneOf(places: readonly Place[], place: Place | undefined): boolean {
  return places.some(({ system, code }) => system === place?.system && code === place.code)
}

/** The window of a payer that has set none: the longest that is usual, so that nobody is called late by mistake. */
export const USUAL_NOTICE_HOURS = 72
const MS_PER_HOUR = 3_600_000
/** The last state whose day ends is ten hours behind UTC. */
const LATEST_DAY_ENDS_AFTER_UTC_HOURS = 10

/**
 * Whether a notice reached the payer after its window.
 *
 * A notice names a day and no time, so the window is counted from the end of that day, wherever in the country it was: the
 * reading that never calls a timely notice late.
 *
 * @param windowHours the payer's own: from admission to notice
 */
export function isLate(admittedOn: PlainDate, receivedAt: Instant, windowHours: number): boolean {
  const hours = 24 + LATEST_DAY_ENDS_AFTER_UTC_HOURS + windowHours
  return receivedAt > instantOf({ date: admittedOn, secondOfDay: 0 }) + hours * MS_PER_HOUR
}

export type AdmissionState = 'received' | 'matched' | 'unmatched' | 'cancelled'

/** What is true of an admission whatever its state. */
interface AdmissionFacts {
  readonly id: AdmissionId
  readonly payerId: PayerId
  /** The company that sent the notice. */
  readonly receivedFrom: OrganizationId
  readonly door: Door
  readonly receivedAt: Instant
  /** The number by which the payer acknowledges it, and every later notice of the same stay. */
  readonly referenceNumber: string
  /** The stay as it is known now: the latest notice. */
  readonly notice: AdmissionNotice
  readonly kind: AdmissionKind
  /** Whether the notice that opened it came after the payer's window. */
  readonly isLate: boolean
  /** The number of the last event; events are numbered from 1, without gaps. */
  readonly lastSequence: number
}

export type ReceivedAdmission = AdmissionFacts & { readonly state: 'received' }
export type MatchedAdmission = AdmissionFacts & {
  readonly state: 'matched'
  /** The authorization for the same stay. */
  readonly authorizationId: AuthorizationId
}
export type UnmatchedAdmission = AdmissionFacts & { readonly state: 'unmatched' }
export type CancelledAdmission = AdmissionFacts & { readonly state: 'cancelled' }
export type Admission = ReceivedAdmission | MatchedAdmission | UnmatchedAdmission | CancelledAdmission

export type AdmissionEventType =
  | 'admission.received'
  | 'admission.matched'
  | 'admission.unmatched'
  | 'admission.updated'
  | 'admission.cancelled'

/** One change of an admission. */
export interface AdmissionEvent {
  readonly sequence: number
  readonly type: AdmissionEventType
  readonly at: Instant
  readonly actor: Actor
  /** Ids, words, days and moments alone: kept in clear. */
  readonly facts: Readonly<Record<string, string | number>>
}

/** What a move came to: the admission as it is now, and the events that tell of it, in order. */
export interface AdmissionMoved<Now extends Admission = Admission> {
  readonly admission: Now
  readonly events: readonly AdmissionEvent[]
}

export interface NoticeReception {
  readonly id: AdmissionId
  readonly payerId: PayerId
  readonly receivedFrom: OrganizationId
  readonly door: Door
  readonly receivedAt: Instant
  readonly referenceNumber: string
  readonly notice: AdmissionNotice
  /** Hours from admission to notice that the payer allows. */
  readonly windowHours: number
  readonly actor: Actor
}

/** Opens the record of a stay: the payer has been told, and has said nothing yet. */
export function receiveNotice({
  windowHours,
  actor,
  ...facts
}: NoticeReception): AdmissionMoved<ReceivedAdmission> {
  const { notice, receivedAt } = facts
  const kind = kindOf(notice.event)
  const admittedOn = notice.event.admission?.from
  const late = admittedOn !== undefined && isLate(admittedOn, receivedAt, windowHours)
  const admission: ReceivedAdmission = {
    ...facts,
    state: 'received',
    kind,
    isLate: late,
    lastSequence: 1,
  }
  const event: AdmissionEvent = {
    sequence: 1,
    type: 'admission.received',
    at: receivedAt,
    actor,
    facts: { door: facts.door, kind, timeliness: late ? 'late' : 'timely' },
  }
  return { admission, events: [event] }
}

/** Ties an admission to the authorization for its stay, or says that there is none that its sender takes part in. */
export function match(
  admission: ReceivedAdmission | UnmatchedAdmission,
  authorizationId: AuthorizationId | undefined,
  at: Instant,
): AdmissionMoved<MatchedAdmission | UnmatchedAdmission> {
  const { state: _, ...facts } = admission
  if (authorizationId === undefined && admission.state === 'unmatched') return { admission, events: [] }
  const sequence = admission.lastSequence + 1
  const told = { sequence, at, actor: { kind: 'system', part: 'admissions' } } as const
  return authorizationId === undefined
    ? {
        admission: { ...facts, state: 'unmatched', lastSequence: sequence },
        events: [{ ...told, type: 'admission.unmatched', facts: {} }],
      }
    : {
        admission: { ...facts, state: 'matched', authorizationId, lastSequence: sequence },
        events: [{ ...told, type: 'admission.matched', facts: { authorization: authorizationId } }],
      }
}

/** No such admission of the sender's: correct the number and send again. @see X12 901 AA, 889 C */
export const NO_SUCH_ADMISSION: Rejection = { level: 'event', reason: 'AA', followUp: 'C' }
/** The discharge is before the admission. @see X12 901 56 (inappropriate date), 889 C */
const DISCHARGED_TOO_EARLY: Rejection = { level: 'event', reason: '56', followUp: 'C' }

/** The number is that of another member's stay. @see X12 901 CI (certification does not match patient), 889 C */
const ANOTHER_MEMBER: Rejection = { level: 'event', reason: 'CI', followUp: 'C' }

/** Why a later notice cannot be taken into a stay; undefined when it can. */
export function refusalOfUpdate(admission: Admission, notice: AdmissionNotice): Rejection | undefined {
  if (isOfAnotherMember(admission, notice)) return ANOTHER_MEMBER
  if (notice.event.purpose === 'cancel') return undefined
  if (admission.state === 'cancelled') return NO_SUCH_ADMISSION
  return isDischargedTooEarly(merged(admission, notice).event) ? DISCHARGED_TOO_EARLY : undefined
}

/** Only two member ids that are both named can differ; case, spaces and punctuation do not count. */
function isOfAnotherMember({ notice: known }: Admission, notice: AdmissionNotice): boolean {
  const [one, other] = [known.subscriber.memberId, notice.subscriber.memberId]
  return one !== undefined && other !== undefined && plain(one) !== plain(other)
}

/** Whether a notice says nothing of a stay that is not known: it was sent twice. */
export function addsNothing(admission: Admission, notice: AdmissionNotice): boolean {
  if (notice.event.purpose === 'cancel') return admission.state === 'cancelled'
  return (
    admission.state !== 'cancelled' &&
    saysTheSame(content(merged(admission, notice)), content(admission.notice))
  )
}

/** Without the numbers on the wire. */
function content({ correspondence: _, ...said }: AdmissionNotice) {
  return said
}

/**
 * Takes a later notice into a stay: a discharge, a transfer, or the mending of an earlier one.
 *
 * @param notice one for which `refusalOfUpdate` has nothing to say
 */
export function update<Now extends ReceivedAdmission | MatchedAdmission | UnmatchedAdmission>(
  admission: Now,
  notice: AdmissionNotice,
  actor: Actor,
  at: Instant,
): AdmissionMoved<Now> {
  const whole = merged(admission, notice)
  const kind = kindOf(whole.event, admission.notice.event)
  const sequence = admission.lastSequence + 1
  return {
    admission: { ...admission, notice: whole, kind, lastSequence: sequence },
    events: [{ sequence, type: 'admission.updated', at, actor, facts: { kind } }],
  }
}

/** A later notice need not repeat who the member is nor when the stay began. */
function merged({ notice: known }: Admission, notice: AdmissionNotice): AdmissionNotice {
  const { admission, dischargeDate } = known.event
  const namesMember = notice.subscriber.memberId !== undefined || notice.subscriber.name !== undefined
  return {
    ...notice,
    ...(namesMember ? {} : { subscriber: known.subscriber }),
    ...(notice.dependent === undefined && known.dependent ? { dependent: known.dependent } : {}),
    event: {
      ...notice.event,
      ...(notice.event.admission === undefined && admission !== undefined ? { admission } : {}),
      ...(notice.event.dischargeDate === undefined && dischargeDate !== undefined ? { dischargeDate } : {}),
    },
  }
}

/** Takes a stay back: it was told by mistake, or never began. */
export function cancel(
  admission: Exclude<Admission, CancelledAdmission>,
  actor: Actor,
  at: Instant,
): AdmissionMoved<CancelledAdmission> {
  const { authorizationId: _, ...facts } = { authorizationId: undefined, ...admission }
  const sequence = admission.lastSequence + 1
  return {
    admission: { ...facts, state: 'cancelled', lastSequence: sequence },
    events: [{ sequence, type: 'admission.cancelled', at, actor, facts: { from: admission.state } }],
  }
}

/** States of a case that a stay may belong to: nobody has answered yet, or care is certified. */
const FOR_A_STAY: ReadonlySet<AuthorizationState> = new Set([
  ...OPEN_STATES,
  'approved',
  'modified',
  'partially-approved',
  'extended',
  'overturned',
  'partially-overturned',
])
/** Where people stay overnight. */
const INPATIENT: readonly Place[] = [
  ...['21', '31', '51', '55', '56', '61'].map((code) => ({ system: 'place-of-service', code }) as const),
  ...['11', '12', '18', '21', '22', '41', '86'].map((code) => ({ system: 'type-of-bill', code }) as const),
]

/** Whether a case is one that an admission may belong to: open or certified, and for a stay. */
export function isForAStay({ state, request: { event } }: Authorization): boolean {
  const isStay =
    event.category === 'admission' || event.admission !== undefined || isOneOf(INPATIENT, event.place)
  return isStay && FOR_A_STAY.has(state)
}

/** What a payer says to a notice: that it has it, or why it has not. Never a decision. */
export type NoticeAnswer = Omit<ReviewAnswer, 'request' | 'outcome'> & {
  readonly request: AdmissionNotice
  readonly outcome:
    | Extract<ReviewAnswer['outcome'], { kind: 'rejected' }>
    | {
        readonly kind: 'acknowledged'
        /** The payer's number for the stay (X12 REF*NT). */
        readonly referenceNumber: string
      }
}
