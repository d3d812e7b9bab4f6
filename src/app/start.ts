import { join } from 'node:path'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { firstPepper, secretsByPepper } from '../gateway/clients/index.ts'
import { hasSigningKey } from '../gateway/signing-keys/index.ts'
import { systemClock } from '../platform/clock.ts'
import { openDataDirectory } from '../platform/data-directory/index.ts'
import type { Database } from '../platform/database/index.ts'
import { openEgress } from '../platform/egress/index.ts'
import { createServer, listen } from '../platform/http/index.ts'
import {
  CannotUnseal,
  KeyFileUnfit,
  openPeppers,
  openVault,
  type Peppers,
  secureRandom,
  type Vault,
} from '../platform/secrets/index.ts'
import { type Logger, openLogger } from '../platform/telemetry/index.ts'
import { openTls, type Tls } from '../platform/tls/index.ts'
import { type Config, dataPaths } from './config.ts'
import { type ControlPlane, openControlPlane } from './control-plane.ts'
import { type Databases, openDatabases } from './databases.ts'
import { docsPages } from './docs-pages.ts'
import { type Gateways, openGateway } from './gateway.ts'
import type { Greeting } from './greeting.ts'
import { keepUp } from './keep-up.ts'
import { addressesOf, type ListenerDeps, type ListenerName, makeListener, openListener } from './listeners.ts'
import { operatorKeyRoutes } from './operator-keys.ts'
import { prepareOperatorSocket } from './operator-socket.ts'
import { buildPortal } from './portal-build.ts'
import type { Progress } from './progress.ts'
import { statusParts } from './status.ts'
import { letGo, type Undo } from './undo.ts'
import { VERSION } from './version.ts'

/** The folder of the checkout. */
const ROOT = join(import.meta.dirname, '../..')

export interface Running {
  readonly greeting: Omit<Greeting, 'startedInMs'>
  /** Answers what is being asked, then lets go of everything. A second call waits for the first. */
  stop(): Promise<void>
}

/**
 * Starts what the settings ask for. When one part cannot be started, those before it are let go in turn.
 *
 * @throws with a sentence for the operator: DataDirectoryRefused, DatabaseUnavailable, DatabaseDamaged, MigrationFailed,
 *         UnfitMaterial, ListenerBusy
 */
export async function start(config: Config, progress: Progress): Promise<Running> {
  const undo: Undo = []
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= letGo(undo)
    return stopping
  }
  try {
    return { greeting: await open(config, progress, undo), stop }
  } catch (error) {
    // Why it did not start is what the operator needs; what could not be let go of ends with the process.
    await stop().catch(() => undefined)
    throw error
  }
}

async function open(config: Config, progress: Progress, undo: Undo) {
  const paths = dataPaths(config)
  const data = await openDataDirectory(paths.root)
  undo.push(() => data.release())
  const logger = openLogger({ level: config.logLevel, format: config.logFormat })
  const addresses = await addressesOf(config)

  const tls = await progress.step('Making a certificate for this machine', () =>
    openCertificate(config, paths.tls, logger),
  )
  undo.push(() => tls.close())
  const databases = await progress.step('Opening the database', () =>
    openDatabases(config, paths.database, ROOT),
  )
  undo.push(() => databases.close())

  const portal = config.roles.includes('portal')
    ? await progress.step('Building the portal', () => buildPortal(ROOT))
    : undefined

  const egress = openEgress({ allowed: config.egressAllowed })
  const gateway = async (environment: 'sandbox' | 'production') => {
    const keyFile = join(paths.keys, `${environment}.key`)
    const database = databases[environment]
    const vault = await openEnvironmentVault(keyFile, database)
    const opened = await openGateway({
      environment,
      database,
      vault,
      peppers: await openEnvironmentPeppers(join(paths.keys, `${environment}.peppers`), vault, database),
      clock: systemClock,
      random: secureRandom,
      url: addresses[environment].url,
      otherUrl: addresses[environment === 'sandbox' ? 'production' : 'sandbox'].url,
      version: VERSION,
      fetcher: egress,
      onFailure: (error) => logger.error({ environment, err: error }, 'work after an answer failed'),
      onAlert: ({ kind, id, clientId, secretId, organizationId }) =>
        logger.warn(
          { environment, alert: id, kind, clientId, secretId, organizationId },
          'a credential needs to be looked at',
        ),
      signingKeyDays: config.signingKeyDays,
    }).catch((error: unknown) => {
      if (!(error instanceof CannotUnseal)) throw error
      throw new KeyFileUnfit(
        `The key file ${keyFile} is not the one that the database was sealed with. Put the right one back from your backup.`,
      )
    })
    undo.push(() => opened.close())
    return opened
  }
  const gateways = await progress.step('Opening the sandbox and production', async () => ({
    sandbox: await gateway('sandbox'),
    production: await gateway('production'),
  }))

  const control = await openControlPlane({
    database: databases.control,
    vault: await openVault(join(paths.keys, 'control.key'), secureRandom),
    gateways: { sandbox: gateways.sandbox.administration, production: gateways.production.administration },
    clock: systemClock,
    random: secureRandom,
    url: addresses.portal.url,
    sandbox: {
      baseUrl: addresses.sandbox.url,
      tokenUrl: `${addresses.sandbox.url}/oauth2/token`,
      // A path of this machine means something to its own people alone.
      ...(tls.caFile === undefined || config.reach !== 'loopback' ? {} : { caFile: tls.caFile }),
    },
    showsOutbox: config.reach === 'loopback' && config.trustProxy.length === 0,
    outboxDirectory: paths.outbox,
    status: statusParts(config, addresses, databases, gateways, tls),
    onError: (error) => logger.error({ err: error }, 'work after an answer failed'),
  })
  undo.push(() => control.close())

  await openListeners(
    config,
    undo,
    {
      config,
      tls,
      logger,
      clock: systemClock,
      random: secureRandom,
      problemBaseUrl: `${addresses.portal.url}/docs/problems`,
    },
    {
      addresses,
      databases,
      gateways,
      control,
      portalDirectory: portal?.directory,
    },
  )
  const operatorRoutes = [...control.operatorRoutes, operatorKeyRoutes(gateways)]
  await openOperatorSocket(paths.root, operatorRoutes, logger, undo)
  if (config.roles.includes('worker')) undo.push(keepUp(control, gateways, logger))
  const urlOf = (name: ListenerName) => (config.roles.includes(name) ? addresses[name].url : undefined)
  return {
    portalUrl: urlOf('portal'),
    sandboxUrl: urlOf('sandbox'),
    productionUrl: urlOf('production'),
    caFile: tls.caFile,
    database: databases.description,
    dataDirectory: paths.root,
  }
}

/** A key is made for a database that holds nothing yet; for any other, its own key must be there. */
async function openEnvironmentVault(file: string, database: Database): Promise<Vault> {
  const isUsed = await database.transaction({ role: 'worker' }, hasSigningKey)
  return openVault(file, secureRandom, !isUsed)
}

async function openEnvironmentPeppers(file: string, vault: Vault, database: Database): Promise<Peppers> {
  const now = systemClock.now()
  const needed = await database.transaction({ role: 'staff' }, (tx) => secretsByPepper(tx, now))
  return openPeppers({ file, first: firstPepper(vault, now), random: secureRandom }, needed.keys())
}

function openCertificate(config: Config, directory: string, logger: Logger): Promise<Tls> {
  return openTls({
    directory,
    hostnames: config.tlsHostnames,
    clock: systemClock,
    random: secureRandom,
    onEvent: ({ kind, message }) =>
      kind === 'made' || kind === 'reloaded'
        ? logger.info({ certificate: kind }, message)
        : logger.warn({ certificate: kind }, message),
    ...(config.tlsCertificateFile === undefined ? {} : { certificateFile: config.tlsCertificateFile }),
    ...(config.tlsKeyFile === undefined ? {} : { keyFile: config.tlsKeyFile }),
  })
}

type Addresses = Awaited<ReturnType<typeof addressesOf>>

interface Parts {
  readonly addresses: Addresses
  readonly databases: Databases
  readonly gateways: Gateways
  readonly control: ControlPlane
  readonly portalDirectory: string | undefined
}

async function openListeners(
  config: Config,
  undo: Undo,
  deps: ListenerDeps,
  { addresses, gateways, databases, control, portalDirectory }: Parts,
): Promise<void> {
  const made: [ListenerName, FastifyInstance][] = []
  for (const name of config.roles.filter((role): role is ListenerName => role !== 'worker')) {
    const parts =
      name === 'portal'
        ? {
            routes: [...control.routes, await docsPages(join(ROOT, 'docs'))],
            readiness: { database: databases.ping },
            ...(portalDirectory === undefined ? {} : { portalDirectory }),
          }
        : {
            routes: gateways[name].routes,
            readiness: { database: gateways[name].ping },
            challenge: gateways[name].access.challenge,
          }
    made.push([name, await makeListener(name, deps, parts)])
  }
  for (const [name, server] of made) {
    undo.push(() => server.close())
    await openListener(name, server, config, addresses[name].port)
  }
}

/** The operator's way in: a socket in a folder that only this user can open. Whoever reaches it needs no other proof. */
async function openOperatorSocket(
  dataDirectory: string,
  operatorRoutes: readonly FastifyPluginAsync[],
  logger: Logger,
  undo: Undo,
) {
  const server = createServer({
    name: 'operator',
    logger,
    clock: systemClock,
    random: secureRandom,
    problemBaseUrl: 'about:problem',
  })
  for (const routes of operatorRoutes) await server.register(routes)
  undo.push(() => server.close())
  await listen(server, { socket: await prepareOperatorSocket(dataDirectory) })
}
