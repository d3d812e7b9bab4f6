/** What the database itself keeps apart, whatever a statement asks: every table, as every role that serves a caller. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Database, Session } from '../../../src/platform/database/index.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'
import { fillTables, rowsSeen } from '../../support/row-level-security.ts'

const OWNER = 'org_owner'
const NAMES = ['control', 'sandbox', 'production'] as const
/** These belong to no company; row-level-security.db.test.ts beside the database says why. */
const SHARED = new Set([
  'payers',
  'payer_id_systems',
  'payer_outages',
  'payer_upstreams',
  'payer_plans',
  'payer_ways',
  'payer_wire_ids',
  'payer_keys',
  'rules',
  'rule_imports',
  'policies',
  'products',
  'plans',
  'agreement_templates',
])

/** Callers who are not the owner, with everything that a session of theirs can say. */
const STRANGERS: readonly (readonly [string, Session])[] = [
  ['a company', { role: 'tenant', organization: 'org_other' }],
  ['a company that acts for anybody', { role: 'tenant', organization: 'org_other', providers: 'any' }],
  ['a company with a provider', { role: 'tenant', organization: 'org_other', providers: ['1111111112'] }],
  ['a company that acts for nobody', { role: 'tenant', organization: 'org_other', providers: [] }],
  ['a client', { role: 'client_lookup', client: 'cs_test_other' }],
]

let databases: TestDatabases
/** The tables of each schema, one row of the owner's in each. */
const filled = new Map<string, readonly string[]>()
before(async () => {
  databases = await openTestDatabases()
  for (const name of NAMES)
    filled.set(name, await fillTables(databases.engine, databases[name].schema, OWNER))
})
after(() => databases?.close())

for (const name of NAMES) {
  for (const [who, session] of STRANGERS) {
    test(`${name}: ${who} sees no row of another's in any table`, async () => {
      const seen = [...(await rowsSeen(databases[name], session))].filter(([, rows]) => rows > 0)
      assert.deepEqual(
        seen.map(([table]) => table).filter((table) => !SHARED.has(table)),
        [],
      )
    })

    test(`${name}: ${who} changes and removes no row of another's in any table`, async () => {
      for (const table of filled.get(name) ?? [])
        for (const statement of [await aChange(databases[name], table), sql`delete from ${sql.table(table)}`])
          assert.equal(await affected(databases[name], session, statement), 0, table)
    })
  }

  test(`${name}: a company writes nothing in the name of another`, async () => {
    const session = { role: 'tenant', organization: 'org_other' } as const
    for (const table of await tablesOfCompanies(databases[name])) {
      const statement = sql`insert into ${sql.table(table)} (organization_id) values (${OWNER})`
      assert.equal(await affected(databases[name], session, statement), 0, table)
    }
  })

  test(`${name}: the walk sees what the owner may see, so that it could find a breach`, async () => {
    const session = { role: 'tenant', organization: OWNER, providers: 'any' } as const
    const seen = [...(await rowsSeen(databases[name], session))].filter(
      ([table, rows]) => rows > 0 && !SHARED.has(table),
    )
    assert.notEqual(seen.length, 0)
  })
}

/** Sets a column to what it is: whose row is touched is all that matters. */
async function aChange({ schema, engine }: Database, table: string) {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = ${`${schema}.${table}`}::regclass and attnum > 0 and not attisdropped
      and attgenerated = '' and attidentity <> 'a'
    order by has_column_privilege(${`${schema}_tenant`}, attrelid, attnum, 'update') desc, attnum limit 1`.execute(
    engine.kysely,
  )
  const column = sql.ref(rows[0]?.name ?? '')
  return sql`update ${sql.table(table)} set ${column} = ${column}`
}

async function tablesOfCompanies({ schema, engine }: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
    where nspname = ${schema} and relkind in ('r', 'p') and exists (
      select from pg_attribute where attrelid = c.oid and attname = 'organization_id')`.execute(engine.kysely)
  return rows.map((row) => row.name)
}

/** How many rows a statement touched, undone afterwards; a right that is missing, or a policy's refusal, touches none. */
async function affected(
  database: Database,
  session: Session,
  statement: ReturnType<typeof sql>,
): Promise<number> {
  class Undone extends Error {}
  let rows = 0
  try {
    await database.transaction(session, async (tx) => {
      rows = Number((await statement.execute(tx)).numAffectedRows ?? 0)
      throw new Undone()
    })
  } catch (error) {
    if (error instanceof Undone) return rows
    assert.equal((error as { readonly code?: string }).code, '42501', String(error))
  }
  return 0
}
