import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { type Gateway, openGateway } from '../../src/app/gateway.ts'
import type { GrantedProvider, NewClient, Scope } from '../../src/gateway/administration/index.ts'
import { firstPepper } from '../../src/gateway/clients/index.ts'
import type { Quotas } from '../../src/gateway/limits/index.ts'
import type { Environment } from '../../src/kernel/actor.ts'
import { mintId, type OrganizationId } from '../../src/kernel/ids.ts'
import type { Instant } from '../../src/kernel/time.ts'
import type { Database } from '../../src/platform/database/index.ts'
import { type Egress, EgressRefused } from '../../src/platform/egress/index.ts'
import { createServer } from '../../src/platform/http/index.ts'
import { peppersInMemory, secureRandom, vaultFromKey } from '../../src/platform/secrets/index.ts'
import { openLogger } from '../../src/platform/telemetry/index.ts'
import type { Tls } from '../../src/platform/tls/index.ts'
import { aClock, ISSUERS, NOWHERE, tokenRequest } from './access.ts'
import type { TestDatabases } from './database.ts'
import { holdToDescription } from './described.ts'
import { wrote } from './suite-record.ts'

/** Where the portal is, whose pages may call the sandbox. */
export const PORTAL = 'https://portal.example'
/** Where the compatible API is. */
export const BASE = '/rcm/prior-authorization/v1'
/** The largest body that the servers of these tests read, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024

const EVERYTHING: readonly Scope[] = ['pa:submit', 'pa:inquire', 'pa:admit', 'pa:read']
const SAMPLE_PROVIDERS: readonly GrantedProvider[] = [
  { npi: '1234567893', relation: 'own', from: 0 as Instant },
]

/** A company with a client, and calls made with its token. */
export interface TestCompany {
  readonly organizationId: OrganizationId
  readonly client: NewClient
  readonly token: string
  /** A POST below the base of the compatible API; what is no text and no bytes is sent as JSON. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** Any other call. */
  call(options: InjectOptions): Promise<Answer>
}

export type Answer = LightMyRequestResponse

/** One environment behind its server. */
export interface TestEnvironment {
  readonly environment: Environment
  readonly gateway: Gateway
  readonly server: FastifyInstance
  readonly database: Database
  /**
   * A new company whose client holds the scopes: those of this release unless said otherwise; and that acts for the
   * providers given: unless said otherwise for anybody in the sandbox, and in production for that of `a-submission`.
   */
  aCompany(scopes?: readonly Scope[], providers?: readonly GrantedProvider[]): Promise<TestCompany>
  /** How many rows each table holds, whoever they belong to. */
  rowCounts(): Promise<Readonly<Record<string, number>>>
  /** The audit entries, oldest first. */
  audit(): Promise<readonly AuditRow[]>
}

export interface AuditRow {
  readonly act: string
  readonly outcome: string
  readonly problem: string | null
  readonly request_id: string | null
  readonly on_id: string | null
  readonly organization_id: string | null
}

export interface TestServers {
  readonly sandbox: TestEnvironment
  readonly production: TestEnvironment
  readonly clock: ReturnType<typeof aClock>
  /** Everything that was logged, as text. */
  log(): string
  close(): Promise<void>
}

export interface OpenSettings {
  readonly start?: Instant
  /** Those that may connect over TCP, as tests do that want real sockets. */
  readonly trustProxy?: readonly string[]
  /** Quotas in place of the published ones. */
  readonly quotas?: Quotas
  /** How the sandbox waits where it is asked to be late, and a reader for events. */
  readonly pause?: (ms: number) => Promise<void>
  /** The way out to payers; there is none unless a test gives one. */
  readonly egress?: Egress
  /** The servers can be listened with, over TLS. */
  readonly tls?: Tls
}

const NO_WAY_OUT: Egress = {
  fetch: async () => {
    throw new EgressRefused('address', 'This test has no way out.')
  },
}

/** Both environments as the application opens them, each behind a plain server that tests inject requests into. */
export async function openTestServers(
  databases: TestDatabases,
  { start, trustProxy, quotas, pause, egress, tls }: OpenSettings = {},
): Promise<TestServers> {
  const clock = aClock(start)
  const lines: string[] = []
  const logger = openLogger({
    level: 'trace',
    format: 'json',
    destination: {
      write: (line) => {
        lines.push(line)
        wrote(line)
      },
    },
  })
  const open = async (environment: Environment): Promise<TestEnvironment> => {
    const database = databases[environment]
    const vault = vaultFromKey(new Uint8Array(32).fill(environment === 'sandbox' ? 1 : 2), secureRandom)
    const gateway = await openGateway({
      environment,
      database,
      vault,
      peppers: peppersInMemory([firstPepper(vault, 0 as Instant)], secureRandom),
      clock,
      random: secureRandom,
      url: ISSUERS[environment],
      portalUrl: PORTAL,
      otherUrl: ISSUERS[environment === 'sandbox' ? 'production' : 'sandbox'],
      signingKeyDays: 90,
      version: '0.0.0-test',
      fetcher: NOWHERE,
      egress: egress ?? NO_WAY_OUT,
      onFailure: (error) => logger.error({ err: error }, 'work after an answer failed'),
      ...(quotas && { quotas }),
      ...(pause && { pause }),
    })
    const server = createServer({
      name: environment,
      logger,
      clock,
      random: secureRandom,
      problemBaseUrl: 'https://docs.example/problems',
      challenge: gateway.access.challenge,
      readiness: { database: gateway.ping },
      bodyLimitBytes: BODY_LIMIT_BYTES,
      ...(trustProxy && { trustProxy }),
      ...(tls && { tls }),
    })
    holdToDescription(server)
    for (const routes of gateway.routes) await server.register(routes)
    await server.ready()
    return {
      environment,
      gateway,
      server,
      database,
      aCompany: (
        scopes = EVERYTHING,
        providers = environment === 'production' ? SAMPLE_PROVIDERS : undefined,
      ) => aCompany(gateway, server, clock, scopes, providers),
      rowCounts: () => rowCountsOf(database),
      audit: () => auditRows(database),
    }
  }
  const environments = { sandbox: await open('sandbox'), production: await open('production') }
  return {
    ...environments,
    clock,
    log: () => lines.join(''),
    close: async () => {
      for (const { server, gateway } of Object.values(environments)) {
        await server.close()
        await gateway.close()
      }
    },
  }
}

async function aCompany(
  { administration }: Gateway,
  server: FastifyInstance,
  clock: ReturnType<typeof aClock>,
  scopes: readonly Scope[],
  providers?: readonly GrantedProvider[],
): Promise<TestCompany> {
  const operator = { kind: 'operator' } as const
  const organizationId = mintId('organization', clock.now(), secureRandom)
  await administration.applyGrant(
    {
      id: mintId('grant', clock.now(), secureRandom),
      organizationId,
      organizationName: 'Larkspur Orthopedics',
      version: 1,
      products: ['submission', 'inquiry'],
      scopes,
      from: clock.now(),
      ...(providers && { providers }),
    },
    operator,
  )
  const client = await administration.createClient({ organizationId, label: 'Test' }, operator)
  const given = await server.inject(tokenRequest(client))
  const token = String(given.json().access_token)
  const call = (options: InjectOptions) =>
    server.inject({ ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } })
  return {
    organizationId,
    client,
    token,
    call,
    post: (path, body, headers) =>
      call({
        method: 'POST',
        url: `${BASE}/${path}`,
        headers: { 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      }),
  }
}

/**
 * How many rows each table of a schema holds. Row-level security binds the owner on a server, so it is lifted for the
 * counting, in a transaction that is undone.
 */
export async function rowCountsOf({ engine, schema }: Database): Promise<Readonly<Record<string, number>>> {
  return engine.alone(async (connection) => {
    const tables = await connection.query<{ name: string }>(
      `select relname as name from pg_class join pg_namespace n on n.oid = relnamespace
       where nspname = $1 and relkind in ('r', 'p') order by relname`,
      [schema],
    )
    const lift = tables.map(({ name }) => `alter table ${schema}.${name} no force row level security`)
    const count = tables.map(
      ({ name }) => `select '${name}' as name, count(*)::int as count from ${schema}.${name}`,
    )
    await connection.script(['begin', ...lift].join('; '))
    try {
      const rows = await connection.query<{ name: string; count: number }>(count.join(' union all '))
      return Object.fromEntries(rows.map((row) => [row.name, row.count]))
    } finally {
      await connection.script('rollback')
    }
  })
}

async function auditRows({ engine, schema }: Database): Promise<readonly AuditRow[]> {
  return engine.alone(async (connection) => {
    await connection.script(`begin; set local role ${schema}_staff; set local search_path to ${schema}`)
    try {
      return await connection.query<AuditRow>(
        'select act, outcome, problem, request_id, on_id, organization_id from audit_entries order by id',
      )
    } finally {
      await connection.script('rollback')
    }
  })
}
