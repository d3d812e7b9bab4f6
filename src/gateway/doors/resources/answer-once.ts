import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ReviewRequest } from '../../../core/request.ts'
import { type AuthorizationId, readId } from '../../../kernel/ids.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Tx } from '../../../platform/database/index.ts'
import { type Caller, requireProvider, sessionOf } from '../../access/index.ts'
import type { Answered, Submission } from '../../exchange/index.ts'
import {
  type Answer,
  asked as doOnce,
  fingerprintOf,
  once,
  parseIdempotencyKey,
  type Result,
  type Work,
} from '../../idempotency/index.ts'
import type { DoorDeps } from '../model.ts'
import { RefusedOnCase } from '../refused-on-case.ts'
import { type Steerable, scenarioAsked, steer } from '../steer.ts'
import { requireTaken } from './refusals.ts'
import { authorizationResource } from './wire.ts'

/** What is asked, once the case that it is about was looked at. */
export interface Asked {
  readonly request: ReviewRequest
  readonly earlier?: AuthorizationId
}

/**
 * Has a request answered in one transaction with the case that it came to; and again with the same answer, when it comes
 * again with its `Idempotency-Key`. A case that is new is answered 201 with its place.
 *
 * @param read      what is asked; it may look at cases in the transaction
 * @param steerable what of it steers the sandbox
 */
export async function answerOnce(
  deps: DoorDeps,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
  read: (tx: Tx) => Promise<Asked>,
  steerable: Steerable = ABOUT_A_CASE,
): Promise<FastifyReply> {
  const scenario = await steer(deps, caller.organizationId, request, steerable)
  const insists = request.headers['countersign-allow-duplicate'] === 'true'
  const submitting: Submitting = {
    caller,
    requestId: request.id,
    raw: request.rawBody,
    insists,
    ...(scenario && { scenario }),
  }
  const work: Work = async (tx, known) =>
    submitted(deps, tx, { ...submitting, ...knownCase(known) }, await read(tx))
  return sendOnce(deps, caller, request, reply, work, insists)
}

/** Who asks for a case, or something of one, and with which bytes. */
export type Submitting = Pick<Submission, 'caller' | 'requestId' | 'raw' | 'insists' | 'scenario' | 'known'>

/**
 * Has a request taken, in the transaction of its company.
 *
 * @throws Problem `access/provider-not-represented`; and as `requireTaken` says
 */
export async function submitted(
  deps: Pick<DoorDeps, 'exchange' | 'clock'>,
  tx: Tx,
  submitting: Submitting,
  asked: Asked,
): Promise<Result> {
  requireOwnProvider(submitting.caller, asked)
  const body = bodyOnce(deps.clock.now())
  const answered = await deps.exchange.submit(
    tx,
    { ...asked, ...submitting, door: 'resources', format: 'json', notes: [] },
    (value) => Buffer.from(body(value), 'utf8'),
  )
  const tell = (told: Answered): Result => {
    requireTaken(told, asked.request.event.purpose)
    const { authorizationId, payer, isDuplicate, isNew, onward, standsAs } = told
    const answer: Answer = {
      status: isNew ? 201 : 200,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        location: `/v1/authorizations/${authorizationId}`,
        ...(isDuplicate ? { 'countersign-duplicate-of': String(authorizationId) } : {}),
      },
      body: body(told),
    }
    return {
      answer,
      ...(payer ? { payerId: payer.id } : {}),
      ...(onward && { onward: { ...onward, tell: async (inTx) => tell(await onward.tell(inTx)) } }),
      ...(standsAs && { standsAs }),
    }
  }
  return tell(answered)
}

/**
 * Has the work of a call done in one transaction, and its answer sent; the same answer when the call comes again with its
 * `Idempotency-Key`.
 */
export async function sendOnce(
  deps: DoorDeps,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
  work: Work,
  insists = false,
  /** What stands for a body that was too large to be held. */
  body: Uint8Array = request.rawBody,
): Promise<FastifyReply> {
  const at = deps.clock.now()
  const key = parseIdempotencyKey(request.headers['idempotency-key'])
  const steered = scenarioAsked(request)
  if (key === undefined) return send(reply, (await doOnce(deps.database, sessionOf(caller), work)).answer)
  const { answer, replayed, requestId } = await once(
    deps.idempotency,
    {
      organizationId: caller.organizationId,
      providers: sessionOf(caller).providers ?? [],
      // The path as called: the case that it names is part of what is asked.
      route: `${request.method} ${request.url.split('?')[0]}`,
      key: { kind: 'explicit', value: key },
      fingerprint: fingerprintOf({ body, insists, ...(steered && { scenario: steered }) }),
      requestId: request.id,
      at,
    },
    work,
  )
  if (!replayed) return send(reply, answer)
  const on = placeOf(answer)
  await requireVisible(deps, caller, on)
  await deps.recorder.note({
    at,
    actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
    act: request.routeOptions.config?.act ?? 'request',
    ...(on ? { on } : {}),
    outcome: 'done',
    requestId: request.id,
    detail: { replayOf: requestId },
  })
  return send(reply.header('idempotency-replayed', 'true'), answer)
}

/** @throws Problem `access/provider-not-represented` the caller does not act for the requester */
function requireOwnProvider(caller: Caller, { request, earlier }: Asked): void {
  const { identifier } = request.requester
  try {
    requireProvider(caller, identifier?.system === 'npi' ? identifier.value : undefined)
  } catch (error) {
    throw error instanceof Problem && earlier ? new RefusedOnCase(error, earlier) : error
  }
}

/** What names its case by our id names nobody by theirs. */
export const ABOUT_A_CASE: Steerable = { operation: 'follow-up', receiverId: '', payerId: '', ids: [] }

/** The case as it is answered, written once for each time it is told, so that what is kept with it is what was sent. */
function bodyOnce(at: ReturnType<DoorDeps['clock']['now']>): (answered: Answered) => string {
  const bodies = new WeakMap<object, string>()
  return ({ told, payer }) => {
    if (!told || !payer) throw new Error('an answer without a case has no body')
    const body = bodies.get(told) ?? JSON.stringify(authorizationResource({ ...told, payer, at, notes: [] }))
    bodies.set(told, body)
    return body
  }
}

function knownCase(known: string | undefined): { readonly known?: AuthorizationId } {
  const id = known === undefined ? undefined : readId('authorization', known)
  return id === undefined ? {} : { known: id }
}

/**
 * Whoever may no longer see what an answer tells of is not given it again either.
 *
 * @throws Problem `state/not-found`
 */
async function requireVisible(deps: DoorDeps, caller: Caller, place: string | undefined): Promise<void> {
  const authorization = place && readId('authorization', place)
  const admission = place && readId('admission', place)
  await deps.database.transaction(sessionOf(caller), async (tx) => {
    if (authorization) await deps.exchange.read(tx, authorization)
    else if (admission) await deps.exchange.readAdmission(tx, admission, caller.organizationId)
  })
}

/** The id of what an answer tells of: the last part of its place. */
function placeOf({ headers }: Answer): string | undefined {
  return headers.location?.split('/').at(-1)
}

function send(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  return reply
    .code(status)
    .headers({ ...headers })
    .send(body)
}
