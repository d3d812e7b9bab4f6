import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Database,
  databaseOf,
  type Engine,
  migrate,
  openEmbedded,
  openServer,
  readMigrations,
} from '../../src/platform/database/index.ts'

const root = join(import.meta.dirname, '../..')
const SCHEMAS = { control: 'control', sandbox: 'environment', production: 'environment' } as const

export interface TestDatabases {
  readonly control: Database
  readonly sandbox: Database
  readonly production: Database
  /** The owner of the tables, whom row-level security does not bind on the embedded engine. For arranging a test. */
  readonly engine: Engine
  close(): Promise<void>
}

/**
 * The three migrated databases of a test file, empty and its own: on the server that TEST_DATABASE_URL names, in schemas
 * of their own; else embedded, from a migrated template.
 */
export async function openTestDatabases(): Promise<TestDatabases> {
  const url = process.env.TEST_DATABASE_URL
  return url ? onServer(url) : embedded()
}

async function embedded(): Promise<TestDatabases> {
  const engine = await openEmbedded({ template: await template() })
  return {
    control: databaseOf(engine, 'control'),
    sandbox: databaseOf(engine, 'sandbox'),
    production: databaseOf(engine, 'production'),
    engine,
    close: () => engine.close(),
  }
}

async function onServer(url: string): Promise<TestDatabases> {
  const engine = openServer(url, { poolSize: 8 })
  const stem = `t${randomBytes(5).toString('hex')}`
  for (const [name, folder] of Object.entries(SCHEMAS))
    await migrate(engine, `${stem}_${name}`, await readMigrations(join(root, 'migrations', folder)))
  const drop = Object.keys(SCHEMAS).map((name) => {
    const schema = `${stem}_${name}`
    const roles = ['tenant', 'staff', 'worker', 'client_lookup'].map((role) => `${schema}_${role}`).join(', ')
    return `drop schema ${schema} cascade; drop owned by ${roles}; drop role ${roles};`
  })
  return {
    control: databaseOf(engine, `${stem}_control`),
    sandbox: databaseOf(engine, `${stem}_sandbox`),
    production: databaseOf(engine, `${stem}_production`),
    engine,
    close: async () => {
      await engine.script(drop.join('\n'))
      await engine.close()
    },
  }
}

/** A dumped data directory with all three schemas migrated, kept by the checksum of the migrations. */
async function template(): Promise<Blob> {
  const folders = {
    control: await readMigrations(join(root, 'migrations/control')),
    environment: await readMigrations(join(root, 'migrations/environment')),
  }
  const hash = createHash('sha256')
  for (const migration of [...folders.control, ...folders.environment])
    hash.update(migration.name).update(migration.checksum)
  const directory = join(root, 'node_modules/.cache/countersign')
  const file = join(directory, `template-${hash.digest('hex').slice(0, 16)}.tar`)
  const kept = await readFile(file).catch(() => undefined)
  if (kept) return new Blob([new Uint8Array(kept)])
  const engine = await openEmbedded()
  for (const [name, folder] of Object.entries(SCHEMAS)) await migrate(engine, name, folders[folder])
  const dump = await engine.pglite.dumpDataDir('none')
  await engine.close()
  await mkdir(directory, { recursive: true })
  const draft = `${file}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, new Uint8Array(await dump.arrayBuffer()))
  await rename(draft, file)
  return dump
}
