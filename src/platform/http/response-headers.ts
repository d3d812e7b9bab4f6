import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const YEAR_SECONDS = 365 * 24 * 60 * 60
const STRICT_TRANSPORT = `max-age=${YEAR_SECONDS}`

/**
 * What every answer says: its request's id, that it is not to be stored (a route may say otherwise), that its media type
 * is meant; and that this host speaks HTTPS only, unless it is this very machine, where the next program on another port
 * may not.
 *
 * @param encrypted whether callers reach this server over TLS, here or at a proxy
 * @see RFC 6797 section 6.1
 */
export function setResponseHeaders(server: FastifyInstance, encrypted: boolean): void {
  server.addHook('onRequest', (request, reply, done) => {
    addResponseHeaders(request, reply, encrypted)
    done()
  })
}

/** For answers that are given before hooks run. */
export function addResponseHeaders(request: FastifyRequest, reply: FastifyReply, encrypted: boolean): void {
  reply.header('x-request-id', request.id)
  reply.header('x-content-type-options', 'nosniff')
  reply.header('cache-control', 'no-store')
  if (encrypted && !isThisMachine(request.headers.host ?? ''))
    reply.header('strict-transport-security', STRICT_TRANSPORT)
}

const THIS_MACHINE = /^(?:(?:[\w.-]+\.)?localhost|127\.[\d.]+|\[::1\])(?::\d+)?$/

/** @param host a Host header: a name or address, with or without a port */
function isThisMachine(host: string): boolean {
  return THIS_MACHINE.test(host)
}
