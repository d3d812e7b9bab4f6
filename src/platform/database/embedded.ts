import { openAsBlob } from 'node:fs'
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import { EmbeddedDriver } from './embedded-driver.ts'
import type { Engine } from './engine.ts'
import { CONNECTION_SETTINGS, PARSERS } from './parsers.ts'
import { whyNotAnswered, withoutValues } from './unavailable.ts'

/** The PostgreSQL that the embedded engine is, and the only one whose folders it reads. */
export const EMBEDDED_MAJOR = '18'

export interface EmbeddedOptions {
  /** The folder that holds the data; absent means in memory. Its owner keeps others out: see data-directory. */
  readonly directory?: string
  /**
   * A data directory dumped before, as a tar, or the path of the file that holds it. Used when there is no database
   * yet, instead of an empty one.
   */
  readonly template?: Blob | string
}

export interface EmbeddedEngine extends Engine {
  readonly kind: 'embedded'
  /** The engine itself. Speaking to it directly bypasses sessions: for dumping, and for libraries that need it. */
  readonly pglite: PGlite
}

/**
 * The folder of an embedded database cannot be used. The message says what is wrong and what to do; nothing in the
 * folder has been changed.
 */
export class DatabaseDamaged extends Error {
  readonly directory: string

  constructor(directory: string, found: string, remedy: string, cause?: unknown) {
    super(
      `The embedded database in ${directory} ${found}. ${remedy}`,
      cause === undefined ? undefined : { cause },
    )
    this.name = 'DatabaseDamaged'
    this.directory = directory
  }
}

/**
 * Starts PostgreSQL inside this process: one connection, and no fsync, so a power failure may cost the last moments.
 *
 * A folder that does not exist yet is made, from the template when there is one. When that was interrupted, the next
 * start sees it and begins anew: nobody can have stored anything yet.
 *
 * @throws DatabaseDamaged when the folder holds something else than a sound database of this version
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedEngine> {
  const { directory } = options
  const template =
    typeof options.template === 'string' ? await openAsBlob(options.template) : options.template
  const pglite =
    directory === undefined
      ? await start({ template })
      : (await holdsDatabase(directory))
        ? await openExisting(directory)
        : await create(directory, template)
  return engineOf(pglite, directory ?? 'memory')
}

async function start(options: { directory?: string; template?: Blob | undefined }): Promise<PGlite> {
  const pglite = await PGlite.create({
    ...(options.directory === undefined ? {} : { dataDir: options.directory }),
    ...(options.template === undefined ? {} : { loadDataDir: asTar(options.template) }),
    parsers: { ...PARSERS },
  })
  await pglite.exec(CONNECTION_SETTINGS)
  return pglite
}

/** The engine guesses at compression where the type is not named, and guesses by failing. */
function asTar(template: Blob): Blob {
  return template.type === '' ? template.slice(0, template.size, 'application/x-tar') : template
}

/** @throws DatabaseDamaged when the folder is neither empty nor a database of this version */
async function holdsDatabase(directory: string): Promise<boolean> {
  if (await exists(markerOf(directory))) return false
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new DatabaseDamaged(
      directory,
      `cannot be read (${error.code})`,
      'Give the user that runs Countersign the folder.',
      error,
    )
  })
  if (names.length === 0) return false
  const version = await readFile(join(directory, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (version === undefined)
    throw new DatabaseDamaged(directory, 'is not a database: PG_VERSION is missing', RESTORE)
  if (version.trim() === EMBEDDED_MAJOR) return true
  if (!/^\d{1,3}(\.\d{1,3})?$/.test(version.trim()))
    throw new DatabaseDamaged(directory, 'is damaged: PG_VERSION holds no version', RESTORE)
  throw new DatabaseDamaged(
    directory,
    `was written by PostgreSQL ${version.trim()}, and this Countersign holds PostgreSQL ${EMBEDDED_MAJOR}`,
    'Open it with the version of Countersign that wrote it, or move the folder away to begin with an empty database.',
  )
}

const RESTORE = 'Put a backup of the folder back, or move the folder away to begin with an empty database.'

async function openExisting(directory: string): Promise<PGlite> {
  try {
    return await start({ directory })
  } catch (error) {
    throw new DatabaseDamaged(directory, 'is damaged and does not start', RESTORE, error)
  }
}

async function create(directory: string, template: Blob | undefined): Promise<PGlite> {
  const marker = markerOf(directory)
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 })
  await (await open(marker, 'w')).close()
  await rm(directory, { recursive: true, force: true })
  const pglite = await start({ directory, template })
  await rm(marker)
  return pglite
}

/** Stands beside the folder for as long as it is not whole. */
function markerOf(directory: string): string {
  return `${directory}.incomplete`
}

async function exists(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  )
}

function engineOf(pglite: PGlite, place: string): EmbeddedEngine {
  const name = `embedded:${place}`
  const kysely = new Kysely<Record<never, never>>({
    dialect: {
      createAdapter: () => new PGliteAdapter(),
      createDriver: () => new EmbeddedDriver(pglite, name),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
  const refuse = (error: unknown): never => {
    throw whyNotAnswered(error, name) ?? withoutValues(error)
  }
  let closing: Promise<void> | undefined
  return {
    kind: 'embedded',
    name,
    kysely,
    pglite,
    script: async (statements) => {
      await pglite.exec(statements).catch(refuse)
    },
    // Kysely lends the one connection to nobody else meanwhile.
    alone: (work) =>
      kysely.connection().execute(() =>
        work({
          script: async (statements) => {
            await pglite.exec(statements)
          },
          query: async <Row>(statement: string, parameters: readonly unknown[] = []) =>
            (await pglite.query<Row>(statement, [...parameters])).rows,
        }),
      ),
    ping: async () => {
      await pglite.query('select 1').catch(refuse)
    },
    close: () => {
      closing ??= kysely
        .connection()
        .execute(async () => undefined)
        .then(() => kysely.destroy())
        .then(() => pglite.close())
      return closing
    },
  }
}
