import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../../kernel/problem.ts'
import type { Disclose } from '../../limits/index.ts'
import type { TokenRequest } from '../authentication/index.ts'
import type { TokenService } from '../issue.ts'
import { noteUnreadable, orRefusal, problemOf, requireMediaType } from './door.ts'
import { oauth2 } from './oauth2.ts'

/** An endpoint where a client that proves itself asks about a token. */
export interface ClientEndpoint {
  readonly path: string
  /** As the audit record names what is asked. */
  readonly act: string
  /** @returns the body of the answer; undefined for an empty one */
  answer(request: TokenRequest): Promise<object | undefined>
}

/**
 * Serves an endpoint that reads a form and authenticates clients as the token endpoint does, with its errors.
 *
 * @see RFC 7009 section 2, RFC 7662 section 2
 */
export function clientDoor(service: TokenService, endpoint: ClientEndpoint): FastifyPluginAsync {
  const refuse = (request: FastifyRequest, reply: FastifyReply, problem: Problem) => {
    const { status, body, headers } = oauth2.refuse(problem, request)
    if (problem.retryAfterSeconds !== undefined)
      reply.header('retry-after', String(problem.retryAfterSeconds))
    return reply
      .code(status)
      .headers({ ...headers })
      .send(body)
  }
  return async (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
    })
    app.setErrorHandler(async (error, request, reply) => {
      const unreadable = problemOf(error)
      if (unreadable.status >= 500) {
        request.log.error({ err: error }, `${endpoint.act} failed`)
        return refuse(request, reply, unreadable)
      }
      const { problem, isNoted } = service.limits.refuse(unreadable, { address: request.ip })
      if (isNoted) await noteUnreadable(service, problem, request.id, endpoint.act)
      return refuse(request, reply, problem)
    })
    app.post(endpoint.path, {
      onRequest: async (request) => requireMediaType(request, oauth2.mediaType),
      handler: async (request, reply) => {
        const disclose: Disclose = (fields, client) => {
          request.clientId = client
          reply.headers(fields)
        }
        const asked = {
          ...oauth2.read(request.body, request),
          requestId: request.id,
          address: request.ip,
          disclose,
        }
        const outcome = await endpoint.answer(asked).catch(orRefusal)
        return outcome instanceof Problem
          ? refuse(request, reply, outcome)
          : reply.code(200).send(outcome ?? '')
      },
    })
    app.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url: endpoint.path,
      onRequest: async (_request, reply) => {
        reply.header('allow', 'POST')
        throw new Problem('request/method-not-allowed', 'This is asked with POST.')
      },
      handler: async () => undefined,
    })
  }
}
