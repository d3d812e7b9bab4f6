import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuditEntry } from '../../../audit/index.ts'
import { bareUuid } from '../../../kernel/ids.ts'
import type { Instant } from '../../../kernel/time.ts'
import { type Caller, requireProvider, sessionOf } from '../../access/index.ts'
import type { Asking } from '../../exchange/index.ts'
import {
  type Answer,
  type Claim,
  asked as doOnce,
  fingerprintOf,
  type Onward,
  once,
  parseIdempotencyKey,
  type Result,
  type Work,
} from '../../idempotency/index.ts'
import type { DoorDeps } from '../model.ts'
import { scenarioAsked, steer } from '../steer.ts'
import { requireNewInterchange } from './new-interchange.ts'
import { idIn } from './operations/case-member.ts'
import type { Askable, Call, Operation, Query, Told } from './operations/model.ts'
import type { Asked } from './reading.ts'
import { steerableOf } from './steerable.ts'
import { writerFor } from './write-both.ts'

/** Sends what `settleOnce` comes to. */
export async function answerOnce<T extends Askable, R extends Told>(
  deps: DoorDeps,
  caller: Caller,
  operation: Operation<T, R>,
  asked: Asked<T>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { answer, replayed } = await settleOnce(deps, caller, operation, asked, request, request.rawBody)
  if (replayed) reply.header('idempotency-replayed', 'true')
  return reply
    .code(answer.status)
    .headers({ ...answer.headers })
    .send(answer.body)
}

export interface Settled {
  readonly answer: Answer
  /** It was given before, and nothing was done again. */
  readonly replayed: boolean
}

/**
 * Has a request answered in one transaction, and the same request answered the same way when it comes again.
 *
 * How a request is known again is its operation's to say; a caller's own `Idempotency-Key` always counts.
 *
 * @param body what is the same when the same is sent again: the bytes received, or those within an envelope that names each message
 *             anew
 */
export async function settleOnce<T extends Askable, R extends Told>(
  deps: DoorDeps,
  caller: Caller,
  operation: Operation<T, R>,
  asked: Asked<T>,
  request: FastifyRequest,
  body: Uint8Array,
): Promise<Settled> {
  const at = deps.clock.now()
  const { notes, format, raw } = asked
  // Before anything is replayed: whoever may no longer act for a provider gets none of its answers either.
  if (operation.inNameOf !== 'nobody') requireProvider(caller, operation.inNameOf(asked.value))
  const scenario = await steer(deps, caller.organizationId, request, steerableOf(operation, asked))
  const asking: Asking = {
    caller,
    requestId: request.id,
    door: 'json-v1',
    format,
    raw,
    notes,
    ...(scenario && { scenario }),
  }
  const write = writerFor(deps, asked, at)
  const call: Call<T> = {
    asking,
    asked: asked.value,
    query: request.query as Query,
    insists: insists(request),
    write,
    kept: (spelt) => Buffer.from(spelt[format], 'utf8'),
  }
  let note: ReturnType<NonNullable<typeof operation.note>> | undefined
  const tell = (result: R): Result => {
    note = operation.note?.(result)
    const { payer } = result
    const answer: Answer = {
      status: 200,
      headers: { 'content-type': JSON_TYPE, ...duplicateHeader(result) },
      body: operation.envelope(result, write),
    }
    const { onward, standsAs } = result
    return {
      answer,
      ...(payer ? { payerId: payer.id } : {}),
      ...(onward && { onward: then(onward as Onward<R>, tell) }),
      ...(standsAs && { standsAs }),
      ...(operation.mayComeToMore?.(result) && { isNotKept: true as const }),
    }
  }
  const work: Work = async (tx, known) => {
    await requireNewInterchange(deps, tx, caller, asked, at)
    return tell(await operation.answer(deps.exchange, tx, { ...call, ...(known !== undefined && { known }) }))
  }
  const record = (entry: Pick<AuditEntry, 'on' | 'detail'>) =>
    deps.recorder.note({
      at,
      actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
      act: operation.act,
      outcome: 'done',
      requestId: request.id,
      ...entry,
    })
  const claim = claimOf(caller, operation, asked, request, body, at, scenario)
  if (!claim) {
    const { answer } = operation.answerApart
      ? tell(await operation.answerApart(deps.exchange, call))
      : await doOnce(deps.database, sessionOf(caller), work)
    if (note) await record(note)
    return { answer, replayed: false }
  }
  const { answer, replayed, requestId } = await once(deps.idempotency, claim, work)
  if (!replayed) {
    if (note) await record(note)
    return { answer, replayed }
  }
  // Whoever is asked who saw the case finds this reader too.
  const on =
    typeof answer.body === 'string' ? idIn(operation.tellsOf ?? 'authorization', answer.body) : undefined
  await record({ ...(on ? { on } : {}), detail: { replayOf: requestId } })
  return { answer, replayed }
}

/** What is left to do, told as its transaction is told. */
function then<R>({ tell: told, ...onward }: Onward<R>, tell: (result: R) => Result): Onward<Result> {
  return { ...onward, tell: async (tx) => tell(await told(tx)) }
}

function duplicateHeader({
  authorizationId,
  admissionId,
  isDuplicate,
}: Told): Readonly<Record<string, string>> {
  const id = authorizationId ?? admissionId
  return isDuplicate && id ? { 'countersign-duplicate-of': bareUuid(id) } : {}
}

function claimOf<T extends Askable, R extends Told>(
  caller: Caller,
  operation: Operation<T, R>,
  asked: Asked<T>,
  request: FastifyRequest,
  body: Uint8Array,
  at: Instant,
  scenario: string | undefined,
): Claim | undefined {
  const explicit = parseIdempotencyKey(request.headers['idempotency-key'])
  if (explicit === undefined && operation.knownAgain(request.query as Query) === 'by-key') return undefined
  return {
    organizationId: caller.organizationId,
    providers: sessionOf(caller).providers ?? [],
    route: `${request.method} ${request.routeOptions.url}`,
    key:
      explicit === undefined
        ? { kind: 'derived', parts: asked.controls }
        : { kind: 'explicit', value: explicit },
    fingerprint: fingerprintOf({
      body,
      query: queryOf(request),
      insists: insists(request),
      // A key that its sender made is of one request, whatever is set for the company in between.
      ...scenarioIn(explicit === undefined ? scenario : scenarioAsked(request)),
    }),
    requestId: request.id,
    at,
  }
}

const scenarioIn = (scenario: string | undefined) => (scenario === undefined ? {} : { scenario })

/** Whether the caller wants a case of its own, though the same care was asked for already. */
function insists(request: FastifyRequest): boolean {
  return request.headers['countersign-allow-duplicate'] === 'true'
}

function queryOf({ url }: FastifyRequest): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start + 1)
}

const JSON_TYPE = 'application/json; charset=utf-8'
