import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { NewClient } from './index.ts'

const operator: Actor = { kind: 'operator' }
let databases: TestDatabases
let gateway: TestGateway
let client: NewClient
let organizationId: OrganizationId
before(async () => {
  databases = await openTestDatabases()
})
beforeEach(async () => {
  gateway = await aGateway('sandbox', databases.sandbox)
  organizationId = (await gateway.aGrant()).organizationId
  client = await gateway.administration.createClient({ organizationId, label: 'x' }, operator)
})
after(() => databases.close())

const notFound = (error: unknown) => error instanceof Problem && error.code === 'state/not-found'
const request = () => ({ organizationId, clientId: client.clientId })
const acts = (act: string) => gateway.entries.filter((entry) => entry.act === act).length
const tokenStatus = async () => (await aServer(gateway.access).inject(tokenRequest(client))).statusCode

test('ending the tokens of a client ends those it has, and it can get new ones', async () => {
  const token = await gateway.aToken(client)
  await gateway.access.authenticate(`Bearer ${token}`)
  assert.deepEqual(await gateway.administration.endTokens(request(), operator), { epoch: 2 })
  gateway.clock.advance(1_000)
  await assert.rejects(gateway.access.authenticate(`Bearer ${token}`), /access\/token-invalid/)
  await gateway.access.authenticate(`Bearer ${await gateway.aToken(client)}`)
})

test('a revoked client has no token and gets none', async () => {
  const token = await gateway.aToken(client)
  await gateway.administration.revokeClient({ ...request(), reason: 'leaked' }, operator)
  gateway.clock.advance(1_000)
  await assert.rejects(gateway.access.authenticate(`Bearer ${token}`), /access\/token-invalid/)
  assert.equal(await tokenStatus(), 401)
})

test('revoking a client again changes nothing, and is on the record once', async () => {
  await gateway.administration.revokeClient(request(), operator)
  await gateway.administration.revokeClient(request(), operator)
  assert.equal(acts('client.revoke'), 1)
})

test("another company's client is not found", async () => {
  const other = (await gateway.aGrant()).organizationId
  const foreign = { organizationId: other, clientId: client.clientId }
  await assert.rejects(gateway.administration.endTokens(foreign, operator), notFound)
  await assert.rejects(gateway.administration.revokeClient(foreign, operator), notFound)
  assert.equal(await tokenStatus(), 200)
})

test('a reason is one of our own words, as it is put on the record', async () => {
  const wrong = { ...request(), reason: 'she left' as never }
  await assert.rejects(gateway.administration.revokeClient(wrong, operator), /request\/invalid/)
})
