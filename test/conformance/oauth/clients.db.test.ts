import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import type { NewClient } from '../../../src/gateway/administration/index.ts'
import { aClock, aGateway, onLoopback, type TestGateway } from '../../support/access.ts'
import { aKey, aKeyClient, type TestKey } from '../../support/assertions.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'
import { testTls } from '../../support/https.ts'
import { ask } from '../../support/running-server.ts'

// Clients that others wrote, as judges, over a real socket.
let databases: TestDatabases
let gateway: TestGateway
let served: Awaited<ReturnType<typeof onLoopback>>
let client: NewClient
before(async () => {
  databases = await openTestDatabases()
  served = await onLoopback(async (issuer) => {
    // The judges look at the machine's own clock.
    gateway = await aGateway('sandbox', databases.sandbox, { issuer, clock: aClock(Date.now()) })
    return gateway.access
  })
  client = await gateway.aClient()
})
after(async () => {
  await served.close()
  await databases.close()
})

/** What the libraries insist on being told, when there is no TLS. */
const plainDiscovery: openid.DiscoveryRequestOptions = {
  algorithm: 'oauth2',
  execute: [openid.allowInsecureRequests],
}
const insecure = { [oauth.allowInsecureRequests]: true } as const

async function discover() {
  const issuer = new URL(served.origin)
  const reply = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  return oauth.processDiscoveryResponse(issuer, reply)
}

const WAYS = {
  client_secret_basic: [oauth.ClientSecretBasic, openid.ClientSecretBasic],
  client_secret_post: [oauth.ClientSecretPost, openid.ClientSecretPost],
} as const

test('oauth4webapi reads the metadata of the authorization server (RFC 8414 section 3)', async () => {
  const metadata = await discover()
  assert.equal(metadata.issuer, served.origin)
  assert.equal(metadata.token_endpoint, `${served.origin}/oauth2/token`)
  assert.equal(metadata.jwks_uri, `${served.origin}/oauth2/jwks`)
  assert.deepEqual(metadata.grant_types_supported, ['client_credentials'])
  assert.deepEqual(metadata.token_endpoint_auth_methods_supported, [...Object.keys(WAYS), 'private_key_jwt'])
  const algorithms = metadata.token_endpoint_auth_signing_alg_values_supported
  assert.deepEqual(algorithms, ['RS384', 'ES384', 'ES256', 'RS256'])
})

test('oauth4webapi reads the metadata of the protected resource, which leads to its server (RFC 9728 section 3)', async () => {
  const resource = new URL(served.origin)
  const reply = await oauth.resourceDiscoveryRequest(resource, insecure)
  const metadata = await oauth.processResourceDiscoveryResponse(resource, reply)
  assert.deepEqual(metadata.authorization_servers, [served.origin])
  assert.deepEqual(metadata.bearer_methods_supported, ['header'])
})

for (const [name, [forOauth, forOpenid]] of Object.entries(WAYS)) {
  test(`oauth4webapi gets a token by ${name} and validates it (RFC 9068 section 4)`, async () => {
    const server = await discover()
    const known = { client_id: client.clientId }
    const reply = await oauth.clientCredentialsGrantRequest(
      server,
      known,
      forOauth(client.clientSecret),
      new URLSearchParams({ scope: 'pa:read' }),
      insecure,
    )
    const answer = await oauth.processClientCredentialsResponse(server, known, reply)
    assert.equal(answer.expires_in, 300)
    const request = new Request(`${served.origin}/api/cases`, {
      headers: { authorization: `Bearer ${answer.access_token}` },
    })
    const claims = await oauth.validateJwtAccessToken(server, request, served.origin, insecure)
    assert.equal(claims.client_id, client.clientId)
    assert.equal(claims.scope, 'pa:read')
  })

  test(`openid-client discovers, gets a token by ${name}, and calls the API with it`, async () => {
    const config = await openid.discovery(
      new URL(served.origin),
      client.clientId,
      undefined,
      forOpenid(client.clientSecret),
      { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] },
    )
    const answer = await openid.clientCredentialsGrant(config, { scope: 'pa:read' })
    const reply = await openid.fetchProtectedResource(
      config,
      answer.access_token,
      new URL(`${served.origin}/api/cases`),
      'GET',
    )
    assert.equal(((await reply.json()) as { clientId: string }).clientId, client.clientId)
  })
}

test('openid-client understands the refusal of a wrong secret (RFC 6749 section 5.2)', async () => {
  const config = await openid.discovery(
    new URL(served.origin),
    client.clientId,
    'css_test_wrong',
    undefined,
    {
      algorithm: 'oauth2',
      execute: [openid.allowInsecureRequests],
    },
  )
  await assert.rejects(openid.clientCredentialsGrant(config), (error: unknown) => {
    assert.ok(error instanceof openid.ResponseBodyError)
    assert.equal(error.error, 'invalid_client')
    assert.equal(error.status, 401)
    return true
  })
})

test('oauth4webapi reads the challenge of the API (RFC 6750 section 3)', async () => {
  const reply = await oauth
    .protectedResourceRequest(
      'not-a-token',
      'GET',
      new URL(`${served.origin}/api/cases`),
      undefined,
      undefined,
      insecure,
    )
    .then(
      () => undefined,
      (error: unknown) => error,
    )
  assert.ok(reply instanceof oauth.WWWAuthenticateChallengeError)
  assert.equal(reply.cause[0]?.scheme, 'bearer')
  assert.equal(reply.cause[0]?.parameters.error, 'invalid_token')
})

test('jose verifies a token by the published keys alone, whose ids are their thumbprints (RFC 7638)', async () => {
  const reply = await fetch(`${served.origin}/oauth2/jwks`)
  assert.equal(reply.headers.get('cache-control'), 'public, max-age=300')
  const published = (await reply.json()) as jose.JSONWebKeySet
  for (const key of published.keys) {
    assert.equal(key.kid, await jose.calculateJwkThumbprint(key))
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  }
  const token = await gateway.aToken(client)
  const { payload } = await jose.jwtVerify(token, jose.createLocalJWKSet(published), {
    issuer: served.origin,
    audience: served.origin,
    typ: 'at+jwt',
  })
  assert.equal(payload.sub, client.clientId)
})

// ---- by key pair, and what becomes of tokens

/** The way of a client of keys to prove itself, to either library. */
async function aClientOfKeys(alg: string, of = gateway) {
  const key = await aKey(alg)
  const { clientId } = await aKeyClient(of, key)
  return { clientId, key }
}
const forOauth = ({ privateKey, kid }: TestKey) =>
  oauth.PrivateKeyJwt({ key: privateKey as jose.CryptoKey, kid })
const forOpenid = ({ privateKey, kid }: TestKey) =>
  openid.PrivateKeyJwt({ key: privateKey as jose.CryptoKey, kid })

for (const alg of ['ES384', 'ES256', 'RS384', 'RS256']) {
  test(`oauth4webapi gets a token by private_key_jwt of ${alg} (RFC 7523 section 2.2)`, async () => {
    const server = await discover()
    const { clientId, key } = await aClientOfKeys(alg)
    const known = { client_id: clientId }
    const parameters = new URLSearchParams({ scope: 'pa:read' })
    const proof = forOauth(key)
    const reply = await oauth.clientCredentialsGrantRequest(server, known, proof, parameters, insecure)
    assert.equal((await oauth.processClientCredentialsResponse(server, known, reply)).scope, 'pa:read')
  })

  test(`openid-client gets a token by private_key_jwt of ${alg}, and calls the API with it`, async () => {
    const { clientId, key } = await aClientOfKeys(alg)
    const config = await openid.discovery(
      new URL(served.origin),
      clientId,
      undefined,
      forOpenid(key),
      plainDiscovery,
    )
    const { access_token: token } = await openid.clientCredentialsGrant(config)
    const reply = await openid.fetchProtectedResource(
      config,
      token,
      new URL(`${served.origin}/api/cases`),
      'GET',
    )
    assert.equal(((await reply.json()) as { clientId: string }).clientId, clientId)
  })
}

test('openid-client understands the refusal of a foreign key (RFC 7521 section 4.2.1)', async () => {
  const { clientId, key } = await aClientOfKeys('ES384')
  const foreign = { ...(await aKey('ES384')), kid: key.kid }
  const config = await openid.discovery(
    new URL(served.origin),
    clientId,
    undefined,
    forOpenid(foreign),
    plainDiscovery,
  )
  await assert.rejects(openid.clientCredentialsGrant(config), isInvalidClient)
})

test('openid-client introspects a token, revokes it, and finds it inactive (RFC 7009, RFC 7662)', async () => {
  for (const proof of [openid.ClientSecretBasic, openid.ClientSecretPost]) {
    const config = await openid.discovery(
      new URL(served.origin),
      client.clientId,
      undefined,
      proof(client.clientSecret),
      plainDiscovery,
    )
    const { access_token: token } = await openid.clientCredentialsGrant(config, { scope: 'pa:read' })
    const before = await openid.tokenIntrospection(config, token)
    assert.deepEqual([before.active, before.client_id, before.scope], [true, client.clientId, 'pa:read'])
    await openid.tokenRevocation(config, token)
    assert.deepEqual(await openid.tokenIntrospection(config, token), { active: false })
  }
})

test('oauth4webapi introspects a token, revokes it, and finds it inactive (RFC 7009, RFC 7662)', async () => {
  const server = await discover()
  const known = { client_id: client.clientId }
  const proof = oauth.ClientSecretBasic(client.clientSecret)
  const token = await gateway.aToken(client)
  const introspect = async () =>
    oauth.processIntrospectionResponse(
      server,
      known,
      await oauth.introspectionRequest(server, known, proof, token, insecure),
    )
  assert.equal((await introspect()).iss, served.origin)
  const reply = await oauth.revocationRequest(server, known, proof, token, insecure)
  assert.equal(await oauth.processRevocationResponse(reply), undefined)
  assert.deepEqual(await introspect(), { active: false })
})

test('oauth4webapi understands that a token of nobody is nothing to end (RFC 7009 section 2.2)', async () => {
  const server = await discover()
  const proof = oauth.ClientSecretPost(client.clientSecret)
  const known = { client_id: client.clientId }
  const reply = await oauth.revocationRequest(server, known, proof, 'not-a-token', insecure)
  assert.equal(await oauth.processRevocationResponse(reply), undefined)
})

test('openid-client understands that a stranger may not revoke (RFC 7009 section 2.1)', async () => {
  const config = await openid.discovery(
    new URL(served.origin),
    client.clientId,
    'css_test_wrong',
    undefined,
    plainDiscovery,
  )
  await assert.rejects(openid.tokenRevocation(config, await gateway.aToken(client)), isInvalidClient)
})

function isInvalidClient(error: unknown): boolean {
  assert.ok(error instanceof openid.ResponseBodyError)
  assert.equal(error.error, 'invalid_client')
  assert.equal(error.status, 401)
  return true
}

// ---- over TLS, with nothing allowed that is not

test('openid-client goes from discovery to a revoked token over TLS, trusting the local authority alone', async () => {
  const { tls, ca } = await testTls()
  let own: TestGateway | undefined
  const secure = await onLoopback(async (issuer) => {
    own = await aGateway('sandbox', databases.sandbox, { issuer, clock: aClock(Date.now()) })
    return own.access
  }, tls)
  try {
    const { clientId, key } = await aClientOfKeys('ES384', own)
    const config = await openid.discovery(new URL(secure.origin), clientId, undefined, forOpenid(key), {
      algorithm: 'oauth2',
      [openid.customFetch]: trusting(ca),
    })
    const { access_token: token } = await openid.clientCredentialsGrant(config, { scope: 'pa:read' })
    const call = () =>
      openid.fetchProtectedResource(config, token, new URL(`${secure.origin}/api/cases`), 'GET')
    assert.equal((await call()).status, 200)
    assert.equal((await openid.tokenIntrospection(config, token)).client_id, clientId)
    await openid.tokenRevocation(config, token)
    await assert.rejects(call(), openid.WWWAuthenticateChallengeError)
  } finally {
    await secure.close()
  }
})

/** A `fetch` that trusts one authority and no other. */
function trusting(ca: string): openid.CustomFetch {
  return async (url, { method, headers, body }) => {
    const sent = body === null || body === undefined ? undefined : String(body)
    const reply = await ask(ca, url, {
      method: method as 'GET' | 'POST',
      headers,
      ...(sent === undefined ? {} : { body: sent }),
    })
    const received = Object.entries(reply.headers).map(([name, value]) => [name, String(value)] as const)
    return new Response(reply.text, { status: reply.status, headers: received as [string, string][] })
  }
}
