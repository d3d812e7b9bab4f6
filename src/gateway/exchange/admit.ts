import { record } from '../../audit/index.ts'
import type { Exchange } from '../../cases/record/index.ts'
import {
  type Admission,
  type AdmissionMoved,
  type AdmissionNotice,
  addsNothing,
  cancel,
  isForAStay,
  match,
  NO_SUCH_ADMISSION,
  type NoticeAnswer,
  receiveNotice,
  refusalOfUpdate,
  update,
} from '../../core/admission.ts'
import type { Rejection } from '../../core/decision.ts'
import { NUMBER_BYTES, noticeNumber } from '../../core/reference-number.ts'
import type { Actor } from '../../kernel/actor.ts'
import { type AdmissionId, type AuthorizationId, mintId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { findPayer, type Payer } from '../payers/index.ts'
import { namedAs } from './answer.ts'
import type { ExchangeDeps } from './deps.ts'
import type { Acknowledged, Notification } from './model.ts'
import { isSameDependent } from './patient.ts'

/** X12 901 79: no payer here goes by that id; 889 C: correct it and send again. */
const UNKNOWN_PAYER: Rejection = { level: 'payer', reason: '79', followUp: 'C' }
/** How many of a member's cases are looked through for the one of the stay. */
const CANDIDATES = 50

/**
 * Takes a notice of admission: opens the stay, mends it, or takes it back, and ties it to the authorization for it. The
 * admission, its events, what was said both ways and the audit entry are written in the caller's transaction, or not at
 * all. What was told before is acknowledged again by the same number, and not kept twice.
 *
 * @param spell the answer as it will be sent, byte for byte; kept with the admission
 */
export async function admit(
  deps: ExchangeDeps,
  tx: Tx,
  notification: Notification,
  spell: (acknowledged: Acknowledged) => Uint8Array,
): Promise<Acknowledged> {
  const at = deps.clock.now()
  const { notice } = notification
  const payer = await findPayer(tx, notice.payer.id)
  if (!payer) return refuse(deps, tx, notification, undefined, UNKNOWN_PAYER, at)
  const taken = await take(deps, tx, notification, payer, at)
  if (taken.as === 'refused') return refuse(deps, tx, notification, payer, taken.why, at)
  const { admission } = taken
  const acknowledged: Acknowledged = {
    answer: {
      request: notice,
      payer: namedAs(payer, notice),
      answeredAt: at,
      outcome: { kind: 'acknowledged', referenceNumber: admission.referenceNumber },
    },
    admissionId: admission.id,
    payer,
    ...(taken.as === 'opened' ? { isNew: true } : {}),
    ...(taken.as === 'known' ? { isDuplicate: true } : {}),
  }
  if (taken.as !== 'known') {
    const said = exchangesOf(deps, notification, spell(acknowledged), at)
    if (taken.as === 'opened') await deps.admissions.save(tx, taken, said)
    else await deps.admissions.change(tx, taken, said)
  }
  const { state, kind } = admission
  await note(deps, tx, notification, at, { on: admission.id, detail: { as: taken.as, state, kind } })
  return acknowledged
}

/** What a notice came to. */
type Taken =
  | ({ readonly as: 'opened' | 'changed' } & AdmissionMoved)
  | { readonly as: 'known'; readonly admission: Admission }
  | { readonly as: 'refused'; readonly why: Rejection }

async function take(
  deps: ExchangeDeps,
  tx: Tx,
  notification: Notification,
  payer: Payer,
  at: Instant,
): Promise<Taken> {
  const { notice } = notification
  const known = await findStay(deps, tx, notification, payer)
  if (!known)
    return notice.event.previousAdministrativeReference === undefined
      ? { as: 'opened', ...(await open(deps, tx, notification, payer, at)) }
      : { as: 'refused', why: NO_SUCH_ADMISSION }
  const why = refusalOfUpdate(known, notice)
  if (why) return { as: 'refused', why }
  if (known.state === 'cancelled' || addsNothing(known, notice)) return { as: 'known', admission: known }
  const actor = actorOf(notification)
  if (notice.event.purpose === 'cancel') return { as: 'changed', ...cancel(known, actor, at) }
  const mended = update(known, notice, actor, at)
  return { as: 'changed', ...(await matched(deps, tx, mended, payer, at)) }
}

/** The stay that is named by its number, among those that this very company told of; else the same stay. */
function findStay(
  { admissions }: ExchangeDeps,
  tx: Tx,
  { notice, caller }: Notification,
  payer: Payer,
): Promise<Admission | undefined> {
  const { previousAdministrativeReference: number } = notice.event
  return number === undefined
    ? admissions.findSameStay(tx, caller.organizationId, payer.id, notice)
    : admissions.findSent(tx, caller.organizationId, payer.id, number)
}

function open(
  deps: ExchangeDeps,
  tx: Tx,
  notification: Notification,
  payer: Payer,
  at: Instant,
): Promise<AdmissionMoved> {
  const received = receiveNotice({
    id: mintId('admission', at, deps.random),
    payerId: payer.id,
    receivedFrom: notification.caller.organizationId,
    door: notification.door,
    receivedAt: at,
    referenceNumber: noticeNumber(deps.random(NUMBER_BYTES)),
    notice: notification.notice,
    windowHours: payer.admissionNoticeHours,
    actor: actorOf(notification),
  })
  return matched(deps, tx, received, payer, at)
}

/** Looks for the case of a stay that has none yet. */
async function matched(
  deps: ExchangeDeps,
  tx: Tx,
  moved: AdmissionMoved,
  payer: Payer,
  at: Instant,
): Promise<AdmissionMoved> {
  const { admission, events } = moved
  if (admission.state !== 'received' && admission.state !== 'unmatched') return moved
  const now = match(admission, await caseOf(deps, tx, admission.notice, payer), at)
  return { admission: now.admission, events: [...events, ...now.events] }
}

/**
 * The newest case for the stay: of the same payer and patient, open or certified, for an admission or an inpatient place, and
 * for the day of the admission or by the number that the notice names.
 *
 * Only cases that the sending company takes part in are looked at: row-level security shows no others.
 */
async function caseOf(
  { record: cases }: ExchangeDeps,
  tx: Tx,
  { event, subscriber, dependent }: AdmissionNotice,
  payer: Payer,
): Promise<AuthorizationId | undefined> {
  const { memberId } = subscriber
  const { previousAuthorizationNumber, admission } = event
  const common = { payerId: payer.id, limit: CANDIDATES, ...(memberId === undefined ? {} : { memberId }) }
  const candidates = [
    ...(previousAuthorizationNumber === undefined
      ? []
      : await cases.findForInquiry(tx, { ...common, authorizationNumber: previousAuthorizationNumber })),
    ...(memberId === undefined || admission === undefined
      ? []
      : await cases.findForInquiry(tx, {
          ...common,
          period: { from: admission.from, until: admission.from },
        })),
  ]
  return candidates.find(
    (candidate) => isForAStay(candidate) && isSameDependent(candidate.request.dependent, dependent),
  )?.id
}

async function refuse(
  deps: ExchangeDeps,
  tx: Tx,
  notification: Notification,
  payer: Payer | undefined,
  why: Rejection,
  at: Instant,
): Promise<Acknowledged> {
  const { notice } = notification
  await note(deps, tx, notification, at, { detail: { as: 'refused', reason: why.reason } })
  const answer: NoticeAnswer = {
    request: notice,
    payer: payer
      ? namedAs(payer, notice)
      : { id: notice.payer.id, name: notice.payer.name ?? notice.payer.id },
    answeredAt: at,
    outcome: { kind: 'rejected', rejections: [why] },
  }
  return { answer, ...(payer ? { payer } : {}) }
}

function exchangesOf(
  { random }: ExchangeDeps,
  { format, raw, notes }: Notification,
  answer: Uint8Array,
  at: Instant,
): readonly Exchange[] {
  return [
    { id: mintId('exchange', at, random), direction: 'inbound', format, at, body: raw, notes },
    { id: mintId('exchange', at, random), direction: 'outbound', format, at, body: answer, notes: [] },
  ]
}

function actorOf({ caller }: Notification): Actor {
  return { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId }
}

function note(
  { random }: ExchangeDeps,
  tx: Tx,
  notification: Notification,
  at: Instant,
  said: { readonly on?: AdmissionId; readonly detail: Readonly<Record<string, string>> },
): Promise<void> {
  const { requestId } = notification
  const entry = {
    at,
    actor: actorOf(notification),
    act: 'admission.notify',
    outcome: 'done',
    requestId,
  } as const
  return record(tx, { ...entry, ...said }, random)
}
