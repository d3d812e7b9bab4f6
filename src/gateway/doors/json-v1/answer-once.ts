import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ReviewRequest } from '../../../core/request.ts'
import { encodeAnswer } from '../../../formats/x12/index.ts'
import { type AuthorizationId, bareUuid, type Random, readId } from '../../../kernel/ids.ts'
import type { Instant } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/database/index.ts'
import { type Caller, requireProvider, sessionOf } from '../../access/index.ts'
import type { Answered, Asking } from '../../exchange/index.ts'
import { type Answer, type Claim, fingerprintOf, once, parseIdempotencyKey } from '../../idempotency/index.ts'
import type { DoorDeps } from '../model.ts'
import type { Operation } from './operations.ts'
import type { Asked } from './reading.ts'

type UseCase = (tx: Tx, asking: Asking, spell: (answered: Answered) => Uint8Array) => Promise<Answered>

/**
 * Has a request answered in one transaction, and the same request answered the same way when it comes again.
 *
 * A submission is known again by its `Idempotency-Key`, else by its control numbers and body. An inquiry asks how things
 * stand now, so it is answered anew unless its sender gave it a key.
 */
export async function answerOnce<T extends ReviewRequest>(
  deps: DoorDeps,
  caller: Caller,
  operation: Operation<T>,
  asked: Asked<T>,
  request: FastifyRequest,
  reply: FastifyReply,
  useCase: UseCase,
): Promise<FastifyReply> {
  const at = deps.clock.now()
  const { notes, format, raw } = asked
  // Before anything is replayed: whoever may no longer act for a provider gets none of its answers either.
  requireProvider(caller, npiOf(asked.value))
  const asking: Asking = { caller, requestId: request.id, door: 'json-v1', format, raw, notes }
  const work = async (tx: Tx) => {
    const spelling = spellingOnce(deps, operation, asked, at)
    const answered = await useCase(tx, asking, (value) => Buffer.from(spelling(value)[format], 'utf8'))
    const { x12, json } = spelling(answered)
    const { authorizationId, isDuplicate, payer } = answered
    const id = authorizationId && bareUuid(authorizationId)
    const body = `{${id ? `"authorizationId":"${id}",` : ''}"${operation.name}":{"x12":${JSON.stringify(x12)},"json":${json}}}`
    const answer: Answer = {
      status: 200,
      headers: {
        'content-type': JSON_TYPE,
        ...(isDuplicate && id ? { 'countersign-duplicate-of': id } : {}),
      },
      body,
    }
    return { answer, ...(payer ? { payerId: payer.id } : {}) }
  }
  const claim = claimOf(caller, operation, asked, request, at)
  if (!claim) {
    return send(reply, (await deps.database.transaction(sessionOf(caller), work)).answer)
  }
  const { answer, replayed, requestId } = await once(deps.idempotency, claim, work)
  if (!replayed) return send(reply, answer)
  await deps.recorder.note({
    at,
    actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
    act: operation.act,
    ...caseIn(answer),
    outcome: 'done',
    requestId: request.id,
    detail: { replayOf: requestId },
  })
  return send(reply.header('idempotency-replayed', 'true'), answer)
}

/** The case that a kept answer tells of, so that whoever is asked who saw it finds this reader too. */
function caseIn({ body }: Answer): { readonly on?: AuthorizationId } {
  const start = typeof body === 'string' ? body.slice(0, 100) : ''
  const found = /^\{"authorizationId":"([^"]+)"/.exec(start)
  const on = found?.[1] === undefined ? undefined : readId('authorization', found[1])
  return on ? { on } : {}
}

function npiOf({ requester: { identifier } }: ReviewRequest): string | undefined {
  return identifier?.system === 'npi' ? identifier.value : undefined
}

function claimOf<T extends ReviewRequest>(
  caller: Caller,
  operation: Operation<T>,
  asked: Asked<T>,
  request: FastifyRequest,
  at: Instant,
): Claim | undefined {
  const explicit = parseIdempotencyKey(request.headers['idempotency-key'])
  if (explicit === undefined && operation.name === 'inquiry') return undefined
  return {
    organizationId: caller.organizationId,
    providers: sessionOf(caller).providers ?? [],
    route: `${request.method} ${request.routeOptions.url}`,
    key:
      explicit === undefined
        ? { kind: 'derived', parts: asked.controls }
        : { kind: 'explicit', value: explicit },
    fingerprint: fingerprintOf({
      body: request.rawBody,
      query: queryOf(request),
      insists: insists(request),
    }),
    requestId: request.id,
    at,
  }
}

/** Whether the caller wants a case of its own, though the same care was asked for already. */
export function insists(request: FastifyRequest): boolean {
  return request.headers['countersign-allow-duplicate'] === 'true'
}

function queryOf({ url }: FastifyRequest): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start + 1)
}

const JSON_TYPE = 'application/json; charset=utf-8'
const CONTROL_NUMBER_DIGITS = 9

/** The answer in both spellings, made once, so that what is kept with the case is what was sent. */
function spellingOnce<T extends ReviewRequest>(
  deps: DoorDeps,
  operation: Operation<T>,
  asked: Asked<T>,
  at: Instant,
) {
  let made: { readonly x12: string; readonly json: string } | undefined
  return ({ answer }: Answered) => {
    made ??= {
      x12: encodeAnswer(answer, {
        guide: operation.guide,
        at,
        controlNumber: controlNumber(deps.random),
        usage: asked.usage,
        ...(asked.envelope ? { inReplyTo: asked.envelope } : {}),
      }),
      json: JSON.stringify(operation.writeJson(answer)),
    }
    return made
  }
}

/** A number for one interchange, 1 to 999999999. */
function controlNumber(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random(4)
  return ((((a * 256 + b) * 256 + c) * 256 + d) % (10 ** CONTROL_NUMBER_DIGITS - 1)) + 1
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply
    .code(answer.status)
    .headers({ ...answer.headers })
    .send(answer.body)
}
