import { randomBytes } from 'node:crypto'
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
} from '../../src/platform/database/index.ts'

const root = join(import.meta.dirname, '../..')

export interface TestDatabases {
  readonly control: Database
  readonly sandbox: Database
  readonly production: Database
  /** The owner of the tables, whom row-level security does not bind on the embedded engine. For arranging a test. */
  readonly engine: Engine
  close(): Promise<void>
}

/** True when the tests talk to a server; false when they talk to the embedded engine. */
export const onServer = Boolean(process.env.TEST_DATABASE_URL)

/** The server that the tests talk to, if they do. */
export const serverUrl = process.env.TEST_DATABASE_URL ?? ''

/**
 * The three migrated databases of a test file, empty and its own: on the server that TEST_DATABASE_URL names, in schemas
 * of their own; else embedded, from a migrated template.
 */
export async function openTestDatabases(): Promise<TestDatabases> {
  return onServer ? served() : embedded()
}

/** Every schema with its migrations, as the application makes them. */
export async function readSchemas(): Promise<Schemas> {
  const environment = await readMigrations(join(root, 'migrations/environment'))
  const control = await readMigrations(join(root, 'migrations/control'))
  return { control, sandbox: environment, production: environment }
}

/** An embedded database with every schema in it, to begin from. */
export async function readTemplate(): Promise<Blob> {
  return migratedTemplate(join(root, 'node_modules/.cache/countersign'), await readSchemas())
}

async function embedded(): Promise<TestDatabases> {
  const engine = await openEmbedded({ template: await readTemplate() })
  return {
    control: databaseOf(engine, 'control'),
    sandbox: databaseOf(engine, 'sandbox'),
    production: databaseOf(engine, 'production'),
    engine,
    close: () => engine.close(),
  }
}

async function served(): Promise<TestDatabases> {
  const engine = openServer(serverUrl, { poolSize: 8 })
  const stem = `t${randomBytes(5).toString('hex')}`
  const schemas = await readSchemas()
  for (const [name, migrations] of Object.entries(schemas))
    await migrate(engine, `${stem}_${name}`, migrations)
  return {
    control: databaseOf(engine, `${stem}_control`),
    sandbox: databaseOf(engine, `${stem}_sandbox`),
    production: databaseOf(engine, `${stem}_production`),
    engine,
    close: async () => {
      for (const name of Object.keys(schemas)) await dropSchema(engine, `${stem}_${name}`)
      await engine.close()
    },
  }
}

/** The roles that a schema may have; the last is the control plane's alone, which has a schema of that name too. */
export const ROLES = ['tenant', 'staff', 'worker', 'client_lookup', 'identity'] as const

/** Removes a schema that a test has made, and its roles; one test file at a time. */
export async function dropSchema(engine: Engine, schema: string): Promise<void> {
  await engine.script(`
    select pg_advisory_xact_lock(hashtextextended('countersign.roles', 0));
    drop schema if exists ${schema}, ${schema}_identity cascade;
    drop role if exists ${ROLES.map((role) => `${schema}_${role}`).join(', ')};`)
}
