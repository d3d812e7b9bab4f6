import type { AddressInfo } from 'node:net'
import { createServer as createNetServer } from 'node:net'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Random } from '../kernel/ids.ts'
import type { Problem } from '../kernel/problem.ts'
import type { Clock } from '../kernel/time.ts'
import { createServer, listen, PortBusy, servePortal } from '../platform/http/index.ts'
import type { Logger } from '../platform/telemetry/index.ts'
import type { Tls } from '../platform/tls/index.ts'
import type { Config } from './config.ts'

/** The three listeners, and which setting says where each is. */
export const LISTENERS = {
  portal: { port: 'portalPort', url: 'portalUrl' },
  sandbox: { port: 'sandboxPort', url: 'sandboxUrl' },
  production: { port: 'productionPort', url: 'productionUrl' },
} as const

export type ListenerName = keyof typeof LISTENERS

export interface ListenerAddress {
  readonly port: number
  /** How callers reach it: by setting, else at localhost. */
  readonly url: string
}

/**
 * The port and URL of each listener. Where a setting leaves the port open one is picked here, because a URL has to be
 * known before anything is served: it is in every token.
 */
export async function addressesOf(config: Config): Promise<Readonly<Record<ListenerName, ListenerAddress>>> {
  const address = async (name: ListenerName) => {
    const setting = LISTENERS[name]
    const port = config[setting.port] === 0 ? await freePort() : config[setting.port]
    return { port, url: config[setting.url] ?? `https://localhost:${port}` }
  }
  return {
    portal: await address('portal'),
    sandbox: await address('sandbox'),
    production: await address('production'),
  }
}

async function freePort(): Promise<number> {
  const server = createNetServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

export interface ListenerDeps {
  readonly config: Config
  readonly tls: Tls
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
  /** Where the pages about problems are. */
  readonly problemBaseUrl: string
}

export interface ListenerParts {
  readonly routes: readonly FastifyPluginAsync[]
  readonly readiness: Readonly<Record<string, () => Promise<unknown>>>
  readonly challenge?: (problem: Problem) => string | undefined
  /** The folder of the built portal, on the listener that has it. */
  readonly portalDirectory?: string
  /** Origins that the pages of the portal may call besides their own. */
  readonly portalCalls?: readonly string[]
}

/** A listener with its routes, not yet open. */
export async function makeListener(
  name: ListenerName,
  { config, ...deps }: ListenerDeps,
  parts: ListenerParts,
): Promise<FastifyInstance> {
  const server = createServer({
    ...deps,
    name,
    readiness: parts.readiness,
    bodyLimitBytes: config.bodyLimitBytes,
    trustProxy: config.trustProxy,
    ...(parts.challenge ? { challenge: parts.challenge } : {}),
  })
  for (const routes of parts.routes) await server.register(routes)
  if (parts.portalDirectory !== undefined)
    await servePortal(server, parts.portalDirectory, { connect: parts.portalCalls ?? [] })
  return server
}

/** The setting that names a listener's port, so that a busy one can be mended. @throws PortBusy */
export async function openListener(
  name: ListenerName,
  server: FastifyInstance,
  config: Config,
  port: number,
): Promise<void> {
  try {
    await listen(server, { reach: config.reach, port })
  } catch (error) {
    if (error instanceof PortBusy) throw new ListenerBusy(name, error)
    throw error
  }
}

export class ListenerBusy extends Error {
  override readonly name = 'ListenerBusy'
  constructor(name: ListenerName | `${'sandbox' | 'production'}-administration`, cause: PortBusy) {
    const setting = `${name.toUpperCase().replace('-', '_')}_PORT`
    super(`The ${name} cannot listen. ${cause.message} Its setting is ${setting}.`, { cause })
  }
}
