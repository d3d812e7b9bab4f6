import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { kyselyAs } from './index.ts'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

const whoAmI = sql<{ who: string }>`select current_user as who`

test('each statement runs as the role of the session', async () => {
  const { rows } = await whoAmI.execute(kyselyAs(databases.control, { role: 'identity' }))
  assert.equal(rows[0]?.who, `${databases.control.schema}_identity`)
})

test('a statement within an open transaction is refused rather than left waiting for itself', async () => {
  const kysely = kyselyAs(databases.control, { role: 'identity' })
  await assert.rejects(
    databases.control.transaction({ role: 'worker' }, () => whoAmI.execute(kysely)),
    /already open/,
  )
})

test('a transaction of its own is not offered', async () => {
  const kysely = kyselyAs(databases.control, { role: 'identity' })
  await assert.rejects(
    kysely.transaction().execute((tx) => whoAmI.execute(tx)),
    /not offered/,
  )
})
