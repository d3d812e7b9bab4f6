import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection, Engine } from './engine.ts'
import { DatabaseUnavailable, sqlstate, whyNotAnswered } from './unavailable.ts'

/** One migration: plain SQL in which `{schema}` stands for the schema it is applied to. */
export interface Migration {
  /** The file's name, `0003-audit.sql`: four digits, which order it, and what it is about. */
  readonly name: string
  /** SHA-256 of the statements, hexadecimal. */
  readonly checksum: string
  readonly statements: string
}

/** A schema could not be brought up to date. What was applied before the named migration stays; nothing of it does. */
export class MigrationFailed extends Error {
  readonly schema: string
  readonly migration: string | undefined

  constructor(schema: string, migration: string | undefined, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'MigrationFailed'
    this.schema = schema
    this.migration = migration
  }
}

const NAME = /^\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.sql$/

/**
 * Reads a folder of migrations, in the order of their names.
 *
 * @throws Error when a file has another name than a migration's, or two have the same number
 */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).sort()
  for (const [position, name] of names.entries()) {
    if (!NAME.test(name))
      throw new Error(`"${name}" in ${folder} is not named as a migration: 0002-access.sql`)
    if (names[position - 1]?.slice(0, 4) === name.slice(0, 4))
      throw new Error(`two migrations in ${folder} have the number ${name.slice(0, 4)}`)
  }
  return Promise.all(
    names.map(async (name) => {
      const statements = await readFile(join(folder, name), 'utf8')
      return { name, statements, checksum: createHash('sha256').update(statements).digest('hex') }
    }),
  )
}

/**
 * Brings a schema up to date, making it where it does not exist. Each migration is one transaction, and processes that
 * start at once wait for each other.
 *
 * @param schema lower case letters, digits and underscores; at most 41 characters
 * @returns the names of the migrations that were applied now
 * @throws MigrationFailed when one fails, or one that was applied before has been changed or removed since
 * @throws DatabaseUnavailable when the database cannot be reached, or is too old
 */
export async function migrate(
  engine: Engine,
  schema: string,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(schema)) throw new Error(`"${schema}" cannot be the name of a schema`)
  await engine.ping()
  return engine.alone(async (connection) => {
    await waitForTurn(connection, engine, schema)
    try {
      await makeSchema(connection, schema)
      const fresh = unapplied(schema, migrations, await appliedTo(connection, schema))
      for (const migration of fresh) await apply(connection, engine, schema, migration)
      return fresh.map((migration) => migration.name)
    } finally {
      await connection
        .script(`select pg_advisory_unlock_all(); ${PATIENT.map((name) => `reset ${name}`).join('; ')}`)
        .catch(() => undefined)
    }
  })
}

/** A migration of a large table takes its time. */
const PATIENT = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
const TURN_TIMEOUT_MINUTES = 10

async function waitForTurn(connection: Connection, engine: Engine, schema: string): Promise<void> {
  try {
    await connection.script(`
      set statement_timeout to 0;
      set idle_in_transaction_session_timeout to 0;
      set lock_timeout to '${TURN_TIMEOUT_MINUTES}min';
      select pg_advisory_lock(hashtextextended('countersign.migrate.${schema}', 0));`)
  } catch (error) {
    if (sqlstate(error) !== '55P03') throw error
    throw new DatabaseUnavailable(
      'busy',
      `Another process has been migrating ${schema} in ${engine.name} for ${TURN_TIMEOUT_MINUTES} minutes: see pg_stat_activity on the server.`,
      error,
    )
  }
}

async function makeSchema(connection: Connection, schema: string): Promise<void> {
  // "if not exists" would ask for the right to create schemas even where there is one.
  const [found] = await connection.query('select from pg_namespace where nspname = $1', [schema])
  try {
    await connection.script(`
      ${found ? '' : `create schema ${schema};`}
      create table if not exists ${schema}.schema_migrations (
        name text primary key, checksum text not null, applied_at timestamptz not null default now());`)
  } catch (error) {
    throw failure(schema, undefined, error, `The schema ${schema} could not be made`)
  }
}

async function appliedTo(connection: Connection, schema: string): Promise<ReadonlyMap<string, string>> {
  const rows = await connection.query<{ name: string; checksum: string }>(
    `select name, checksum from ${schema}.schema_migrations`,
  )
  return new Map(rows.map((row) => [row.name, row.checksum]))
}

function unapplied(
  schema: string,
  migrations: readonly Migration[],
  applied: ReadonlyMap<string, string>,
): readonly Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]))
  for (const [name, checksum] of applied) {
    if (known.get(name) === checksum) continue
    throw new MigrationFailed(
      schema,
      name,
      `Migration ${name} was applied to ${schema} and has been ${known.has(name) ? 'changed' : 'removed'} since: run the version of Countersign that applied it, or a later one.`,
    )
  }
  return migrations.filter((migration) => !applied.has(migration.name))
}

async function apply(
  connection: Connection,
  engine: Engine,
  schema: string,
  { name, checksum, statements }: Migration,
): Promise<void> {
  try {
    await connection.script(`begin; set local search_path to ${schema}`)
    // Alone, so that the position of an error is one in the file.
    await connection.script(statements.replaceAll('{schema}', () => schema))
    await connection.script(
      `insert into ${schema}.schema_migrations (name, checksum) values ('${name}', '${checksum}'); commit`,
    )
  } catch (error) {
    await connection.script('rollback').catch(() => undefined)
    const lost = whyNotAnswered(error, engine.name)
    if (lost?.why === 'lost') throw lost
    throw failure(
      schema,
      name,
      error,
      `Migration ${name} of ${schema} failed${lineOf(statements, schema, error)}`,
    )
  }
}

const RIGHTS =
  'The user of the connection URL must own the schema or be able to create it (grant create on database), and be able to create roles (alter role ... createrole).'

function failure(schema: string, name: string | undefined, error: unknown, what: string): MigrationFailed {
  const remedy = sqlstate(error) === '42501' ? ` ${RIGHTS}` : ''
  const found = error instanceof Error ? error.message : String(error)
  return new MigrationFailed(schema, name, `${what}: ${found}. Nothing of it was kept.${remedy}`, error)
}

function lineOf(statements: string, schema: string, error: unknown): string {
  const position = Number((error as { position?: unknown }).position)
  if (!Number.isInteger(position) || position < 1) return ''
  const before = statements.replaceAll('{schema}', () => schema).slice(0, position - 1)
  return ` at line ${before.split('\n').length}`
}
