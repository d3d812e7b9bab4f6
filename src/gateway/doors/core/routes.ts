import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Guide } from '../../../formats/core-envelope/index.ts'
import { bareUuid, type Id } from '../../../kernel/ids.ts'
import { Problem } from '../../../kernel/problem.ts'
import { spellProblems } from '../../../platform/http/index.ts'
import { type Caller, requireScopes } from '../../access/index.ts'
import { guard } from '../guard.ts'
import { type Settled, settleOnce } from '../json-v1/answer-once.ts'
import { INQUIRY } from '../json-v1/operations/inquiry.ts'
import type { Askable, Operation, Told } from '../json-v1/operations/model.ts'
import { NOTICE } from '../json-v1/operations/notice.ts'
import { SUBMISSION } from '../json-v1/operations/submission.ts'
import { readAsX12 } from '../json-v1/reading.ts'
import type { DoorDeps } from '../model.ts'
import { type EnvelopePath, guideOf, type ReadEnvelope, readEnvelope } from './read-envelope.ts'
import { spellAsCore } from './spelling.ts'
import { writeAnswer } from './write-envelope.ts'

/**
 * CAQH CORE Connectivity: a 278 in an envelope of SOAP or of MIME, in real time. Who calls is told by the access token, as
 * everywhere; what the envelope carries for a credential is not read. Behind the envelope it is the X12 door of the compatible API.
 *
 * @see CAQH CORE 270 (Phase II, 2.2.0), CAQH CORE 470 (Phase IV, 4.0.0)
 */
export function coreRoutes(deps: DoorDeps): FastifyPluginAsync {
  return async (server) => {
    for (const path of ['soap', 'mime'] as const)
      await server.register((scope) => addRoute(scope, deps, path), { prefix: `/core/${path}` })
  }
}

/** What each path reads. SOAP 1.1 has `text/xml`: its sender is told so in words. */
const MEDIA_TYPES: Readonly<Record<EnvelopePath, readonly string[]>> = {
  soap: ['application/soap+xml', 'multipart/related', 'text/xml'],
  mime: ['multipart/form-data'],
}

async function addRoute(server: FastifyInstance, deps: DoorDeps, path: EnvelopePath): Promise<void> {
  const envelopes = new WeakMap<FastifyRequest, ReadEnvelope>()
  const caught = guard(server, deps)
  spellProblems(server, caught.onRecord(spellAsCore(deps, path, (request) => envelopes.get(request))))
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
  server.post<{ Body: Buffer | undefined }>(
    '',
    {
      config: { act: 'core.exchange' },
      preParsing: async ({ headers }) => requireMediaType(path, headers['content-type']),
    },
    async (request, reply) => {
      const caller = caught.callerOf(request)
      const contentType = request.headers['content-type'] ?? ''
      const envelope = readEnvelope(path, { contentType, body: request.body ?? new Uint8Array(0) })
      envelopes.set(request, envelope)
      const answer = await ASK[guideOf(path, envelope)](deps, caller, envelope, request)
      return send(deps, envelope, answer, request, reply)
    },
  )
}

/** @throws Problem `request/media-type` */
function requireMediaType(path: EnvelopePath, contentType = ''): void {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  const isUtf8 = path === 'mime' || !/charset\s*=\s*(?!"?(?:utf-8|us-ascii))/i.test(contentType)
  if (MEDIA_TYPES[path].includes(type) && isUtf8) return
  throw new Problem('request/media-type', `Send the body as ${MEDIA_TYPES[path].join(' or ')}, in UTF-8.`)
}

interface Interchanged extends Settled {
  readonly interchange: string
}
type Ask = (
  deps: DoorDeps,
  caller: Caller,
  envelope: ReadEnvelope,
  request: FastifyRequest,
) => Promise<Interchanged>

/** The operation behind each guide. */
const ASK: Readonly<Record<Guide, Ask>> = {
  '217': (...asked) => ask(SUBMISSION, ...asked),
  '215': (...asked) => ask(INQUIRY, ...asked),
  '216': (...asked) => ask(NOTICE, ...asked),
}

async function ask<T extends Askable, R extends Told>(
  operation: Operation<T, R>,
  deps: DoorDeps,
  caller: Caller,
  { request: { payload }, notes }: ReadEnvelope,
  request: FastifyRequest,
): Promise<Interchanged> {
  requireScopes(caller, [operation.scope])
  const asked = readAsX12(operation, { body: { x12: payload } }, deps)
  const withNotes = { ...asked, notes: [...notes, ...asked.notes] }
  // Each message has an id and a moment of its own; what is sent again is the interchange.
  const settled = await settleOnce(deps, caller, operation, withNotes, request, asked.raw)
  return { ...settled, interchange: interchangeOf(settled.answer.body, operation.name) }
}

/** The answer as the X12 door sends it: `{"submission":{"x12":"ISA…", …}}`. */
function interchangeOf(body: string | Uint8Array, name: string): string {
  const told: Readonly<Record<string, { readonly x12?: unknown }>> = JSON.parse(
    typeof body === 'string' ? body : new TextDecoder().decode(body),
  )
  const x12 = told[name]?.x12
  if (typeof x12 !== 'string') throw new Error(`the answer to ${name} holds no interchange`)
  return x12
}

function send(
  deps: DoorDeps,
  { request: asked, kind }: ReadEnvelope,
  { answer, replayed, interchange }: Interchanged,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const ownId = bareUuid(request.id as Id<'request'>)
  const { contentType, body } = writeAnswer(
    { kind, read: asked, at: deps.clock.now(), ownId },
    asked,
    interchange,
  )
  if (replayed) reply.header('idempotency-replayed', 'true')
  return reply
    .code(answer.status)
    .headers({ ...answer.headers, 'content-type': contentType })
    .send(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
}
