import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'

/** Has a plugin hooked to the server itself, and not to a scope of its own. */
const SKIP_OVERRIDE = Symbol.for('skip-override')

/** What a page may send besides what any page may. */
const REQUEST_HEADERS = [
  'accept',
  'attachment-control-number',
  'authorization',
  'content-disposition',
  'content-type',
  'countersign-allow-duplicate',
  'idempotency-key',
  'if-none-match',
  'x-optum-correlation-id',
  'x-optum-tenant-id',
  'x-sandbox-scenario',
].join(', ')

/** What it may read of an answer besides what any page may. */
const RESPONSE_HEADERS = [
  'allow',
  'content-disposition',
  'countersign-duplicate-of',
  'etag',
  'idempotency-replayed',
  'location',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'transaction-id',
  'www-authenticate',
  'x-request-id',
].join(', ')

/** How long a browser need not ask again, in seconds. */
const REMEMBERED_SECONDS = 600

/**
 * Lets pages of one origin call this server from a browser, and no other page. To be registered before any route.
 *
 * Callers are told by what they send, never by what a browser holds: credentials of its own (cookies, certificates) are not
 * allowed. Whatever else calls sees nothing of this but `Vary: Origin`.
 *
 * @param url of the pages; what counts is its origin
 * @see Fetch Standard, "CORS protocol" and "CORS-preflight fetch"
 */
export function allowOriginOf(url: string): FastifyPluginAsync {
  const { origin } = new URL(url)
  const plugin: FastifyPluginAsync = async (server) => {
    server.addHook('onRequest', async (request, reply) => {
      if (request.headers.origin !== origin) return
      reply.header('access-control-allow-origin', origin)
      if (isPreflight(request)) return answerPreflight(server, request, reply)
      reply.header('access-control-expose-headers', RESPONSE_HEADERS)
    })
    // Last, as others say what their answers vary by too.
    server.addHook('onSend', async (_request, reply, payload) => {
      const varies = [reply.getHeader('vary') ?? []].flat().join(', ')
      reply.header('vary', varies === '' ? 'Origin' : `${varies}, Origin`)
      return payload
    })
  }
  return Object.assign(plugin, { [SKIP_OVERRIDE]: true })
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

/** Says what may be sent to the path; nothing of a path that does not exist. */
function answerPreflight(
  server: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? ''
  const methods = [...server.knownPaths.values()]
    .filter(({ pattern }) => pattern.test(path))
    .flatMap((known) => [...known.methods])
  return reply
    .code(204)
    .headers({
      'access-control-allow-methods': [...new Set(methods)].sort().join(', '),
      'access-control-allow-headers': REQUEST_HEADERS,
      'access-control-max-age': String(REMEMBERED_SECONDS),
    })
    .send()
}
