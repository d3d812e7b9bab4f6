import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import fc from 'fast-check'
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import { sql } from 'kysely'
import type { NewKeyClient } from '../../../src/gateway/administration/index.ts'
import { pruneAssertions } from '../../../src/gateway/clients/index.ts'
import type { OrganizationId } from '../../../src/kernel/ids.ts'
import { aGateway, aServer, ISSUERS, type TestGateway, tokenRequest } from '../../support/access.ts'
import { aKey, aKeyClient, assertionRequest, claimsOf, sign, type TestKey } from '../../support/assertions.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'

let databases: TestDatabases
let gateway: TestGateway
let http: FastifyInstance
let key: TestKey
let client: NewKeyClient
before(async () => {
  databases = await openTestDatabases()
  key = await aKey('ES384')
})
beforeEach(async () => {
  gateway = await aGateway('sandbox', databases.sandbox)
  http = aServer(gateway.access)
  client = await aKeyClient(gateway, key)
  gateway.entries.length = 0
})
after(() => databases.close())

/** An assertion of the client, right but for what is given. */
const anAssertion = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, by = key) =>
  sign(claimsOf(gateway, client.clientId, claims), by, header)

async function accepted(request: InjectOptions) {
  const reply = await http.inject(request)
  assert.equal(reply.statusCode, 200, reply.body)
  return reply
}

/** The one answer to whatever is wrong with an assertion, and the reason on record. */
async function refused(request: InjectOptions, reason: string) {
  gateway.entries.length = 0
  const reply = await http.inject(request)
  assert.equal(reply.statusCode, 401, reply.body)
  assert.equal(reply.json().error, 'invalid_client')
  assert.equal(gateway.entries.length, 1, 'one entry of the record')
  assert.equal(gateway.entries[0]?.outcome, 'refused')
  assert.deepEqual(gateway.entries[0]?.detail, { reason })
  return reply
}
const refusedFor = async (reason: string, claims: Record<string, unknown>) =>
  refused(assertionRequest(await anAssertion(claims)), reason)
const seconds = () => gateway.clock.now() / 1000

/** A refusal with another error than that of an assertion. */
async function refusedAs(error: string, request: InjectOptions) {
  const reply = await http.inject(request)
  assert.equal(reply.json().error, error, reply.body)
  return reply
}

/** The company of the client made last. */
function organizationOf({ entries }: TestGateway): OrganizationId {
  const organizationId = entries.findLast(({ act }) => act === 'client.create')?.organizationId
  assert.ok(organizationId)
  return organizationId
}

/** A server that keeps every line it logs. */
function aLoggedServer({ access }: TestGateway, lines: string[]): FastifyInstance {
  const app = Fastify({
    logger: { level: 'trace', stream: { write: (line: string) => void lines.push(line) } },
  })
  const type = 'application/x-www-form-urlencoded'
  app.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  )
  app.register(access.routes)
  return app
}

for (const alg of ['RS384', 'ES384', 'ES256', 'RS256']) {
  test(`a client gets a token for an assertion signed with ${alg}`, async () => {
    const own = await aKey(alg)
    client = await aKeyClient(gateway, own)
    const reply = await accepted(assertionRequest(await anAssertion({}, {}, own)))
    assert.equal(reply.json().token_type, 'Bearer')
  })
}

// ---- RFC 7521 section 4.2: the request

test('an assertion is sent with its type, and a type with its assertion (RFC 7521 section 4.2)', async () => {
  for (const absent of ['client_assertion', 'client_assertion_type']) {
    const request = assertionRequest(await anAssertion(), { [absent]: '' })
    await refusedAs('invalid_request', request)
  }
})

test('another type of assertion is refused (RFC 7523 section 2.2)', async () => {
  const type = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer'
  await refused(assertionRequest(await anAssertion(), { client_assertion_type: type }), 'unreadable')
})

test('client_id may be left out, and may be sent (RFC 7521 section 4.2)', async () => {
  await accepted(assertionRequest(await anAssertion()))
  await accepted(assertionRequest(await anAssertion(), { client_id: client.clientId }))
})

test('a client_id of another client than the assertion is refused (RFC 7521 section 4.2)', async () => {
  const other = await aKeyClient(gateway, key)
  await refused(assertionRequest(await anAssertion(), { client_id: other.clientId }), 'subject')
})

test('an assertion beside another way of authenticating is refused (RFC 6749 section 2.3)', async () => {
  const request = assertionRequest(await anAssertion(), { client_id: client.clientId, client_secret: 'x' })
  await refusedAs('invalid_request', request)
  const authorization = `Basic ${Buffer.from(`${client.clientId}:x`).toString('base64')}`
  const alone = assertionRequest(await anAssertion())
  await refusedAs('invalid_request', { ...alone, headers: { ...alone.headers, authorization } })
})

test('an assertion in the URL is refused (RFC 6749 section 2.3.1)', async () => {
  const request = assertionRequest('', {})
  await refusedAs('invalid_request', {
    ...request,
    url: `/oauth2/token?client_assertion=${await anAssertion()}`,
  })
})

test('a refused assertion gets no challenge, which libraries would report instead of the error', async () => {
  const reply = await refusedFor('expiry', { exp: 1 })
  assert.equal(reply.headers['www-authenticate'], undefined)
})

// ---- RFC 7523 section 3, item by item

test('an assertion without an issuer is refused (RFC 7523 section 3 item 1)', async () => {
  await refusedFor('subject', { iss: undefined })
})

test('an assertion of another issuer than its client is refused (RFC 7523 section 3 item 1)', async () => {
  await refusedFor('subject', { iss: 'https://idp.example' })
})

test('an assertion without a subject is refused (RFC 7523 section 3 item 2)', async () => {
  await refusedFor('subject', { sub: undefined })
})

test('an assertion about another subject is refused (RFC 7523 section 3 item 2.B)', async () => {
  const other = await aKeyClient(gateway, key)
  await refusedFor('subject', { sub: other.clientId })
})

test('an issuer that is no text is refused (RFC 7519 section 4.1.1)', async () => {
  for (const value of [7, null, ['x'], { id: 'x' }]) await refusedFor('subject', { iss: value, sub: value })
})

test('the audience is the token endpoint or the issuer, as a text or a list of one (RFC 7523 section 3 item 3)', async () => {
  const endpoint = `${ISSUERS.sandbox}/oauth2/token`
  for (const aud of [endpoint, ISSUERS.sandbox, [endpoint], [ISSUERS.sandbox]])
    await accepted(assertionRequest(await anAssertion({ aud })))
})

const AUDIENCES: Readonly<Record<string, unknown>> = {
  'no audience': undefined,
  'an empty audience': '',
  'no audience in a list': [],
  'another server': 'https://idp.example/token',
  'the other environment': `${ISSUERS.production}/oauth2/token`,
  'the same with a slash at the end': `${ISSUERS.sandbox}/`,
  'the same in capitals': ISSUERS.sandbox.toUpperCase(),
  'the same with its port': `${ISSUERS.sandbox}:443/oauth2/token`,
  'a compatible token endpoint': `${ISSUERS.sandbox}/apip/auth/v2/token`,
  'ours among others': [`${ISSUERS.sandbox}/oauth2/token`, 'https://idp.example/token'],
  'both of ours': [`${ISSUERS.sandbox}/oauth2/token`, ISSUERS.sandbox],
  'ours twice': [ISSUERS.sandbox, ISSUERS.sandbox],
  'a list in a list': [[ISSUERS.sandbox]],
  'a number': 5,
  'no value': null,
}
for (const [what, aud] of Object.entries(AUDIENCES))
  test(`an assertion for ${what} is refused (RFC 7523 section 3 item 3, rfc7523bis)`, async () => {
    await refusedFor('audience', { aud })
  })

test('an assertion without an end is refused (RFC 7523 section 3 item 4)', async () => {
  await refusedFor('expiry', { exp: undefined })
})

test('an expired assertion is refused (RFC 7523 section 3 item 4)', async () => {
  await refusedFor('expiry', { exp: seconds() - 1 })
})

test('an assertion has expired at the second of its end (RFC 7519 section 4.1.4)', async () => {
  await accepted(assertionRequest(await anAssertion({ exp: seconds() + 0.001 })))
  await refusedFor('expiry', { exp: seconds() })
})

test('an end more than five minutes ahead, and a minute for the clocks, is refused (SMART App Launch 2.2)', async () => {
  await accepted(assertionRequest(await anAssertion({ exp: seconds() + 360 })))
  await refusedFor('expiry', { exp: seconds() + 360.001 })
})

test('an end that is no number is refused (RFC 7519 section 2, NumericDate)', async () => {
  for (const exp of ['9999999999', '', null, true, [1], {}]) await refusedFor('expiry', { exp })
})

test('an assertion that is not good yet is refused, a minute for the clocks apart (RFC 7523 section 3 item 5)', async () => {
  await accepted(assertionRequest(await anAssertion({ nbf: Math.floor(seconds()) + 60 })))
  await refusedFor('not-yet', { nbf: seconds() + 60.001 })
})

test('a beginning that is no number is refused (RFC 7523 section 3 item 5)', async () => {
  await refusedFor('not-yet', { nbf: '0' })
})

test('an assertion issued in the future is refused, a minute for the clocks apart (RFC 7523 section 3 item 6)', async () => {
  await accepted(assertionRequest(await anAssertion({ iat: seconds() + 60 })))
  await refusedFor('not-yet', { iat: seconds() + 60.001 })
})

test('when an assertion was issued may be left out (RFC 7523 section 3 item 6)', async () => {
  await accepted(assertionRequest(await anAssertion({ iat: undefined })))
})

test('an assertion without an id is refused (SMART App Launch 2.2; optional in RFC 7523 section 3 item 7)', async () => {
  await refusedFor('jti', { jti: undefined })
})

test('an id is a text of 1 to 255 characters (RFC 7523 section 3 item 7)', async () => {
  await accepted(assertionRequest(await anAssertion({ jti: 'j'.repeat(255) })))
  for (const jti of ['', 'j'.repeat(256), 7, null, ['j']]) await refusedFor('jti', { jti })
})

test('an assertion is good once (RFC 7523 section 3 item 7)', async () => {
  const assertion = await anAssertion()
  await accepted(assertionRequest(assertion))
  await refused(assertionRequest(assertion), 'replayed')
})

test('an id is good once, whatever else another assertion says (RFC 7523 section 3 item 7)', async () => {
  await accepted(assertionRequest(await anAssertion({ jti: 'the same' })))
  await refusedFor('replayed', { jti: 'the same', exp: seconds() + 30 })
})

test('two clients may use the same id (RFC 7523 section 3 item 7)', async () => {
  await accepted(assertionRequest(await anAssertion({ jti: 'shared' })))
  client = await aKeyClient(gateway, key)
  await accepted(assertionRequest(await anAssertion({ jti: 'shared' })))
})

test('of one assertion at several nodes at once, exactly one is accepted', async () => {
  const nodes = await Promise.all(
    [1, 2, 3, 4].map(() => aGateway('sandbox', databases.sandbox, { clock: gateway.clock })),
  )
  const servers = nodes.map(({ access }) => aServer(access))
  const assertion = await anAssertion()
  const replies = await Promise.all(servers.map((server) => server.inject(assertionRequest(assertion))))
  assert.deepEqual(replies.map((reply) => reply.statusCode).sort(), [200, 401, 401, 401])
})

test('a forged assertion does not use up the id of a true one', async () => {
  const stranger = await aKey('ES384', key.kid)
  await refused(assertionRequest(await anAssertion({ jti: 'mine' }, {}, stranger)), 'signature')
  await accepted(assertionRequest(await anAssertion({ jti: 'mine' })))
})

test('a spent id is kept until no node could accept it, and then forgotten', async () => {
  const spent = async () => {
    const { rows } = await databases.sandbox.transaction({ role: 'worker' }, (tx) =>
      sql`select from spent_assertions where client_id = ${client.clientId}`.execute(tx),
    )
    return rows.length
  }
  await accepted(assertionRequest(await anAssertion({ exp: seconds() + 120 })))
  gateway.clock.advance(179_999)
  await pruneAssertions(databases.sandbox, gateway.clock.now())
  assert.equal(await spent(), 1)
  gateway.clock.advance(1)
  await pruneAssertions(databases.sandbox, gateway.clock.now())
  assert.equal(await spent(), 0)
})

test('other claims are passed over (RFC 7523 section 3 item 8)', async () => {
  await accepted(
    assertionRequest(await anAssertion({ scope: 'everything', role: ['admin'], client_id: 'x' })),
  )
})

test('an assertion signed with a key that is not the client’s is refused (RFC 7523 section 3 item 9)', async () => {
  const stranger = await aKey('ES384', key.kid)
  await refused(assertionRequest(await anAssertion({}, {}, stranger)), 'signature')
})

test('an assertion signed with the key of another client is refused (RFC 7523 section 3 item 9)', async () => {
  const theirs = await aKey()
  await aKeyClient(gateway, theirs)
  await refused(assertionRequest(await anAssertion({}, {}, theirs)), 'no-key')
})

const UNREADABLE: Readonly<Record<string, (assertion: string) => string>> = {
  'no JWT at all': () => 'x',
  'two parts': (text) => text.slice(0, text.lastIndexOf('.')),
  'four parts': (text) => `${text}.x`,
  'an empty signature': (text) => text.slice(0, text.lastIndexOf('.') + 1),
  'white space around': (text) => ` ${text}`,
  padding: (text) => `${text}=`,
  'a header that is no JSON': (text) => text.replace(/^[^.]+/, 'AAAA'),
  'a header that is a list': (text) => text.replace(/^[^.]+/, Buffer.from('[1]').toString('base64url')),
  'claims that are no JSON': (text) => text.replace(/\.[^.]+\./, '.AAAA.'),
  'claims that are a list': (text) =>
    text.replace(/\.[^.]+\./, `.${Buffer.from('[1]').toString('base64url')}.`),
  'five parts, encrypted': (text) => `${text}.x.y`,
}
for (const [what, spoil] of Object.entries(UNREADABLE))
  test(`an assertion that is not valid in every respect is refused: ${what} (RFC 7523 section 3 item 10)`, async () => {
    await refused(assertionRequest(spoil(await anAssertion())), 'unreadable')
  })

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
// The signatures of the last two leave bits of their last character unused, which decoders ignore.
for (const alg of ['ES384', 'ES256', 'RS384'])
  test(`an assertion of ${alg} with any byte altered is refused (RFC 7523 section 3 items 9 and 10)`, async () => {
    const own = await aKey(alg)
    client = await aKeyClient(gateway, own)
    const assertion = await anAssertion({}, {}, own)
    const isRefused = async (at: number, byte: string) => {
      const altered = assertion.slice(0, at) + byte + assertion.slice(at + 1)
      const { statusCode } = await http.inject(assertionRequest(altered))
      assert.equal(statusCode, 401, `${byte} at ${at} of ${assertion.length}`)
    }
    const places = fc.nat(assertion.length - 1)
    await fc.assert(
      fc.asyncProperty(places, fc.constantFrom(...ALPHABET, ...'+/=.% \u0000'), async (at, byte) => {
        fc.pre(assertion[at] !== byte)
        await isRefused(at, byte)
      }),
      { numRuns: 200 },
    )
    for (const byte of ALPHABET) if (byte !== assertion.at(-1)) await isRefused(assertion.length - 1, byte)
    await accepted(assertionRequest(assertion))
  })

// ---- algorithms and headers: RFC 8725

/** An assertion with a header as it likes, and a signature that somebody makes of it. */
async function forged(header: object, signed: (input: string) => Buffer) {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part(header)}.${part(claimsOf(gateway, client.clientId))}`
  return assertionRequest(`${input}.${signed(input).toString('base64url')}`)
}

test('an assertion that says it is not signed is refused (RFC 8725 section 3.2)', async () => {
  for (const alg of ['none', 'None', 'NONE', '']) {
    await refused(await forged({ alg, typ: 'JWT' }, () => Buffer.from('x')), 'algorithm')
    await refused(await forged({ alg, typ: 'JWT' }, () => Buffer.alloc(0)), 'unreadable')
  }
})

test('a public key used as a shared secret is refused (RFC 8725 section 2.1)', async () => {
  for (const [alg, hash] of [
    ['HS256', 'sha256'],
    ['HS384', 'sha384'],
  ] as const)
    for (const secret of [JSON.stringify(key.jwk), String(key.jwk.x)])
      await refused(
        await forged({ alg, kid: key.kid }, (input) => createHmac(hash, secret).update(input).digest()),
        'algorithm',
      )
})

test('an algorithm that is not offered is refused (RFC 8725 section 3.2)', async () => {
  for (const alg of ['PS384', 'RS512', 'ES512']) {
    const own = await aKey(alg)
    await refused(assertionRequest(await anAssertion({}, {}, own)), 'algorithm')
  }
})

test('an algorithm that does not fit the key is refused (RFC 8725 section 3.1)', async () => {
  for (const alg of ['ES256', 'RS384', 'RS256'])
    await refused(await forged({ alg, kid: key.kid }, () => Buffer.alloc(256, 1)), 'no-key')
})

test('a key that names its algorithm is good for no other (RFC 7517 section 4.4)', async () => {
  const own = await aKey('RS256')
  client = await aKeyClient(gateway, { ...own, jwk: { ...own.jwk, alg: 'RS384' } })
  await refused(assertionRequest(await anAssertion({}, {}, own)), 'no-key')
})

test('a key is looked up by its id among those of the client (RFC 7515 section 4.1.4)', async () => {
  const [first, second] = [await aKey(), await aKey()]
  client = await aKeyClient(gateway, first, second)
  await accepted(assertionRequest(await anAssertion({}, {}, first)))
  await accepted(assertionRequest(await anAssertion({}, {}, second)))
  await refused(assertionRequest(await anAssertion({}, { kid: first.kid }, second)), 'signature')
  await refused(assertionRequest(await anAssertion({}, { kid: '../../etc/passwd' }, first)), 'no-key')
  await refused(assertionRequest(await anAssertion({}, { kid: "x' or 1=1 --" }, first)), 'no-key')
})

test('without an id of a key, the client has one that fits, or is refused (RFC 7515 section 4.1.4)', async () => {
  const [first, second, other] = [await aKey(), await aKey(), await aKey('ES256')]
  client = await aKeyClient(gateway, first, other)
  await accepted(assertionRequest(await anAssertion({}, { kid: undefined }, first)))
  client = await aKeyClient(gateway, first, second)
  await refused(assertionRequest(await anAssertion({}, { kid: undefined }, first)), 'no-key')
})

test('a key that an assertion brings or points to is not used, and nothing is fetched (RFC 8725 section 3.10)', async () => {
  const stranger = await aKey('ES384', 'stranger')
  const url = 'https://attacker.example/keys'
  for (const header of [{ jwk: stranger.jwk }, { jku: url }, { x5u: url }, { x5c: ['MIIB'] }])
    await refused(assertionRequest(await anAssertion({}, header, stranger)), 'no-key')
  await accepted(assertionRequest(await anAssertion({}, { jwk: stranger.jwk, jku: url })))
})

test('an extension that must be understood is refused (RFC 7515 section 4.1.11)', async () => {
  const header = { alg: 'ES384', kid: key.kid, crit: ['b64'], b64: true }
  await refused(await forged(header, () => Buffer.alloc(96, 1)), 'header')
})

test('an assertion may say that it is one, and not that it is another kind of token (RFC 8725 section 3.11)', async () => {
  for (const typ of [
    undefined,
    'JWT',
    'jwt',
    'client-authentication+jwt',
    'application/client-authentication+jwt',
  ])
    await accepted(assertionRequest(await anAssertion({}, { typ })))
  for (const typ of ['at+jwt', 'dpop+jwt', 'secevent+jwt', '', 7])
    await refused(assertionRequest(await anAssertion({}, { typ })), 'header')
})

// ---- which client

test('a client that does not exist is refused', async () => {
  const clientId = client.clientId.replace(/.{6}$/, 'zzzzzz')
  await refusedFor('no-key', { iss: clientId, sub: clientId })
})

test('a client that no database would take is refused', async () => {
  for (const name of ['\u0000', '', 'https://idp.example'])
    await refusedFor('no-key', { iss: name, sub: name })
})

test('a client that has a secret and no keys is refused', async () => {
  const { clientId } = await gateway.aClient()
  await refusedFor('no-key', { iss: clientId, sub: clientId })
})

test('a client that was disabled is refused, and only after it has proved itself', async () => {
  await gateway.change(client.clientId, 'disable')
  await refusedFor('disabled', {})
})

test('a client of the other environment is told so', async () => {
  const clientId = client.clientId.replace('cs_test_', 'cs_live_')
  const request = assertionRequest(await anAssertion({ iss: clientId, sub: clientId }))
  const reply = await refusedAs('invalid_client', request)
  assert.match(reply.json().error_description, /production credential/)
})

test('a client of keys cannot prove itself by a secret', async () => {
  const other = await gateway.aClient()
  await refusedAs('invalid_client', tokenRequest({ ...other, clientId: client.clientId }))
})

test('whatever is wrong with an assertion gets the same answer, to the letter', async () => {
  const stranger = await aKey('ES384', key.kid)
  const unknown = client.clientId.replace(/.{6}$/, 'zzzzzz')
  const spent = assertionRequest(await anAssertion())
  await accepted(spent)
  const requests = [
    spent,
    assertionRequest('x'),
    assertionRequest(await anAssertion({}, {}, stranger)),
    assertionRequest(await anAssertion({}, { kid: 'unknown' })),
    assertionRequest(await anAssertion({ iss: unknown, sub: unknown })),
    assertionRequest(await anAssertion({ aud: 'https://idp.example' })),
    assertionRequest(await anAssertion({ exp: 1 })),
    assertionRequest(await anAssertion({ jti: '' })),
    assertionRequest(await anAssertion({}, { typ: 'at+jwt' })),
  ]
  const answers = new Set<string>()
  for (const request of requests) {
    const reply = await http.inject(request)
    answers.add(`${reply.statusCode} ${reply.body}`)
  }
  assert.equal(answers.size, 1)
})

// ---- the record

test('a token issued for an assertion is one entry of the record, of the client that proved itself', async () => {
  await accepted(assertionRequest(await anAssertion()))
  const [entry, another] = gateway.entries
  assert.equal(another, undefined)
  assert.equal(entry?.outcome, 'done')
  assert.equal(entry?.actor.kind === 'client' && entry.actor.clientId, client.clientId)
})

test('a refused assertion is on record under the client that it claims, by nobody in particular', async () => {
  await refusedFor('expiry', { exp: 1 })
  assert.equal(gateway.entries[0]?.on, client.clientId)
  assert.equal(gateway.entries[0]?.actor.kind, 'anonymous')
})

test('no assertion is on the record or in a log, at any level', async () => {
  const lines: string[] = []
  const logged = aLoggedServer(gateway, lines)
  const assertions = [await anAssertion(), await anAssertion({ exp: 1 }), await anAssertion({ jti: '' })]
  for (const assertion of [...assertions, ...assertions]) await logged.inject(assertionRequest(assertion))
  await logged.inject({ ...assertionRequest(assertions[0] ?? ''), method: 'PUT' })
  const written = lines.join('') + JSON.stringify(gateway.entries)
  assert.ok(lines.length > 0)
  for (const assertion of assertions)
    for (const part of assertion.split('.').slice(1)) assert.equal(written.includes(part), false)
})

test('the last use of a key is kept: its name, and when, to the minute', async () => {
  const [first, second] = [await aKey(), await aKey()]
  client = await aKeyClient(gateway, first, second)
  const lastUse = async () => {
    const clients = await gateway.administration.clients(organizationOf(gateway))
    const { lastUsedAt, lastUsedKid } = clients[0]?.keys ?? {}
    return [lastUsedAt, lastUsedKid]
  }
  const begun = gateway.clock.now()
  assert.deepEqual(await lastUse(), [undefined, undefined])
  await accepted(assertionRequest(await anAssertion({}, {}, first)))
  gateway.clock.advance(59_000)
  await accepted(assertionRequest(await anAssertion({}, {}, first)))
  assert.deepEqual(await lastUse(), [begun, first.kid])
  await accepted(assertionRequest(await anAssertion({}, {}, second)))
  assert.deepEqual(await lastUse(), [begun + 59_000, second.kid])
})

// ---- metadata

test('the SMART configuration says how to authenticate, and names no authorization endpoint (SMART App Launch 2.2)', async () => {
  const reply = await http.inject('/fhir/R4/.well-known/smart-configuration')
  assert.equal(reply.statusCode, 200)
  assert.match(String(reply.headers['content-type']), /^application\/json/)
  assert.deepEqual(reply.json(), {
    token_endpoint: `${ISSUERS.sandbox}/oauth2/token`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384', 'ES256', 'RS256'],
    grant_types_supported: ['client_credentials'],
    scopes_supported: ['pa:determine', 'pa:inquire', 'pa:submit', 'pa:admit', 'pa:read'],
    jwks_uri: `${ISSUERS.sandbox}/oauth2/jwks`,
    capabilities: ['client-confidential-asymmetric'],
  })
})
