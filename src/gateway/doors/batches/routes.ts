import { Readable } from 'node:stream'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { readId } from '../../../kernel/ids.ts'
import { spellAsProblemJson, spellProblems } from '../../../platform/http/index.ts'
import { type BatchId, noSuchBatch } from '../../batches/index.ts'
import { guard } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { boundTransfers } from '../resources/transfers.ts'
import { answersOf } from './answers.ts'
import { otherType, receive, requireOperating, UPLOADS } from './receive.ts'
import { BATCHES_QUERY, type BatchesQuery, ITEMS_QUERY, type ItemsQuery } from './schemas.ts'
import { batchResource, itemResource } from './wire.ts'

const PAGE = 25
/** Uploads and downloads at one time. */
const TRANSFERS = { all: 8, ofACompany: 2 }

type OfBatch = { Params: { id: string } }

/** `/v1/batches`: many requests sent at once, each answered as the door of one request would. */
export function batchRoutes(deps: DoorDeps): FastifyPluginAsync {
  return async (server) => {
    const caught = guard(server, deps)
    spellProblems(server, caught.onRecord(spellAsProblemJson))
    const readerOf = (request: FastifyRequest) => ({
      caller: caught.callerOf(request),
      requestId: request.id,
    })
    const pagesOf = ({ server: { problemSettings } }: FastifyRequest) => problemSettings.problemBaseUrl
    const uploads = boundTransfers(TRANSFERS)
    const downloads = boundTransfers(TRANSFERS)

    // A scope of its own, as bodies are read in no other way here: as they come.
    server.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      for (const type of Object.keys(UPLOADS))
        scope.addContentTypeParser(type, (_request, payload, done) => done(null, payload))
      scope.addContentTypeParser('*', (_request, _payload, done) => done(otherType()))
      scope.post(
        '/v1/batches',
        {
          config: { act: 'batch.receive' },
          preParsing: async (request, reply) => {
            requireOperating(caught.callerOf(request))
            uploads.hold(caught.callerOf(request).organizationId, reply.raw)
          },
        },
        (request, reply) => receive(deps, caught.callerOf(request), request, reply),
      )
    })

    server.get<{ Querystring: BatchesQuery }>(
      '/v1/batches',
      { config: { act: 'batch.list', scope: 'pa:read' }, schema: { querystring: BATCHES_QUERY } },
      async (request) => {
        const { limit = String(PAGE), ...from } = request.query
        const { batches, next } = await deps.batches.list(readerOf(request), {
          ...from,
          limit: Number(limit),
        })
        return { batches: batches.map(batchResource), ...(next === undefined ? {} : { next }) }
      },
    )

    server.get<OfBatch>(
      '/v1/batches/:id',
      { config: { act: 'batch.read', scope: 'pa:read' } },
      async (request) => batchResource(await deps.batches.read(readerOf(request), idOf(request))),
    )

    server.get<OfBatch & { Querystring: ItemsQuery }>(
      '/v1/batches/:id/items',
      { config: { act: 'batch.list-items', scope: 'pa:read' }, schema: { querystring: ITEMS_QUERY } },
      async (request) => {
        const { limit = String(PAGE), ...from } = request.query
        const wanted = { ...from, limit: Number(limit) }
        const { items, next } = await deps.batches.items(readerOf(request), idOf(request), wanted)
        return {
          items: items.map((each) => itemResource(each, pagesOf(request))),
          ...(next === undefined ? {} : { next }),
        }
      },
    )

    server.get<OfBatch>(
      '/v1/batches/:id/answers',
      { config: { act: 'batch.read-answers', scope: 'pa:read' } },
      async (request, reply) => {
        const id = idOf(request)
        downloads.hold(caught.callerOf(request).organizationId, reply.raw)
        const answers = await deps.batches.answers(readerOf(request), id)
        const { type, ending, text } = answersOf(deps, answers, pagesOf(request))
        return reply
          .type(type)
          .header('content-disposition', `attachment; filename="${id}.${ending}"`)
          .send(Readable.from(text))
      },
    )

    server.post<OfBatch>('/v1/batches/:id/cancel', { config: { act: 'batch.cancel' } }, async (request) => {
      requireOperating(caught.callerOf(request))
      return batchResource(await deps.batches.cancel(readerOf(request), idOf(request)))
    })
  }
}

/** @throws Problem `state/not-found` */
function idOf(request: FastifyRequest<OfBatch>): BatchId {
  const id = readId('batch', request.params.id)
  if (!id) throw noSuchBatch()
  return id
}
