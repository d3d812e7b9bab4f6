import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

test('a transaction runs as the role of its session, in its own schema', async () => {
  const seen = await databases.sandbox.transaction({ role: 'tenant', organization: 'org_a' }, async (tx) => {
    const { rows } = await sql<{ who: string; path: string; organization: string }>`
      select current_user as who, current_schema() as path, current_organization() as organization`.execute(
      tx,
    )
    return rows[0]
  })
  assert.equal(seen?.who, `${databases.sandbox.schema}_tenant`)
  assert.equal(seen?.path, databases.sandbox.schema)
  assert.equal(seen?.organization, 'org_a')
})

test('a transaction inside another is refused rather than left waiting for itself', async () => {
  await assert.rejects(
    databases.sandbox.transaction({ role: 'worker' }, () =>
      databases.sandbox.transaction({ role: 'worker' }, async () => undefined),
    ),
    /already open/,
  )
})
