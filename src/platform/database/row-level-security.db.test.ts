import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { openTestDatabases, ROLES, type TestDatabases } from '../../../test/support/database.ts'
import { breachesOf, fillTables, rowsSeen } from '../../../test/support/row-level-security.ts'
import type { Database, Session } from './index.ts'

/**
 * What companies share, and why: it belongs to none of them, so a company that we do not know finds it too. All else
 * belongs to somebody.
 */
const SHARED: Readonly<Record<string, string>> = {
  payers: 'whom a request may be sent to',
  payer_wire_ids: 'by which ids',
  payer_id_systems: 'of which system each id is',
  payer_plans: 'what its members are enrolled in',
  payer_ways: 'by which way it is asked',
  payer_outages: 'when it cannot be',
  payer_upstreams: 'where, and by which names',
  payer_keys: 'sealed; needed to seal and open what is theirs',
  rules: 'by which a request is decided',
  rule_imports: 'where the rules came from',
  policies: 'by which a request is decided',
  products: 'what can be had',
  plans: 'at which prices',
  agreement_templates: 'under which agreements',
}

let databases: TestDatabases
let all: readonly Database[]
/** Filled with one row in each table, which belongs to org_somebody. */
let filled: ReadonlyMap<string, readonly string[]>
before(async () => {
  databases = await openTestDatabases()
  all = [databases.control, databases.sandbox, databases.production]
  filled = new Map(
    await Promise.all(
      all.map(
        async ({ engine, schema }) => [schema, await fillTables(engine, schema, 'org_somebody')] as const,
      ),
    ),
  )
})
after(() => databases.close())

const NAMES = ['control', 'sandbox', 'production'] as const

for (const name of NAMES) {
  test(`${name}: each table forces row-level security, and only the roles of the schema have rights`, async () => {
    assert.deepEqual(await breachesOf(databases.engine, databases[name].schema), [])
  })

  for (const role of ['tenant', 'client_lookup'] as const) {
    test(`${name}: a ${role} session that names nobody sees no row that belongs to somebody`, async () => {
      const seen = await visible(databases[name], nobody(role))
      assert.deepEqual(
        seen.filter((table) => !(table in SHARED)),
        [],
      )
    })
  }

  test(`${name}: a session that names nobody sees no row of what companies share either`, async () => {
    const seen = await visible(databases[name], nobody('tenant'))
    assert.deepEqual(
      seen.filter((table) => table in SHARED),
      [],
    )
  })

  test(`${name}: a company that we do not know sees no row of any table but the shared ones`, async () => {
    const seen = await visible(databases[name], { role: 'tenant', organization: 'org_nobody' })
    assert.deepEqual(
      seen.filter((table) => !(table in SHARED)),
      [],
    )
  })

  test(`${name}: a client that we do not know sees no row of any table`, async () => {
    assert.deepEqual(await visible(databases[name], { role: 'client_lookup', client: 'cs_nobody' }), [])
  })

  test(`${name}: none of its roles may use another schema, or read a table there by its whole name`, async () => {
    const { schema, engine } = databases[name]
    for (const other of all.filter((database) => database.schema !== schema)) {
      const { rows } = await sql<{ role: string; what: string }>`
        select rolname as role, nspname as what from pg_roles, pg_namespace
        where rolname in (${sql.join(ROLES.map((role) => `${schema}_${role}`))})
          and nspname in (${other.schema}, ${`${other.schema}_identity`})
          and (has_schema_privilege(rolname, pg_namespace.oid, 'usage, create') or exists (
            select from pg_class where relnamespace = pg_namespace.oid and relkind in ('r', 'p', 'v', 'm')
              and has_any_column_privilege(rolname, pg_class.oid, 'select, insert, update, references')))`.execute(
        engine.kysely,
      )
      assert.deepEqual(rows, [])
    }
  })

  for (const role of ['tenant', 'staff', 'worker', 'client_lookup'] as const) {
    test(`${name}: ${role} is refused every table of the other schemas`, async () => {
      for (const other of all.filter((database) => database.schema !== databases[name].schema)) {
        for (const table of ['schema_migrations', ...(filled.get(other.schema) ?? [])]) {
          await assert.rejects(
            databases[name].transaction(nobody(role), (tx) =>
              sql`select from ${sql.table(`${other.schema}.${table}`)}`.execute(tx),
            ),
            { code: '42501' },
          )
        }
      }
    })

    test(`${name}: ${role} cannot read or change the list of migrations`, async () => {
      for (const statement of ['select from schema_migrations', 'delete from schema_migrations']) {
        await assert.rejects(
          databases[name].transaction(nobody(role), (tx) => sql.raw(statement).execute(tx)),
          { code: '42501' },
        )
      }
    })

    test(`${name}: ${role} cannot make anything in the schema`, async () => {
      await assert.rejects(
        databases[name].transaction(nobody(role), (tx) => sql`create table own (id int)`.execute(tx)),
        { code: '42501' },
      )
    })
  }
}

function nobody(role: 'tenant' | 'staff' | 'worker' | 'client_lookup'): Session {
  if (role === 'tenant') return { role, organization: '' }
  return role === 'client_lookup' ? { role, client: '' } : { role }
}

async function visible(database: Database, session: Session): Promise<readonly string[]> {
  return [...(await rowsSeen(database, session))].filter(([, rows]) => rows > 0).map(([table]) => table)
}

/** A table beside the others, as careless as a test wants it. */
async function withTable(context: TestContext, statements: (schema: string) => string): Promise<Database> {
  const database = databases.sandbox
  context.after(() =>
    database.engine.script(`
      drop materialized view if exists ${database.schema}.kept; drop view if exists ${database.schema}.seen;
      drop function if exists ${database.schema}.as_owner(); drop table if exists ${database.schema}.careless;`),
  )
  await database.engine.script(
    `create table ${database.schema}.careless (organization_id text); ${statements(database.schema)}`,
  )
  return database
}

const CARELESS: readonly (readonly [string, RegExp, (schema: string) => string])[] = [
  ['without row-level security', /careless: row-level security is not enabled and forced/, () => ''],
  [
    'that does not force it',
    /careless: row-level security is not enabled and forced/,
    (schema) => `alter table ${schema}.careless enable row level security`,
  ],
  ['without a policy', /careless: has no policy/, () => ''],
  [
    'open to everybody',
    /careless: PUBLIC has rights/,
    (schema) => `grant select on ${schema}.careless to public`,
  ],
  [
    'with a column open to everybody',
    /careless\.organization_id: PUBLIC has rights/,
    (schema) => `grant select (organization_id) on ${schema}.careless to public`,
  ],
  [
    "open to another schema's role",
    /careless: \w*production_staff has rights/,
    (schema) => `grant select on ${schema}.careless to ${schema.replace('sandbox', 'production')}_staff`,
  ],
  [
    'under a view of its owner',
    /seen: a view shows rows by the rights of its owner/,
    (schema) => `create view ${schema}.seen as select * from ${schema}.careless`,
  ],
  [
    'under a materialized view',
    /kept: a view shows rows by the rights of its owner/,
    (schema) => `create materialized view ${schema}.kept as select * from ${schema}.careless`,
  ],
  [
    'under a function that runs as its owner',
    /as_owner: runs as its owner/,
    (schema) =>
      `create function ${schema}.as_owner() returns bigint language sql security definer as 'select count(*) from ${schema}.careless'`,
  ],
]

for (const [what, breach, statements] of CARELESS) {
  test(`the walk finds a table ${what}`, async (context) => {
    const { engine, schema } = await withTable(context, statements)
    assert.match((await breachesOf(engine, schema)).join('\n'), breach)
  })
}

test('the walk finds a table whose policy shows all rows to everybody', async (context) => {
  const database = await withTable(
    context,
    (schema) => `
      insert into ${schema}.careless values ('org_somebody');
      alter table ${schema}.careless enable row level security;
      alter table ${schema}.careless force row level security;
      create policy all_see on ${schema}.careless using (true);
      grant select on ${schema}.careless to ${schema}_tenant`,
  )
  assert.ok((await visible(database, nobody('tenant'))).includes('careless'))
})

test('the walk sees rows where a session may: the company that they belong to', async (context) => {
  const database = await withTable(
    context,
    (schema) => `
      insert into ${schema}.careless values ('org_somebody');
      alter table ${schema}.careless enable row level security;
      alter table ${schema}.careless force row level security;
      create policy own on ${schema}.careless using (organization_id = ${schema}.current_organization());
      grant select on ${schema}.careless to ${schema}_tenant`,
  )
  const seenBy = async (organization: string) =>
    (await visible(database, { role: 'tenant', organization })).includes('careless')
  assert.deepEqual(
    [await seenBy('org_somebody'), await seenBy('org_nobody'), await seenBy('')],
    [true, false, false],
  )
})
