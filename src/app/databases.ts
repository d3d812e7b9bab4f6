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

/** The control plane's schema and those of the two environments. */
export type Plane = 'control' | 'sandbox' | 'production'

/** The databases of what this process serves: a schema each, in one PostgreSQL or in several. No other is touched. */
export interface Databases {
  /** @throws Error when this process does not serve that plane */
  of(plane: Plane): Database
  /** For people: which engine, and where. Never a user or a password. */
  readonly description: string
  /** @throws DatabaseUnavailable */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the databases of what this process serves, and brings their schemas up to date.
 *
 * @param directory where the embedded engine keeps its data; used when no server is named
 * @param root      the folder of the checkout, which holds the migrations
 * @throws DatabaseUnavailable, DatabaseDamaged, MigrationFailed with a sentence for the operator
 */
export async function openDatabases(config: Config, directory: string, root: string): Promise<Databases> {
  const schemas = await readSchemas(root)
  const planes = planesOf(config)
  const urls = new Map(planes.map((plane) => [plane, urlOf(config, plane)]))
  const [first] = urls.values()
  if (first === undefined) return embedded(directory, schemas, planes, root)
  return served(config, urls as ReadonlyMap<Plane, string>, schemas)
}

/** What this process opens, by its roles. */
export function planesOf({ roles }: Pick<Config, 'roles'>): readonly Plane[] {
  const planes: readonly Plane[] = ['control', 'sandbox', 'production']
  return planes.filter((plane) => roles.includes(plane === 'control' ? 'portal' : plane))
}

function urlOf(config: Config, plane: Plane): string | undefined {
  if (plane === 'control') return config.databaseUrl
  const own = plane === 'sandbox' ? config.sandboxDatabaseUrl : config.productionDatabaseUrl
  return own ?? config.databaseUrl
}

async function readSchemas(root: string): Promise<Schemas> {
  const environment = await readMigrations(join(root, 'migrations/environment'))
  return {
    control: await readMigrations(join(root, 'migrations/control')),
    sandbox: environment,
    production: environment,
  }
}

/** One engine, and all schemas from one template: a schema that nobody opens lies there empty. */
async function embedded(
  directory: string,
  schemas: Schemas,
  planes: readonly Plane[],
  root: string,
): Promise<Databases> {
  const template = await migratedTemplate(join(root, 'node_modules/.cache/countersign'), schemas)
  const engine = await openEmbedded({ directory, template })
  return ready(
    new Map(planes.map((plane) => [plane, engine])),
    schemas,
    'embedded PostgreSQL, for trial and development',
  )
}

async function served(
  config: Config,
  urls: ReadonlyMap<Plane, string>,
  schemas: Schemas,
): Promise<Databases> {
  const opened = new Map<string, Engine>()
  const engineAt = (address: string) => {
    const engine = opened.get(address) ?? openServer(address, { poolSize: config.databasePoolSize })
    opened.set(address, engine)
    return engine
  }
  const engines = new Map([...urls].map(([plane, address]) => [plane, engineAt(address)]))
  const hosts = [...new Set([...urls.values()].map((address) => new URL(address).host))]
  return ready(engines, schemas, `PostgreSQL at ${hosts.join(', ')}`)
}

async function ready(
  engines: ReadonlyMap<Plane, Engine>,
  schemas: Schemas,
  description: string,
): Promise<Databases> {
  const distinct = [...new Set(engines.values())]
  const close = async () => {
    await Promise.all(distinct.map((engine) => engine.close()))
  }
  try {
    for (const engine of distinct) await engine.ping()
    for (const [plane, engine] of engines) await migrate(engine, plane, schemas[plane] ?? [])
  } catch (error) {
    await close()
    throw error
  }
  return {
    of: (plane) => {
      const engine = engines.get(plane)
      if (!engine) throw new Error(`this process does not serve the ${plane} plane`)
      return databaseOf(engine, plane)
    },
    description,
    ping: async () => {
      for (const engine of distinct) await engine.ping()
    },
    close,
  }
}
