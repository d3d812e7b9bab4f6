import type http from 'node:http'
import type { Socket } from 'node:net'

/** How long a caller who still sends is listened to after its answer, so that it gets to read it. */
const LINGER_MS = 1_000

const lingering = new WeakSet<Socket>()

export const isLingering = (socket: Socket): boolean => lingering.has(socket)

/**
 * Closes a connection in stages: nothing more is said, what still comes is thrown away, and it ends when the caller ends it
 * or after a second. A connection that is closed while bytes wait unread is reset, and a reset takes along the answer that
 * the caller has not read yet.
 *
 * @see RFC 9112 section 9.6
 */
export function linger(socket: Socket): void {
  if (lingering.has(socket) || socket.destroyed) return
  lingering.add(socket)
  socket.end()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}

/** Has a server linger after an answer that was given before its request had come whole; others close as ever. */
export function lingerAfterEarlyAnswers(server: http.Server): void {
  server.on('request', (request) => {
    const { socket } = request
    const atOnce = Object.getPrototypeOf(socket).destroySoon as () => void
    socket.destroySoon = () => (request.complete ? atOnce.call(socket) : linger(socket))
  })
}
