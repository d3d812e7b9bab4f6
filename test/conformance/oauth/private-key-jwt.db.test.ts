import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { NewKeyClient } from '../../../src/gateway/administration/index.ts'
import { aGateway, aServer, type TestGateway } from '../../support/access.ts'
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

for (const alg of ['RS384', 'ES384', 'ES256', 'RS256']) {
  test(`a client gets a token for an assertion signed with ${alg}`, async () => {
    const own = await aKey(alg)
    client = await aKeyClient(gateway, own)
    const reply = await accepted(assertionRequest(await anAssertion({}, {}, own)))
    assert.equal(reply.json().token_type, 'Bearer')
  })
}

test('an assertion is good once (RFC 7523 section 3 item 7)', async () => {
  const assertion = await anAssertion()
  await accepted(assertionRequest(assertion))
  await refused(assertionRequest(assertion), 'replayed')
})

test('an expired assertion is refused (RFC 7523 section 3 item 4)', async () => {
  await refusedFor('expiry', { exp: Math.floor(seconds()) })
})
