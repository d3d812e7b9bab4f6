import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aGateway, type TestGateway } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { Problem, type ProblemCode } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { openAccess } from './open.ts'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

const sandbox = (given?: Parameters<typeof aGateway>[2]) => aGateway('sandbox', databases.sandbox, given)
const bearer = (token: string) => `Bearer ${token}`

async function refusedWith(code: ProblemCode, work: Promise<unknown>): Promise<Problem> {
  let caught: unknown
  await work.catch((error: unknown) => {
    caught = error
  })
  assert.ok(caught instanceof Problem, `expected ${code}, got ${caught}`)
  assert.equal(caught.code, code)
  return caught
}

async function aCallerOf(gateway: TestGateway, scope?: string) {
  const client = await gateway.aClient()
  return { client, header: bearer(await gateway.aToken(client, scope)) }
}

test('a good token tells whose call it is and what it may do', async () => {
  const gateway = await sandbox()
  const { client, header } = await aCallerOf(gateway)
  const caller = await gateway.access.authenticate(header)
  assert.equal(caller.environment, 'sandbox')
  assert.equal(caller.clientId, client.clientId)
  assert.match(caller.organizationId, /^org_/)
  assert.deepEqual([...caller.scopes], ['pa:submit', 'pa:inquire', 'pa:read'])
  assert.match(caller.tokenId, /^tok_/)
})

test('a caller has the scopes of the token and no others', async () => {
  const gateway = await sandbox()
  const { header } = await aCallerOf(gateway, 'pa:read')
  assert.deepEqual([...(await gateway.access.authenticate(header)).scopes], ['pa:read'])
})

test('a client made a moment ago is let in, though the last look at clients is older', async () => {
  const gateway = await sandbox()
  gateway.clock.advance(300)
  const { header } = await aCallerOf(gateway)
  await gateway.access.authenticate(header)
})

test('a disabled client is refused within a second, its token still young', async () => {
  const gateway = await sandbox()
  const { client, header } = await aCallerOf(gateway)
  await gateway.access.authenticate(header)
  await gateway.change(client.clientId, 'disable')
  gateway.clock.advance(1_001)
  await refusedWith('access/token-invalid', gateway.access.authenticate(header))
})

test('a disabled client is refused at once after an explicit refresh', async () => {
  const gateway = await sandbox()
  const { client, header } = await aCallerOf(gateway)
  await gateway.change(client.clientId, 'disable')
  await gateway.access.refresh()
  await refusedWith('access/token-invalid', gateway.access.authenticate(header))
})

test('a raised epoch ends the tokens issued before, and not those issued after', async () => {
  const gateway = await sandbox()
  const { client, header } = await aCallerOf(gateway)
  await gateway.change(client.clientId, 'raise epoch')
  const later = bearer(await gateway.aToken(client))
  await gateway.access.authenticate(later)
  await refusedWith('access/token-invalid', gateway.access.authenticate(header))
})

test('a scope withdrawn from the grant is gone from live tokens', async () => {
  const gateway = await sandbox()
  const grant = await gateway.aGrant()
  const client = await gateway.administration.createClient(
    { organizationId: grant.organizationId, label: 'Test' },
    { kind: 'operator' },
  )
  const header = bearer(await gateway.aToken(client))
  await gateway.access.authenticate(header, { scope: 'pa:submit' })
  await gateway.aGrant({ ...grant, version: 2, scopes: ['pa:read'] })
  await gateway.access.refresh()
  await refusedWith('access/scope-missing', gateway.access.authenticate(header, { scope: 'pa:submit' }))
  await gateway.access.authenticate(header, { scope: 'pa:read' })
})

test('a grant that ends takes its calls with it, without any news from the database', async () => {
  const gateway = await sandbox()
  const until = (gateway.clock.now() + 10_000) as Instant
  const client = await gateway.aClient({ grant: { until } })
  const header = bearer(await gateway.aToken(client))
  gateway.clock.advance(9_999)
  await gateway.access.authenticate(header)
  gateway.clock.advance(1)
  await refusedWith('access/no-grant', gateway.access.authenticate(header))
})

test('expiry is looked at on every call, remembered token or not (RFC 9068 section 4)', async () => {
  const gateway = await sandbox()
  const { header } = await aCallerOf(gateway)
  await gateway.access.authenticate(header)
  gateway.clock.advance(300_000)
  await refusedWith('access/token-expired', gateway.access.authenticate(header))
})

test('a token expires in the second that it names and not before', async () => {
  const gateway = await sandbox()
  const { header } = await aCallerOf(gateway)
  // Issued at a quarter past a second; moments in a token are whole seconds, rounded down.
  gateway.clock.advance(299_749)
  await gateway.access.authenticate(header)
  gateway.clock.advance(1)
  await refusedWith('access/token-expired', gateway.access.authenticate(header))
})

test('a call is refused, and not let in on old knowledge, when clients could not be looked at for 5 seconds', async () => {
  const gateway = await sandbox()
  const { header } = await aCallerOf(gateway)
  let isDown = false
  const access = await openAccess({
    ...gateway.deps,
    database: {
      ...databases.sandbox,
      transaction: (session, work) =>
        isDown
          ? Promise.reject(new Error('connection refused'))
          : databases.sandbox.transaction(session, work),
    },
  })
  isDown = true
  gateway.clock.advance(5_000)
  await access.authenticate(header)
  gateway.clock.advance(1)
  const problem = await refusedWith('system/unavailable', access.authenticate(header))
  assert.equal(problem.status, 503)
  assert.equal(problem.retryAfterSeconds, 1)
  isDown = false
  gateway.clock.advance(1_000)
  await access.authenticate(header)
})

test('a restart opens the same signing key, so that tokens live on', async () => {
  const gateway = await sandbox()
  const { header } = await aCallerOf(gateway)
  const restarted = await openAccess(gateway.deps)
  await restarted.authenticate(header)
})

test('nodes that start at the same moment end with one signing key', async () => {
  const gateways = await Promise.all([1, 2, 3].map(() => aGateway('production', databases.production)))
  const [first, ...others] = gateways
  assert.ok(first)
  const { header } = await aCallerOf(first)
  for (const other of others) await other.access.authenticate(header)
})

test('every refusal of a token is one entry of the record, which names the client once it is proved', async () => {
  const gateway = await sandbox()
  const { client, header } = await aCallerOf(gateway, 'pa:read')
  gateway.entries.length = 0
  await gateway.access.authenticate(header)
  await gateway.access.authenticate('Bearer nonsense', { requestId: 'r1' }).catch(() => undefined)
  await gateway.access.authenticate(header, { scope: 'pa:submit', requestId: 'r2' }).catch(() => undefined)
  assert.deepEqual(
    gateway.entries.map(({ act, outcome, problem, requestId, actor }) => [
      act,
      outcome,
      problem,
      requestId,
      actor.kind === 'client' ? actor.clientId : actor.kind,
    ]),
    [
      ['token.present', 'refused', 'access/token-invalid', 'r1', 'anonymous'],
      ['token.present', 'refused', 'access/scope-missing', 'r2', client.clientId],
    ],
  )
})

test('a refusal waits until it is on the record', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const gateway = await sandbox({ recorder: { note: () => held } })
  let isAnswered = false
  const call = gateway.access.authenticate(undefined).catch(() => {
    isAnswered = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(isAnswered, false)
  release()
  await call
  assert.equal(isAnswered, true)
})

test('an issuer with a path is refused at the start: its metadata would be elsewhere (RFC 8414 section 3)', async () => {
  const gateway = await sandbox()
  await assert.rejects(openAccess({ ...gateway.deps, issuer: 'https://sandbox.example/' }), /origin/)
})
