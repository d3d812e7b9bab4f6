import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { aKey, assertionRequest, claimsOf, sign } from '../../../test/support/assertions.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { type KeysWanted, openAdministration } from './index.ts'

const operator: Actor = { kind: 'operator' }
let databases: TestDatabases
let gateway: TestGateway
before(async () => {
  databases = await openTestDatabases()
})
beforeEach(async () => {
  gateway = await aGateway('sandbox', databases.sandbox)
})
after(() => databases.close())

const stored = (organizationId: OrganizationId) =>
  databases.sandbox.transaction({ role: 'tenant', organization: organizationId }, async (tx) => {
    const { rows } = await sql<{ version: number; scopes: string[] }>`
      select version, scopes from grants`.execute(tx)
    return rows
  })
const refuses = (code: string) => (error: unknown) => error instanceof Problem && error.code === code

test('a grant that is delivered twice is applied once', async () => {
  const grant = await gateway.aGrant()
  await gateway.administration.applyGrant(grant, operator)
  assert.deepEqual(await stored(grant.organizationId), [{ version: 1, scopes: grant.scopes }])
  assert.equal(gateway.entries.filter(({ act }) => act === 'grant.apply').length, 1)
})

test('a version that is applied before changes nothing, though its content be other', async () => {
  const grant = await gateway.aGrant()
  await gateway.administration.applyGrant({ ...grant, scopes: [] }, operator)
  assert.deepEqual(await stored(grant.organizationId), [{ version: 1, scopes: grant.scopes }])
})

test('a higher version takes the place of a lower; a lower that comes late is ignored', async () => {
  const grant = await gateway.aGrant({ version: 3 })
  await gateway.administration.applyGrant({ ...grant, version: 2, scopes: ['pa:read'] }, operator)
  assert.deepEqual(await stored(grant.organizationId), [{ version: 3, scopes: grant.scopes }])
  await gateway.administration.applyGrant({ ...grant, version: 4, scopes: ['pa:read'] }, operator)
  assert.deepEqual(await stored(grant.organizationId), [{ version: 4, scopes: ['pa:read'] }])
})

test('a new client comes with all that its first call needs, and can make it', async () => {
  const { organizationId } = await gateway.aGrant()
  const client = await gateway.administration.createClient(
    { organizationId, label: ' Build server ' },
    operator,
  )
  assert.equal(client.environment, 'sandbox')
  assert.equal(client.label, 'Build server')
  assert.equal(client.tokenUrl, 'https://sandbox.example/oauth2/token')
  assert.equal(client.baseUrl, 'https://sandbox.example')
  assert.deepEqual(client.scopes, ['pa:submit', 'pa:inquire', 'pa:read'])
  assert.equal((await aServer(gateway.access).inject(tokenRequest(client))).statusCode, 200)
})

test('a client can be given fewer scopes than the grant has', async () => {
  const { organizationId } = await gateway.aGrant()
  const request = { organizationId, label: 'Reader', scopes: ['pa:read'] } as const
  assert.deepEqual((await gateway.administration.createClient(request, operator)).scopes, ['pa:read'])
})

test('no client is made without a grant', async () => {
  const request = { organizationId: 'org_nobody', label: 'x' } as const
  await assert.rejects(gateway.administration.createClient(request, operator), refuses('access/no-grant'))
})

test('no client is made before its grant begins, nor from the moment it ends', async () => {
  const now = gateway.clock.now()
  const early = await gateway.aGrant({ from: (now + 1) as Instant })
  const late = await gateway.aGrant({ from: (now - 10) as Instant, until: now })
  for (const { organizationId } of [early, late])
    await assert.rejects(
      gateway.administration.createClient({ organizationId, label: 'x' }, operator),
      refuses('access/no-grant'),
    )
})

test('no client is given a scope that the grant does not have', async () => {
  const { organizationId } = await gateway.aGrant({ scopes: ['pa:read'] })
  for (const scopes of [['pa:read', 'pa:submit'], []] as const)
    await assert.rejects(
      gateway.administration.createClient({ organizationId, label: 'x', scopes: [...scopes] }, operator),
      refuses('access/scope-not-allowed'),
    )
})

test('a client needs a label', async () => {
  const { organizationId } = await gateway.aGrant()
  for (const label of ['', '  ', 'x'.repeat(101)])
    await assert.rejects(
      gateway.administration.createClient({ organizationId, label }, operator),
      refuses('request/invalid'),
    )
})

test('clients are listed for their own company, oldest first, with a hint of the secret and never the secret', async () => {
  const { organizationId } = await gateway.aGrant()
  await gateway.aClient()
  const first = await gateway.administration.createClient({ organizationId, label: 'First' }, operator)
  gateway.clock.advance(1000)
  const second = await gateway.administration.createClient({ organizationId, label: 'Second' }, operator)
  await aServer(gateway.access).inject(tokenRequest(second))
  const clients = await gateway.administration.clients(organizationId)
  assert.deepEqual(clients[1], {
    clientId: second.clientId,
    organizationId,
    label: 'Second',
    scopes: second.scopes,
    createdAt: gateway.clock.now(),
    disabledAt: undefined,
    allowedAddresses: [],
    secretHint: `css_test_…${second.clientSecret.slice(-4)}`,
    lastUsedAt: gateway.clock.now(),
  })
  assert.equal(clients[0]?.clientId, first.clientId)
  assert.equal(clients.length, 2)
})

test('each act is on the record, in the same transaction, without the secret', async () => {
  const { organizationId, id } = await gateway.aGrant()
  const client = await gateway.administration.createClient({ organizationId, label: 'x' }, operator)
  assert.deepEqual(
    gateway.entries.map(({ act, on, outcome, actor }) => [act, on, outcome, actor.kind]),
    [
      ['grant.apply', id, 'done', 'operator'],
      ['client.create', client.clientId, 'done', 'operator'],
    ],
  )
  assert.equal(JSON.stringify(gateway.entries).includes(client.clientSecret), false)
})

test('what cannot be put on the record does not happen', async () => {
  const { organizationId } = await gateway.aGrant()
  const administration = openAdministration({
    ...gateway.deps,
    baseUrl: 'https://sandbox.example',
    refresh: async () => undefined,
    whoSaw: () => Promise.reject(new Error('is not asked')),
    record: () => Promise.reject(new Error('no record')),
  })
  await assert.rejects(administration.createClient({ organizationId, label: 'x' }, operator), /no record/)
  assert.deepEqual(await gateway.administration.clients(organizationId), [])
})

const own = await aKey()
const aKeyRequest = async (keys: KeysWanted = { jwks: { keys: [own.jwk] } }) => {
  const { organizationId } = await gateway.aGrant()
  return { organizationId, label: ' Keys ', keys }
}
const lastEntry = () => gateway.entries.at(-1)

test('a client of keys comes with all that its first call needs, and no secret', async () => {
  const request = await aKeyRequest()
  const client = await gateway.administration.createKeyClient(request, operator)
  assert.deepEqual(Object.keys(client).sort(), [
    'baseUrl',
    'clientId',
    'environment',
    'label',
    'scopes',
    'tokenUrl',
  ])
  assert.equal(client.label, 'Keys')
  assert.equal(lastEntry()?.act, 'client.create')
  assert.equal(lastEntry()?.on, client.clientId)
})

test('a client of keys is listed with the names of its keys, and without a secret', async () => {
  const request = await aKeyRequest()
  await gateway.administration.createKeyClient(request, operator)
  const [listed] = await gateway.administration.clients(request.organizationId)
  assert.equal(listed?.secretHint, undefined)
  assert.deepEqual(listed?.keys, {
    kids: [own.kid],
    jwksUri: undefined,
    lastUsedAt: undefined,
    lastUsedKid: undefined,
  })
})

test('a client whose keys cannot be used is not made', async () => {
  const request = await aKeyRequest({ jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } })
  await assert.rejects(
    gateway.administration.createKeyClient(request, operator),
    (error) => refuses('request/invalid')(error) && (error as Problem).faults[0]?.at === '/keys/0/kty',
  )
  assert.deepEqual(await gateway.administration.clients(request.organizationId), [])
})

test('a company without a live grant gets no client of keys', async () => {
  const request = { ...(await aKeyRequest()), organizationId: 'org_none' as OrganizationId }
  await assert.rejects(gateway.administration.createKeyClient(request, operator), refuses('access/no-grant'))
})

test('keys take the place of those before: from then on the former prove nothing', async () => {
  const request = await aKeyRequest()
  const { organizationId } = request
  const { clientId } = await gateway.administration.createKeyClient(request, operator)
  const next = await aKey()
  const keys = { jwks: { keys: [next.jwk] } }
  await gateway.administration.registerKeys({ organizationId, clientId, keys }, operator)
  assert.equal(lastEntry()?.act, 'client.register-keys')
  const http = aServer(gateway.access)
  const status = async (key: typeof own) =>
    (await http.inject(assertionRequest(await sign(claimsOf(gateway, clientId), key)))).statusCode
  assert.equal(await status(own), 401)
  assert.equal(await status(next), 200)
})

test('a client with a secret may be given keys beside it, and use either', async () => {
  const { organizationId } = await gateway.aGrant()
  const client = await gateway.administration.createClient({ organizationId, label: 'Both' }, operator)
  const { clientId } = client
  const keys = { jwks: { keys: [own.jwk] } }
  await gateway.administration.registerKeys({ organizationId, clientId, keys }, operator)
  const http = aServer(gateway.access)
  const assertion = await sign(claimsOf(gateway, clientId), own)
  assert.equal((await http.inject(assertionRequest(assertion))).statusCode, 200)
  assert.equal((await http.inject(tokenRequest(client))).statusCode, 200)
})

test('keys of a client of another company are not touched', async () => {
  const request = await aKeyRequest()
  const { clientId } = await gateway.administration.createKeyClient(request, operator)
  const { organizationId } = await gateway.aGrant()
  const next = await aKey()
  const keys = { jwks: { keys: [next.jwk] } }
  for (const id of [clientId, 'cs_test_nobody'])
    await assert.rejects(
      gateway.administration.registerKeys({ organizationId, clientId: id, keys }, operator),
      refuses('state/not-found'),
    )
  const [listed] = await gateway.administration.clients(request.organizationId)
  assert.deepEqual(listed?.keys?.kids, [own.kid])
})

test('published keys are fetched from the address that was registered, outside of any transaction', async () => {
  const asked: string[] = []
  const published = await aGateway('sandbox', databases.sandbox, {
    fetcher: {
      fetch: async ({ url }) => {
        asked.push(url)
        // On the embedded engine this would wait for ever for a transaction that is open.
        await databases.sandbox.transaction({ role: 'worker' }, async () => undefined)
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ keys: [own.jwk] })) }
      },
    },
  })
  const { organizationId } = await published.aGrant()
  const keys = { jwksUri: 'https://keys.example/jwks' }
  const request = { organizationId, label: 'Published', keys }
  const { clientId } = await published.administration.createKeyClient(request, operator)
  const http = aServer(published.access)
  const unknown = clientId.replace(/.{6}$/, 'zzzzzz')
  const ask = async (claims: Record<string, unknown> = {}) =>
    (await http.inject(assertionRequest(await sign(claimsOf(published, clientId, claims), own)))).statusCode
  assert.equal(await ask({ exp: 1 }), 401)
  assert.equal(await ask({ aud: 'https://idp.example' }), 401)
  assert.equal(await ask({ iss: unknown, sub: unknown }), 401)
  assert.deepEqual(asked, [], 'nothing is fetched for what is wrong at first sight')
  assert.equal(await ask(), 200)
  assert.equal(await ask(), 200)
  assert.deepEqual(asked, [keys.jwksUri])
})

test('that the address of published keys gave none is on record, and told to nobody', async () => {
  const { organizationId } = await gateway.aGrant()
  const keys = { jwksUri: 'https://keys.example/jwks' }
  const request = { organizationId, label: 'Published', keys }
  const { clientId } = await gateway.administration.createKeyClient(request, operator)
  const assertion = await sign(claimsOf(gateway, clientId), own)
  const reply = await aServer(gateway.access).inject(assertionRequest(assertion))
  assert.equal(reply.json().error, 'invalid_client')
  assert.deepEqual(lastEntry()?.detail, { reason: 'no-answer' })
})
