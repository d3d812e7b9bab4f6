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

/** An endpoint where a client asks for something, or about it. */
export interface Endpoint extends Pick<Spelling, 'path' | 'mediaType' | 'read' | 'refuse'> {
  /** As the audit record and the log name what is asked. */
  readonly act: string
  /** @returns the body of the answer; undefined for an empty one */
  answer(request: TokenRequest): Promise<object | undefined>
}

/** Serves the token service in one spelling. */
export function tokenDoor(service: TokenService, spelling: Spelling): FastifyPluginAsync {
  return door(service, {
    ...spelling,
    act: 'token.issue',
    answer: async (request) => spelling.answer(await issueToken(service, request, spelling.lifetimeSeconds)),
  })
}

/** Serves an endpoint for clients: POST alone, one media type, nothing kept by anybody, every refusal in its own words. */
export function door(service: TokenService, endpoint: Endpoint): FastifyPluginAsync {
  const refuse = (request: FastifyRequest, reply: FastifyReply, problem: Problem) => {
    const { status, body, headers } = endpoint.refuse(problem, request)
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
    // What goes wrong before there is a request to judge, or by our own fault.
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
      onRequest: async (request) => requireMediaType(request, endpoint.mediaType),
      handler: async (request, reply) => {
        const disclose: Disclose = (fields, client) => {
          request.clientId = client
          reply.headers(fields)
        }
        const asked = {
          ...endpoint.read(request.body, request),
          requestId: request.id,
          address: request.ip,
          disclose,
        }
        const outcome = await endpoint.answer(asked).catch(orRefusal)
        return outcome instanceof Problem ? refuse(request, reply, outcome) : reply.send(outcome ?? '')
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

/** A refusal is on the record already; our own fault is not the caller's to read. */
function orRefusal(error: unknown): Problem {
  if (error instanceof Problem && error.status < 500) return error
  throw error
}

function requireMediaType(request: FastifyRequest, expected: string): void {
  const found = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (found !== expected) throw new Problem('request/media-type', `Send the request as ${expected}.`)
}

function noteUnreadable(
  service: TokenService,
  problem: Problem,
  requestId: string,
  act: string,
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
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const status = (error as { statusCode?: unknown }).statusCode
  if (status === 413)
    return new Problem('request/too-large', 'The body is larger than a token request can be.')
  if (status === 415) return new Problem('request/media-type', 'The media type of the body is not read here.')
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Problem('request/unreadable', 'The body could not be read.')
  return new Problem('system/unexpected', 'Something went wrong on our side. Try again.', { cause: error })
}
