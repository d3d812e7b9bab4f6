import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { openAdministration } from './index.ts'

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
    record: () => Promise.reject(new Error('no record')),
  })
  await assert.rejects(administration.createClient({ organizationId, label: 'x' }, operator), /no record/)
  assert.deepEqual(await gateway.administration.clients(organizationId), [])
})
