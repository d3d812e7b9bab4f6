import { once } from 'node:events'
import type http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { closeWith } from './close.ts'

/** Where a server is reached: over TCP from this machine alone or from anywhere, or at a socket file. */
export type Place =
  | { readonly reach: 'loopback' | 'any'; readonly port: number }
  /** The path of the socket; its directory says who may connect. */
  | { readonly socket: string }

/** Another program has the port. */
export class PortBusy extends Error {
  override readonly name = 'PortBusy'
  readonly port: number

  constructor(port: number) {
    super(
      `Port ${port} is taken by another program. Stop it (\`ss -ltnp 'sport = :${port}'\` names it), or set another port.`,
    )
    this.port = port
  }
}

/**
 * Opens a server to its callers.
 *
 * @returns the port, which matters when 0 was asked for; 0 at a socket file
 * @throws PortBusy; Error for a plain server at a TCP port without trusted proxies
 */
export async function listen(server: FastifyInstance, place: Place): Promise<number> {
  if ('socket' in place) {
    await quietly(server, () => server.listen({ path: place.socket }))
    return 0
  }
  if (!server.isEncrypted && !server.hasProxies)
    throw new Error('A server without TLS may only listen at a socket file or behind trusted proxies')
  const port = await (place.reach === 'any'
    ? listenAnywhere(server, place.port)
    : listenHere(server, place.port))
  server.log.debug({ port, reach: place.reach }, 'listening')
  return port
}

/** At every address, of IPv6 where the machine has it. */
async function listenAnywhere(server: FastifyInstance, port: number): Promise<number> {
  try {
    return await bind(server, '::', port)
  } catch (error) {
    if (!isWithoutIpv6(error)) throw error
    return bind(server, '0.0.0.0', port)
  }
}

/** At both loopback addresses: some clients take `localhost` for the one, and some for the other. */
async function listenHere(server: FastifyInstance, asked: number): Promise<number> {
  const port = await bind(server, '127.0.0.1', asked)
  const twin = server.makeTwin()
  try {
    await bindTwin(twin, port)
    closeWith(server.server, twin)
  } catch (error) {
    if (isWithoutIpv6(error)) return port
    // A port that was drawn by lot may be taken at the other address; nobody was promised it.
    if (isBusy(error) && asked === 0) return port
    await server.close()
    throw isBusy(error) ? new PortBusy(port) : error
  }
  return port
}

/** The framework announces each address it binds; whoever starts us says it once, for people. */
async function quietly(server: FastifyInstance, work: () => Promise<unknown>): Promise<void> {
  const { level } = server.log
  server.log.level = 'error'
  try {
    await work()
  } finally {
    server.log.level = level
  }
}

async function bind(server: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await quietly(server, () => server.listen({ host, port }))
    return (server.server.address() as AddressInfo).port
  } catch (error) {
    throw isBusy(error) ? new PortBusy(port) : error
  }
}

async function bindTwin(twin: http.Server, port: number): Promise<void> {
  twin.listen({ host: '::1', port, ipv6Only: true })
  await once(twin, 'listening')
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
const isBusy = (error: unknown) => codeOf(error) === 'EADDRINUSE'
const isWithoutIpv6 = (error: unknown) =>
  ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(codeOf(error) ?? '')
