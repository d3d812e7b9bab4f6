import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import Fastify, { type InjectOptions } from 'fastify'
import { sql } from 'kysely'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { secureRandom } from '../../platform/secrets/index.ts'
import type { NewClient } from '../administration/index.ts'
import { type AccessAlert, lookingFor, mintSecret } from '../clients/index.ts'
import { type LeakDeps, openLeaks } from './index.ts'
import { leakRoutes } from './routes.ts'

const operator: Actor = { kind: 'operator' }
let databases: TestDatabases
let gateway: TestGateway
let organizationId: OrganizationId
let client: NewClient
let told: AccessAlert[]
let failures: unknown[]
before(async () => {
  databases = await openTestDatabases()
})
beforeEach(async () => {
  told = []
  failures = []
  gateway = await aGateway('sandbox', databases.sandbox)
  organizationId = (await gateway.aGrant()).organizationId
  client = await gateway.administration.createClient({ organizationId, label: 'Mine' }, operator)
})
after(() => databases.close())

const open = (more: Partial<LeakDeps> = {}) =>
  openLeaks({
    ...gateway.deps,
    onAlert: (alert) => void told.push(alert),
    onFailure: (error) => void failures.push(error),
    ...more,
  })

/** Hands something in, and waits until it was followed up. */
async function report(payload: InjectOptions['payload'], contentType = 'application/json') {
  const leaks = open()
  const app = Fastify()
  app.register(leakRoutes({ leaks }))
  const reply = await app.inject({
    method: 'POST',
    url: '/leaks',
    headers: { 'content-type': contentType },
    ...(payload === undefined ? {} : { payload }),
  })
  await setImmediate()
  await leaks.settled()
  return { status: reply.statusCode, body: reply.body, headers: reply.headers }
}
const statusOf = async (clientSecret: string) =>
  (await aServer(gateway.access).inject(tokenRequest({ clientId: client.clientId, clientSecret }))).statusCode

for (const [what, contentType, payload] of [
  ['as text', 'text/plain', (secret: string) => `I found ${secret} in a paste.`],
  ['in JSON, as a text', 'application/json', (secret: string) => JSON.stringify({ text: `a\n${secret}` })],
  ['in JSON, in a list', 'application/json', (secret: string) => JSON.stringify({ secrets: ['x', secret] })],
] as const)
  test(`a secret that is handed in ${what} ends`, async () => {
    assert.equal((await report(payload(client.clientSecret), contentType)).status, 202)
    assert.equal(await statusOf(client.clientSecret), 401)
  })

test("the client's other secret goes on, and the tokens that are out end", async () => {
  const token = await gateway.aToken(client)
  const other = await gateway.administration.rotateSecret(
    { organizationId, clientId: client.clientId, overlapDays: 7 },
    operator,
  )
  await report({ secrets: [client.clientSecret] })
  assert.deepEqual([await statusOf(client.clientSecret), await statusOf(other.clientSecret)], [401, 200])
  gateway.clock.advance(1100)
  const call = { url: '/api/cases', headers: { authorization: `Bearer ${token}` } }
  assert.equal((await aServer(gateway.access).inject(call)).statusCode, 401)
})

test('an alert is raised, and the record says which secret, by id, not by value', async () => {
  await report({ secrets: [client.clientSecret] })
  const [alert, ...more] = await gateway.administration.alerts({ organizationId, since: 0 as Instant })
  assert.deepEqual([alert?.kind, alert?.secretId, more.length], ['leaked-secret', client.secretId, 0])
  assert.deepEqual(
    told.map(({ id }) => id),
    [alert?.id],
  )
  const { rows } = await databases.sandbox.transaction({ role: 'staff' }, (tx) =>
    sql<{ act: string }>`select * from audit_entries where on_id = ${client.secretId}`.execute(tx),
  )
  assert.deepEqual(
    rows.map(({ act }) => act),
    ['secret.revoke'],
  )
  assert.equal(JSON.stringify(rows).includes(client.clientSecret), false)
})

test('the answer is the same for a secret that is one, one that is none, and anything else', async () => {
  const answers = [
    await report({ secrets: [client.clientSecret] }),
    await report({ secrets: [mintSecret('sandbox', secureRandom)] }),
    await report({ secrets: [mintSecret('production', secureRandom)] }),
    await report({ secrets: [`${client.clientSecret.slice(0, -1)}_`] }),
    await report('{"broken": ', 'application/json'),
    await report('<x/>', 'application/xml'),
    await report(Buffer.from([0, 255, 254]), 'application/octet-stream'),
    await report(''),
  ]
  for (const { status, body, headers } of answers)
    assert.deepEqual([status, body, headers['cache-control']], [202, '{"received":true}', 'no-store'])
  assert.deepEqual(failures, [])
})

test('the answer is sent before anything is looked up', async () => {
  let isAnswered = false
  const app = Fastify()
  app.register(leakRoutes({ leaks: { report: () => assert.ok(isAnswered) } }))
  app.addHook('onResponse', async () => {
    isAnswered = true
  })
  await app.inject({ method: 'POST', url: '/leaks', payload: client.clientSecret })
})

test('what is handed in again changes nothing and raises no second alert', async () => {
  await report({ secrets: [client.clientSecret, client.clientSecret] })
  await report({ secrets: [client.clientSecret] })
  assert.equal(told.length, 1)
})

test("a secret under an older pepper is found too, and a company's others are left alone", async () => {
  const other = await gateway.aClient()
  await gateway.deps.peppers.add(gateway.clock.now())
  gateway.clock.advance(3_600_000)
  const younger = await gateway.administration.createClient({ organizationId, label: 'Younger' }, operator)
  await report({ secrets: [client.clientSecret, younger.clientSecret] })
  assert.deepEqual(
    new Set(told.map(({ secretId }) => secretId)),
    new Set([client.secretId, younger.secretId]),
  )
  const reply = await aServer(gateway.access).inject(tokenRequest(other))
  assert.equal(reply.statusCode, 200)
})

test('a secret of the other environment is not looked for', async () => {
  const production = await aGateway('production', databases.production)
  const foreign = await production.aClient()
  let asked = 0
  const leaks = open({
    database: { ...databases.sandbox, transaction: () => Promise.reject(new Error(`asked ${++asked}`)) },
  })
  leaks.report(foreign.clientSecret)
  await leaks.settled()
  assert.equal(asked, 0)
})

test('a report that cannot be followed up is told of without what it held, and the next one is', async () => {
  let isDown = true
  const leaks = open({
    database: {
      ...databases.sandbox,
      transaction: (...given) =>
        isDown ? Promise.reject(new Error('down')) : databases.sandbox.transaction(...given),
    },
  })
  leaks.report(client.clientSecret)
  await leaks.settled()
  assert.equal(failures.length, 1)
  assert.equal(String(failures[0]).includes(client.clientSecret), false)
  isDown = false
  leaks.report(client.clientSecret)
  await leaks.settled()
  assert.equal(await statusOf(client.clientSecret), 401)
})

test('a report of more than 64 KiB is refused unread', async () => {
  const { status } = await report(`${client.clientSecret}${'.'.repeat(64 * 1024)}`, 'text/plain')
  assert.equal(status, 413)
  assert.equal(await statusOf(client.clientSecret), 200)
})

test('who reports too much is turned away before the report is read', async () => {
  const reported: string[] = []
  const app = Fastify()
  app.register(
    leakRoutes({
      leaks: { report: (text) => void reported.push(text) },
      limit: async () => {
        throw new Problem('request/too-many', 'Wait.')
      },
    }),
  )
  await app.inject({ method: 'POST', url: '/leaks', payload: client.clientSecret })
  assert.deepEqual(reported, [])
})

test('a look-up by hashes sees the secrets that have them, no other, and nothing of their clients', async () => {
  const [pepper] = gateway.deps.peppers.list()
  const session = lookingFor([pepper?.hash(client.clientSecret) ?? new Uint8Array(32)])
  const seen = (table: string) =>
    databases.sandbox.transaction(session, async (tx) => {
      const { rows } = await sql<{ client_id: string }>`select client_id from ${sql.table(table)}`.execute(tx)
      return rows.map(({ client_id }) => client_id)
    })
  assert.deepEqual(await seen('client_secrets'), [client.clientId])
  for (const table of ['clients', 'secret_networks', 'access_alerts']) assert.deepEqual(await seen(table), [])
})
