import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Engine } from './engine.ts'

/** One migration: plain SQL in which `{schema}` stands for the schema it is applied to. */
export interface Migration {
  readonly name: string
  readonly checksum: string
  readonly statements: string
}

/** Reads a folder of migrations, in the order of their names. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const statements = await readFile(join(folder, name), 'utf8')
      return { name, statements, checksum: createHash('sha256').update(statements).digest('hex') }
    }),
  )
}

/**
 * Brings a schema up to date, making it where it does not exist. Each migration is one transaction.
 *
 * @returns the names of the migrations that were applied now
 * @throws Error when a migration that was applied before has been changed or removed since
 */
export async function migrate(
  engine: Engine,
  schema: string,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(schema)) throw new Error(`"${schema}" cannot be the name of a schema`)
  await engine.script(`
    create schema if not exists ${schema};
    create table if not exists ${schema}.schema_migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now());`)
  const { rows } = await sql<{ name: string; checksum: string }>`
    select name, checksum from ${sql.table(`${schema}.schema_migrations`)}`.execute(engine.kysely)
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]))
  for (const [name, checksum] of applied) {
    if (known.get(name) !== checksum)
      throw new Error(`migration ${name} was applied to ${schema} and has been changed or removed since`)
  }
  const fresh = migrations.filter((migration) => !applied.has(migration.name))
  for (const { name, checksum, statements } of fresh) {
    await engine.script(`
      begin;
      set local search_path to ${schema};
      ${statements.replaceAll('{schema}', schema)}
      ;
      insert into ${schema}.schema_migrations (name, checksum) values ('${name}', '${checksum}');
      commit;`)
  }
  return fresh.map((migration) => migration.name)
}
