/** What goes between a control plane and a gateway that are different processes. */
import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import {
  type GatewayAdministration,
  openRemoteAdministration,
  type RemoteAdministration,
} from '../gateway/administration/index.ts'
import { administrationRoutes } from '../gateway/administration/routes.ts'
import type { Environment } from '../kernel/actor.ts'
import { createServer, listen, PortBusy } from '../platform/http/index.ts'
import { mutualTls, UnfitMaterial } from '../platform/tls/index.ts'
import type { Config } from './config.ts'
import { ListenerBusy, type ListenerDeps } from './listeners.ts'

const TIMEOUT_MS = 10_000

const SETTINGS = {
  sandbox: { port: 'sandboxAdministrationPort', url: 'sandboxAdministrationUrl' },
  production: { port: 'productionAdministrationPort', url: 'productionAdministrationUrl' },
} as const

/**
 * The administration of an environment that another process serves.
 *
 * @throws Error when the settings say nothing of it, which `readConfig` does not let happen
 * @throws UnfitMaterial
 */
export async function reachAdministration(
  environment: Environment,
  config: Config,
): Promise<RemoteAdministration> {
  const url = config[SETTINGS[environment].url]
  if (url === undefined) throw new Error(`nothing says where the administration of the ${environment} is`)
  return openRemoteAdministration({ environment, url, ...(await readFiles(config)), timeoutMs: TIMEOUT_MS })
}

/**
 * Lets a control plane of another process administer an environment, where the settings ask for it.
 *
 * @returns the server, listening; undefined when nobody asked for it
 * @throws UnfitMaterial, ListenerBusy
 */
export async function serveAdministration(
  administration: GatewayAdministration,
  { config, logger, clock, random, problemBaseUrl }: ListenerDeps,
): Promise<FastifyInstance | undefined> {
  const { environment } = administration
  const port = config[SETTINGS[environment].port]
  if (port === undefined) return undefined
  const name = `${environment}-administration` as const
  const tls = mutualTls(await readFiles(config), clock.now())
  const server = createServer({ name, tls, logger, clock, random, problemBaseUrl })
  await server.register(administrationRoutes(administration))
  try {
    const listening = await listen(server, { reach: config.reach, port })
    logger.info({ environment, port: listening }, 'the administration can be reached by the control plane')
  } catch (error) {
    if (error instanceof PortBusy) throw new ListenerBusy(name, error)
    throw error
  }
  return server
}

async function readFiles(config: Config) {
  const { administrationCertificateFile, administrationKeyFile, administrationAuthorityFile } = config
  return {
    certificate: await readPem('ADMINISTRATION_CERT_FILE', administrationCertificateFile),
    key: await readPem('ADMINISTRATION_KEY_FILE', administrationKeyFile),
    ca: await readPem('ADMINISTRATION_CA_FILE', administrationAuthorityFile),
  }
}

async function readPem(setting: string, file: string | undefined): Promise<string> {
  if (file === undefined) throw new UnfitMaterial(`${setting} names no file.`)
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UnfitMaterial(`${setting}: ${file} cannot be read (${error.code}).`)
  })
}
