import assert from 'node:assert/strict'
import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { NewClient } from '../../../src/gateway/administration/index.ts'
import { openSigningKeys } from '../../../src/gateway/signing-keys/index.ts'
import { aGateway, aServer, formRequest, type TestGateway, tokenRequest } from '../../support/access.ts'
import { aKey, aKeyClient, assertionRequest, claimsOf, sign } from '../../support/assertions.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'

// Tokens that we did not issue, presented to the API. What the verifier alone must refuse, one fact at a time, is in
// src/gateway/access/access-token.test.ts; here is what attackers have sent elsewhere, from the door to the record.

/** What a forger can have: all that is public, one true token, keys of their own; and what only we have, for comparison. */
interface Workshop {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly token: string
  readonly published: JsonWebKey & { readonly kid: string }
  readonly foreign: KeyObject
  readonly foreignJwk: JsonWebKey
  /** Our own private key. With it, only what is wrong beside the signature is judged. */
  readonly ours: KeyObject
  readonly productionKey: KeyObject
  readonly productionKid: string
}

let databases: TestDatabases
let gateway: TestGateway
let http: FastifyInstance
let client: NewClient
let shop: Workshop
before(async () => {
  databases = await openTestDatabases()
  gateway = await aGateway('sandbox', databases.sandbox)
  const production = await aGateway('production', databases.production)
  http = aServer(gateway.access)
  client = await gateway.aClient()
  const token = await gateway.aToken(client)
  const [header = {}, claims = {}] = token.split('.').map(read)
  const { keys } = (await http.inject('/oauth2/jwks')).json()
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const productionKeys = await openSigningKeys(production.deps)
  shop = {
    header,
    claims,
    token,
    published: keys[0],
    foreign: foreign.privateKey,
    foreignJwk: foreign.publicKey.export({ format: 'jwk' }),
    ours: (await openSigningKeys(gateway.deps)).current.privateKey,
    productionKey: productionKeys.current.privateKey,
    productionKid: productionKeys.current.kid,
  }
})
after(() => databases.close())

function read(part: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return {}
  }
}
const part = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const es256 = (text: string, key: KeyObject) =>
  signBytes('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')

/** A token of any header and any claims, signed with ES256; a header may be given as text. */
function signed(key: KeyObject, header: object | string, claims: object | string = shop.claims): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${es256(text, key)}`
}
const withHeader = (more: object) => ({ ...shop.header, ...more })
const withClaims = (more: object) => ({ ...shop.claims, ...more })
/** A text of 64 bytes, so that no length gives a forgery away. */
const BLANK_SIGNATURE = Buffer.alloc(64).toString('base64url')

/** An HMAC keyed with something that everybody knows, cut or filled to the length of a signature of ours. */
function hmacToken(key: string | Buffer, alg = 'HS256'): string {
  const text = `${part(withHeader({ alg }))}.${part(shop.claims)}`
  const hash = alg.replace('HS', 'sha')
  const mac = createHmac(hash, key).update(text).digest()
  return `${text}.${Buffer.concat([mac, Buffer.alloc(64)], Math.max(64, mac.length)).toString('base64url')}`
}
const publicKey = () => createPublicKey({ key: shop.published, format: 'jwk' })
const publicPem = () => publicKey().export({ type: 'spki', format: 'pem' })
const publicDer = () => publicKey().export({ type: 'spki', format: 'der' })

const unsigned = (alg: string, signature: string) => () =>
  `${part(withHeader({ alg }))}.${part(shop.claims)}.${signature}`
/** A foreign key whose token says where to find its public half, or brings it. */
const pointing = (header: () => object) => () => signed(shop.foreign, withHeader(header()))

/** n of P-256. @see SEC 2 section 2.4.2 */
const ORDER_OF_P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const FORGED: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(
    ['none', 'None', 'NONE', 'nOnE', 'none ', '', 'null'].flatMap((alg) => [
      [`alg "${alg}", without a signature`, unsigned(alg, '')],
      [`alg "${alg}", with a blank signature`, unsigned(alg, BLANK_SIGNATURE)],
    ]),
  ),
  'alg none, under the signature of a true token': () =>
    `${part(withHeader({ alg: 'none' }))}.${shop.token.split('.').slice(1).join('.')}`,
  'no alg': () => signed(shop.ours, { typ: 'at+jwt', kid: shop.published.kid }),
  'alg in a list': () => signed(shop.ours, withHeader({ alg: ['ES256'] })),
  'alg in other case, by our own key': () => signed(shop.ours, withHeader({ alg: 'es256' })),
  'another alg than was used, by our own key': () => signed(shop.ours, withHeader({ alg: 'ES384' })),
  'a blank signature of ES256': unsigned('ES256', BLANK_SIGNATURE),
  'r and s of the order of the curve': unsigned(
    'ES256',
    Buffer.concat([bytesOf(ORDER_OF_P256), bytesOf(ORDER_OF_P256)]).toString('base64url'),
  ),
  'a signature in DER': () => {
    const text = `${part(shop.header)}.${part(shop.claims)}`
    return `${text}.${signBytes('sha256', Buffer.from(text), shop.ours).toString('base64url')}`
  },
  'HS256, keyed with our public key as PEM': () => hmacToken(publicPem()),
  'HS256, keyed with our public key as PEM without the last line feed': () =>
    hmacToken(String(publicPem()).trimEnd()),
  'HS256, keyed with our public key as DER': () => hmacToken(publicDer()),
  'HS256, keyed with our public key as JWK': () => hmacToken(JSON.stringify(shop.published)),
  'HS384, keyed with our public key as PEM': () => hmacToken(publicPem(), 'HS384'),
  'HS512, keyed with our public key as PEM': () => hmacToken(publicPem(), 'HS512'),
  'HS512, keyed with our public key as DER': () => hmacToken(publicDer(), 'HS512'),
  'HS256, keyed with nothing': () => hmacToken(''),
  'a foreign key under our kid': () => signed(shop.foreign, shop.header),
  'a foreign key under a kid that walks up the folders': pointing(() => ({ kid: '../../../../dev/null' })),
  'an HMAC keyed with an empty file, under a kid that walks up the folders': () => {
    const text = `${part(withHeader({ alg: 'HS512', kid: '../../../dev/null' }))}.${part(shop.claims)}`
    return `${text}.${createHmac('sha512', '').update(text).digest('base64url')}`
  },
  'a foreign key under a kid with SQL in it': pointing(() => ({ kid: "x' union select 'key' --" })),
  'a foreign key under a kid with a command in it': pointing(() => ({ kid: 'key.pem; sleep 10' })),
  'a foreign key under a kid that is a URL': pointing(() => ({ kid: 'https://attacker.example/key' })),
  'a foreign key under a kid of prototype fame': pointing(() => ({ kid: '__proto__' })),
  'a foreign key under a kid with NUL after ours': pointing(() => ({ kid: `${shop.published.kid}\0` })),
  'a foreign key under a list of our kid': pointing(() => ({ kid: [shop.published.kid] })),
  'a foreign key, brought along as jwk': pointing(() => ({ jwk: shop.foreignJwk })),
  'a foreign key, brought along as jwk under our kid': pointing(() => ({
    jwk: { ...shop.foreignJwk, kid: shop.published.kid, alg: 'ES256', use: 'sig' },
  })),
  'a foreign key, pointed to by jku': pointing(() => ({ jku: 'https://attacker.example/jwks' })),
  'a foreign key, pointed to by a jku that begins like ours': pointing(() => ({
    jku: `${shop.claims.iss}@attacker.example/oauth2/jwks`,
  })),
  'a foreign key, pointed to by x5u': pointing(() => ({ x5u: 'https://attacker.example/chain.pem' })),
  'a foreign key, brought along as x5c': pointing(() => ({ x5c: [publicDer().toString('base64')] })),
  'a foreign key, under the thumbprint of a certificate': pointing(() => ({ 'x5t#S256': 'A'.repeat(43) })),
  'the key of the other environment, under our kid': () => signed(shop.productionKey, shop.header),
  'the key of the other environment, under its own kid': () =>
    signed(shop.productionKey, withHeader({ kid: shop.productionKid })),
  'crit of something unknown, by our own key': () =>
    signed(shop.ours, withHeader({ crit: ['colour'], colour: 'blue' })),
  'an empty crit, by our own key': () => signed(shop.ours, withHeader({ crit: [] })),
  'b64 false that crit names, by our own key': () =>
    signed(shop.ours, withHeader({ crit: ['b64'], b64: false })),
  'b64 false and a payload as it is, by our own key': () => {
    const [header, payload] = [part(withHeader({ crit: ['b64'], b64: false })), JSON.stringify(shop.claims)]
    return `${header}.${payload}.${es256(`${header}.${payload}`, shop.ours)}`
  },
  'typ JWT, by our own key': () => signed(shop.ours, withHeader({ typ: 'JWT' })),
  'no typ, by our own key': () => signed(shop.ours, withHeader({ typ: undefined })),
  'typ client-authentication+jwt, by our own key': () =>
    signed(shop.ours, withHeader({ typ: 'client-authentication+jwt' })),
  'alg twice, none last, by our own key': () =>
    signed(shop.ours, headerText(`"alg":"ES256","typ":"at+jwt","kid":"${shop.published.kid}","alg":"none"`)),
  'kid twice, ours last, by a foreign key': () =>
    signed(shop.foreign, headerText(`"alg":"ES256","typ":"at+jwt","kid":"x","kid":"${shop.published.kid}"`)),
  'iss twice, a foreign one last, by our own key': () =>
    signed(shop.ours, shop.header, JSON.stringify(shop.claims).replace(/}$/, ',"iss":"https://x.example"}')),
  'a list of audiences, by our own key': () =>
    signed(shop.ours, shop.header, withClaims({ aud: [shop.claims.aud, 'https://x.example'] })),
  'another client than its subject, by our own key': () =>
    signed(shop.ours, shop.header, withClaims({ sub: 'cs_test_0000000000000000000000' })),
  'no end, by our own key': () => signed(shop.ours, shop.header, withClaims({ exp: undefined })),
  'an end that is text, by our own key': () =>
    signed(shop.ours, shop.header, withClaims({ exp: String(shop.claims.exp) })),
  'a beginning in the future, by our own key': () =>
    signed(shop.ours, shop.header, withClaims({ nbf: Number(shop.claims.iat) + 3600 })),
  'claims that are a list, by our own key': () => signed(shop.ours, shop.header, [shop.claims]),
  'a header that is a list, by our own key': () => signed(shop.ours, [shop.header]),
  'more scope than was given': () =>
    swapped(1, part(withClaims({ scope: 'pa:submit pa:inquire pa:read admin' }))),
  'a later end than was given': () => swapped(1, part(withClaims({ exp: Number(shop.claims.exp) + 3600 }))),
  'another company than was given': () => swapped(1, part(withClaims({ org: 'org_somebody' }))),
  'the JSON serialization': () =>
    JSON.stringify({
      protected: shop.token.split('.')[0],
      payload: shop.token.split('.')[1],
      signature: shop.token.split('.')[2],
    }).replaceAll(' ', ''),
  'five parts, as if encrypted': () => `${shop.token}.AAAA.AAAA`,
  'a part of 10,000 characters': () => `${part(shop.header)}.${'A'.repeat(10_000)}.${BLANK_SIGNATURE}`,
}

/** The true token with one part put in place of its own. */
function swapped(index: number, by: string): string {
  return shop.token
    .split('.')
    .map((own, i) => (i === index ? by : own))
    .join('.')
}
const headerText = (members: string) => `{${members}}`

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
}

const present = (token: string) =>
  http.inject({ url: '/api/cases', headers: { authorization: `Bearer ${token}` } })

test('the true token is let in, and so is one that is put together here as it is', async () => {
  assert.equal((await present(shop.token)).statusCode, 200)
  assert.equal((await present(signed(shop.ours, shop.header))).statusCode, 200)
})

const answers = new Set<string>()
for (const [how, forge] of Object.entries(FORGED)) {
  test(`a forged token is refused: ${how}`, async () => {
    const token = forge()
    assert.notEqual(token, shop.token)
    gateway.entries.length = 0
    const reply = await present(token)
    assert.equal(reply.statusCode, 401, reply.body)
    assert.equal(reply.json().code, 'access/token-invalid')
    assert.match(String(reply.headers['www-authenticate']), /^Bearer .*error="invalid_token"/)
    assert.equal(gateway.entries.length, 1, 'one entry of the record')
    assert.equal(gateway.entries[0]?.actor.kind, 'anonymous')
    assert.equal(gateway.entries[0]?.problem, 'access/token-invalid')
    answers.add(reply.body)
  })
}

test('whatever is wrong with a token gets the same answer, to the letter', () => {
  assert.equal(answers.size, 1)
})

test('a member that a header has twice counts by its last, and by no other (RFC 7515 section 4)', async () => {
  const twice = `"alg":"none","typ":"at+jwt","kid":"x","kid":"${shop.published.kid}","alg":"ES256"`
  assert.equal((await present(signed(shop.ours, headerText(twice)))).statusCode, 200)
})

// ---- a second signature of the same words

/** Where r and s are a signature, so are r and n - s, which anybody can compute. */
function secondSignature(token: string, order: bigint, bytes: number): string {
  const at = token.lastIndexOf('.')
  const signature = Buffer.from(token.slice(at + 1), 'base64url')
  const s = order - BigInt(`0x${signature.subarray(bytes).toString('hex')}`)
  const other = Buffer.from(s.toString(16).padStart(bytes * 2, '0'), 'hex')
  return `${token.slice(0, at)}.${Buffer.concat([signature.subarray(0, bytes), other]).toString('base64url')}`
}

// ECDSA allows it (FIPS 186-5 section 6.4.2), and verifiers of JWTs take it, so it is no forgery: the words are ours. What
// has to hold is that nothing here knows a token by its signature.
test('a token under its second signature is the same token: it opens as much, and ends with it', async () => {
  const token = await gateway.aToken(client, 'pa:read')
  const twin = secondSignature(token, ORDER_OF_P256, 32)
  assert.notEqual(twin, token)
  assert.equal((await present(twin)).body, (await present(token)).body)
  const { clientId: client_id, clientSecret: client_secret } = client
  const ended = await http.inject(formRequest('/oauth2/revoke', { token: twin, client_id, client_secret }))
  assert.equal(ended.statusCode, 200)
  for (const each of [token, twin]) assert.equal((await present(each)).statusCode, 401)
})

test('an assertion under its second signature is the same assertion, and is good once', async () => {
  const order =
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n
  const key = await aKey('ES384')
  const { clientId } = await aKeyClient(gateway, key)
  const assertion = await sign(claimsOf(gateway, clientId), key)
  assert.equal((await http.inject(assertionRequest(assertion))).statusCode, 200)
  const twin = secondSignature(assertion, order, 48)
  gateway.entries.length = 0
  assert.equal((await http.inject(assertionRequest(twin))).statusCode, 401)
  assert.deepEqual(gateway.entries[0]?.detail, { reason: 'replayed' })
})

test('an assertion is no access token, and an access token no assertion', async () => {
  const key = await aKey('ES256')
  const { clientId } = await aKeyClient(gateway, key)
  const assertion = await sign(claimsOf(gateway, clientId), key)
  assert.equal((await present(assertion)).statusCode, 401)
  assert.equal((await http.inject(assertionRequest(shop.token))).json().error, 'invalid_client')
})

test('a token that has ended is refused, and told apart from a forged one for its own client', async () => {
  const ended = await gateway.aToken(client)
  gateway.clock.advance(301_000)
  assert.equal((await present(ended)).json().code, 'access/token-expired')
  assert.equal((await http.inject(tokenRequest(client))).statusCode, 200)
})
