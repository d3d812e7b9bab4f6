import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { aGateway, aServer, type TestGateway } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Actor } from '../../kernel/actor.ts'
import { keepKeys } from '../administration/index.ts'
import { JWKS_MAX_AGE_SECONDS } from './index.ts'
import { DESTROYED_AFTER_MS, LEEWAY_MS, LONGEST_TOKEN_MS, PUBLISHED_AHEAD_MS } from './timeline.ts'

const operator: Actor = { kind: 'operator' }
const DAY = 86_400_000
let databases: TestDatabases
let gateway: TestGateway
before(async () => {
  databases = await openTestDatabases()
})
beforeEach(async () => {
  await databases.engine.script(`delete from ${databases.sandbox.schema}.signing_keys`)
  gateway = await aGateway('sandbox', databases.sandbox)
})
after(() => databases.close())

const aNode = () => aGateway('sandbox', databases.sandbox, { clock: gateway.clock })
const keysAt = async (node = gateway) =>
  (await aServer(node.access).inject({ url: '/oauth2/jwks' })).json().keys
const kidOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid as string
const present = (token: string, node = gateway) => node.access.authenticate(`Bearer ${token}`)
const deps = () => ({
  ...gateway.deps,
  baseUrl: gateway.deps.audience,
  refresh: () => gateway.access.refresh(),
  record: async (_tx: unknown, entry: TestGateway['entries'][number]) => void gateway.entries.push(entry),
})
const privateHalves = async () => {
  const { rows } = await sql<{ kid: string; kept: boolean }>`
    select kid, private_key_sealed is not null as kept from ${sql.id(databases.sandbox.schema, 'signing_keys')}
    order by published_at, signs_from`.execute(databases.engine.kysely)
  return rows.map(({ kept }) => kept)
}

test('a rotation with overlap: another node publishes the new key at once, and signs with it when its moment comes, without a restart', async () => {
  const other = await aNode()
  const client = await gateway.aClient()
  const before = kidOf(await other.aToken(client))
  const { kid } = await gateway.administration.rotateKeys({}, operator)
  gateway.clock.advance(1_000)
  assert.deepEqual(
    (await keysAt(other)).map((key: { kid: string }) => key.kid),
    [kid, before],
  )
  assert.equal(kidOf(await other.aToken(client)), before)
  gateway.clock.advance(PUBLISHED_AHEAD_MS)
  assert.equal(kidOf(await other.aToken(client)), kid)
})

test('a token of the old key is let in until it ends', async () => {
  const client = await gateway.aClient()
  await gateway.administration.rotateKeys({}, operator)
  gateway.clock.advance(PUBLISHED_AHEAD_MS - 1_000)
  const token = await gateway.aToken(client)
  gateway.clock.advance(299_000)
  await present(token)
  gateway.clock.advance(1_000)
  await assert.rejects(present(token), /access\/token-expired/)
})

test('a key that has retired is published no more', async () => {
  await gateway.administration.rotateKeys({}, operator)
  gateway.clock.advance(PUBLISHED_AHEAD_MS + LONGEST_TOKEN_MS + LEEWAY_MS)
  assert.equal((await keysAt()).length, 1)
})

test('a rotation that is asked for twice is one', async () => {
  const one = await gateway.administration.rotateKeys({}, operator)
  const two = await gateway.administration.rotateKeys({}, operator)
  assert.deepEqual(two, { ...one, isNew: false })
  assert.equal(gateway.entries.filter(({ act }) => act === 'keys.rotate').length, 1)
})

test('after a compromise every token is refused within a second, and new ones are good at every node at once', async () => {
  const other = await aNode()
  const client = await gateway.aClient()
  const token = await gateway.aToken(client)
  await present(token, other)
  await gateway.administration.rotateKeys({ atOnce: true }, operator)
  await gateway.access.refresh()
  const fresh = await gateway.aToken(client)
  assert.notEqual(kidOf(fresh), kidOf(token))
  // The other node has not read yet: the key that it has not heard of makes it ask.
  await present(fresh, other)
  gateway.clock.advance(1_000)
  await assert.rejects(present(token, other), /access\/token-invalid/)
  assert.equal((await keysAt(other)).length, 1)
})

test('after a compromise the private halves of the old keys are destroyed', async () => {
  await gateway.administration.rotateKeys({}, operator)
  await gateway.administration.rotateKeys({ atOnce: true }, operator)
  assert.deepEqual((await privateHalves()).filter((kept) => kept).length, 1)
})

test('the private half of a key is destroyed when its successor has signed for a while; the public half stays', async () => {
  await gateway.administration.rotateKeys({}, operator)
  gateway.clock.advance(PUBLISHED_AHEAD_MS + DESTROYED_AFTER_MS - 1_000)
  await keepKeys(deps(), 90)
  assert.deepEqual(await privateHalves(), [true, true])
  gateway.clock.advance(1_000)
  await keepKeys(deps(), 90)
  assert.deepEqual(await privateHalves(), [false, true])
  await gateway.access.refresh()
  const client = await gateway.aClient()
  await present(await gateway.aToken(client))
})

test('the schedule rotates when the key has signed for so many days, not a moment before', async () => {
  gateway.clock.advance(90 * DAY - 1)
  await keepKeys(deps(), 90)
  assert.equal((await gateway.administration.keys()).length, 1)
  gateway.clock.advance(1)
  await keepKeys(deps(), 90)
  assert.deepEqual(
    (await gateway.administration.keys()).map(({ state }) => state),
    ['published', 'signing'],
  )
})

test('two workers who keep one schedule rotate once, and it is on the record as the platform’s own act', async () => {
  gateway.clock.advance(90 * DAY)
  await Promise.all([keepKeys(deps(), 90), keepKeys(deps(), 90)])
  assert.equal((await gateway.administration.keys()).length, 2)
  const rotations = gateway.entries.filter(({ act }) => act === 'keys.rotate')
  assert.deepEqual(
    rotations.map(({ actor }) => actor.kind),
    ['system'],
  )
})

test('the keys may be kept for as long as they say, and have a tag of their own (RFC 9111 section 5.2.2, RFC 9110 section 8.8.3)', async () => {
  const http = aServer(gateway.access)
  const reply = await http.inject({ url: '/oauth2/jwks' })
  assert.equal(reply.headers['cache-control'], `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  assert.match(String(reply.headers['content-type']), /^application\/json/)
  const etag = String(reply.headers.etag)
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await http.inject({ url: '/oauth2/jwks', headers: { 'if-none-match': known } })
    assert.equal(again.statusCode, 304, known)
    assert.equal(again.body, '')
    assert.equal(again.headers.etag, etag)
    assert.equal(again.headers['cache-control'], reply.headers['cache-control'])
  }
  await gateway.administration.rotateKeys({}, operator)
  gateway.clock.advance(1_000)
  const changed = await http.inject({ url: '/oauth2/jwks', headers: { 'if-none-match': etag } })
  assert.equal(changed.statusCode, 200)
  assert.notEqual(changed.headers.etag, etag)
})

test('nothing but the public half of a key is published (RFC 7517 section 4, RFC 7518 section 6.2)', async () => {
  await gateway.administration.rotateKeys({}, operator)
  await gateway.access.refresh()
  const keys = await keysAt()
  assert.equal(keys.length, 2)
  for (const key of keys)
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

test('a forged key id makes a node ask the database about once a second, however many are presented', async () => {
  const client = await gateway.aClient()
  const [, payload, signature] = (await gateway.aToken(client)).split('.')
  let asked = 0
  const { database } = gateway.deps
  const counting: typeof database = {
    ...database,
    transaction: (session, work, options) => {
      if (session.role === 'worker') asked++
      return database.transaction(session, work, options)
    },
  }
  const node = await aGateway('sandbox', counting, { clock: gateway.clock })
  asked = 0
  for (let i = 0; i < 20; i++) {
    const header = { alg: 'ES256', typ: 'at+jwt', kid: String(i).padStart(43, 'k') }
    const forged = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`
    await assert.rejects(present(forged, node), /access\/token-invalid/)
  }
  assert.equal(asked, 1)
})
