import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyServerFactory } from 'fastify'
import { sql } from 'kysely'
import type { AuditEntry } from '../../src/audit/index.ts'
import { type Access, type AccessDeps, openAccess } from '../../src/gateway/access/index.ts'
import {
  type GatewayAdministration,
  type Grant,
  type NewClient,
  openAdministration,
} from '../../src/gateway/administration/index.ts'
import { firstPepper } from '../../src/gateway/clients/index.ts'
import { openLimits, type Quotas } from '../../src/gateway/limits/index.ts'
import type { Actor } from '../../src/kernel/actor.ts'
import { mintId } from '../../src/kernel/ids.ts'
import { PROBLEMS, Problem } from '../../src/kernel/problem.ts'
import type { Clock, Instant } from '../../src/kernel/time.ts'
import type { Database } from '../../src/platform/database/index.ts'
import { peppersInMemory, secureRandom, vaultFromKey } from '../../src/platform/secrets/index.ts'
import type { Tls } from '../../src/platform/tls/index.ts'

/** A clock that stands until it is moved. */
export function aClock(start = Date.parse('2027-01-04T09:00:00.250Z')) {
  let now = start
  return {
    now: () => now as Instant,
    advance: (ms: number) => {
      now += ms
    },
  } satisfies Clock & { advance(ms: number): void }
}

const operator: Actor = { kind: 'operator' }
export const ISSUERS = {
  sandbox: 'https://sandbox.example',
  production: 'https://production.example',
} as const

/** What no test of something else comes near, though its clock stands. */
export const AMPLE: Quotas = {
  calls: 1e6,
  tokens: 1e6,
  'failed-proofs': 1e6,
  'failed-proofs-where-known': 1e6,
  'failed-proofs-of-address': 1e6,
  refusals: 1e6,
}

/** No way out. */
export const NOWHERE = { fetch: () => Promise.reject(new Error('nothing is reached from this test')) }

/** The access of one environment, with its administration, on a test's database, and everything it put on record. */
export interface TestGateway {
  readonly access: Access
  readonly administration: GatewayAdministration
  readonly clock: ReturnType<typeof aClock>
  readonly entries: AuditEntry[]
  readonly deps: AccessDeps
  aGrant(given?: Partial<Grant>): Promise<Grant>
  /** A client with a grant for everything, or for what is given. */
  aClient(given?: { scopes?: Grant['scopes']; grant?: Partial<Grant> }): Promise<NewClient>
  /** A token as the standard endpoint gives it. */
  aToken(client: NewClient, scope?: string): Promise<string>
  /** Changes a client as the administration will be able to. */
  change(clientId: string, change: 'disable' | 'raise epoch'): Promise<void>
}

export async function aGateway(
  environment: 'sandbox' | 'production',
  database: Database,
  { clock = aClock(), ...given }: Partial<AccessDeps> & { clock?: ReturnType<typeof aClock> } = {},
): Promise<TestGateway> {
  const entries: AuditEntry[] = []
  const vault = vaultFromKey(new Uint8Array(32).fill(environment === 'sandbox' ? 1 : 2), secureRandom)
  const deps: AccessDeps = {
    environment,
    database,
    clock,
    vault,
    peppers: peppersInMemory([firstPepper(vault, 0 as Instant)], secureRandom),
    random: secureRandom,
    recorder: { note: async (entry) => void entries.push(entry) },
    issuer: ISSUERS[environment],
    audience: given.issuer ?? ISSUERS[environment],
    otherIssuer: ISSUERS[environment === 'sandbox' ? 'production' : 'sandbox'],
    fetcher: NOWHERE,
    limits: openLimits({ clock, quotas: AMPLE }),
    ...given,
  }
  const access = await openAccess(deps)
  const administration = openAdministration({
    ...deps,
    baseUrl: deps.audience,
    refresh: () => access.refresh(),
    record: async (_tx, entry) => void entries.push(entry),
    whoSaw: () => Promise.reject(new Error('there are no cases here; open a whole gateway')),
  })
  const gateway: TestGateway = {
    access,
    administration,
    clock,
    entries,
    deps,
    aGrant: async (grant = {}) => {
      const whole: Grant = {
        id: mintId('grant', clock.now(), secureRandom),
        organizationId: mintId('organization', clock.now(), secureRandom),
        organizationName: 'Larkspur Orthopedics',
        version: 1,
        products: ['submission', 'inquiry'],
        scopes: ['pa:submit', 'pa:inquire', 'pa:read'],
        from: clock.now(),
        ...grant,
      }
      await administration.applyGrant(whole, operator)
      return whole
    },
    aClient: async ({ scopes, grant } = {}) => {
      const { organizationId } = await gateway.aGrant(grant)
      return administration.createClient(
        { organizationId, label: 'Test', ...(scopes && { scopes }) },
        operator,
      )
    },
    aToken: async (client, scope) => {
      const http = aServer(access)
      const reply = await http.inject(tokenRequest(client, scope === undefined ? {} : { scope }))
      return reply.json().access_token
    },
    change: (clientId, change) =>
      database.transaction({ role: 'staff' }, async (tx) => {
        await (change === 'disable'
          ? sql`update clients set disabled_at = now() where client_id = ${clientId}`
          : sql`update clients set epoch = epoch + 1 where client_id = ${clientId}`
        ).execute(tx)
      }),
  }
  return gateway
}

/** A plain server with the parsers that platform/http has, the routes of an access, and one API call to protect. */
export function aServer(access: Access, serverFactory?: FastifyServerFactory): FastifyInstance {
  const app: FastifyInstance = Fastify({ ...(serverFactory && { serverFactory }), bodyLimit: 4096 })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, new URLSearchParams(String(body)))
    },
  )
  app.register(access.routes)
  app.register(async (api) => {
    api.setErrorHandler(async (error, _request, reply) => {
      if (!(error instanceof Problem)) throw error
      const challenge = access.challenge(error)
      if (challenge !== undefined) reply.header('www-authenticate', challenge)
      return reply.code(PROBLEMS[error.code].status).send({ code: error.code, detail: error.detail })
    })
    api.route({
      method: ['GET', 'POST'],
      url: '/api/cases',
      handler: async (request) => {
        const caller = await access.callerOf(request, 'pa:read')
        return { ...caller, scopes: [...caller.scopes] }
      },
    })
  })
  return app
}

/** A request to the standard token endpoint, the client in the body. */
export function tokenRequest(
  client: Pick<NewClient, 'clientId' | 'clientSecret'>,
  parameters: Readonly<Record<string, string>> = {},
) {
  return formRequest('/oauth2/token', {
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    ...parameters,
  })
}

export function formRequest(url: string, parameters: Readonly<Record<string, string>> | string) {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(parameters).toString(),
  } as const
}

/** Serves on a loopback port that is known before the access is opened, as its issuer must be; over TLS when given it. */
export async function onLoopback(open: (origin: string) => Promise<Access>, tls?: Tls) {
  const secure = tls && createSecureServer(tls.secureOptions())
  if (secure) tls.attach(secure)
  const server = secure ?? createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`
  const app = aServer(await open(origin), (handler) => server.on('request', handler))
  await app.ready()
  return {
    origin,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
