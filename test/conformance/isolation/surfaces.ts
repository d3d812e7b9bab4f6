import { mkdtemp, rm } from 'node:fs/promises'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { openAudit } from '../../../src/app/audit.ts'
import { type ControlPlane, openControlPlane } from '../../../src/app/control-plane.ts'
import { docsPages } from '../../../src/app/docs-pages.ts'
import { operatorAuditRoutes } from '../../../src/app/operator-audit.ts'
import { operatorKeyRoutes } from '../../../src/app/operator-keys.ts'
import { operatorPayerRoutes } from '../../../src/app/operator-payers.ts'
import { statusRoute } from '../../../src/app/operator-routes.ts'
import { operatorSecretRoutes } from '../../../src/app/operator-secrets.ts'
import type { GrantedProvider } from '../../../src/gateway/administration/index.ts'
import { administrationRoutes } from '../../../src/gateway/administration/routes.ts'
import { SCOPES, type Scope } from '../../../src/gateway/clients/index.ts'
import { seedSandbox } from '../../../src/gateway/simulator/index.ts'
import type { Environment } from '../../../src/kernel/actor.ts'
import { mintId, type OrganizationId } from '../../../src/kernel/ids.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import { createServer } from '../../../src/platform/http/index.ts'
import { secureRandom, vaultFromKey } from '../../../src/platform/secrets/index.ts'
import { openLogger } from '../../../src/platform/telemetry/index.ts'
import type { Part } from '../../../src/platform/tls/index.ts'
import { openPolicies } from '../../../src/utilization/policies/index.ts'
import { AMPLE, ISSUERS } from '../../support/access.ts'
import { PASSWORD, PORTAL } from '../../support/control.ts'
import type { TestDatabases } from '../../support/database.ts'
import { openTestServers, type TestServers } from '../../support/gateway-server.ts'
import { partsAuthority, serveParts } from '../../support/parts.ts'

export const ENVIRONMENTS = ['sandbox', 'production'] as const
const DOCS = join(import.meta.dirname, '../../../docs')
const operator = { kind: 'operator' } as const

/** Everything that listens, opened in this process as the application opens it. */
export interface Surfaces {
  readonly databases: TestDatabases
  readonly servers: TestServers
  readonly portal: FastifyInstance
  readonly operator: FastifyInstance
  readonly administration: Readonly<Record<Environment, AdministrationListener>>
  /** Gives a company everything in an environment: every scope, and the provider of the sample submissions. */
  grant(environment: Environment, organizationId: OrganizationId, more?: GrantParts): Promise<void>
  close(): Promise<void>
}

export interface GrantParts {
  readonly until?: Instant
  readonly providers?: readonly GrantedProvider[]
}

/** The provider that the sample submissions are made in the name of. */
const SAMPLE_NPI = '1234567893'
export const own = (npi: string): GrantedProvider => ({ npi, relation: 'own', from: 0 as Instant })

export interface AdministrationListener {
  readonly server: FastifyInstance
  /** The status of a call with the certificate of a part. */
  call(part: 'portal' | Environment, method: string, path: string): Promise<number>
  readonly close: () => Promise<unknown>
}

export async function openSurfaces(databases: TestDatabases): Promise<Surfaces> {
  // Everybody calls from one address, more often than a quota of an address takes.
  const servers = await openTestServers(databases, { quotas: AMPLE })
  const { clock } = servers
  // The synthetic payers in production too, so that there are cases of it.
  const policies = openPolicies()
  const vault = vaultFromKey(new Uint8Array(32).fill(2), secureRandom)
  await seedSandbox(databases.production, { vault, policies, clock, random: secureRandom })
  policies.dispose()

  const administrations = {
    sandbox: servers.sandbox.gateway.administration,
    production: servers.production.gateway.administration,
  }
  const outboxDirectory = await mkdtemp(join(tmpdir(), 'countersign-outbox-'))
  const control = await openControlPlane({
    database: databases.control,
    vault: vaultFromKey(new Uint8Array(32).fill(3), secureRandom),
    gateways: administrations,
    clock,
    random: secureRandom,
    url: PORTAL,
    operator: { name: 'Operator of the tests', kind: 'vendor' },
    sandbox: { baseUrl: ISSUERS.sandbox, tokenUrl: `${ISSUERS.sandbox}/oauth2/token` },
    showsOutbox: true,
    outboxDirectory,
    onError: (error) => {
      throw error
    },
  })
  const portal = await serve(servers, 'portal', [...control.routes, await docsPages(DOCS)])
  const audit = openAudit({
    logs: { sandbox: servers.sandbox.gateway.log, production: servers.production.gateway.log },
    seals: false,
    anchorFile: join(outboxDirectory, 'anchors.jsonl'),
    clock,
    onError: (_log, error) => {
      throw error
    },
  })
  const operatorServer = await serve(servers, 'operator', [
    statusRoute({ database: () => servers.sandbox.gateway.ping().then(() => 'answers') }),
    operatorKeyRoutes(administrations),
    operatorSecretRoutes({ administrations, clock }),
    operatorPayerRoutes(administrations),
    operatorAuditRoutes(audit, { sandbox: servers.sandbox.gateway, production: servers.production.gateway }),
    ...control.operatorRoutes,
  ])
  const authority = await partsAuthority()
  const administration = {
    sandbox: await serveAdministration(servers, 'sandbox', authority),
    production: await serveAdministration(servers, 'production', authority),
  }
  let version = 100
  return {
    databases,
    servers,
    portal,
    operator: operatorServer,
    administration,
    grant: (environment, organizationId, more = {}) =>
      administrations[environment].applyGrant(
        {
          id: mintId('grant', clock.now(), secureRandom),
          organizationId,
          organizationName: 'A company of this test',
          version: ++version,
          products: ['submission', 'inquiry'],
          scopes: Object.keys(SCOPES) as Scope[],
          from: 0 as Instant,
          providers: [own(SAMPLE_NPI)],
          ...more,
        },
        operator,
      ),
    close: async () => {
      for (const environment of ENVIRONMENTS) await administration[environment].close()
      await operatorServer.close()
      await portal.close()
      await control.close()
      await servers.close()
      await rm(outboxDirectory, { recursive: true, force: true })
    },
  }
}

async function serve(servers: TestServers, name: string, routes: ControlPlane['routes']) {
  const server = createServer({
    name,
    logger: openLogger({ level: 'silent', format: 'json' }),
    clock: servers.clock,
    random: secureRandom,
    problemBaseUrl: 'https://docs.example/problems',
  })
  for (const each of routes) await server.register(each)
  await server.ready()
  return server
}

async function serveAdministration(
  servers: TestServers,
  environment: Environment,
  authority: Awaited<ReturnType<typeof partsAuthority>>,
): Promise<AdministrationListener> {
  let server: FastifyInstance | undefined
  const routes = administrationRoutes(servers[environment].gateway.administration)
  const capturing: typeof routes = async (app, options) => {
    server = app
    await routes(app, options)
  }
  const { port, close } = await serveParts(capturing, authority[environment], authority.ca)
  if (!server) throw new Error('the administration was not opened')
  return {
    server,
    call: (part, method, path) => callAs(authority[part], authority.ca, port, method, path),
    close,
  }
}

function callAs(part: Part, ca: string, port: number, method: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = https.request({
      host: '127.0.0.1',
      port,
      path,
      method,
      ca,
      cert: part.certificate,
      key: part.key,
      checkServerIdentity: () => undefined,
      agent: false,
    })
    request.on('error', reject)
    request.on('response', (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    request.end()
  })
}

/** Each route of a server, as `GET /path/:id`; one that answers every method is `ANY`, and all pages of the docs are one. */
export function routesOf(server: FastifyInstance): readonly string[] {
  const found = [...server.knownPaths].flatMap(([path, { methods }]) => {
    const name = path.startsWith('/docs/') ? '/docs/*' : path
    return methods.size > 8 ? [`ANY ${name}`] : [...methods].map((method) => `${method} ${name}`)
  })
  return [...new Set(found)].sort()
}

/** Somebody who has signed up, confirmed their address and is signed in. */
export interface SignedIn {
  readonly email: string
  readonly cookie: string
  readonly organizationId: OrganizationId
  readonly organizationName: string
}

/** As a browser calls it from the portal's own pages. */
export function fromPages(method: string, url: string, body?: object, headers: object = {}): InjectOptions {
  return {
    method: method as 'POST',
    url,
    remoteAddress: freshAddress(),
    headers: {
      ...(method === 'GET' || method === 'HEAD' ? {} : { origin: PORTAL, 'sec-fetch-site': 'same-origin' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  }
}

let visitors = 0
/** Nobody has called from it yet: how often one address may try is another test's. */
export function freshAddress(): string {
  visitors += 1
  return `10.${(visitors >> 16) & 255}.${(visitors >> 8) & 255}.${visitors & 255}`
}

export async function signUp(portal: FastifyInstance, company: string): Promise<SignedIn> {
  const email = `person${++visitors}@isolation.example`
  const asked = { email, password: PASSWORD, company, acceptTerms: true }
  await portal.inject(fromPages('POST', '/api/sign-up', asked))
  const token = await linkFor(portal, email)
  const answer = await portal.inject(fromPages('POST', '/api/sign-up/verification', { token }))
  const { organization } = answer.json()
  return {
    email,
    cookie: cookieOf(answer.headers['set-cookie']),
    organizationId: organization.id,
    organizationName: organization.name,
  }
}

/** Somebody of the operator: signed up as everybody does, then given a role, for which they leave their company. */
export async function operatorPerson(
  { portal, operator: socket }: Pick<Surfaces, 'portal' | 'operator'>,
  name: string,
  role: object,
): Promise<SignedIn> {
  const person = await signUp(portal, name)
  const payload = { email: person.email, leaveCompany: true, ...role }
  const answer = await socket.inject({ method: 'POST', url: '/operator/people', payload })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return person
}

export const cookieOf = (set: string | readonly string[] | undefined) =>
  [set ?? []]
    .flat()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

async function linkFor(portal: FastifyInstance, email: string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const { messages } = (await portal.inject('/api/outbox')).json()
    const letter = messages.find((message: { to: string }) => message.to === email)
    const token = /#token=(\S+)/.exec(letter?.text ?? '')?.[1]
    if (token !== undefined) return token
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('no link was mailed')
}
