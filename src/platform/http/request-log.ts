import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { traceIdOf } from './identity.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, once they have proved it; set by whoever checked the proof. For the log. */
    clientId: string | undefined
  }
}

/** Probes of a health checker are too many and too alike to be of interest. */
const QUIET = new Set(['/healthz', '/readyz'])

/**
 * Writes one line for each request when its answer has left, or its caller has. Names the route by its pattern: what
 * stands in a path or a query stays out of the log.
 */
export function logRequests(server: FastifyInstance): void {
  server.decorateRequest('clientId', undefined)
  server.decorateRequest('problemCode', undefined)
  server.addHook('onResponse', (request, reply, done) => {
    line(request, reply.statusCode, reply.elapsedTime, levelOf(request, reply))
    done()
  })
  server.addHook('onRequestAbort', (request, done) => {
    request.log.info({ ...fieldsOf(request), aborted: true }, 'request')
    done()
  })
}

type Level = 'debug' | 'info' | 'error'

function line(request: FastifyRequest, status: number, durationMs: number, level: Level): void {
  request.log[level](
    { ...fieldsOf(request), status, durationMs: Math.round(durationMs * 100) / 100 },
    'request',
  )
}

function fieldsOf(request: FastifyRequest) {
  return {
    method: request.method,
    route: request.is404 ? undefined : request.routeOptions.url,
    clientId: request.clientId,
    traceId: traceIdOf(request.raw),
    problem: request.problemCode,
  }
}

function levelOf({ routeOptions }: FastifyRequest, { statusCode }: FastifyReply): Level {
  if (QUIET.has(routeOptions.url ?? '')) return 'debug'
  return statusCode >= 500 ? 'error' : 'info'
}
