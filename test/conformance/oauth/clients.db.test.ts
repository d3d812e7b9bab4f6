import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import type { NewClient } from '../../../src/gateway/administration/index.ts'
import { aClock, aGateway, onLoopback, type TestGateway } from '../../support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'

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
