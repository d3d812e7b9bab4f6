import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { NewClient } from '../../../src/gateway/administration/index.ts'
import { aGateway, aServer, formRequest, type TestGateway } from '../../support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'

// The doors of reference/prior-authorization-api.md, sections 1.2 and 1.3.
const V2 = '/apip/auth/v2/token'
const SNTL = '/apip/auth/sntl/v1/token'

let databases: TestDatabases
let gateway: TestGateway
let http: FastifyInstance
let client: NewClient
before(async () => {
  databases = await openTestDatabases()
})
beforeEach(async () => {
  gateway = await aGateway('sandbox', databases.sandbox)
  http = aServer(gateway.access)
  client = await gateway.aClient()
  gateway.entries.length = 0
})
after(() => databases.close())

const credentials = () => ({
  grant_type: 'client_credentials',
  client_id: client.clientId,
  client_secret: client.clientSecret,
})
const json = (payload: object | string): InjectOptions => ({
  method: 'POST',
  url: V2,
  headers: { 'content-type': 'application/json' },
  payload,
})
const WRONG = { client_secret: 'css_test_wrong' }

async function answers(request: InjectOptions, status: number) {
  const reply = await http.inject(request)
  assert.equal(reply.statusCode, status, reply.body)
  assert.match(String(reply.headers['content-type']), /^application\/json/)
  assert.equal(reply.headers['cache-control'], 'no-store')
  assert.equal(gateway.entries.length, 1, 'one entry of the record')
  return reply.json()
}

// ---- section 1.2

test('the JSON door answers with its own fields and an hour of life', async () => {
  const { access_token, ...rest } = await answers(json(credentials()), 200)
  assert.deepEqual(rest, { expires_in: 3600, token_type: 'bearer', scope: 'pa:submit pa:inquire pa:read' })
  gateway.clock.advance(3_599_000)
  await gateway.access.authenticate(`Bearer ${access_token}`)
})

test('the JSON door gives the scopes that are asked for', async () => {
  assert.equal((await answers(json({ ...credentials(), scope: 'pa:read' }), 200)).scope, 'pa:read')
})

test('the JSON door ignores members that it does not know', async () => {
  await answers(json({ ...credentials(), portalUsername: 1 }), 200)
})

test('the JSON door refuses a wrong secret with 401 and invalid_client', async () => {
  const body = await answers(json({ ...credentials(), ...WRONG }), 401)
  assert.deepEqual(Object.keys(body), ['error', 'error_description'])
  assert.equal(body.error, 'invalid_client')
})

test('the JSON door refuses what is missing with 400, and names it', async () => {
  const { grant_type } = credentials()
  const body = await answers(json({ grant_type }), 400)
  assert.equal(body.error, 'invalid_request')
  assert.match(body.error_description, /client_id, client_secret/)
})

test('the JSON door refuses a body that it cannot read with 400', async () => {
  for (const payload of [
    '{"client_id":',
    '[]',
    'null',
    '"text"',
    JSON.stringify({ ...credentials(), client_id: 1 }),
  ]) {
    gateway.entries.length = 0
    assert.equal((await answers(json(payload), 400)).error, 'invalid_request', payload)
  }
})

test('the JSON door refuses a form with 400, the only status it declares for that', async () => {
  assert.equal((await answers(formRequest(V2, credentials()), 400)).error, 'invalid_request')
})

test('the JSON door refuses another grant with 400 and unsupported_grant_type', async () => {
  const body = await answers(json({ ...credentials(), grant_type: 'password' }), 400)
  assert.equal(body.error, 'unsupported_grant_type')
})

test('the JSON door refuses a scope that the client may not have with 400', async () => {
  assert.equal((await answers(json({ ...credentials(), scope: 'root' }), 400)).error, 'invalid_scope')
})

// ---- section 1.3

test('the form door answers with fields like Keycloak, and two hours of life', async () => {
  const { access_token, ...rest } = await answers(formRequest(SNTL, credentials()), 200)
  assert.deepEqual(rest, {
    token_type: 'bearer',
    refresh_expires_in: 0,
    expires_in: 7200,
    'not-before-policy': 0,
    scope: 'pa:submit pa:inquire pa:read',
  })
  gateway.clock.advance(7_199_000)
  await gateway.access.authenticate(`Bearer ${access_token}`)
})

test('the form door refuses a missing field with 400 ValidationError, and says each', async () => {
  const body = await answers(formRequest(SNTL, { client_id: client.clientId }), 400)
  assert.deepEqual(body, {
    status: '400',
    failureReason: 'ValidationError',
    Errors: [
      "Field 'grant_type' is required and must be 'client_credentials'.",
      "Field 'client_secret' is required.",
    ],
  })
})

test('the form door refuses another grant with 400 ValidationError', async () => {
  const body = await answers(formRequest(SNTL, { ...credentials(), grant_type: 'password' }), 400)
  assert.equal(body.failureReason, 'ValidationError')
})

test('the form door refuses a wrong secret with 401 InvalidClient', async () => {
  const { Errors, ...body } = await answers(formRequest(SNTL, { ...credentials(), ...WRONG }), 401)
  assert.deepEqual(body, { status: '401', failureReason: 'InvalidClient' })
  assert.equal(Errors.length, 1)
})

test('the form door refuses a scope that the client may not have with 403 InsufficientScope', async () => {
  const body = await answers(formRequest(SNTL, { ...credentials(), scope: 'root' }), 403)
  assert.equal(body.failureReason, 'InsufficientScope')
  assert.equal(body.status, '403')
})

test('the form door refuses JSON with 415 UnsupportedMediaType', async () => {
  const body = await answers({ ...json(credentials()), url: SNTL }, 415)
  assert.equal(body.failureReason, 'UnsupportedMediaType')
  assert.equal(body.status, '415')
})

test('the form door says 500 ServerError for a fault of ours, and no more', async () => {
  const broken = await aGateway('sandbox', databases.sandbox, {
    recorder: { note: () => Promise.reject(new Error('password of the database')) },
  })
  const reply = await aServer(broken.access).inject(formRequest(SNTL, credentials()))
  assert.equal(reply.statusCode, 500)
  assert.equal(reply.json().failureReason, 'ServerError')
  assert.equal(reply.json().status, '500')
  assert.equal(reply.body.includes('password'), false)
})

test('both doors take POST alone', async () => {
  for (const url of [V2, SNTL]) {
    const reply = await http.inject({ url })
    assert.equal(reply.statusCode, 405)
    assert.equal(reply.headers.allow, 'POST')
  }
})

test('a token of any door is the same token but for its life', async () => {
  const claimsOf = async (request: InjectOptions) => {
    const { access_token } = (await http.inject(request)).json()
    return JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString())
  }
  const all = await Promise.all(
    [formRequest('/oauth2/token', credentials()), json(credentials()), formRequest(SNTL, credentials())].map(
      claimsOf,
    ),
  )
  const [first, ...others] = all.map(({ exp: _, jti: __, ...same }) => same)
  for (const other of others) assert.deepEqual(other, first)
})
