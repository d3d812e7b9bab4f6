import { join } from 'node:path'
import {
  type Database,
  databaseOf,
  type Engine,
  migrate,
  migratedTemplate,
  openEmbedded,
  openServer,
  readMigrations,
  type Schemas,
} from '../platform/database/index.ts'
import type { Config } from './config.ts'

/** The control plane's and the two environments' databases: three schemas, in one PostgreSQL or in several. */
export interface Databases {
  readonly control: Database
  readonly sandbox: Database
  readonly production: Database
  /** For people: which engine, and where. Never a user or a password. */
  readonly description: string
  /** @throws DatabaseUnavailable */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the databases that the settings name, and brings their schemas up to date.
 *
 * @param directory where the embedded engine keeps its data; used when no server is named
 * @param root      the folder of the checkout, which holds the migrations
 * @throws DatabaseUnavailable, DatabaseDamaged, MigrationFailed with a sentence for the operator
 */
export async function openDatabases(config: Config, directory: string, root: string): Promise<Databases> {
  const schemas = await readSchemas(root)
  if (config.databaseUrl === undefined) return embedded(directory, schemas, root)
  return served(config, config.databaseUrl, schemas)
}

async function readSchemas(root: string): Promise<Schemas> {
  const environment = await readMigrations(join(root, 'migrations/environment'))
  return {
    control: await readMigrations(join(root, 'migrations/control')),
    sandbox: environment,
    production: environment,
  }
}

async function embedded(directory: string, schemas: Schemas, root: string): Promise<Databases> {
  const template = await migratedTemplate(join(root, 'node_modules/.cache/countersign'), schemas)
  const engine = await openEmbedded({ directory, template })
  return ready(
    { control: engine, sandbox: engine, production: engine },
    schemas,
    'embedded PostgreSQL, for trial and development',
  )
}

async function served(config: Config, url: string, schemas: Schemas): Promise<Databases> {
  const opened = new Map<string, Engine>()
  const engineAt = (address: string) => {
    const engine = opened.get(address) ?? openServer(address, { poolSize: config.databasePoolSize })
    opened.set(address, engine)
    return engine
  }
  const engines = {
    control: engineAt(url),
    sandbox: engineAt(config.sandboxDatabaseUrl ?? url),
    production: engineAt(config.productionDatabaseUrl ?? url),
  }
  return ready(engines, schemas, `PostgreSQL at ${new URL(url).host}`)
}

type Engines = Readonly<Record<'control' | 'sandbox' | 'production', Engine>>

async function ready(engines: Engines, schemas: Schemas, description: string): Promise<Databases> {
  const distinct = [...new Set(Object.values(engines))]
  const close = async () => {
    await Promise.all(distinct.map((engine) => engine.close()))
  }
  try {
    for (const engine of distinct) await engine.ping()
    for (const [schema, migrations] of Object.entries(schemas))
      await migrate(engines[schema as keyof Engines], schema, migrations)
  } catch (error) {
    await close()
    throw error
  }
  return {
    control: databaseOf(engines.control, 'control'),
    sandbox: databaseOf(engines.sandbox, 'sandbox'),
    production: databaseOf(engines.production, 'production'),
    description,
    ping: async () => {
      for (const engine of distinct) await engine.ping()
    },
    close,
  }
}
