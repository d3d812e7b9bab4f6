import http from 'node:http'
import https from 'node:https'
import type { BlockList, Socket } from 'node:net'
import type { Tls } from '../tls/index.ts'
import { rememberSilent } from './close.ts'
import { boundConnections } from './connections.ts'
import { lingerAfterEarlyAnswers } from './linger.ts'
import { isTrusted } from './proxies.ts'

/** How much of a server one caller may take up, and for how long. */
export interface Limits {
  /** Bytes of the request line and headers together; default 16 KiB. */
  readonly headerBytes: number
  /** From the opening of a connection, or the end of the answer before, to the end of the headers; default 10 s. */
  readonly headersTimeoutMs: number
  /** From the first byte of a request to its last; default 30 s. */
  readonly requestTimeoutMs: number
  /** How long an idle connection is kept for a next request; default 65 s, longer than common load balancers keep theirs. */
  readonly keepAliveTimeoutMs: number
  /** How long nothing may move on a connection, when a caller does not read its answer; default 120 s. */
  readonly socketTimeoutMs: number
  /** For the TLS handshake; default 10 s. */
  readonly handshakeTimeoutMs: number
  /** Requests on one connection, before it is closed and made anew; default 50,000. */
  readonly requestsPerConnection: number
  /** Open connections at one time; for a further one the longest idle is closed. Default 4,096. */
  readonly connections: number
  /** The same from one address, or one network of IPv6; trusted proxies have no such bound. Default 1,024. */
  readonly connectionsPerAddress: number
  /** How long running requests are waited for when the server closes; default 10 s. */
  readonly closeTimeoutMs: number
}

export const DEFAULT_LIMITS: Limits = {
  headerBytes: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 65_000,
  socketTimeoutMs: 120_000,
  handshakeTimeoutMs: 10_000,
  requestsPerConnection: 50_000,
  connections: 4_096,
  connectionsPerAddress: 1_024,
  closeTimeoutMs: 10_000,
}

/** Node looks for connections that are too slow this often at least; its own default is every 30 s. */
const SLOWEST_CHECK_MS = 1_000

/**
 * One listening server: over TLS, else plain for a socket file or for the proxies named.
 *
 * @param proxies the only ones that may connect to a plain server over TCP
 */
export function nodeServer(
  handler: http.RequestListener,
  limits: Limits,
  tls: Tls | undefined,
  proxies: BlockList,
): http.Server {
  const options: http.ServerOptions = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(SLOWEST_CHECK_MS, limits.headersTimeoutMs, limits.requestTimeoutMs),
    noDelay: true,
  }
  const server = tls
    ? https.createServer(
        { ...options, ...tls.secureOptions(), handshakeTimeout: limits.handshakeTimeoutMs },
        handler,
      )
    : http.createServer(options, handler)
  server.maxRequestsPerSocket = limits.requestsPerConnection
  server.setTimeout(limits.socketTimeoutMs)
  rememberSilent(server)
  lingerAfterEarlyAnswers(server)
  boundConnections(server, { ...limits, isProxy: (address) => isTrusted(proxies, address) })
  if (tls) tls.attach(server as https.Server)
  else server.on('connection', (socket: Socket) => refuseStrangers(socket, proxies))
  return server
}

function refuseStrangers(socket: Socket, proxies: BlockList): void {
  // A caller over a socket file has no address: the file's permissions have let it in.
  if (socket.remoteAddress !== undefined && !isTrusted(proxies, socket.remoteAddress)) socket.destroy()
}
