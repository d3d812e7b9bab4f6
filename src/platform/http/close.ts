import type http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** How often connections are looked through, while closing, for those whose request has ended. */
const SWEEP_MS = 20

/**
 * The connections of a server on which no request has come yet. Node does not count them as idle, though nothing is lost
 * with them: browsers open some in advance.
 */
const silent = new WeakMap<http.Server, Set<Socket>>()
const twins = new WeakMap<http.Server, Set<http.Server>>()

/** Has a server remember the connections on which no request has come yet. */
export function rememberSilent(server: http.Server): void {
  const sockets = new Set<Socket>()
  silent.set(server, sockets)
  server.on(server instanceof https.Server ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', ({ socket }) => sockets.delete(socket))
}

/** Has a further server closed together with the main one. */
export function closeWith(main: http.Server, twin: http.Server): void {
  const known = twins.get(main) ?? new Set()
  known.add(twin)
  twins.set(main, known)
}

/**
 * Bounds the closing of a server: no new connections, idle ones end at once, those with a running request when it has
 * been answered, and after `timeoutMs` all that are left.
 */
export function closeInTime(server: FastifyInstance, timeoutMs: number): void {
  let sweep: NodeJS.Timeout | undefined
  let end: NodeJS.Timeout | undefined
  const all = () => [server.server, ...(twins.get(server.server) ?? [])]
  server.addHook('preClose', (done) => {
    for (const twin of twins.get(server.server) ?? []) twin.close()
    sweep = setInterval(() => {
      for (const each of all()) {
        each.closeIdleConnections()
        for (const socket of silent.get(each) ?? []) socket.destroy()
      }
    }, SWEEP_MS)
    end = setTimeout(() => {
      server.log.warn('requests that were still running have been cut off')
      for (const each of all()) each.closeAllConnections()
    }, timeoutMs)
    done()
  })
  server.addHook('onClose', (_instance, done) => {
    clearInterval(sweep)
    clearTimeout(end)
    done()
  })
}
