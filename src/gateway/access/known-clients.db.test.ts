/** What a node remembers of a client never outlives what it rests on. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Database } from '../../platform/database/index.ts'
import type { NewClient } from '../administration/index.ts'

const OPERATOR = { kind: 'operator' } as const
let databases: TestDatabases
/** Two nodes of one environment; only the first one's administration is used. */
let here: TestGateway
let there: TestGateway
let client: NewClient
let organizationId: OrganizationId
let lookUps = 0
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())
beforeEach(async () => {
  here = await aGateway('sandbox', databases.sandbox)
  there = await aGateway('sandbox', counting(databases.sandbox), { clock: here.clock })
  organizationId = (await here.aGrant()).organizationId
  client = await here.administration.createClient({ organizationId, label: 'x' }, OPERATOR)
  here.clock.advance(1_000)
  await statusThere()
  lookUps = 0
})

function counting(database: Database): Database {
  return {
    ...database,
    transaction: (session, work, options) => {
      if (session.role === 'client_lookup') lookUps++
      return database.transaction(session, work, options)
    },
  }
}
const statusThere = async (clientSecret = client.clientSecret) =>
  (await aServer(there.access).inject(tokenRequest({ ...client, clientSecret }))).statusCode

test('a client that is known gets its token without the database being asked for it', async () => {
  assert.equal(await statusThere(), 200)
  assert.equal(lookUps, 0)
})

test('a secret that was made at another node this moment is good here', async () => {
  const rotation = { organizationId, clientId: client.clientId, overlapDays: 7 }
  const { clientSecret } = await here.administration.rotateSecret(rotation, OPERATOR)
  assert.equal(await statusThere(clientSecret), 200)
})

test('a secret that was ended at another node is refused here a second later', async () => {
  const rotation = { organizationId, clientId: client.clientId, overlapDays: 0 }
  const { clientSecret } = await here.administration.rotateSecret(rotation, OPERATOR)
  here.clock.advance(1_000)
  assert.deepEqual([await statusThere(), await statusThere(clientSecret)], [401, 200])
})

test('a client that was disabled at another node gets no token here a second later', async () => {
  const { clientId } = client
  await here.administration.revokeClient({ organizationId, clientId }, OPERATOR)
  here.clock.advance(1_000)
  assert.equal(await statusThere(), 401)
})

test('a grant that was taken away at another node gives no token here a second later', async () => {
  const grant = await here.aGrant({ organizationId, version: 2, scopes: [] })
  assert.equal(grant.version, 2)
  here.clock.advance(1_000)
  assert.equal(await statusThere(), 400)
})
