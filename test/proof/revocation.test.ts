// What is ended at one node is refused by every other a second later; a node that cannot know says so.
import assert from 'node:assert/strict'
import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { record } from '../../src/audit/index.ts'
import {
  type GatewayAdministration,
  type Grant,
  type NewClient,
  openAdministration,
} from '../../src/gateway/administration/index.ts'
import { firstPepper } from '../../src/gateway/clients/index.ts'
import type { Actor } from '../../src/kernel/actor.ts'
import { mintId } from '../../src/kernel/ids.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { databaseOf, type Engine, openServer } from '../../src/platform/database/index.ts'
import { openVault, peppersInMemory, secureRandom } from '../../src/platform/secrets/index.ts'
import { type DatabaseLine, databaseLine } from '../support/database-line.ts'
import { freePort, type PrivateServer, startPostgres } from '../support/postgres.ts'
import { ask, type Reply, type RunningServer, startServer } from '../support/running-server.ts'

const operator: Actor = { kind: 'operator' }
const ISSUER = 'https://sandbox.example'
const PROMISE_MS = 1_000

let postgres: PrivateServer
let line: DatabaseLine
let engine: Engine
let administration: GatewayAdministration
let a: RunningServer
let b: RunningServer
let origins: { readonly a: string; readonly b: string }

before(async () => {
  postgres = await startPostgres()
  line = await databaseLine(postgres.url)
  // One service, two processes: the same public name and the same keys.
  const settings = { COUNTERSIGN_ROLES: 'sandbox', SANDBOX_URL: ISSUER, LOG_LEVEL: 'silent' }
  const ports = [await freePort(), await freePort()] as const
  origins = { a: `https://localhost:${ports[0]}`, b: `https://localhost:${ports[1]}` }
  a = await startServer({ ...settings, SANDBOX_PORT: String(ports[0]), DATABASE_URL: postgres.url })
  const second = await mkdtemp(join(tmpdir(), 'countersign-'))
  await cp(join(a.dataDirectory, 'keys'), join(second, 'keys'), { recursive: true })
  b = await startServer({ ...settings, SANDBOX_PORT: String(ports[1]), DATABASE_URL: line.url }, second)
  engine = openServer(postgres.url)
  const vault = await openVault(join(second, 'keys/sandbox.key'), secureRandom, false)
  administration = openAdministration({
    environment: 'sandbox',
    database: databaseOf(engine, 'sandbox'),
    vault,
    peppers: peppersInMemory([firstPepper(vault, systemClock.now())], secureRandom),
    clock: systemClock,
    random: secureRandom,
    record: (tx, entry) => record(tx, entry, secureRandom),
    issuer: ISSUER,
    baseUrl: ISSUER,
    whoSaw: () => Promise.reject(new Error('is not asked')),
    // The nodes are other processes: they learn it by themselves.
    refresh: async () => undefined,
  })
})
after(async () => {
  await engine?.close()
  await Promise.all([a?.remove(), b?.remove()])
  await line?.close()
  await postgres?.stop()
})

/** A company of its own for each test, with a client and a token from node A. */
async function aClient() {
  const grant: Grant = {
    id: mintId('grant', systemClock.now(), secureRandom),
    organizationId: mintId('organization', systemClock.now(), secureRandom),
    organizationName: 'Larkspur Orthopedics',
    version: 1,
    products: ['submission', 'inquiry'],
    scopes: ['pa:submit', 'pa:inquire', 'pa:read'],
    from: systemClock.now(),
  }
  await administration.applyGrant(grant, operator)
  const { organizationId } = grant
  const client = await administration.createClient({ organizationId, label: 'Proof' }, operator)
  return { grant, client, organizationId, clientId: client.clientId, token: await aToken(client) }
}

function form(node: 'a' | 'b', path: string, client: NewClient, parameters: Record<string, string>) {
  return ask((node === 'a' ? a : b).ca, `${origins[node]}/oauth2/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      client_id: client.clientId,
      client_secret: client.clientSecret,
      ...parameters,
    }).toString(),
  })
}

async function aToken(client: NewClient): Promise<string> {
  const reply = await form('a', 'token', client, { grant_type: 'client_credentials' })
  assert.equal(reply.status, 200, reply.text)
  return reply.json<{ access_token: string }>().access_token
}

/** Who is let in, with the scope to read, learns that there is no such authorization. */
const LET_IN = 404

const call = (node: 'a' | 'b', token: string): Promise<Reply> =>
  ask((node === 'a' ? a : b).ca, `${origins[node]}/v1/authorizations/none`, {
    headers: { authorization: `Bearer ${token}` },
  })

/**
 * Ends access by `end`, and shows that node B, which let the token in before, refuses each call that begins a second after
 * `end` was answered. Calls go on meanwhile, so that B has every chance to keep what it knew.
 */
async function isRefusedWithinASecond(token: string, end: () => Promise<unknown>, status = 401) {
  const before = await call('b', token)
  assert.equal(before.status, LET_IN, before.text)
  await end()
  const answered = performance.now()
  let refusedAfter = Number.POSITIVE_INFINITY
  while (performance.now() - answered < PROMISE_MS) {
    const began = performance.now()
    const { status: found } = await call('b', token)
    if (found === status) refusedAfter = Math.min(refusedAfter, began - answered)
    await wait(20)
  }
  for (let i = 0; i < 3; i++) {
    const reply = await call('b', token)
    assert.equal(reply.status, status, `call ${i} after a second: ${reply.text}`)
  }
  return refusedAfter
}

const report = (t: { diagnostic(message: string): void }, ms: number) =>
  t.diagnostic(`refused from ${Number.isFinite(ms) ? `${ms.toFixed(0)} ms` : '1 s'} after the answer`)

test('a token of one node is good at the other', async () => {
  const { token } = await aClient()
  for (const node of ['a', 'b'] as const) assert.equal((await call(node, token)).status, LET_IN)
})

test('a token revoked at one node is refused by the other a second later (RFC 7009)', async (t) => {
  const { client, token } = await aClient()
  const ms = await isRefusedWithinASecond(token, async () => {
    assert.equal((await form('a', 'revoke', client, { token })).status, 200)
    assert.equal((await call('a', token)).status, 401)
  })
  report(t, ms)
  assert.deepEqual((await form('b', 'introspect', client, { token })).json(), { active: false })
})

test('a client whose tokens were ended is refused everywhere a second later', async (t) => {
  const { token, organizationId, clientId } = await aClient()
  report(
    t,
    await isRefusedWithinASecond(token, () =>
      administration.endTokens({ organizationId, clientId }, operator),
    ),
  )
})

test('a client that was revoked is refused everywhere a second later', async (t) => {
  const { token, organizationId, clientId } = await aClient()
  report(
    t,
    await isRefusedWithinASecond(token, () =>
      administration.revokeClient({ organizationId, clientId }, operator),
    ),
  )
})

test('a product that was withdrawn is refused everywhere a second later, the token still live', async (t) => {
  const { token, grant } = await aClient()
  const without: Grant = { ...grant, version: 2, products: ['inquiry'], scopes: ['pa:inquire'] }
  report(t, await isRefusedWithinASecond(token, () => administration.applyGrant(without, operator), 403))
})

for (const how of ['refuse', 'hang'] as const) {
  test(`a node cut off from its database (${how}) answers 503 after five seconds, and recovers`, async () => {
    const { client, token } = await aClient()
    assert.equal((await call('b', token)).status, LET_IN)
    line.cut(how)
    try {
      const cutAt = performance.now()
      assert.equal((await form('a', 'revoke', client, { token })).status, 200)
      await wait(5_000 - (performance.now() - cutAt))
      const reply = await call('b', token)
      assert.equal(reply.status, 503, reply.text)
      assert.match(reply.text, /system\/unavailable/)
      assert.match(String(reply.headers['retry-after']), /^[1-9]\d*$/)
    } finally {
      line.mend()
    }
    // What was revoked meanwhile is never let in again; whoever was not, soon is.
    const { token: another } = await aClient()
    const deadline = performance.now() + 5_000
    let reply = await call('b', another)
    while (reply.status !== LET_IN && performance.now() < deadline) {
      await wait(100)
      assert.notEqual((await call('b', token)).status, LET_IN)
      reply = await call('b', another)
    }
    assert.equal(reply.status, LET_IN, reply.text)
    assert.equal((await call('b', token)).status, 401)
  })
}
