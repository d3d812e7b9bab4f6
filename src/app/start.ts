import { join } from 'node:path'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { GatewayAdministration } from '../gateway/administration/index.ts'
import type { Environment } from '../kernel/actor.ts'
import { systemClock } from '../platform/clock.ts'
import { openDataDirectory } from '../platform/data-directory/index.ts'
import { openEgress } from '../platform/egress/index.ts'
import { createServer, listen } from '../platform/http/index.ts'
import { openVault, secureRandom } from '../platform/secrets/index.ts'
import { type Logger, openLogger } from '../platform/telemetry/index.ts'
import { openTls, type Tls } from '../platform/tls/index.ts'
import { reachAdministration, serveAdministration } from './administration-link.ts'
import { type Audit, openAudit } from './audit.ts'
import { type Config, dataPaths } from './config.ts'
import { type ControlPlane, openControlPlane } from './control-plane.ts'
import { type Databases, openDatabases } from './databases.ts'
import { docsPages } from './docs-pages.ts'
import { openEnvironment } from './environments.ts'
import type { Gateway, Gateways } from './gateway.ts'
import type { Greeting } from './greeting.ts'
import { keepUp } from './keep-up.ts'
import { addressesOf, type ListenerDeps, type ListenerName, makeListener, openListener } from './listeners.ts'
import { operatorAuditRoutes } from './operator-audit.ts'
import { operatorKeyRoutes } from './operator-keys.ts'
import { operatorPayerRoutes } from './operator-payers.ts'
import { type Administrations, statusRoute } from './operator-routes.ts'
import { operatorSecretRoutes } from './operator-secrets.ts'
import { prepareOperatorSocket } from './operator-socket.ts'
import { operatorUpstreamRoutes } from './operator-upstreams.ts'
import { buildPortal } from './portal-build.ts'
import type { Progress } from './progress.ts'
import { runBatches } from './run-batches.ts'
import { keepSending } from './send-due.ts'
import { statusParts } from './status.ts'
import { letGo, type Undo } from './undo.ts'

const ENVIRONMENTS: readonly Environment[] = ['sandbox', 'production']
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
  let audit: Audit | undefined
  // After everything that still writes entries.
  undo.push(() => audit?.close())

  const portal = config.roles.includes('portal')
    ? await progress.step('Building the portal', () => buildPortal(ROOT))
    : undefined

  const served = ENVIRONMENTS.filter((environment) => config.roles.includes(environment))
  const egress = openEgress({ allowed: config.egressAllowed })
  const gateways: Partial<Record<Environment, Gateway>> = {}
  if (served.length > 0)
    await progress.step(
      `Opening ${served.map((name) => (name === 'sandbox' ? 'the sandbox' : name)).join(' and ')}`,
      async () => {
        for (const environment of served) {
          const database = databases.of(environment)
          const deps = { config, database, keys: paths.keys, addresses, egress, logger }
          const gateway = await openEnvironment(environment, deps)
          gateways[environment] = gateway
          undo.push(() => gateway.close())
        }
      },
    )

  const control = portal && (await openControl({ config, databases, addresses, gateways, tls, logger, undo }))
  audit = openAudit({
    logs: {
      ...Object.fromEntries(Object.values(gateways).map(({ environment, log }) => [environment, log])),
      ...(control ? { control: control.log } : {}),
    },
    seals: config.roles.includes('worker'),
    anchorFile: paths.anchors,
    clock: systemClock,
    onError: (environment, error) =>
      logger.error({ environment, err: error }, 'the audit record was not sealed'),
  })
  const administrations: Administrations = control?.administrations ?? administrationsOf(gateways)

  const deps: ListenerDeps = {
    config,
    tls,
    logger,
    clock: systemClock,
    random: secureRandom,
    problemBaseUrl: `${addresses.portal.url}/docs/problems`,
  }
  await openListeners(deps, undo, { addresses, databases, gateways, control, portal })
  for (const { administration } of Object.values(gateways)) {
    const server = await serveAdministration(administration, deps)
    if (server) undo.push(() => server.close())
  }
  const standing = { config, addresses, databases, gateways, administrations, control, tls }
  const operatorRoutes = [
    statusRoute({ ...statusParts(standing), audit: audit.standing }),
    operatorAuditRoutes(audit, gateways),
    operatorKeyRoutes(administrations),
    operatorPayerRoutes(administrations),
    operatorUpstreamRoutes(administrations),
    operatorSecretRoutes({ administrations, clock: systemClock }),
    ...(control?.operatorRoutes ?? []),
  ]
  await openOperatorSocket(paths.root, operatorRoutes, logger, undo)
  if (config.roles.includes('worker')) {
    undo.push(keepUp(control, Object.values(gateways), logger))
    undo.push(keepSending(Object.values(gateways), logger))
    undo.push(runBatches(Object.values(gateways), logger))
  }
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

function administrationsOf(gateways: Gateways): Administrations {
  return Object.fromEntries(
    Object.entries(gateways).map(([environment, { administration }]) => [environment, administration]),
  )
}

interface ControlDeps {
  readonly config: Config
  readonly databases: Databases
  readonly addresses: Addresses
  readonly gateways: Gateways
  readonly tls: Tls
  readonly logger: Logger
  readonly undo: Undo
}

/** The control plane, with the administration of each environment: in this process, or over the way to another. */
async function openControl({ config, databases, addresses, gateways, tls, logger, undo }: ControlDeps) {
  const paths = dataPaths(config)
  const reach = async (environment: Environment): Promise<GatewayAdministration> => {
    const own = gateways[environment]
    if (own) return own.administration
    const remote = await reachAdministration(environment, config)
    undo.push(() => remote.close())
    return remote
  }
  const administrations = { sandbox: await reach('sandbox'), production: await reach('production') }
  const log = {
    database: databases.of('control'),
    vault: await openVault(join(paths.keys, 'control.key'), secureRandom),
  }
  const control = await openControlPlane({
    ...log,
    gateways: administrations,
    clock: systemClock,
    random: secureRandom,
    url: addresses.portal.url,
    operator: { name: config.operatorName, kind: config.operatorKind },
    sandbox: {
      baseUrl: addresses.sandbox.url,
      tokenUrl: `${addresses.sandbox.url}/oauth2/token`,
      // A path of this machine means something to its own people alone.
      ...(tls.caFile === undefined || config.reach !== 'loopback' ? {} : { caFile: tls.caFile }),
    },
    showsOutbox: config.reach === 'loopback' && config.trustProxy.length === 0,
    outboxDirectory: paths.outbox,
    onError: (error) => logger.error({ err: error }, 'work after an answer failed'),
  })
  undo.push(() => control.close())
  return { ...control, administrations, log }
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
  readonly control: ControlPlane | undefined
  readonly portal: { readonly directory: string } | undefined
}

async function openListeners(
  deps: ListenerDeps,
  undo: Undo,
  { addresses, gateways, databases, control, portal }: Parts,
): Promise<void> {
  const made: [ListenerName, FastifyInstance][] = []
  if (control && portal)
    made.push([
      'portal',
      await makeListener('portal', deps, {
        routes: [...control.routes, await docsPages(join(ROOT, 'docs'))],
        readiness: { database: databases.ping },
        portalDirectory: portal.directory,
        // To try the sandbox out; what it answers them is for it to say.
        portalCalls: [new URL(addresses.sandbox.url).origin],
      }),
    ])
  for (const { environment, routes, ping, access } of Object.values(gateways)) {
    const parts = { routes, readiness: { database: ping }, challenge: access.challenge }
    made.push([environment, await makeListener(environment, deps, parts)])
  }
  for (const [name, server] of made) {
    undo.push(() => server.close())
    await openListener(name, server, deps.config, addresses[name].port)
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
