import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { aVerifiedPerson, type Control, openControl } from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'

let databases: TestDatabases
let gateway: TestGateway
let control: Control
let cookie: string
let company: { id: string; name: string }
let client: { clientId: string; clientSecret: string }
before(async () => {
  databases = await openTestDatabases()
  // The gateway's clock is the control plane's: people rotate secrets that were made moments ago.
  gateway = await aGateway('sandbox', databases.sandbox)
  control = await openControl(databases.control, {}, { sandbox: gateway.administration })
  gateway.clock.advance(control.now() - gateway.clock.now())
})
let companies = 0
beforeEach(async () => {
  const person = await aVerifiedPerson(control, `Lifecycle ${++companies}`)
  cookie = person.cookie
  client = person.answer.body.credentials
  company = person.answer.body.organization
  // Secrets made within one millisecond are listed in any order.
  gateway.clock.advance(1000)
})
after(async () => {
  await control.close()
  await databases.close()
})

const post = (verb: string, body: object, as = cookie) =>
  control.call('POST', `/api/credentials/${client.clientId}/${verb}`, body, { cookie: as })
const operate = (verb: string, body: object) =>
  control.call('POST', `/operator/credentials/${client.clientId}/${verb}`, {
    organization: company.id,
    ...body,
  })
const listed = async () =>
  (await control.call('GET', '/api/credentials', undefined, { cookie })).body.credentials
const mine = async () =>
  (await listed()).find((each: { clientId: string }) => each.clientId === client.clientId)
const statusOf = async (clientSecret: string) =>
  (await aServer(gateway.access).inject(tokenRequest({ clientId: client.clientId, clientSecret }))).statusCode
/** Changes the control plane's tables as no route does yet. */
const arrange = (statement: string) =>
  databases.engine.script(statement.replaceAll('{schema}', databases.control.schema))
const viewsOf = () =>
  control.database.transaction({ role: 'staff' }, async (tx) => {
    const { rows } = await sql<{ secret_id: string; person_id: string | null }>`
      select secret_id, person_id from secret_views where client_id = ${client.clientId} order by seen_at`.execute(
      tx,
    )
    return rows
  })

test('a member rotates a secret, both work, and who saw the new one is kept', async () => {
  const made = await post('rotate', { overlapDays: 7 })
  assert.equal(made.status, 201)
  assert.equal(made.headers['cache-control'], 'no-store')
  assert.deepEqual([await statusOf(client.clientSecret), await statusOf(made.body.clientSecret)], [200, 200])
  const views = await viewsOf()
  assert.equal(views.length, 2)
  assert.ok(views.some((view) => view.secret_id === made.body.secretId && view.person_id !== null))
})

test('the operator rotates for a company, and is kept as the one who saw it', async () => {
  const { body } = await operate('rotate', { overlapDays: 0 })
  assert.equal(await statusOf(body.clientSecret), 200)
  assert.ok((await viewsOf()).some((view) => view.secret_id === body.secretId && view.person_id === null))
})

test('a third live secret is refused with what to do', async () => {
  await post('rotate', { overlapDays: 7 })
  const { status, body } = await post('rotate', { overlapDays: 7 })
  assert.deepEqual([status, body.code], [409, 'state/already-there'])
  assert.match(body.detail, /Revoke one/)
})

test('a member revokes one secret; the other goes on', async () => {
  const { body } = await post('rotate', { overlapDays: 7 })
  const [older] = (await mine()).secrets
  assert.equal((await post('revoke', { secretId: older.id })).status, 204)
  assert.deepEqual([await statusOf(client.clientSecret), await statusOf(body.clientSecret)], [401, 200])
})

const letsIn = (token: string) =>
  gateway.access.authenticate(`Bearer ${token}`).then(
    () => true,
    () => false,
  )

test('a member disables a client: neither its secret nor its tokens are good for anything', async () => {
  const token = await gateway.aToken(client as Parameters<typeof gateway.aToken>[0])
  assert.equal(await letsIn(token), true)
  assert.equal((await post('disable', { reason: 'leaked' })).status, 204)
  assert.deepEqual([await statusOf(client.clientSecret), await letsIn(token)], [401, false])
  assert.equal((await post('disable', {})).status, 204)
})

test('the operator ends the tokens of a client; it gets new ones', async () => {
  const token = await gateway.aToken(client as Parameters<typeof gateway.aToken>[0])
  assert.deepEqual((await operate('end-tokens', {})).body, { ended: client.clientId })
  assert.equal(await letsIn(token), false)
  assert.equal(await letsIn(await gateway.aToken(client as Parameters<typeof gateway.aToken>[0])), true)
})

test('a member says where a client may call from, and the list shows it', async () => {
  assert.deepEqual((await post('allow', { addresses: ['192.0.2.0/24'] })).body, {
    addresses: ['192.0.2.0/24'],
  })
  assert.deepEqual((await mine()).allowedAddresses, ['192.0.2.0/24'])
  assert.equal(await statusOf(client.clientSecret), 401)
})

test('an entry that is no address is refused where it stands', async () => {
  const { status, body } = await post('allow', { addresses: ['192.0.2.1', 'example.com'] })
  assert.deepEqual([status, body.faults[0].at], [422, '/addresses/1'])
})

test('a list tells of each secret whether it lives, when it ends, and how it was used', async () => {
  await statusOf(client.clientSecret)
  await post('rotate', { overlapDays: 14 })
  const { secrets } = await mine()
  assert.deepEqual(
    secrets.map(({ isLive, expiresSoon, uses, lastUsedFrom }: Record<string, unknown>) => ({
      isLive,
      expiresSoon,
      uses,
      lastUsedFrom,
    })),
    [
      { isLive: true, expiresSoon: true, uses: 1, lastUsedFrom: '127.0.0.0/24' },
      { isLive: true, expiresSoon: false, uses: 0, lastUsedFrom: undefined },
    ],
  )
})

test("another company's credential is not found, whatever is asked of it", async () => {
  const { cookie: another } = await aVerifiedPerson(control, 'Another')
  const [{ id: secretId }] = (await mine()).secrets
  for (const answer of [
    await post('rotate', { overlapDays: 0 }, another),
    await post('revoke', { secretId }, another),
    await post('allow', { addresses: [] }, another),
    await post('disable', {}, another),
    await post('end-tokens', {}, another),
  ])
    assert.deepEqual([answer.status, answer.body.code], [404, 'state/not-found'])
})

test('nobody who is not signed in changes anything, and no role but administrator and developer', async () => {
  const calls: readonly (readonly [string, object])[] = [
    ['rotate', { overlapDays: 0 }],
    ['revoke', { secretId: 'sec_x' }],
    ['allow', { addresses: [] }],
    ['disable', {}],
    ['end-tokens', {}],
  ]
  for (const [verb, body] of calls)
    assert.equal((await post(verb, body, '')).body.code, 'access/signed-out', verb)
  await arrange(`update {schema}.memberships set role = 'viewer' where organization_id = '${company.id}'`)
  for (const [verb, body] of calls)
    assert.equal((await post(verb, body)).body.code, 'access/role-missing', verb)
})

for (const [verb, body] of [
  ['rotate', {}],
  ['rotate', { overlapDays: 31 }],
  ['rotate', { overlapDays: 0, expiresInDays: 0 }],
  ['revoke', {}],
  ['allow', { addresses: 'x' }],
  ['allow', { addresses: [], more: 1 }],
  ['disable', { reason: 'because' }],
  ['end-tokens', { more: 1 }],
] as const)
  test(`${verb} with ${JSON.stringify(body)} is refused`, async () => {
    assert.equal((await post(verb, body)).status, 422)
  })

test('when somebody who saw a secret leaves, rotation is asked for until that secret has ended', async () => {
  assert.equal((await mine()).rotationDue, undefined)
  await arrange(
    `update {schema}.secret_views set person_id = 'per_left' where client_id = '${client.clientId}'`,
  )
  assert.equal((await mine()).rotationDue, 'seen by somebody who left')
  await post('rotate', { overlapDays: 0 })
  assert.equal((await mine()).rotationDue, undefined)
})

test('a view from before secrets had ids counts for the secret that was there', async () => {
  await arrange(`
    update {schema}.secret_views set person_id = 'per_left', secret_id = null, seen_at = now() + interval '1 minute'
    where client_id = '${client.clientId}'`)
  assert.equal((await mine()).rotationDue, 'seen by somebody who left')
})

test('the operator sees a secret and never leaves', async () => {
  await operate('rotate', { overlapDays: 0 })
  assert.equal((await mine()).rotationDue, undefined)
})

/** Has the control plane fail, this once, right after the gateway has made a client. */
async function failingAfterTheGateway<T>(work: () => Promise<T>): Promise<T> {
  await arrange('alter table {schema}.secret_views rename to secret_views_away')
  try {
    return await work()
  } finally {
    await arrange('alter table {schema}.secret_views_away rename to secret_views')
  }
}

test('a client whose making failed half-way is the one that asking again gives, with a secret that works', async () => {
  const asking = { environment: 'sandbox', label: 'Half-way' }
  const ask = () => control.call('POST', '/api/credentials', asking, { cookie })
  const clients = () => gateway.administration.clients(company.id as `org_${string}`)
  const failed = await failingAfterTheGateway(ask)
  assert.equal(failed.status, 500)
  const before = await clients()
  const { status, body } = await ask()
  assert.equal(status, 201)
  assert.deepEqual(
    (await clients()).map(({ clientId }) => clientId),
    before.map(({ clientId }) => clientId),
  )
  client = body
  assert.equal(await statusOf(body.clientSecret), 200)
})

test('once it is completed, asking for the same makes another client', async () => {
  const asking = { environment: 'sandbox', label: 'Twice' }
  const one = await control.call('POST', '/api/credentials', asking, { cookie })
  const two = await control.call('POST', '/api/credentials', asking, { cookie })
  assert.notEqual(one.body.clientId, two.body.clientId)
  client = one.body
  assert.equal(await statusOf(one.body.clientSecret), 200)
})
