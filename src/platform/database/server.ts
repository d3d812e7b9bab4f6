import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import pg from 'pg'
import type { Engine } from './engine.ts'
import { PARSERS } from './parsers.ts'
import { ServerDriver } from './server-driver.ts'
import { DatabaseUnavailable, whyNotAnswered, whyNotConnected, withoutValues } from './unavailable.ts'

/** The oldest server that has all we use: `security_invoker` views and `merge`, and is still looked after. */
const OLDEST_MAJOR = 15

export interface ServerOptions {
  /** Connections at most; 10 when absent. */
  readonly poolSize?: number
  /** How the server lists us in `pg_stat_activity`; `countersign` when absent, unless the URL says otherwise. */
  readonly applicationName?: string
  /** How long one statement may run; 30,000 when absent. Migrations are exempt. */
  readonly statementTimeoutMs?: number
  /** How long a statement waits for a lock; 10,000 when absent. */
  readonly lockTimeoutMs?: number
  /** How long a transaction may be left lying open; 30,000 when absent. */
  readonly idleInTransactionTimeoutMs?: number
  /** How long to wait for a connection; 10,000 when absent. */
  readonly connectTimeoutMs?: number
  /** False for a pooler in between that cannot keep prepared statements (PgBouncer before 1.21). */
  readonly preparesStatements?: boolean
}

/**
 * Connects to a PostgreSQL server, version 15 or later. Connections are made when first needed: `ping` tells at once.
 *
 * `sslmode` of `prefer`, `require` and `verify-ca` are read as `verify-full`, the strictest: a certificate that is not
 * checked protects from nobody. `no-verify` says so plainly, for those who must.
 *
 * @param url `postgres://user:password@host:port/database`
 * @throws DatabaseUnavailable when the URL cannot be read
 */
export function openServer(url: string, options: ServerOptions = {}): Engine {
  const { connectionString, name } = address(url)
  const statementTimeout = options.statementTimeoutMs ?? 30_000
  const pool = new pg.Pool({
    connectionString,
    max: options.poolSize ?? 10,
    fallback_application_name: options.applicationName ?? 'countersign',
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    statement_timeout: statementTimeout,
    // For a server that fell silent: its own timeout, which tells more, comes first.
    query_timeout: statementTimeout + 5_000,
    lock_timeout: options.lockTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 30_000,
    keepAlive: true,
    types: { getTypeParser: parserFor },
  })
  // An error on a connection that nobody is waiting on would otherwise end the process. The next statement meets it.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const kysely = new Kysely<Record<never, never>>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new ServerDriver(pool, name, options.preparesStatements ?? true),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
  const connect = async () => {
    try {
      return await pool.connect()
    } catch (error) {
      throw whyNotConnected(error, name)
    }
  }
  let closing: Promise<void> | undefined
  return {
    kind: 'server',
    name,
    kysely,
    script: async (statements) => {
      const client = await connect()
      let isDone = false
      try {
        await client.query(statements)
        isDone = true
      } catch (error) {
        throw whyNotAnswered(error, name) ?? withoutValues(error)
      } finally {
        // A script that failed may have left a transaction open.
        client.release(!isDone)
      }
    },
    alone: async (work) => {
      const client = await connect()
      try {
        return await work({
          script: async (statements) => {
            await client.query({ text: statements, query_timeout: NEVER } as pg.QueryConfig)
          },
          query: async (text, values = []) =>
            (await client.query({ text, values: [...values], query_timeout: NEVER } as pg.QueryConfig)).rows,
        })
      } catch (error) {
        throw whyNotAnswered(error, name) ?? error
      } finally {
        client.release(true)
      }
    },
    ping: async () => {
      const client = await connect()
      let isAlive = false
      try {
        const { rows } = await client.query<{ version: string }>(
          "select current_setting('server_version_num') as version",
        )
        isAlive = true
        requireVersion(Number(rows[0]?.version), name)
      } catch (error) {
        if (error instanceof DatabaseUnavailable) throw error
        throw whyNotAnswered(error, name) ?? error
      } finally {
        client.release(!isAlive)
      }
    },
    close: () => {
      closing ??= kysely.destroy().then(() => (pool.ended || pool.ending ? undefined : pool.end()))
      return closing
    },
  }
}

/** The longest a timer can wait: 24 days. */
const NEVER = 2 ** 31 - 1

const parserFor = ((oid: number, format?: 'text' | 'binary') =>
  format === 'binary'
    ? pg.types.getTypeParser(oid, 'binary')
    : (PARSERS[oid] ?? pg.types.getTypeParser(oid, 'text'))) as typeof pg.types.getTypeParser

/**
 * @param version as `server_version_num` says it: 150004 is 15.4
 * @throws DatabaseUnavailable when the server is older than we can use
 */
export function requireVersion(version: number, server: string): void {
  if (version >= OLDEST_MAJOR * 10_000) return
  throw new DatabaseUnavailable(
    'too-old',
    `The database at ${server} is PostgreSQL ${Math.floor(version / 10_000)}; version ${OLDEST_MAJOR} or later is needed: upgrade the server.`,
  )
}

/**
 * The URL as the driver is to have it, and what to call the database in a message.
 *
 * Moments and intervals are written alike on both engines because each connection begins with these two settings.
 */
function address(url: string): { readonly connectionString: string; readonly name: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new DatabaseUnavailable(
      'address',
      'The database connection URL cannot be read: it has the form postgres://user:password@host:port/database, with special characters of the password percent-encoded.',
    )
  }
  const { searchParams } = parsed
  const host = searchParams.get('host') ?? (parsed.hostname || 'localhost')
  const settings = ['-c timezone=UTC -c intervalstyle=iso_8601', searchParams.get('options') ?? '']
  searchParams.set('options', settings.join(' ').trim())
  if (/^(prefer|require|verify-ca)$/.test(searchParams.get('sslmode') ?? ''))
    searchParams.set('sslmode', 'verify-full')
  return {
    connectionString: parsed.href,
    name: `${host}:${searchParams.get('port') ?? (parsed.port || '5432')}${parsed.pathname}`,
  }
}
