import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { aGateway, aServer, formRequest, type TestGateway } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Instant } from '../../kernel/time.ts'
import type { NewClient } from '../administration/index.ts'
import { pruneRevokedTokens } from '../clients/index.ts'

let databases: TestDatabases
let gateway: TestGateway
let http: FastifyInstance
let client: NewClient
let token: string
before(async () => {
  databases = await openTestDatabases()
})
beforeEach(async () => {
  gateway = await aGateway('sandbox', databases.sandbox)
  http = aServer(gateway.access)
  client = await gateway.aClient()
  token = await gateway.aToken(client)
})
after(() => databases.close())

const ask = (
  path: 'revoke' | 'introspect',
  by: Pick<NewClient, 'clientId' | 'clientSecret'>,
  parameters: Readonly<Record<string, string>>,
) =>
  http.inject(
    formRequest(`/oauth2/${path}`, {
      client_id: by.clientId,
      client_secret: by.clientSecret,
      ...parameters,
    }),
  )
const revoke = (about: string, by = client) => ask('revoke', by, { token: about })
const introspect = async (about: string, by = client) =>
  (await ask('introspect', by, { token: about })).json()
const call = async (presented: string) =>
  (await http.inject({ url: '/api/cases', headers: { authorization: `Bearer ${presented}` } })).statusCode
const forged = (genuine: string) => {
  const [header, payload] = genuine.split('.')
  return `${header}.${payload}.${'A'.repeat(86)}`
}
const revocations = () =>
  databases.sandbox.transaction({ role: 'staff' }, async (tx) => {
    const { rows } = await sql<{ outcome: string; on_id: string; actor_id: string }>`
      select outcome, on_id, actor_id from audit_entries where act = 'token.revoke'
      and actor_id = ${client.clientId}`.execute(tx)
    return rows
  })

test('a revoked token is refused at the next call of the node that revoked it (RFC 7009 section 2)', async () => {
  assert.equal(await call(token), 200)
  const reply = await revoke(token)
  assert.equal(reply.statusCode, 200)
  assert.equal(reply.body, '')
  assert.equal(reply.headers['cache-control'], 'no-store')
  assert.equal(await call(token), 401)
})

test('a token that another node has verified before is refused there a second later', async () => {
  const other = await aGateway('sandbox', databases.sandbox, { clock: gateway.clock })
  const present = () => other.access.authenticate(`Bearer ${token}`)
  await present()
  await revoke(token)
  gateway.clock.advance(1_000)
  await assert.rejects(present(), /access\/token-invalid/)
})

test('one token is ended, not the others of its client', async () => {
  const another = await gateway.aToken(client)
  await revoke(token)
  assert.equal(await call(another), 200)
})

test('a revocation is on the record once, by the id of the token, however often it is asked for', async () => {
  await revoke(token)
  assert.equal((await revoke(token)).statusCode, 200)
  const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual(await revocations(), [{ outcome: 'done', on_id: jti, actor_id: client.clientId }])
})

test('what is no token of ours is nothing to revoke: the answer is 200 (RFC 7009 section 2.2)', async () => {
  for (const about of ['nonsense', 'a.b.c', client.clientSecret])
    assert.equal((await revoke(about)).statusCode, 200)
  assert.deepEqual(await revocations(), [])
})

test('a forged token revokes nothing: the genuine one of its id lives on', async () => {
  assert.equal((await revoke(forged(token))).statusCode, 200)
  assert.equal(await call(token), 200)
})

test('a token that has ended needs no revocation: the answer is 200, and nothing is kept', async () => {
  gateway.clock.advance(300_000)
  assert.equal((await revoke(token)).statusCode, 200)
  assert.deepEqual(await revocations(), [])
})

test("another client's token is not revoked, and the client is told (RFC 7009 section 2.1)", async () => {
  const reply = await revoke(token, await gateway.aClient())
  assert.equal(reply.statusCode, 400)
  assert.equal(reply.json().error, 'invalid_request')
  assert.equal(await call(token), 200)
})

test('a hint about the type, right, wrong or unknown, changes nothing (RFC 7009 section 2.1)', async () => {
  for (const hint of ['access_token', 'refresh_token', 'pigeon']) {
    const about = await gateway.aToken(client)
    const reply = await ask('revoke', client, { token: about, token_type_hint: hint })
    assert.equal(reply.statusCode, 200)
    assert.equal(await call(about), 401)
  }
})

for (const path of ['revoke', 'introspect'] as const) {
  test(`${path}: a client that cannot prove itself is refused, and nothing is done`, async () => {
    const { clientSecret } = client
    const stranger = {
      ...client,
      clientSecret: `${clientSecret.slice(0, -1)}${clientSecret.endsWith('x') ? 'y' : 'x'}`,
    }
    const reply = await ask(path, stranger, { token })
    assert.equal(reply.statusCode, 401)
    assert.equal(reply.json().error, 'invalid_client')
    assert.equal(await call(token), 200)
    assert.ok(
      gateway.entries.some(
        ({ act, problem, on }) =>
          act === (path === 'revoke' ? 'token.revoke' : 'token.introspect') &&
          problem === 'access/client-invalid' &&
          on === client.clientId,
      ),
    )
  })

  test(`${path}: a client may prove itself in the Authorization header`, async () => {
    const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')
    const request = formRequest(`/oauth2/${path}`, { token })
    const headers = { ...request.headers, authorization: `Basic ${basic}` }
    assert.equal((await http.inject({ ...request, headers })).statusCode, 200)
  })

  test(`${path}: a request without a token is invalid (RFC 7009 section 2.1, RFC 7662 section 2.1)`, async () => {
    const reply = await ask(path, client, {})
    assert.equal(reply.statusCode, 400)
    assert.equal(reply.json().error, 'invalid_request')
  })

  test(`${path}: only POST is answered, and only a form is read`, async () => {
    assert.equal((await http.inject({ url: `/oauth2/${path}` })).statusCode, 405)
    const json = { method: 'POST', url: `/oauth2/${path}`, payload: { token } } as const
    assert.equal((await http.inject(json)).statusCode, 400)
  })
}

test('an active token is described, with the scopes in force now (RFC 7662 section 2.2)', async () => {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual(await introspect(token), {
    active: true,
    scope: 'pa:submit pa:inquire pa:read',
    client_id: client.clientId,
    token_type: 'Bearer',
    exp: claims.exp,
    iat: claims.iat,
    sub: client.clientId,
    aud: 'https://sandbox.example',
    iss: 'https://sandbox.example',
    jti: claims.jti,
    org: claims.org,
    env: 'sandbox',
  })
})

test('a scope that the grant has lost is not in the description of a token that was given it', async () => {
  const { org } = await introspect(token)
  await gateway.aGrant({ organizationId: org, version: 2, scopes: ['pa:read'] })
  gateway.clock.advance(1_000)
  assert.equal((await introspect(token)).scope, 'pa:read')
})

test('of a token that is not active nothing more is said (RFC 7662 section 2.2)', async () => {
  const foreign = await gateway.aToken(await gateway.aClient())
  const revoked = await gateway.aToken(client)
  await revoke(revoked)
  for (const about of ['nonsense', forged(token), foreign, revoked])
    assert.deepEqual(await introspect(about), { active: false })
  gateway.clock.advance(300_000)
  assert.deepEqual(await introspect(token), { active: false })
})

test('an introspection is kept by nobody', async () => {
  const reply = await ask('introspect', client, { token })
  assert.equal(reply.headers['cache-control'], 'no-store')
})

test('both endpoints are in the metadata (RFC 8414 section 2)', async () => {
  const metadata = (await http.inject({ url: '/.well-known/oauth-authorization-server' })).json()
  assert.equal(metadata.revocation_endpoint, 'https://sandbox.example/oauth2/revoke')
  assert.equal(metadata.introspection_endpoint, 'https://sandbox.example/oauth2/introspect')
  for (const endpoint of ['revocation', 'introspection'])
    assert.deepEqual(
      metadata[`${endpoint}_endpoint_auth_methods_supported`],
      metadata.token_endpoint_auth_methods_supported,
    )
})

test('a revoked token is forgotten only after it has ended by itself', async () => {
  await revoke(token)
  await pruneRevokedTokens(databases.sandbox, gateway.clock.now())
  gateway.clock.advance(1_000)
  assert.equal(await call(token), 401)
  const later = (gateway.clock.now() + 600_000) as Instant
  assert.ok((await pruneRevokedTokens(databases.sandbox, later)) > 0)
  assert.equal(await pruneRevokedTokens(databases.sandbox, later), 0)
})
