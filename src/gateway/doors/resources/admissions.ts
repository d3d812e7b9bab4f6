import type { FastifyInstance } from 'fastify'
import {
  type AdmissionKind,
  type AdmissionNotice,
  type AdmissionState,
  type Shortcoming,
  shortcomingsOf,
} from '../../../core/admission.ts'
import type { Rejection } from '../../../core/decision.ts'
import { readId } from '../../../kernel/ids.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'
import type { Instant } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/database/index.ts'
import { requireProvider, sessionOf } from '../../access/index.ts'
import type { AdmissionReading, Notification } from '../../exchange/index.ts'
import type { Result } from '../../idempotency/index.ts'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { sendOnce } from './answer-once.ts'
import { checked, faultsOfSchema, requestOf } from './request-body.ts'
import { partsBroken } from './request-rules.ts'
import { CREATE } from './request-schema.ts'

/** An admission as `GET /v1/admissions/{id}` answers it. Moments are ISO 8601 in UTC; what is absent is left out. */
export interface AdmissionResource {
  readonly id: string
  readonly state: AdmissionState
  readonly kind: AdmissionKind
  /** Whether the notice that opened it came after the payer's window. */
  readonly isLate: boolean
  /** The number that it was acknowledged by. */
  readonly referenceNumber: string
  readonly payer: { readonly id: string; readonly name: string }
  readonly receivedAt: string
  /** The case for the same stay, where there is one that the reader may see. */
  readonly authorizationId?: string
  /** The stay as it is known now. */
  readonly notice: AdmissionNotice
  readonly events: readonly { readonly type: string; readonly at: string }[]
  /** What was tolerated while its notices were read. */
  readonly notes: readonly Fault[]
}

/** `POST /v1/admissions` and `GET /v1/admissions/{id}`: notices of admission in JSON of our own, strictly read. */
export function addAdmissions(server: FastifyInstance, deps: DoorDeps, caught: Caught): void {
  server.post(
    '/v1/admissions',
    {
      config: { act: 'admission.notify', scope: 'pa:admit' },
      schema: { body: CREATE },
      // What the schema finds is told with what the rules find, at once.
      attachValidation: true,
    },
    (request, reply) => {
      const notice = noticeIn(request.body, faultsOfSchema(request), request.id)
      const caller = caught.callerOf(request)
      const telling: Telling = { caller, requestId: request.id, raw: request.rawBody }
      return sendOnce(deps, caller, request, reply, (tx) => taken(deps, tx, telling, notice))
    },
  )
  server.get<{ Params: { id: string } }>(
    '/v1/admissions/:id',
    { config: { act: 'admission.read' } },
    async (request) => {
      const caller = caught.callerOf(request)
      const id = readId('admission', request.params.id)
      if (!id)
        throw new Problem(
          'state/not-found',
          'An admission has an id such as adm_01989d5e-…; this is not one.',
        )
      const reading = await deps.database.transaction(sessionOf(caller), (tx) =>
        deps.exchange.readAdmission(tx, id, caller.organizationId),
      )
      await deps.recorder.note({
        at: deps.clock.now(),
        actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
        act: 'admission.read',
        on: id,
        outcome: 'done',
        requestId: request.id,
      })
      return admissionResource(reading)
    },
  )
}

/** @throws Problem `request/invalid` with every fault */
export function noticeIn(body: unknown, bySchema: readonly Fault[], requestId: string): AdmissionNotice {
  const asNotice = (said: unknown): AdmissionNotice => {
    const { reservation: _, ...asked } = requestOf(said, requestId)
    return { ...asked, event: { ...asked.event, category: 'admission' } }
  }
  const sound = checked(body, bySchema, function* (unread) {
    yield* partsBroken(unread, '')
    // What has another shape than a notice was found by the schema.
    if (bySchema.length === 0) yield* noticeBroken(asNotice(unread), categoryOf(unread))
  })
  return asNotice(sound)
}

function categoryOf(body: unknown): string {
  return (body as { event: { category: string } }).event.category
}

function noticeBroken(notice: AdmissionNotice, category: string): readonly Fault[] {
  const { name, identifier } = notice.requester
  return [
    ...(name || identifier
      ? []
      : [{ at: '/requester', message: 'does not say who it is', remedy: 'Give name or identifier.' }]),
    ...(category === 'admission'
      ? []
      : [{ at: '/event/category', message: 'expected "admission": a notice is about one' }]),
    ...shortcomingsOf(notice).map((shortcoming) => TELLINGS[shortcoming]),
  ]
}

/** Where each shortcoming is told, and how. */
const TELLINGS: Readonly<Record<Shortcoming, Fault>> = {
  'purpose-of-no-notice': {
    at: '/event/purpose',
    message: 'expected "initial", "revised" or "cancel": a notice asks for nothing',
  },
  'no-number-to-cancel': {
    at: '/event/previousAdministrativeReference',
    message: 'is required: a notice is cancelled by the number that it was acknowledged with',
  },
  'no-admission-date': {
    at: '/event/admission',
    message: 'is required',
    remedy:
      'Give the day of admission, or previousAdministrativeReference for a stay that was told of before.',
  },
  'no-member': {
    at: '/subscriber',
    message: 'does not say who the member is',
    remedy: 'Give memberId or name.',
  },
  'discharge-before-admission': { at: '/event/dischargeDate', message: 'is before the admission' },
}

/** Who sends a notice, and with which bytes. */
export type Telling = Pick<Notification, 'caller' | 'requestId' | 'raw'>

/** @throws Problem as `problemOf` says; `access/provider-not-represented` */
export async function taken(
  deps: Pick<DoorDeps, 'exchange'>,
  tx: Tx,
  telling: Telling,
  notice: AdmissionNotice,
): Promise<Result> {
  const { caller } = telling
  const { identifier } = notice.requester
  requireProvider(caller, identifier?.system === 'npi' ? identifier.value : undefined)
  const acknowledged = await deps.exchange.admit(
    tx,
    { ...telling, door: 'resources', format: 'json', notes: [], notice },
    ({ answer }) => Buffer.from(JSON.stringify(answer.outcome), 'utf8'),
  )
  const { answer, admissionId, payer, isDuplicate, isNew } = acknowledged
  if (answer.outcome.kind === 'rejected') throw problemOf(answer.outcome.rejections)
  if (!admissionId) throw new Error('an acknowledged notice has an admission')
  const reading = await deps.exchange.readAdmission(tx, admissionId, caller.organizationId)
  return {
    answer: {
      status: isNew ? 201 : 200,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        location: `/v1/admissions/${admissionId}`,
        ...(isDuplicate ? { 'countersign-duplicate-of': admissionId } : {}),
      },
      body: JSON.stringify(admissionResource(reading)),
    },
    ...(payer ? { payerId: payer.id } : {}),
  }
}

/**
 * A refusal of the payer, which is an answer at the compatible doors, and a problem here.
 *
 * @returns `state/not-found` for a number that no stay of this sender goes by; else `request/invalid`
 */
function problemOf(rejections: readonly Rejection[]): Problem {
  const [first] = rejections
  if (first?.reason === 'AA')
    return new Problem(
      'state/not-found',
      'No admission of yours goes by this number, or it was cancelled. Take the number from the answer to its notice.',
    )
  const fault = REFUSALS[first?.reason ?? ''] ?? { at: '', message: 'is not taken by the payer' }
  return new Problem('request/invalid', 'The payer does not take the notice as sent; nothing was stored.', {
    faults: [fault],
  })
}

/** What is to be mended, by X12 901. */
const REFUSALS: Readonly<Record<string, Fault>> = {
  '79': { at: '/payer/id', message: 'no payer goes by this id', remedy: 'Correct the id.' },
  '56': { at: '/event/dischargeDate', message: 'is before the admission that was told of' },
  CI: { at: '/subscriber/memberId', message: 'is not the member whose stay goes by that number' },
}

export function admissionResource({
  admission,
  state,
  visibleCase,
  payer,
  events,
  notes,
}: AdmissionReading): AdmissionResource {
  return {
    id: admission.id,
    state,
    kind: admission.kind,
    isLate: admission.isLate,
    referenceNumber: admission.referenceNumber,
    payer: { id: payer.wireIds[0] ?? payer.id, name: payer.name },
    receivedAt: moment(admission.receivedAt),
    ...(visibleCase ? { authorizationId: visibleCase } : {}),
    notice: admission.notice,
    events: events.map(({ type, at }) => ({ type, at: moment(at) })),
    notes,
  }
}

function moment(instant: Instant): string {
  return new Date(instant).toISOString()
}
