import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { NewClient } from '../administration/index.ts'
import type { AccessAlert } from './index.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const operator: Actor = { kind: 'operator' }
let databases: TestDatabases
let gateway: TestGateway
let organizationId: OrganizationId
let client: NewClient
let told: AccessAlert[]
before(async () => {
  databases = await openTestDatabases()
})
beforeEach(async () => {
  told = []
  gateway = await aGateway('sandbox', databases.sandbox, { onAlert: (alert) => void told.push(alert) })
  organizationId = (await gateway.aGrant()).organizationId
  client = await gateway.administration.createClient({ organizationId, label: 'Mine' }, operator)
})
after(() => databases.close())

const asks = (from: string, more: Readonly<Record<string, string>> = {}) =>
  aServer(gateway.access).inject({ ...tokenRequest(client, more), remoteAddress: from })
const uses = async () => {
  const [secret] = await gateway.administration.secrets({ organizationId, clientId: client.clientId })
  return secret && { at: secret.lastUsedAt, from: secret.lastUsedFrom, uses: secret.uses }
}
const alerts = async () => {
  await gateway.access.flush()
  const found = await gateway.administration.alerts({ organizationId, since: 0 as Instant })
  return found.map(({ kind, network }) => [kind, network]).reverse()
}
const allow = (...addresses: string[]) =>
  gateway.administration.allowAddresses({ organizationId, clientId: client.clientId, addresses }, operator)

test('of the last use the time, the network and how often is kept, and not the address', async () => {
  await asks('192.0.2.77')
  assert.deepEqual(await uses(), { at: gateway.clock.now(), from: '192.0.2.0/24', uses: 1 })
})

test('within a minute uses are counted in memory, and written with the first one after it', async () => {
  const at = gateway.clock.now()
  for (let i = 0; i < 3; i++) await asks('192.0.2.77')
  assert.deepEqual(await uses(), { at, from: '192.0.2.0/24', uses: 1 })
  gateway.clock.advance(MINUTE)
  await asks('192.0.2.78')
  assert.deepEqual(await uses(), { at: gateway.clock.now(), from: '192.0.2.0/24', uses: 4 })
})

test('what was counted is written when nothing more comes', async () => {
  for (let i = 0; i < 3; i++) await asks('192.0.2.77')
  await gateway.access.flush()
  assert.equal((await uses())?.uses, 3)
  await gateway.access.flush()
  assert.equal((await uses())?.uses, 3)
})

test('a wrong secret is no use', async () => {
  await asks('192.0.2.77', { client_secret: 'wrong' })
  assert.deepEqual(await uses(), { at: undefined, from: undefined, uses: 0 })
})

test('the first use, and another from the same network, raise no alert', async () => {
  await asks('192.0.2.77')
  gateway.clock.advance(MINUTE)
  await asks('192.0.2.99')
  assert.deepEqual(await alerts(), [])
})

test('a use from a network never seen raises an alert, which is on the record and told without the secret', async () => {
  await asks('192.0.2.77')
  await asks('2001:db8:7::1')
  assert.deepEqual(await alerts(), [['unseen-network', '2001:db8:7::/48']])
  assert.deepEqual(
    told.map(({ kind, clientId, secretId }) => [kind, clientId, secretId]),
    [['unseen-network', client.clientId, client.secretId]],
  )
  const { rows } = await databases.sandbox.transaction({ role: 'staff' }, (tx) =>
    sql<{ act: string; organization_id: string; detail: unknown }>`
      select act, organization_id, detail from audit_entries where on_id = ${client.secretId}`.execute(tx),
  )
  assert.deepEqual(rows, [
    {
      act: 'alert.unseen-network',
      organization_id: organizationId,
      detail: { alert: told[0]?.id, client: client.clientId },
    },
  ])
})

test('a network that was seen before raises none, however long ago', async () => {
  await asks('192.0.2.77')
  await asks('198.51.100.1')
  gateway.clock.advance(48 * HOUR)
  await asks('192.0.2.77')
  await asks('198.51.100.1')
  assert.equal((await alerts()).length, 1)
})

test('of unseen networks one alert an hour is raised; of three new ones within an hour another', async () => {
  await asks('192.0.2.1')
  gateway.clock.advance(2 * HOUR)
  for (const from of ['198.51.100.1', '203.0.113.1']) await asks(from)
  assert.deepEqual(await alerts(), [['unseen-network', '198.51.100.0/24']])
  gateway.clock.advance(1000)
  for (const from of ['10.1.1.1', '10.1.2.1']) await asks(from)
  assert.deepEqual(await alerts(), [
    ['unseen-network', '198.51.100.0/24'],
    ['many-networks', '10.1.1.0/24'],
  ])
  gateway.clock.advance(HOUR)
  await asks('10.1.3.1')
  assert.deepEqual((await alerts()).slice(2), [['unseen-network', '10.1.3.0/24']])
})

test('the twenty networks used last are remembered', async () => {
  for (let i = 0; i < 25; i++) {
    await asks(`10.0.${i}.1`)
    gateway.clock.advance(1000)
  }
  const session = { role: 'client_lookup', client: client.clientId } as const
  const { rows } = await databases.sandbox.transaction(session, (tx) =>
    sql<{ network: string }>`select network from secret_networks order by last_seen_at`.execute(tx),
  )
  assert.equal(rows.length, 20)
  assert.equal(rows[0]?.network, '10.0.5.0/24')
})

test('each secret has networks of its own', async () => {
  await asks('192.0.2.77')
  const { clientSecret } = await gateway.administration.rotateSecret(
    { organizationId, clientId: client.clientId, overlapDays: 1 },
    operator,
  )
  client = { ...client, clientSecret }
  await asks('198.51.100.1')
  assert.deepEqual(await alerts(), [])
})

test('a client with a list gets its token from an address of the list', async () => {
  await allow('192.0.2.0/24', '2001:db8::/32')
  for (const from of ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1'])
    assert.equal((await asks(from)).statusCode, 200, from)
})

test('from elsewhere the right secret is answered like a wrong one, at every door', async () => {
  await allow('192.0.2.0/24')
  for (const headers of [undefined, { authorization: basicOf(client) }]) {
    const request = tokenRequest(client)
    const payload = headers ? 'grant_type=client_credentials' : request.payload
    const right = await aServer(gateway.access).inject({
      ...request,
      payload,
      headers: { ...request.headers, ...headers },
      remoteAddress: '203.0.113.9',
    })
    const wrong = await asks('203.0.113.9', { client_secret: 'wrong' })
    assert.deepEqual([right.statusCode, right.json()], [wrong.statusCode, wrong.json()])
  }
})

const basicOf = ({ clientId, clientSecret }: NewClient) =>
  `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`

test('it raises an alert once an hour, and is neither a use nor a network seen', async () => {
  await allow('192.0.2.0/24')
  await asks('203.0.113.9')
  await asks('203.0.113.9')
  assert.deepEqual(await alerts(), [['address-refused', '203.0.113.0/24']])
  assert.equal((await uses())?.uses, 0)
})

test('it is refused without waiting for the alert, so that the time tells nothing', async () => {
  await allow('192.0.2.0/24')
  const acts: string[] = []
  const slow = await aGateway('sandbox', databases.sandbox, {
    recorder: { note: async ({ act }) => void acts.push(act) },
    onAlert: ({ kind }) => void acts.push(kind),
  })
  await aServer(slow.access).inject({ ...tokenRequest(client), remoteAddress: '203.0.113.9' })
  assert.equal(acts[0], 'token.issue')
  await slow.access.flush()
  assert.deepEqual(acts, ['token.issue', 'address-refused'])
})

test('a wrong secret from elsewhere raises no alert: anybody can send one', async () => {
  await allow('192.0.2.0/24')
  await asks('203.0.113.9', { client_secret: 'wrong' })
  assert.deepEqual(await alerts(), [])
})

test('a call with a good token from elsewhere is refused by its reason within a second of the list', async () => {
  const token = (await asks('203.0.113.9')).json().access_token
  await allow('192.0.2.0/24')
  gateway.clock.advance(1100)
  const call = (remoteAddress: string) =>
    aServer(gateway.access).inject({
      url: '/api/cases',
      headers: { authorization: `Bearer ${token}` },
      remoteAddress,
    })
  const refused = await call('203.0.113.9')
  assert.deepEqual([refused.statusCode, refused.json().code], [403, 'access/address-not-allowed'])
  assert.equal(refused.headers['www-authenticate'], undefined)
  assert.equal((await call('192.0.2.1')).statusCode, 200)
})

test('a caller whose address is not known is outside of every list', async () => {
  const token = (await asks('192.0.2.1')).json().access_token
  await allow('192.0.2.0/24')
  await gateway.access.refresh()
  await assert.rejects(gateway.access.authenticate(`Bearer ${token}`), { code: 'access/address-not-allowed' })
})

test('an empty list lets a client call from anywhere again', async () => {
  await allow('192.0.2.0/24')
  assert.deepEqual(await allow(), [])
  assert.equal((await asks('203.0.113.9')).statusCode, 200)
})
