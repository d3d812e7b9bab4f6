import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { sql } from 'kysely'
import type { NewClient } from '../../../src/gateway/administration/index.ts'
import type { Instant } from '../../../src/kernel/time.ts'
import { aGateway, aServer, formRequest, type TestGateway, tokenRequest } from '../../support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'

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

const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64')
const basic = (id: string, secret: string) => `Basic ${encode(`${id}:${secret}`)}`
const GRANT = { grant_type: 'client_credentials' }

/** A request whose client stands in the header. */
function withHeader(
  authorization: string,
  parameters: Record<string, string> | string = GRANT,
): InjectOptions {
  const request = formRequest('/oauth2/token', parameters)
  return { ...request, headers: { ...request.headers, authorization } }
}

async function refused(request: InjectOptions, status: number, error: string) {
  const reply = await http.inject(request)
  const body = reply.json()
  assert.equal(body.error, error, reply.body)
  assert.equal(reply.statusCode, status)
  // Section 5.2: the characters that a description may have.
  assert.match(body.error_description, /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
  assert.deepEqual(Object.keys(body), ['error', 'error_description'])
  assert.match(String(reply.headers['content-type']), /^application\/json/)
  assert.equal(reply.headers['cache-control'], 'no-store')
  assert.equal(reply.headers.pragma, 'no-cache')
  assert.equal(gateway.entries.length, 1, 'one entry of the record')
  assert.equal(gateway.entries[0]?.outcome, 'refused')
  return reply
}

test('a token answer is of the form of RFC 6749 section 5.1, kept by no cache', async () => {
  const reply = await http.inject(tokenRequest(client))
  assert.equal(reply.statusCode, 200)
  const { access_token, ...rest } = reply.json()
  assert.match(access_token, /^[\w-]+\.[\w-]+\.[\w-]+$/)
  assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 300, scope: 'pa:submit pa:inquire pa:read' })
  assert.equal(reply.headers['cache-control'], 'no-store')
  assert.equal(reply.headers.pragma, 'no-cache')
})

test('client_secret_basic gets a token (RFC 6749 section 2.3.1)', async () => {
  const reply = await http.inject(withHeader(basic(client.clientId, client.clientSecret)))
  assert.equal(reply.statusCode, 200)
})

test('both parts of a Basic credential are form-decoded (RFC 6749 section 2.3.1)', async () => {
  const percent = (text: string) => text.replace(/./g, (char) => `%${char.charCodeAt(0).toString(16)}`)
  const reply = await http.inject(withHeader(basic(percent(client.clientId), percent(client.clientSecret))))
  assert.equal(reply.statusCode, 200)
})

test('the name of the scheme is read in any case (RFC 9110 section 11.1)', async () => {
  const header = basic(client.clientId, client.clientSecret).replace('Basic', 'bAsIc')
  assert.equal((await http.inject(withHeader(header))).statusCode, 200)
})

test('a client in the header may also name itself in the body (RFC 6749 section 3.2.1)', async () => {
  const header = basic(client.clientId, client.clientSecret)
  const reply = await http.inject(withHeader(header, { ...GRANT, client_id: client.clientId }))
  assert.equal(reply.statusCode, 200)
})

test('a parameter without a value counts as left out (RFC 6749 section 3.2)', async () => {
  const reply = await http.inject(tokenRequest(client, { scope: '' }))
  assert.equal(reply.json().scope, 'pa:submit pa:inquire pa:read')
})

test('a parameter that is not known is ignored (RFC 6749 section 3.2)', async () => {
  assert.equal((await http.inject(tokenRequest(client, { favourite_colour: 'blue' }))).statusCode, 200)
})

test('a media type with a charset is a form all the same', async () => {
  const request = tokenRequest(client)
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }
  assert.equal((await http.inject({ ...request, headers })).statusCode, 200)
})

test('a client gets the scopes that it asks for, each once (RFC 6749 section 3.3)', async () => {
  const reply = await http.inject(tokenRequest(client, { scope: 'pa:read pa:submit pa:read' }))
  assert.equal(reply.json().scope, 'pa:read pa:submit')
})

// ---- invalid_request

test('invalid_request: grant_type is missing (RFC 6749 section 5.2)', async () => {
  await refused(tokenRequest(client, { grant_type: '' }), 400, 'invalid_request')
})

test('invalid_request: a parameter is repeated (RFC 6749 section 5.2)', async () => {
  const request = tokenRequest(client)
  const payload = `${request.payload}&grant_type=client_credentials`
  await refused({ ...request, payload }, 400, 'invalid_request')
})

test('invalid_request: an unknown parameter is repeated (RFC 6749 section 3.2)', async () => {
  const request = tokenRequest(client)
  await refused({ ...request, payload: `${request.payload}&a=1&a=` }, 400, 'invalid_request')
})

test('invalid_request: more than one way of authenticating (RFC 6749 section 5.2)', async () => {
  const request = tokenRequest(client)
  const headers = { ...request.headers, authorization: basic(client.clientId, client.clientSecret) }
  await refused({ ...request, headers }, 400, 'invalid_request')
})

test('invalid_request: header and body name two clients', async () => {
  const header = basic(client.clientId, client.clientSecret)
  await refused(withHeader(header, { ...GRANT, client_id: 'another' }), 400, 'invalid_request')
})

test('invalid_request: a secret without a client_id', async () => {
  await refused(tokenRequest(client, { client_id: '' }), 400, 'invalid_request')
})

test('invalid_request: a body that is no form (RFC 6749 section 4.4.2)', async () => {
  const payload = JSON.stringify({ ...GRANT, client_id: client.clientId, client_secret: client.clientSecret })
  const headers = { 'content-type': 'application/json' }
  await refused({ method: 'POST', url: '/oauth2/token', headers, payload }, 400, 'invalid_request')
})

test('invalid_request: no body at all', async () => {
  await refused({ method: 'POST', url: '/oauth2/token' }, 400, 'invalid_request')
})

test('invalid_request: credentials in the URL (RFC 6749 section 2.3.1)', async () => {
  const request = formRequest(`/oauth2/token?client_secret=${client.clientSecret}`, GRANT)
  const reply = await refused(request, 400, 'invalid_request')
  assert.equal(reply.body.includes(client.clientSecret), false)
})

test('invalid_request, 413: a body larger than any token request', async () => {
  await refused(tokenRequest(client, { padding: 'x'.repeat(5000) }), 413, 'invalid_request')
})

test('invalid_request, 405: a token is asked for with POST alone (RFC 6749 section 3.2)', async () => {
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'] as const) {
    gateway.entries.length = 0
    const reply = await refused({ method, url: '/oauth2/token' }, 405, 'invalid_request')
    assert.equal(reply.headers.allow, 'POST')
  }
})

// ---- invalid_client

async function notAuthenticated(request: InjectOptions) {
  const reply = await refused(request, 401, 'invalid_client')
  assert.match(String(reply.headers['www-authenticate']), /^Basic realm=/)
}

test('invalid_client: no client authentication (RFC 6749 section 5.2)', async () => {
  await notAuthenticated(formRequest('/oauth2/token', GRANT))
})

test('invalid_client: an authentication scheme that is not supported (RFC 6749 section 5.2)', async () => {
  await notAuthenticated(withHeader('Bearer abc'))
})

test('invalid_request: a client assertion without its type (RFC 7521 section 4.2)', async () => {
  await refused(formRequest('/oauth2/token', { ...GRANT, client_assertion: 'x.y.z' }), 400, 'invalid_request')
})

test('invalid_client: a Basic credential that does not decode', async () => {
  const broken = [
    'Basic',
    'Basic !!!',
    // RFC 4648 section 4: as much padding as belongs there, or none.
    `${basic(client.clientId, client.clientSecret).replace(/=*$/, '')}===`,
    'Basic YTpi==',
    'Basic YTpiY',
    `Basic ${encode('no colon')}`,
    `Basic ${encode('a%zz:b')}`,
    `Basic ${Buffer.from([0xff, 0x3a, 0xfe]).toString('base64')}`,
  ]
  for (const header of broken) {
    gateway.entries.length = 0
    await notAuthenticated(withHeader(header))
  }
})

test('invalid_client: a wrong secret in the header is answered with its scheme (RFC 6749 section 5.2)', async () => {
  await notAuthenticated(withHeader(basic(client.clientId, 'wrong')))
})

test('a wrong secret in the body gets no challenge, which libraries would report instead of the error', async () => {
  const reply = await refused(tokenRequest({ ...client, clientSecret: 'wrong' }), 401, 'invalid_client')
  assert.equal(reply.headers['www-authenticate'], undefined)
})

/** Each reason that a pair of id and secret can be wrong. */
const WRONG: Readonly<Record<string, () => Promise<InjectOptions>>> = {
  'an unknown client': async () =>
    tokenRequest({ ...client, clientId: client.clientId.replace(/.{6}$/, 'zzzzzz') }),
  'the secret of another client': async () =>
    tokenRequest({ ...client, clientSecret: (await gateway.aClient()).clientSecret }),
  'a secret whose checksum is wrong': async () =>
    tokenRequest({ ...client, clientSecret: `${client.clientSecret.slice(0, -6)}000000` }),
  'a client_id that no database would take': async () => tokenRequest({ ...client, clientId: '\0\ud800' }),
  'an expired secret': async () => {
    const moment = new Date(gateway.clock.now()).toISOString()
    await databases.sandbox.transaction({ role: 'staff' }, async (tx) => {
      await sql`update client_secrets set expires_at = ${moment} where client_id = ${client.clientId}`.execute(
        tx,
      )
    })
    // Within a second it is known by itself; the clock stands here.
    await gateway.access.refresh()
    return tokenRequest(client)
  },
  'a disabled client': async () => {
    await gateway.change(client.clientId, 'disable')
    await gateway.access.refresh()
    return tokenRequest(client)
  },
}
for (const [reason, request] of Object.entries(WRONG)) {
  test(`invalid_client: ${reason} (RFC 6749 section 5.2)`, async () => {
    const wrong = await request()
    gateway.entries.length = 0
    await refused(wrong, 401, 'invalid_client')
  })
}

test('every wrong pair of id and secret gets the same answer, to the letter', async () => {
  const answers = new Set<string>()
  for (const request of Object.values(WRONG)) {
    const wrong = await request()
    gateway.entries.length = 0
    answers.add((await refused(wrong, 401, 'invalid_client')).body)
  }
  assert.equal(answers.size, 1)
})

// ---- the rest of section 5.2

test('unsupported_grant_type: anything but client_credentials (RFC 6749 section 5.2)', async () => {
  for (const grant_type of ['authorization_code', 'password', 'refresh_token', 'CLIENT_CREDENTIALS']) {
    gateway.entries.length = 0
    await refused(tokenRequest(client, { grant_type }), 400, 'unsupported_grant_type')
  }
})

test('invalid_scope: a scope beyond those of the client (RFC 6749 section 5.2)', async () => {
  const narrow = await gateway.aClient({ scopes: ['pa:read'] })
  gateway.entries.length = 0
  await refused(tokenRequest(narrow, { scope: 'pa:read pa:submit' }), 400, 'invalid_scope')
})

test('invalid_scope: a scope that is unknown (RFC 6749 section 5.2)', async () => {
  await refused(tokenRequest(client, { scope: 'everything' }), 400, 'invalid_scope')
})

test('invalid_scope: a scope that is malformed (RFC 6749 sections 3.3 and 5.2)', async () => {
  for (const scope of ['pa:read  pa:submit', ' pa:read', 'pa:"read"', 'pa:read\n', 'é']) {
    gateway.entries.length = 0
    await refused(tokenRequest(client, { scope }), 400, 'invalid_scope')
  }
})

test('invalid_scope: a scope that the grant no longer has (RFC 6749 section 5.2)', async () => {
  const grant = await gateway.aGrant()
  const { organizationId } = grant
  const own = await gateway.administration.createClient({ organizationId, label: 'x' }, { kind: 'operator' })
  await gateway.aGrant({ ...grant, version: 2, scopes: ['pa:read'] })
  gateway.entries.length = 0
  await refused(tokenRequest(own, { scope: 'pa:submit' }), 400, 'invalid_scope')
  assert.equal((await http.inject(tokenRequest(own))).json().scope, 'pa:read')
})

test('unauthorized_client: the company has no live grant any more (RFC 6749 section 5.2)', async () => {
  const until = (gateway.clock.now() + 1000) as Instant
  const ending = await gateway.aClient({ grant: { until } })
  gateway.clock.advance(1000)
  gateway.entries.length = 0
  await refused(tokenRequest(ending), 400, 'unauthorized_client')
})

test('a fault of ours is 500 and tells nothing', async () => {
  const broken = await aGateway('sandbox', databases.sandbox, {
    recorder: { note: () => Promise.reject(new Error('password of the database')) },
  })
  const reply = await aServer(broken.access).inject(tokenRequest(client))
  assert.equal(reply.statusCode, 500)
  assert.equal(reply.json().error, 'server_error')
  assert.equal(reply.body.includes('password'), false)
})

// ---- the record

test('a token issued is one entry of the record: whose, which token, which scopes', async () => {
  await http.inject(tokenRequest(client, { scope: 'pa:read' }))
  const [entry, another] = gateway.entries
  assert.equal(another, undefined)
  assert.equal(entry?.act, 'token.issue')
  assert.equal(entry?.outcome, 'done')
  assert.match(entry?.on ?? '', /^tok_/)
  assert.equal(entry?.actor.kind === 'client' && entry.actor.clientId, client.clientId)
  assert.deepEqual(entry?.detail, { scope: 'pa:read', lifetimeSeconds: 300 })
})

test('a wrong secret is on record under the client it was tried on, by nobody in particular', async () => {
  await http.inject(tokenRequest({ ...client, clientSecret: 'guess' }))
  assert.equal(gateway.entries[0]?.on, client.clientId)
  assert.equal(gateway.entries[0]?.actor.kind, 'anonymous')
  assert.equal(gateway.entries[0]?.problem, 'access/client-invalid')
})

test('no secret and no token is on the record, even where a secret was sent as the client_id', async () => {
  const { access_token } = (await http.inject(tokenRequest(client))).json()
  await http.inject(tokenRequest({ ...client, clientId: client.clientSecret }))
  await http.inject(withHeader(basic(client.clientSecret, client.clientSecret)))
  await http.inject(withHeader(`Bearer ${access_token}`))
  await http.inject(tokenRequest(client, { scope: client.clientSecret }))
  const record = JSON.stringify(gateway.entries)
  assert.equal(gateway.entries.length, 5)
  assert.equal(record.includes(client.clientSecret), false)
  assert.equal(record.includes(access_token), false)
})

test('the last use of a secret is kept to the minute', async () => {
  const lastUse = async () => {
    const { rows } = await databases.sandbox.transaction({ role: 'staff' }, (tx) =>
      sql<{ at: string | null }>`
        select last_used_at as at from client_secrets where client_id = ${client.clientId}`.execute(tx),
    )
    const at = rows[0]?.at
    return at && Date.parse(at)
  }
  assert.equal(await lastUse(), null)
  const first = gateway.clock.now()
  await http.inject(tokenRequest(client))
  gateway.clock.advance(59_000)
  await http.inject(tokenRequest(client))
  assert.equal(await lastUse(), first)
  gateway.clock.advance(1_000)
  await http.inject(tokenRequest(client))
  assert.equal(await lastUse(), first + 60_000)
})
