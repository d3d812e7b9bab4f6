import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../../kernel/problem.ts'
import type { Disclose } from '../../limits/index.ts'
import type { TokenRequest } from '../authentication/index.ts'
import { type IssuedToken, issueToken, type TokenService } from '../issue.ts'

/** One way of writing down a token request and its answer. All of them lead to the same service and the same tokens. */
export interface Spelling {
  readonly path: string
  readonly mediaType: string
  readonly lifetimeSeconds: number
  /** @throws Problem `request/invalid` */
  read(body: unknown, request: FastifyRequest): TokenRequest
  answer(token: IssuedToken): object
  refuse(
    problem: Problem,
    request: FastifyRequest,
  ): {
    readonly status: number
    readonly body: object
    readonly headers?: Readonly<Record<string, string>>
  }
}

/** Serves the token service in one spelling. */
export function tokenDoor(service: TokenService, spelling: Spelling): FastifyPluginAsync {
  const refuse = (request: FastifyRequest, reply: FastifyReply, problem: Problem) => {
    const { status, body, headers } = spelling.refuse(problem, request)
    if (problem.retryAfterSeconds !== undefined)
      reply.header('retry-after', String(problem.retryAfterSeconds))
    return reply
      .code(status)
      .headers({ ...headers })
      .send(body)
  }

  return async (app) => {
    // RFC 6749 section 5.1: an answer that holds a credential is kept by nobody. Refusals the same.
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
    })
    // What goes wrong before there is a token request to judge, or by our own fault.
    app.setErrorHandler(async (error, request, reply) => {
      const unreadable = problemOf(error)
      if (unreadable.status >= 500) {
        request.log.error({ err: error }, 'a token could not be issued')
        return refuse(request, reply, unreadable)
      }
      const { problem, isNoted } = service.limits.refuse(unreadable, { address: request.ip })
      if (isNoted) await noteUnreadable(service, problem, request.id)
      return refuse(request, reply, problem)
    })
    app.post(spelling.path, {
      onRequest: async (request) => requireMediaType(request, spelling.mediaType),
      handler: async (request, reply) => {
        const disclose: Disclose = (fields, client) => {
          request.clientId = client
          reply.headers(fields)
        }
        const asked = {
          ...spelling.read(request.body, request),
          requestId: request.id,
          address: request.ip,
          disclose,
        }
        const outcome = await issueToken(service, asked, spelling.lifetimeSeconds).catch(orRefusal)
        return outcome instanceof Problem
          ? refuse(request, reply, outcome)
          : reply.send(spelling.answer(outcome))
      },
    })
    app.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url: spelling.path,
      onRequest: async (_request, reply) => {
        reply.header('allow', 'POST')
        throw new Problem('request/method-not-allowed', 'A token is asked for with POST.')
      },
      handler: async () => undefined,
    })
  }
}

/** A refusal is on the record already; our own fault is not the caller's to read. */
export function orRefusal(error: unknown): Problem {
  if (error instanceof Problem && error.status < 500) return error
  throw error
}

export function requireMediaType(request: FastifyRequest, expected: string): void {
  const found = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (found !== expected) throw new Problem('request/media-type', `Send the request as ${expected}.`)
}

export function noteUnreadable(
  service: TokenService,
  problem: Problem,
  requestId: string,
  act = 'token.issue',
): Promise<void> {
  return service.recorder.note({
    at: service.clock.now(),
    actor: { kind: 'anonymous' },
    act,
    outcome: 'refused',
    problem: problem.code,
    requestId,
  })
}

/** The HTTP layer's own errors carry a status; anything else is a bug. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const status = (error as { statusCode?: unknown }).statusCode
  if (status === 413)
    return new Problem('request/too-large', 'The body is larger than a token request can be.')
  if (status === 415) return new Problem('request/media-type', 'The media type of the body is not read here.')
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Problem('request/unreadable', 'The body could not be read.')
  return new Problem('system/unexpected', 'Something went wrong on our side. Try again.', { cause: error })
}
