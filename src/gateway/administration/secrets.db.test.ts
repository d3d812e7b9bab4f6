import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { NewClient } from './index.ts'

const DAY = 86_400_000
const operator: Actor = { kind: 'operator' }
let databases: TestDatabases
let gateway: TestGateway
let organizationId: OrganizationId
let client: NewClient
before(async () => {
  databases = await openTestDatabases()
})
beforeEach(async () => {
  gateway = await aGateway('sandbox', databases.sandbox)
  organizationId = (await gateway.aGrant()).organizationId
  client = await gateway.administration.createClient({ organizationId, label: 'Mine' }, operator)
})
after(() => databases.close())

const refuses = (code: string) => (error: unknown) => error instanceof Problem && error.code === code
const rotate = (more: object = {}) =>
  gateway.administration.rotateSecret(
    { organizationId, clientId: client.clientId, overlapDays: 7, ...more },
    operator,
  )
const revoke = (secretId: string) =>
  gateway.administration.revokeSecret({ organizationId, clientId: client.clientId, secretId }, operator)
const statusOf = async (clientSecret: string, from = '127.0.0.1') =>
  (
    await aServer(gateway.access).inject({
      ...tokenRequest({ clientId: client.clientId, clientSecret }),
      remoteAddress: from,
    })
  ).statusCode
const secretsNow = () => gateway.administration.secrets({ organizationId, clientId: client.clientId })
const callWith = (token: string, from = '127.0.0.1') =>
  aServer(gateway.access).inject({
    url: '/api/cases',
    headers: { authorization: `Bearer ${token}` },
    remoteAddress: from,
  })

test('after a rotation both secrets work until the overlap ends, then the new one alone', async () => {
  const fresh = await rotate()
  assert.deepEqual([await statusOf(client.clientSecret), await statusOf(fresh.clientSecret)], [200, 200])
  gateway.clock.advance(7 * DAY - 1)
  assert.deepEqual([await statusOf(client.clientSecret), await statusOf(fresh.clientSecret)], [200, 200])
  gateway.clock.advance(1)
  assert.deepEqual([await statusOf(client.clientSecret), await statusOf(fresh.clientSecret)], [401, 200])
})

test('without an overlap the older secret ends at once', async () => {
  const fresh = await rotate({ overlapDays: 0 })
  assert.deepEqual([await statusOf(client.clientSecret), await statusOf(fresh.clientSecret)], [401, 200])
})

test('a rotation leaves the tokens that are out alone', async () => {
  const token = await gateway.aToken(client)
  await rotate({ overlapDays: 0 })
  gateway.clock.advance(1100)
  assert.equal((await callWith(token)).statusCode, 200)
})

test('an overlap does not prolong a secret that ends sooner', async () => {
  client = await gateway.administration.createClient(
    { organizationId, label: 'x', expiresInDays: 2 },
    operator,
  )
  const { replaces } = await rotate({ overlapDays: 30 })
  assert.equal(replaces?.endsAt, gateway.clock.now() + 2 * DAY)
})

test('a third live secret is refused, and the refusal names the two and when they end', async () => {
  const { secretId, replaces } = await rotate()
  await assert.rejects(
    rotate(),
    (error) =>
      error instanceof Problem &&
      error.code === 'state/already-there' &&
      error.detail.includes(secretId) &&
      error.detail.includes(new Date(replaces?.endsAt ?? 0).toISOString()),
  )
})

test('a third secret is made once the first has ended', async () => {
  await rotate()
  gateway.clock.advance(7 * DAY)
  assert.equal(await statusOf((await rotate()).clientSecret), 200)
})

test('two rotations at once leave two live secrets', async () => {
  const outcomes = await Promise.allSettled([rotate(), rotate()])
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.equal((await secretsNow()).filter(({ isLive }) => isLive).length, 2)
})

test('an overlap is 0 to 30 whole days, a life 1 to 3650, a request id 1 to 100 characters', async () => {
  for (const wrong of [
    { overlapDays: -1 },
    { overlapDays: 31 },
    { overlapDays: 0.5 },
    { expiresInDays: 0 },
    { expiresInDays: 3651 },
    { requestId: '' },
    { requestId: 'x'.repeat(101) },
  ])
    await assert.rejects(rotate(wrong), refuses('request/invalid'), JSON.stringify(wrong))
})

test('a secret that was made to expire is refused from that moment on', async () => {
  client = await gateway.administration.createClient(
    { organizationId, label: 'x', expiresInDays: 1 },
    operator,
  )
  gateway.clock.advance(DAY - 1)
  assert.equal(await statusOf(client.clientSecret), 200)
  gateway.clock.advance(1)
  assert.equal(await statusOf(client.clientSecret), 401)
})

test('a revoked secret is refused at once, the other one goes on', async () => {
  const fresh = await rotate()
  await revoke(client.secretId)
  assert.deepEqual([await statusOf(client.clientSecret), await statusOf(fresh.clientSecret)], [401, 200])
})

test('a revoked secret leaves no live token: those of the client end within a second', async () => {
  const token = await gateway.aToken(client)
  await revoke(client.secretId)
  gateway.clock.advance(1100)
  assert.equal((await callWith(token)).json().code, 'access/token-invalid')
})

test('revoking again changes nothing, and voids no newer token', async () => {
  const fresh = await rotate()
  await revoke(client.secretId)
  gateway.clock.advance(1100)
  const token = await gateway.aToken({ ...client, clientSecret: fresh.clientSecret })
  await revoke(client.secretId)
  gateway.clock.advance(1100)
  assert.equal((await callWith(token)).statusCode, 200)
  assert.equal(gateway.entries.filter(({ act }) => act === 'secret.revoke').length, 1)
})

test('a client whose last secret was revoked is given a new one by a rotation', async () => {
  await revoke(client.secretId)
  const fresh = await rotate()
  assert.equal(fresh.replaces, undefined)
  assert.equal(await statusOf(fresh.clientSecret), 200)
})

test("another company's client is not found, whatever is asked of it", async () => {
  const other = { organizationId: (await gateway.aGrant()).organizationId, clientId: client.clientId }
  const { rotateSecret, revokeSecret, allowAddresses, secrets } = gateway.administration
  const { secretId } = client
  await assert.rejects(rotateSecret({ ...other, overlapDays: 0 }, operator), refuses('state/not-found'))
  await assert.rejects(revokeSecret({ ...other, secretId }, operator), refuses('state/not-found'))
  await assert.rejects(allowAddresses({ ...other, addresses: [] }, operator), refuses('state/not-found'))
  assert.deepEqual(await secrets(other), [])
})

test('a secret of another client is not found', async () => {
  const another = await gateway.aClient()
  await assert.rejects(revoke(another.secretId), refuses('state/not-found'))
})

test('asked again with the same request id, a client is the same and its secret a fresh one', async () => {
  const asking = { organizationId, label: 'Once', requestId: 'first' }
  const lost = await gateway.administration.createClient(asking, operator)
  const again = await gateway.administration.createClient(asking, operator)
  assert.equal(again.clientId, lost.clientId)
  client = again
  assert.deepEqual([await statusOf(lost.clientSecret), await statusOf(again.clientSecret)], [401, 200])
})

test('asked at once with the same request id, one client is made', async () => {
  const asking = { organizationId, label: 'Once', requestId: 'twins' }
  const [one, two] = await Promise.all([
    gateway.administration.createClient(asking, operator),
    gateway.administration.createClient(asking, operator),
  ])
  assert.equal(one.clientId, two.clientId)
})

test("the same request id of another company makes that company's own client", async () => {
  const other = (await gateway.aGrant()).organizationId
  const one = await gateway.administration.createClient(
    { organizationId, label: 'x', requestId: 'r' },
    operator,
  )
  const two = await gateway.administration.createClient(
    { organizationId: other, label: 'x', requestId: 'r' },
    operator,
  )
  assert.notEqual(one.clientId, two.clientId)
})

test('asked again with the same request id, a rotation makes no third secret and replaces the one nobody saw', async () => {
  const lost = await rotate({ requestId: 'r' })
  const again = await rotate({ requestId: 'r' })
  assert.deepEqual(
    [
      await statusOf(client.clientSecret),
      await statusOf(lost.clientSecret),
      await statusOf(again.clientSecret),
    ],
    [200, 401, 200],
  )
  assert.deepEqual(again.replaces, lost.replaces)
})

test('a request whose secret is in use is not answered again: somebody has seen it', async () => {
  const { clientSecret } = await rotate({ requestId: 'r' })
  await statusOf(clientSecret)
  await assert.rejects(rotate({ requestId: 'r' }), refuses('state/already-there'))
  assert.equal(await statusOf(clientSecret), 200)
})

test('secrets are listed with what became of them, and without their value', async () => {
  gateway.clock.advance(1000)
  const fresh = await rotate({ overlapDays: 14, expiresInDays: 400 })
  const listed = await secretsNow()
  assert.deepEqual(
    listed.map(({ id, hint, isLive, expiresSoon }) => ({ id, hint, isLive, expiresSoon })),
    [
      {
        id: client.secretId,
        hint: `css_test_…${client.clientSecret.slice(-4)}`,
        isLive: true,
        expiresSoon: true,
      },
      {
        id: fresh.secretId,
        hint: `css_test_…${fresh.clientSecret.slice(-4)}`,
        isLive: true,
        expiresSoon: false,
      },
    ],
  )
  assert.equal(JSON.stringify(listed).includes(fresh.clientSecret), false)
})

test('a secret that ended is listed for thirty days, then no more', async () => {
  await revoke(client.secretId)
  assert.deepEqual(
    (await secretsNow()).map(({ isLive, revokedFor }) => [isLive, revokedFor]),
    [[false, 'request']],
  )
  gateway.clock.advance(30 * DAY)
  assert.deepEqual(await secretsNow(), [])
})

test('each change of a secret is on the record without its value', async () => {
  const fresh = await rotate()
  await revoke(client.secretId)
  const acts = gateway.entries.map(({ act, on, organizationId: whose }) => [act, on, whose])
  assert.deepEqual(acts.slice(-2), [
    ['secret.rotate', fresh.secretId, organizationId],
    ['secret.revoke', client.secretId, organizationId],
  ])
  assert.equal(JSON.stringify(gateway.entries).includes(fresh.clientSecret), false)
})
