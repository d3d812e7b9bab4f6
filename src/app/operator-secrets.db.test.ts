import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../test/support/database.ts'
import { createServer } from '../platform/http/index.ts'
import { secureRandom } from '../platform/secrets/index.ts'
import { openLogger } from '../platform/telemetry/index.ts'
import { operatorSecretRoutes } from './operator-secrets.ts'

let databases: TestDatabases
let gateways: Record<'sandbox' | 'production', TestGateway>
let server: ReturnType<typeof createServer>
before(async () => {
  databases = await openTestDatabases()
  gateways = {
    sandbox: await aGateway('sandbox', databases.sandbox),
    production: await aGateway('production', databases.production),
  }
  const { clock } = gateways.sandbox
  const logger = openLogger({ level: 'fatal', format: 'json', destination: { write: () => {} } })
  server = createServer({
    name: 'operator',
    logger,
    clock,
    random: secureRandom,
    problemBaseUrl: 'about:problem',
  })
  const { sandbox, production } = gateways
  await server.register(
    operatorSecretRoutes({
      administrations: { sandbox: sandbox.administration, production: production.administration },
      clock,
    }),
  )
})
after(async () => {
  await server.close()
  await databases.close()
})

const call = async (method: 'GET' | 'POST', url: string, payload?: object) => {
  const reply = await server.inject({ method, url, ...(payload && { payload }) })
  return { status: reply.statusCode, body: reply.json() }
}

test('peppers are listed for both environments, added to one, and retired by the same refusals', async () => {
  const added = await call('POST', '/operator/peppers', { environment: 'sandbox' })
  assert.equal(added.status, 201)
  const { body } = await call('GET', '/operator/peppers')
  assert.deepEqual(
    body.peppers.map(({ environment, state }: Record<string, string>) => [environment, state]),
    [
      ['sandbox', 'current'],
      ['sandbox', 'next'],
      ['production', 'current'],
    ],
  )
  const retiring = { environment: 'sandbox', pepperId: added.body.id }
  const refused = await call('POST', '/operator/peppers/retire', retiring)
  assert.deepEqual([refused.status, refused.body.code], [409, 'state/moved-on'])
  gateways.sandbox.clock.advance(3_600_000)
  const [first] = body.peppers
  assert.equal(
    (await call('POST', '/operator/peppers/retire', { ...retiring, pepperId: first.id })).status,
    200,
  )
})

test('alerts are listed as far back as is asked', async () => {
  const { access, clock, aClient } = gateways.sandbox
  const client = await aClient()
  for (const remoteAddress of ['192.0.2.1', '198.51.100.1'])
    await aServer(access).inject({ ...tokenRequest(client), remoteAddress })
  const seen = async (days: string) => (await call('GET', `/operator/alerts?days=${days}`)).body.alerts
  assert.deepEqual(
    (await seen('7')).map(({ environment, kind }: Record<string, string>) => [environment, kind]),
    [['sandbox', 'unseen-network']],
  )
  clock.advance(8 * 86_400_000)
  assert.deepEqual(await seen('7'), [])
  assert.equal((await seen('9')).length, 1)
})

test('an alert is put down as seen, and keeps the moment of the first look', async () => {
  const [{ id: alertId }] = (await call('GET', '/operator/alerts?days=30')).body.alerts
  const acknowledge = (more: object) => call('POST', '/operator/alerts/acknowledge', { alertId, ...more })
  const seenAt = async () => (await call('GET', '/operator/alerts?days=30')).body.alerts[0].acknowledgedAt
  assert.equal((await acknowledge({ environment: 'sandbox' })).status, 200)
  const first = await seenAt()
  gateways.sandbox.clock.advance(1000)
  await acknowledge({ environment: 'sandbox' })
  assert.deepEqual([typeof first, await seenAt()], ['string', first])
  assert.equal((await acknowledge({ environment: 'production' })).body.code, 'state/not-found')
})

test('a number of days that is none is refused', async () => {
  for (const days of ['0', 'x', '1000', '-1'])
    assert.equal((await call('GET', `/operator/alerts?days=${days}`)).status, 422, days)
})
