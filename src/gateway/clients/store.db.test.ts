import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { aGateway, type TestGateway } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Session } from '../../platform/database/index.ts'
import type { NewClient } from '../administration/index.ts'
import { readChanges } from './store.ts'

let databases: TestDatabases
let gateway: TestGateway
let mine: NewClient
let myOrganization: string
let theirs: NewClient
before(async () => {
  databases = await openTestDatabases()
  gateway = await aGateway('sandbox', databases.sandbox)
  const grant = await gateway.aGrant()
  myOrganization = grant.organizationId
  mine = await gateway.administration.createClient(
    { organizationId: grant.organizationId, label: 'Mine' },
    { kind: 'operator' },
  )
  theirs = await gateway.aClient()
})
after(() => databases.close())

/** One column of what a session sees. */
const seen = (session: Session, column: string, table: string) =>
  databases.sandbox.transaction(session, async (tx) => {
    const { rows } = await sql<{ value: unknown }>`
      select ${sql.ref(column)} as value from ${sql.table(table)}`.execute(tx)
    return rows.map((row) => row.value)
  })
const TABLES = ['grants', 'clients', 'client_secrets', 'signing_keys']

async function mayNot(session: Session, statement: string) {
  await assert.rejects(
    databases.sandbox.transaction(session, (tx) => sql.raw(statement).execute(tx)),
    /permission denied/,
    `${session.role}: ${statement}`,
  )
}

test('a look-up sees the client it names, with its secrets and grant, and no other', async () => {
  const session = { role: 'client_lookup', client: mine.clientId } as const
  assert.deepEqual(await seen(session, 'client_id', 'clients'), [mine.clientId])
  assert.deepEqual(await seen(session, 'client_id', 'client_secrets'), [mine.clientId])
  assert.deepEqual(await seen(session, 'organization_id', 'grants'), [myOrganization])
})

test('a look-up that names nobody, or a client that is not there, sees nothing', async () => {
  for (const client of ['', 'cs_test_nobody', '%'])
    for (const table of ['clients', 'client_secrets', 'grants'])
      assert.deepEqual(await seen({ role: 'client_lookup', client }, 'xmin', table), [], table)
})

test('a look-up can note the use of its own secrets, and change nothing else', async () => {
  const session = { role: 'client_lookup', client: mine.clientId } as const
  await mayNot(session, "update clients set label = 'x'")
  await mayNot(session, "update client_secrets set hint = 'x'")
  await mayNot(session, 'delete from client_secrets')
  await mayNot(session, 'select 1 from signing_keys')
  const touched = await databases.sandbox.transaction(session, (tx) =>
    sql`update client_secrets set last_used_at = now()`.execute(tx),
  )
  assert.equal(touched.numAffectedRows, 1n)
})

test('a company sees its own clients and grant, and no secret at all', async () => {
  const session = { role: 'tenant', organization: myOrganization } as const
  assert.deepEqual(await seen(session, 'client_id', 'clients'), [mine.clientId])
  assert.deepEqual(await seen(session, 'organization_id', 'grants'), [myOrganization])
  await mayNot(session, 'select 1 from client_secrets')
  await mayNot(session, 'select 1 from signing_keys')
})

test('a company can change nothing here', async () => {
  const session = { role: 'tenant', organization: myOrganization } as const
  for (const table of TABLES) await mayNot(session, `delete from ${table}`)
  await mayNot(session, 'update grants set valid_until = null')
  await mayNot(session, 'update clients set disabled_at = null')
})

test('a session without a company sees nothing', async () => {
  const session = { role: 'tenant', organization: '' } as const
  assert.deepEqual(await seen(session, 'client_id', 'clients'), [])
  assert.deepEqual(await seen(session, 'organization_id', 'grants'), [])
})

test('the administration sees every client, reads no hash, no key, and deletes nothing', async () => {
  const clients = await seen({ role: 'staff' }, 'client_id', 'clients')
  assert.ok(clients.includes(mine.clientId) && clients.includes(theirs.clientId))
  await mayNot({ role: 'staff' }, 'select hash from client_secrets')
  await mayNot({ role: 'staff' }, "update client_secrets set hash = ''")
  await mayNot({ role: 'staff' }, 'select 1 from signing_keys')
  for (const table of TABLES) await mayNot({ role: 'staff' }, `delete from ${table}`)
})

test('the platform itself handles keys and sees how clients stand, and no secret', async () => {
  assert.equal((await seen({ role: 'worker' }, 'kid', 'signing_keys')).length, 1)
  await mayNot({ role: 'worker' }, 'select 1 from client_secrets')
  await mayNot({ role: 'worker' }, 'update clients set disabled_at = null')
})

test('neither a secret nor a private key is in the database as it is', async () => {
  const hashes = await seen({ role: 'client_lookup', client: mine.clientId }, 'hash', 'client_secrets')
  const [hash] = hashes as [Uint8Array]
  assert.equal(hash.length, 32)
  assert.equal(Buffer.from(hash).toString('latin1').includes(mine.clientSecret.slice(9, 20)), false)
  const hints = await seen({ role: 'staff' }, 'hint', 'client_secrets')
  assert.ok(hints.every((hint) => String(hint).length === 'css_test_…abcd'.length))
})

const asWorker = (since: string | undefined) =>
  databases.sandbox.transaction({ role: 'worker' }, (tx) => readChanges(tx, since))

test('a change is read once it is committed', async () => {
  const { mark } = await asWorker(undefined)
  await gateway.change(theirs.clientId, 'raise epoch')
  const { clients } = await asWorker(mark)
  assert.equal(clients.find(({ clientId }) => clientId === theirs.clientId)?.epoch, 2)
})

test('what has not changed is not read again', async (t) => {
  if (databases.engine.kind === 'server') return t.skip("others' transactions may hold the mark back")
  const { mark } = await asWorker(undefined)
  assert.deepEqual((await asWorker(mark)).clients, [])
})

test('a change that commits late, after younger ones were read, is not missed', async (t) => {
  if (databases.engine.kind === 'embedded') return t.skip('one connection: nothing commits late')
  let finish = () => {}
  const held = new Promise<void>((resolve) => {
    finish = resolve
  })
  let started = () => {}
  const isStarted = new Promise<void>((resolve) => {
    started = resolve
  })
  const slow = databases.sandbox.transaction({ role: 'staff' }, async (tx) => {
    await sql`update clients set label = 'late' where client_id = ${mine.clientId}`.execute(tx)
    started()
    await held
  })
  await isStarted
  await gateway.change(theirs.clientId, 'raise epoch')
  const early = await asWorker((await asWorker(undefined)).mark)
  finish()
  await slow
  const late = await asWorker(early.mark)
  assert.ok(late.clients.some(({ clientId }) => clientId === mine.clientId))
})
