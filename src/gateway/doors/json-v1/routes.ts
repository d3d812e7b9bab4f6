import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Inquiry, ReviewRequest } from '../../../core/request.ts'
import { spellProblems } from '../../../platform/http/index.ts'
import { guard } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { answerOnce } from './answer-once.ts'
import { compatibleHeaders } from './headers.ts'
import { INQUIRY, type Operation, SUBMISSION } from './operations.ts'
import { type Asked, readAsJson, readAsX12 } from './reading.ts'
import { errorsOf, statusOf } from './spelling.ts'

const BASE = '/rcm/prior-authorization/v1'

/** The compatible JSON API: the paths, bodies, headers and errors that existing clients know. */
export function compatibleRoutes(deps: DoorDeps): FastifyPluginAsync {
  return async (server) => {
    const caught = guard(server, deps)
    server.addHook('onRequest', async (request, reply) => {
      reply.headers(
        compatibleHeaders(
          request.id,
          deps.clock.now(),
          deps.random,
          request.headers['x-optum-correlation-id'],
        ),
      )
    })
    spellProblems(server, (problem, request, reply) => {
      const send = () =>
        reply.code(statusOf(problem)).type('application/json; charset=utf-8').send(errorsOf(problem))
      caught.noteRefusal(problem, request).then(send, (error: unknown) => {
        request.log.error({ err: error }, 'a refusal could not be put on the record')
        send()
      })
    })

    const serve = <T extends ReviewRequest>(
      operation: Operation<T>,
      answer: (asked: Asked<T>, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
    ) => {
      const config = { act: operation.act, scope: operation.scope }
      const { name } = operation
      for (const path of [name, `${name}/json`])
        server.post(`${BASE}/${path}`, { config }, (request, reply) =>
          answer(readAsJson(operation, request, deps), request, reply),
        )
      server.post(`${BASE}/${name}/x12`, { config }, (request, reply) =>
        answer(readAsX12(operation, request, deps), request, reply),
      )
    }

    serve<ReviewRequest>(SUBMISSION, (asked, request, reply) =>
      answerOnce(deps, caught.callerOf(request), SUBMISSION, asked, request, reply, (tx, asking, spell) =>
        deps.exchange.submit(
          tx,
          {
            ...asking,
            request: asked.value,
            insists: request.headers['countersign-allow-duplicate'] === 'true',
          },
          spell,
        ),
      ),
    )
    serve<Inquiry>(INQUIRY, (asked, request, reply) =>
      answerOnce(deps, caught.callerOf(request), INQUIRY, asked, request, reply, (tx, asking) =>
        deps.exchange.inquire(tx, { ...asking, inquiry: asked.value }),
      ),
    )

    server.get(`${BASE}/healthcheck`, { config: { act: 'health.check' } }, async (_request, reply) => {
      if (await deps.isReady()) return { status: 'OK', version: deps.version }
      return reply
        .code(500)
        .send(['A part that this service depends on cannot be reached. Try again shortly.'])
    })
  }
}
