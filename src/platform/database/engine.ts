import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely'
import pg from 'pg'
import { CONNECTION_SETTINGS, PARSERS } from './parsers.ts'

/** A running PostgreSQL, embedded or a server; several schemas may live in it. */
export interface Engine {
  readonly kind: 'embedded' | 'server'
  readonly kysely: Kysely<Record<never, never>>
  /** Runs several statements at once, as the owner of the tables. For migrations. */
  script(statements: string): Promise<void>
  close(): Promise<void>
}

export interface EmbeddedOptions {
  /** The folder that holds the data; absent means in memory. */
  readonly directory?: string
  /** A data directory dumped before, to begin from instead of an empty one. */
  readonly template?: Blob
}

/** Starts PostgreSQL inside this process. One connection; it does not fsync. */
export async function openEmbedded(
  options: EmbeddedOptions = {},
): Promise<Engine & { readonly pglite: PGlite }> {
  const pglite = await PGlite.create({
    ...(options.directory === undefined ? {} : { dataDir: options.directory }),
    ...(options.template === undefined ? {} : { loadDataDir: options.template }),
    parsers: { ...PARSERS },
  })
  await pglite.exec(CONNECTION_SETTINGS)
  const kysely = new Kysely<Record<never, never>>({ dialect: new PGliteDialect({ pglite }) })
  return {
    kind: 'embedded',
    kysely,
    pglite,
    script: async (statements) => {
      await pglite.exec(statements)
    },
    close: () => kysely.destroy(),
  }
}

/** Connects to a PostgreSQL server, version 15 or later. Connections are made when first needed. */
export function openServer(url: string, options: { readonly poolSize?: number } = {}): Engine {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize ?? 10,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        format === 'binary'
          ? pg.types.getTypeParser(oid, 'binary')
          : (PARSERS[oid] ?? pg.types.getTypeParser(oid, 'text'))) as typeof pg.types.getTypeParser,
    },
  })
  pool.on('connect', (client) => {
    client.query(CONNECTION_SETTINGS).catch(() => undefined)
  })
  // Without a listener, an idle connection that the server drops would end the process.
  pool.on('error', () => undefined)
  const kysely = new Kysely<Record<never, never>>({ dialect: new PostgresDialect({ pool }) })
  return {
    kind: 'server',
    kysely,
    script: async (statements) => {
      await pool.query(statements)
    },
    close: () => kysely.destroy(),
  }
}
