import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import {
  dropSchema,
  onServer,
  openTestDatabases,
  readSchemas,
  serverUrl,
  type TestDatabases,
} from '../../../test/support/database.ts'
import {
  databaseOf,
  type Engine,
  type Migration,
  MigrationFailed,
  migrate,
  openServer,
  readMigrations,
} from './index.ts'

let databases: TestDatabases
let engine: Engine
before(async () => {
  databases = await openTestDatabases()
  engine = databases.engine
})
after(() => databases.close())

function aSchema(context: TestContext): string {
  const schema = `m${randomBytes(5).toString('hex')}`
  context.after(() => dropSchema(engine, schema))
  return schema
}

const aMigration = (name: string, statements: string): Migration => ({
  name,
  statements,
  checksum: createHash('sha256').update(statements).digest('hex'),
})

const FIRST = aMigration('0001-notes.sql', 'create table notes (id text primary key);')
const SECOND = aMigration('0002-remarks.sql', 'create table {schema}.remarks (id text references notes);')
const FAILING = aMigration(
  '0002-failing.sql',
  'create table {schema}.kept (id int);\n\ninsert into kept\n  values (nonsense);\ncreate table never (id int);',
)

const tablesOf = async (schema: string) =>
  (
    await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = ${schema} order by 1`.execute(
      engine.kysely,
    )
  ).rows.map((row) => row.name)

test('migrations are applied in their order, into the schema that they are for', async (context) => {
  const schema = aSchema(context)
  assert.deepEqual(await migrate(engine, schema, [FIRST, SECOND]), ['0001-notes.sql', '0002-remarks.sql'])
  assert.deepEqual(await tablesOf(schema), ['notes', 'remarks', 'schema_migrations'])
})

test('what was applied before is not applied again', async (context) => {
  const schema = aSchema(context)
  await migrate(engine, schema, [FIRST])
  assert.deepEqual(await migrate(engine, schema, [FIRST, SECOND]), ['0002-remarks.sql'])
  assert.deepEqual(await migrate(engine, schema, [FIRST, SECOND]), [])
})

test('a migration that was changed after it was applied is refused and named', async (context) => {
  const schema = aSchema(context)
  await migrate(engine, schema, [FIRST])
  await assert.rejects(migrate(engine, schema, [aMigration(FIRST.name, 'select 1'), SECOND]), {
    name: 'MigrationFailed',
    migration: '0001-notes.sql',
    message: /0001-notes\.sql was applied to .* and has been changed since/,
  })
  assert.deepEqual(await tablesOf(schema), ['notes', 'schema_migrations'])
})

test('a migration that was removed after it was applied is refused and named', async (context) => {
  const schema = aSchema(context)
  await migrate(engine, schema, [FIRST, SECOND])
  await assert.rejects(migrate(engine, schema, [FIRST]), {
    migration: '0002-remarks.sql',
    message: /removed/,
  })
})

test('a failing migration leaves nothing of itself, and says which it was and where', async (context) => {
  const schema = aSchema(context)
  const error: MigrationFailed = await migrate(engine, schema, [FIRST, FAILING]).then(
    () => assert.fail('it passed'),
    (reason) => reason,
  )
  assert.ok(error instanceof MigrationFailed)
  assert.equal(error.migration, '0002-failing.sql')
  assert.match(error.message, /0002-failing\.sql of m\w+ failed at line 4: column "nonsense" does not exist/)
  assert.deepEqual(await tablesOf(schema), ['notes', 'schema_migrations'])
})

test('those after a failing migration are not applied', async (context) => {
  const schema = aSchema(context)
  const later = aMigration('0003-later.sql', 'create table later (id int)')
  await assert.rejects(migrate(engine, schema, [FIRST, FAILING, later]), MigrationFailed)
  assert.ok(!(await tablesOf(schema)).includes('later'))
})

test('once it is mended, a migration that failed is applied', async (context) => {
  const schema = aSchema(context)
  await assert.rejects(migrate(engine, schema, [FIRST, FAILING]), MigrationFailed)
  const mended = aMigration(FAILING.name, 'create table {schema}.kept (id int)')
  assert.deepEqual(await migrate(engine, schema, [FIRST, mended]), ['0002-failing.sql'])
})

test('a failing migration leaves the engine usable', async (context) => {
  await assert.rejects(migrate(engine, aSchema(context), [FAILING]), MigrationFailed)
  assert.deepEqual((await sql`select 1 as one`.execute(engine.kysely)).rows, [{ one: 1 }])
})

test('migrating leaves no time limit changed behind', async (context) => {
  const limits = () =>
    sql`select name, setting from pg_settings where name like '%\_timeout' order by 1`.execute(engine.kysely)
  const { rows } = await limits()
  await migrate(engine, aSchema(context), [FIRST])
  assert.deepEqual((await limits()).rows, rows)
})

test('of several that migrate at once one does the work, and all are content', async (context) => {
  const schema = aSchema(context)
  const engines = onServer ? Array.from({ length: 4 }, () => openServer(serverUrl)) : [engine, engine, engine]
  const slow = aMigration('0002-slow.sql', 'select pg_sleep(0.1); create table slow (id int)')
  const applied = await Promise.all(engines.map((one) => migrate(one, schema, [FIRST, slow])))
  if (onServer) await Promise.all(engines.map((one) => one.close()))
  assert.deepEqual(applied.flat().sort(), ['0001-notes.sql', '0002-slow.sql'])
})

test('schemas that are made at once, with their roles, do not trip over each other', async (context) => {
  const { sandbox: migrations = [] } = await readSchemas()
  const schemas = Array.from({ length: 4 }, () => aSchema(context))
  await Promise.all(schemas.map((schema) => migrate(engine, schema, migrations)))
  for (const schema of schemas) {
    const { rows } = await databaseOf(engine, schema).transaction({ role: 'worker' }, (tx) =>
      sql`select current_user as who`.execute(tx),
    )
    assert.deepEqual(rows, [{ who: `${schema}_worker` }])
  }
})

for (const name of ['Sandbox', 'a-b', '1st', 'x; drop schema control', '', 'a'.repeat(42)]) {
  test(`"${name.slice(0, 24)}" cannot be the name of a schema`, async () => {
    await assert.rejects(migrate(engine, name, []), /cannot be the name of a schema/)
  })
}

/** As a plain owner: no superuser, may make schemas in this database, and roles. */
async function asPlainOwner(rights: string, work: (owner: string) => Promise<void>): Promise<void> {
  const owner = `owner_${randomBytes(4).toString('hex')}`
  await engine.script(`create role ${owner} ${rights}; set session authorization ${owner};`)
  try {
    await work(owner)
  } finally {
    // "reset" does nothing on the embedded engine.
    await engine.script('set session authorization postgres')
  }
}

const embeddedOnly = {
  skip: onServer && 'on a server every test runs as a plain owner; this one is for PostgreSQL 16 and later',
}

test(
  'an owner who is no superuser may only become the roles, on PostgreSQL 16 and later',
  embeddedOnly,
  async () => {
    const { sandbox: migrations = [] } = await readSchemas()
    const schema = `m${randomBytes(5).toString('hex')}`
    await engine.script('grant create on database postgres to public')
    await asPlainOwner('createrole', async (owner) => {
      await migrate(engine, schema, migrations)
      const { rows: become } = await sql`
      select pg_has_role(${owner}, ${`${schema}_tenant`}, 'set') as may_become,
        pg_has_role(${owner}, ${`${schema}_tenant`}, 'usage') as inherits`.execute(engine.kysely)
      assert.deepEqual(become, [{ may_become: true, inherits: false }])
      const { rows } = await databaseOf(engine, schema).transaction(
        { role: 'tenant', organization: 'org_a' },
        (tx) => sql`select current_user as who`.execute(tx),
      )
      assert.deepEqual(rows, [{ who: `${schema}_tenant` }])
    })
  },
)

test('an owner without the right to create roles is told what is missing', embeddedOnly, async () => {
  const { sandbox: migrations = [] } = await readSchemas()
  await engine.script('grant create on database postgres to public')
  await asPlainOwner('nocreaterole', async () => {
    await assert.rejects(
      migrate(engine, `m${randomBytes(5).toString('hex')}`, migrations),
      /0001-foundation\.sql .*be able to create roles/,
    )
  })
})

test('an owner without the right to create schemas is told what is missing', embeddedOnly, async () => {
  await engine.script('revoke create on database postgres from public')
  await asPlainOwner('createrole', async () => {
    await assert.rejects(
      migrate(engine, `m${randomBytes(5).toString('hex')}`, [FIRST]),
      /schema m\w+ could not be made.*grant create on database/,
    )
  })
})

async function aFolder(context: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-migrations-'))
  context.after(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

test('a folder of migrations is read in the order of their numbers', async (context) => {
  const folder = await aFolder(context, { '0010-b.sql': 'b', '0002-a-thing.sql': 'a' })
  const read = await readMigrations(folder)
  assert.deepEqual(
    read.map(({ name, statements }) => [name, statements]),
    [
      ['0002-a-thing.sql', 'a'],
      ['0010-b.sql', 'b'],
    ],
  )
})

for (const name of ['1-notes.sql', '0001_notes.sql', '0001-Notes.sql', "0001-no'tes.sql", '0001-notes.txt']) {
  test(`a migration cannot be called ${name}`, async (context) => {
    await assert.rejects(
      readMigrations(await aFolder(context, { [name]: '' })),
      /is not named as a migration/,
    )
  })
}

test('two migrations cannot have the same number', async (context) => {
  const folder = await aFolder(context, { '0001-a.sql': '', '0001-b.sql': '' })
  await assert.rejects(readMigrations(folder), /two migrations in .* have the number 0001/)
})
