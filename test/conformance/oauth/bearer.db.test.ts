import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { NewClient } from '../../../src/gateway/administration/index.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import { aGateway, aServer, formRequest, type TestGateway } from '../../support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'

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
  gateway.entries.length = 0
})
after(() => databases.close())

const withToken = (authorization: string): InjectOptions => ({
  url: '/api/cases',
  headers: { authorization },
})
const METADATA = 'resource_metadata="https://sandbox.example/.well-known/oauth-protected-resource"'

/** The parameters of the challenge of a refusal. */
async function refused(request: InjectOptions, status: number, code: string): Promise<string> {
  const reply = await http.inject(request)
  assert.equal(reply.json().code, code)
  assert.equal(reply.statusCode, status)
  assert.equal(gateway.entries.length, 1, 'one entry of the record')
  assert.equal(JSON.stringify(gateway.entries).includes(token), false)
  return String(reply.headers['www-authenticate'])
}

test('a token in the Authorization header is taken (RFC 6750 section 2.1)', async () => {
  const reply = await http.inject(withToken(`Bearer ${token}`))
  assert.equal(reply.statusCode, 200)
  assert.equal(reply.json().clientId, client.clientId)
})

test('the name of the scheme is read in any case (RFC 9110 section 11.1)', async () => {
  assert.equal((await http.inject(withToken(`bearer ${token}`))).statusCode, 200)
})

test('a call without a token gets a challenge without an error code (RFC 6750 section 3.1)', async () => {
  const challenge = await refused({ url: '/api/cases' }, 401, 'access/token-missing')
  assert.equal(challenge, `Bearer realm="countersign sandbox", ${METADATA}`)
})

test('another scheme of authentication counts as no token (RFC 6750 section 3.1)', async () => {
  const challenge = await refused(withToken('Basic YTpi'), 401, 'access/token-missing')
  assert.equal(challenge.includes('error='), false)
})

test('a token in the query is not read (RFC 6750 section 2.3)', async () => {
  const challenge = await refused({ url: `/api/cases?access_token=${token}` }, 401, 'access/token-missing')
  assert.equal(challenge.includes('error='), false)
})

test('a token in a form body is not read (RFC 6750 section 2.2)', async () => {
  await refused(formRequest('/api/cases', { access_token: token }), 401, 'access/token-missing')
})

test('invalid_request, 400: a token in the header and another in the query (RFC 6750 section 3.1)', async () => {
  const request = { ...withToken(`Bearer ${token}`), url: `/api/cases?access_token=${token}` }
  assert.match(await refused(request, 400, 'access/token-misplaced'), /error="invalid_request"/)
})

test('invalid_request, 400: a token in the header and another in a form (RFC 6750 section 3.1)', async () => {
  const form = formRequest('/api/cases', { access_token: token })
  const request = { ...form, headers: { ...form.headers, authorization: `Bearer ${token}` } }
  assert.match(await refused(request, 400, 'access/token-misplaced'), /error="invalid_request"/)
})

test('invalid_token, 401: a malformed token (RFC 6750 section 3.1)', async () => {
  const malformed = ['Bearer', 'Bearer ', 'Bearer x', `Bearer ${token} x`, `Bearer ${token}, Bearer ${token}`]
  for (const header of malformed) {
    gateway.entries.length = 0
    assert.match(
      await refused(withToken(header), 401, 'access/token-invalid'),
      /error="invalid_token"/,
      header,
    )
  }
})

test('invalid_token, 401: a revoked token (RFC 6750 section 3.1)', async () => {
  await gateway.change(client.clientId, 'raise epoch')
  await gateway.access.refresh()
  assert.match(
    await refused(withToken(`Bearer ${token}`), 401, 'access/token-invalid'),
    /error="invalid_token"/,
  )
})

test('invalid_token, 401: an expired token (RFC 6750 section 3.1)', async () => {
  gateway.clock.advance(300_000)
  const challenge = await refused(withToken(`Bearer ${token}`), 401, 'access/token-expired')
  assert.match(challenge, /error="invalid_token", error_description="The access token has expired/)
})

test('insufficient_scope, 403: a token without the scope, which the challenge names (RFC 6750 section 3.1)', async () => {
  token = await gateway.aToken(client, 'pa:submit')
  gateway.entries.length = 0
  const challenge = await refused(withToken(`Bearer ${token}`), 403, 'access/scope-missing')
  assert.match(challenge, /error="insufficient_scope"/)
  assert.match(challenge, /scope="pa:read"/)
})

test('insufficient_scope, 403: a company whose grant has ended (RFC 6750 section 3.1)', async () => {
  const until = (gateway.clock.now() + 1000) as Instant
  token = await gateway.aToken(await gateway.aClient({ grant: { until } }))
  gateway.clock.advance(1000)
  gateway.entries.length = 0
  assert.match(
    await refused(withToken(`Bearer ${token}`), 403, 'access/no-grant'),
    /error="insufficient_scope"/,
  )
})

test('every challenge tells where the resource describes itself (RFC 9728 section 5.1)', async () => {
  assert.ok((await refused(withToken('Bearer x'), 401, 'access/token-invalid')).endsWith(METADATA))
})
