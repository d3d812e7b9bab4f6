import type http from 'node:http'
import type { Socket } from 'node:net'
import { networkOf } from './network.ts'

/** How many connections are held at one time, by one server. */
export interface ConnectionBounds {
  readonly connections: number
  readonly connectionsPerAddress: number
  /** Whose connections are many callers' and count towards `connections` alone. */
  isProxy(address: string): boolean
}

const proved = new WeakSet<http.IncomingMessage>()

/** Remembers, before its answer has ended, that the sender of a request has proved who they are. */
export function rememberProof(request: http.IncomingMessage): void {
  proved.add(request)
}

interface Connection {
  readonly socket: Socket
  readonly network: string
  isTrusted: boolean
  /** The requests that are not answered yet. */
  readonly asked: Map<http.IncomingMessage, http.ServerResponse>
}

/** Connections by what they do, and who on them; each begins with the one that has done so for longest. */
interface Place {
  readonly idleStrangers: Map<string, Connection>
  readonly idleTrusted: Map<string, Connection>
  readonly busy: Map<string, Connection>
}

const aPlace = (): Place => ({ idleStrangers: new Map(), idleTrusted: new Map(), busy: new Map() })

/**
 * Bounds the connections that are open, in all and from one address (of IPv6: one network), so that whoever opens
 * thousands and says nothing keeps nobody out: for one too many, the connection that has been idle for longest is closed.
 * Those on which nobody has ever proved who they are go first, then those of others; then one of a stranger whose request
 * has not come whole, or who takes long to read an answer. One that waits for its answer is never closed: when all do, the new one is.
 *
 * A connection is idle from its opening, so before and during its TLS handshake too, until the headers of a request.
 */
export function boundConnections(server: http.Server, bounds: ConnectionBounds): void {
  const open = new Map<string, Connection>()
  const all = aPlace()
  const networks = new Map<string, Place & { count: number }>()

  const leave = (key: string, { network }: Connection) => {
    for (const place of [all, networks.get(network)])
      for (const map of place ? [place.idleStrangers, place.idleTrusted, place.busy] : []) map.delete(key)
  }
  const put = (key: string, connection: Connection) => {
    leave(key, connection)
    const { asked, isTrusted, network } = connection
    const where = asked.size > 0 ? 'busy' : isTrusted ? 'idleTrusted' : 'idleStrangers'
    all[where].set(key, connection)
    networks.get(network)?.[where].set(key, connection)
  }
  const forget = (key: string, connection: Connection) => {
    if (open.get(key) !== connection) return
    open.delete(key)
    leave(key, connection)
    const own = networks.get(connection.network)
    if (own && --own.count === 0) networks.delete(connection.network)
  }
  /** @returns false when every one waits for its answer */
  const closeOne = (place: Place): boolean => {
    const [found] = place.idleStrangers.size > 0 ? place.idleStrangers : place.idleTrusted
    const [key, connection] = found ?? [...place.busy].find(([, each]) => isUnfinished(each)) ?? []
    if (key === undefined || !connection) return false
    forget(key, connection)
    connection.socket.destroy()
    return true
  }
  const hasRoom = (address: string): boolean => {
    const own = bounds.isProxy(address) ? undefined : networks.get(networkOf(address))
    if (own && own.count >= bounds.connectionsPerAddress) return closeOne(own)
    return open.size < bounds.connections || closeOne(all)
  }

  server.prependListener('connection', (socket: Socket) => {
    const key = keyOf(socket)
    // Over a socket file, or gone already.
    if (key === undefined || socket.remoteAddress === undefined) return
    if (!hasRoom(socket.remoteAddress)) {
      socket.destroy()
      return
    }
    const network = networkOf(socket.remoteAddress)
    const connection: Connection = { socket, network, isTrusted: false, asked: new Map() }
    const own = networks.get(network) ?? { ...aPlace(), count: 0 }
    own.count++
    networks.set(network, own)
    open.set(key, connection)
    put(key, connection)
    socket.once('close', () => forget(key, connection))
  })
  server.prependListener('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
    const key = keyOf(request.socket) ?? ''
    const connection = open.get(key)
    if (!connection) return
    connection.asked.set(request, response)
    put(key, connection)
    response.once('close', () => {
      connection.asked.delete(request)
      if (proved.has(request)) connection.isTrusted = true
      if (open.get(key) === connection) put(key, connection)
    })
  })
}

/** Whether a stranger takes its time, in sending or in reading. */
const isUnfinished = ({ isTrusted, asked }: Connection) =>
  !isTrusted && [...asked].some(([{ complete }, { headersSent }]) => !complete || headersSent)

/** The same for a TCP socket and for the TLS socket over it. */
function keyOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remoteAddress === undefined ? undefined : `${remoteAddress} ${remotePort}`
}
