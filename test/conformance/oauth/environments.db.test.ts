import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { openAccess } from '../../../src/gateway/access/index.ts'
import type { NewClient } from '../../../src/gateway/administration/index.ts'
import { aGateway, aServer, formRequest, type TestGateway, tokenRequest } from '../../support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'

let databases: TestDatabases
const gateways = {} as Record<'sandbox' | 'production', TestGateway>
before(async () => {
  databases = await openTestDatabases()
  for (const environment of ['sandbox', 'production'] as const)
    gateways[environment] = await aGateway(environment, databases[environment])
})
after(() => databases.close())

for (const [home, away] of [
  ['sandbox', 'production'],
  ['production', 'sandbox'],
] as const) {
  /** A request made with a client of `home`, sent to `away`. */
  const sent = async (make: (client: NewClient) => InjectOptions) =>
    aServer(gateways[away].access).inject(make(await gateways[home].aClient()))

  test(`a ${home} secret gets no token in ${away}, and is told why`, async () => {
    const reply = await sent((client) => tokenRequest(client))
    assert.equal(reply.statusCode, 401)
    assert.deepEqual(reply.json(), {
      error: 'invalid_client',
      error_description: `This is a ${home} credential; this is the ${away}.`,
    })
  })

  test(`a ${home} secret gets no token at the compatible doors of ${away}`, async () => {
    const body = ({ clientId, clientSecret }: NewClient) => ({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    })
    const sntl = await sent((client) => formRequest('/apip/auth/sntl/v1/token', body(client)))
    assert.deepEqual([sntl.statusCode, sntl.json().failureReason], [401, 'InvalidClient'])
    const v2 = await sent((client) => ({ method: 'POST', url: '/apip/auth/v2/token', payload: body(client) }))
    assert.deepEqual([v2.statusCode, v2.json().error], [401, 'invalid_client'])
  })

  test(`a ${home} token opens nothing in ${away}, and is told why`, async () => {
    const token = await gateways[home].aToken(await gateways[home].aClient())
    const authorization = `Bearer ${token}`
    const reply = await aServer(gateways[away].access).inject({
      url: '/api/cases',
      headers: { authorization },
    })
    assert.equal(reply.statusCode, 401)
    assert.equal(reply.json().code, 'access/wrong-environment')
    assert.match(String(reply.headers['www-authenticate']), /error="invalid_token"/)
    assert.equal(gateways[away].entries.at(-1)?.problem, 'access/wrong-environment')
  })

  test(`a ${home} token opens nothing in a ${away} that was never told of the ${home}`, async () => {
    const { otherIssuer: _, ...deps } = gateways[away].deps
    const alone = await openAccess(deps)
    const token = await gateways[home].aToken(await gateways[home].aClient())
    const reply = await aServer(alone).inject({
      url: '/api/cases',
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(reply.statusCode, 401)
  })
}

test('the two environments sign with different keys', async () => {
  const kids = await Promise.all(
    Object.values(gateways).map(async ({ access }) => {
      const { keys } = (await aServer(access).inject('/oauth2/jwks')).json()
      return keys.map((key: { kid: string }) => key.kid).join()
    }),
  )
  assert.notEqual(kids[0], kids[1])
})

test('a token that merely claims to come from the other environment is no better than any bad token', async () => {
  const claim = { iss: gateways.production.deps.issuer }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forged = `${part({ alg: 'ES256', typ: 'at+jwt', kid: 'x' })}.${part(claim)}.${'A'.repeat(86)}`
  const reply = await aServer(gateways.sandbox.access).inject({
    url: '/api/cases',
    headers: { authorization: `Bearer ${forged}` },
  })
  assert.equal(reply.statusCode, 401)
})
