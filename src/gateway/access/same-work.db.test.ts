import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { type Pepper, type Peppers, peppersInMemory, secureRandom } from '../../platform/secrets/index.ts'
import type { NewClient } from '../administration/index.ts'
import { mintSecret } from '../clients/index.ts'

let databases: TestDatabases
let gateway: TestGateway
let client: NewClient
let hashes = 0
before(async () => {
  databases = await openTestDatabases()
  gateway = await aGateway('sandbox', databases.sandbox, { peppers: counting() })
  client = await gateway.aClient()
})
after(() => databases.close())

/** Peppers that count what they hash. */
function counting(): Peppers {
  const first = { id: 'first', key: new Uint8Array(32).fill(1), createdAt: 0 as Pepper['createdAt'] }
  const ring = peppersInMemory([first], secureRandom)
  const [pepper] = ring.list()
  if (!pepper) throw new Error('no pepper')
  const counted: Pepper = {
    ...pepper,
    hash: (secret) => {
      hashes++
      return pepper.hash(secret)
    },
  }
  return {
    ...ring,
    list: () => [counted],
    current: () => counted,
    find: (id) => (id === 'first' ? counted : undefined),
  }
}

const UNKNOWN = `cs_test_${'a'.repeat(22)}`
const another = () => mintSecret('sandbox', secureRandom)

for (const [what, sent, status] of [
  ['a client with its secret', () => client, 200],
  ['a client with another secret', () => ({ ...client, clientSecret: another() }), 401],
  ['nobody we know', () => ({ clientId: UNKNOWN, clientSecret: another() }), 401],
  ['nobody we know, with a secret that somebody has', () => ({ ...client, clientId: UNKNOWN }), 401],
] as const)
  test(`${what} costs four hashes, as everybody does whom this node does not know`, async () => {
    const asked = tokenRequest(sent())
    hashes = 0
    assert.equal((await aServer(gateway.access).inject(asked)).statusCode, status)
    assert.equal(hashes, 4)
  })

test('a client that this node knows costs two hashes with its secret, and with another as many as everybody', async () => {
  await gateway.access.refresh()
  await aServer(gateway.access).inject(tokenRequest(client))
  hashes = 0
  await aServer(gateway.access).inject(tokenRequest(client))
  assert.equal(hashes, 2)
  hashes = 0
  await aServer(gateway.access).inject(tokenRequest({ ...client, clientSecret: another() }))
  assert.equal(hashes, 4)
})
