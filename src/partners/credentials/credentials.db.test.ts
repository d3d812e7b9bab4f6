import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { anEntitlement } from '../../../test/support/contracts.ts'
import { aVerifiedPerson, type Control, openControl } from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'

let databases: TestDatabases
let control: Control
before(async () => {
  databases = await openTestDatabases()
  control = await openControl(databases.control)
})
after(async () => {
  await control.close()
  await databases.close()
})

const DAY = 24 * 60 * 60 * 1000
let companies = 0
const aCompany = async () => {
  const { body } = await control.call('POST', '/operator/organizations', { name: `Company ${++companies}` })
  return body as { id: string; name: string }
}
const createFor = (organization: string, more: object = {}) =>
  control.call('POST', '/operator/credentials', { organization, environment: 'sandbox', ...more })
/** As an entitlement does, at whatever time. */
const grantProduction = (organization: string, from: number, until?: number) =>
  control.database.transaction({ role: 'worker' }, async (tx) => {
    await anEntitlement(tx, organization, 'inquiry')
    await sql`insert into grants (id, organization_id, organization_name, environment, version, products, scopes, from_at,
        until_at, issued_at)
      values (${`grt_${organization}`}, ${organization}, 'x', 'production', 1, '{inquiry}', '{pa:inquire,pa:read}',
        ${new Date(from).toISOString()}, ${until === undefined ? null : new Date(until).toISOString()}, now())`.execute(
      tx,
    )
  })
const viewsOf = async (clientId: string) => {
  const { rows } = await control.database.transaction({ role: 'staff' }, (tx) =>
    sql<{ person_id: string | null; seen_at: string }>`
      select person_id, seen_at from secret_views where client_id = ${clientId}`.execute(tx),
  )
  return rows
}
test('a member makes another credential for their company, and sees its secret once', async () => {
  const { cookie } = await aVerifiedPerson(control)
  const made = await control.call(
    'POST',
    '/api/credentials',
    { environment: 'sandbox', label: 'Nightly' },
    { cookie },
  )
  assert.equal(made.status, 201)
  assert.equal(made.body.label, 'Nightly')
  assert.equal(made.headers['cache-control'], 'no-store')
  const listed = await control.call('GET', '/api/credentials', undefined, { cookie })
  assert.equal(JSON.stringify(listed.body).includes(made.body.clientSecret), false)
})

test('the list holds all of the company and nothing of another', async () => {
  const { cookie, answer } = await aVerifiedPerson(control)
  const another = await aVerifiedPerson(control)
  const made = await control.call(
    'POST',
    '/api/credentials',
    { environment: 'sandbox', label: 'Second' },
    { cookie },
  )
  const { body } = await control.call('GET', '/api/credentials', undefined, { cookie })
  const ids = body.credentials.map((credential: { clientId: string }) => credential.clientId)
  assert.deepEqual(new Set(ids), new Set([answer.body.credentials.clientId, made.body.clientId]))
  assert.equal(ids.includes(another.answer.body.credentials.clientId), false)
})

test('a listed credential says what it is and how its secret ends', async () => {
  const { cookie } = await aVerifiedPerson(control)
  const { body } = await control.call('GET', '/api/credentials', undefined, { cookie })
  assert.deepEqual(Object.keys(body.credentials[0]).sort(), [
    'allowedAddresses',
    'clientId',
    'createdAt',
    'environment',
    'label',
    'scopes',
    'secretHint',
    'secrets',
  ])
})

test('nobody who is not signed in lists or makes credentials', async () => {
  assert.equal((await control.call('GET', '/api/credentials')).body.code, 'access/signed-out')
  const made = await control.call('POST', '/api/credentials', { environment: 'sandbox', label: 'Mine' })
  assert.equal(made.body.code, 'access/signed-out')
})

test('production is refused without a live grant, and no client is made', async () => {
  const { cookie } = await aVerifiedPerson(control)
  const wanted = { environment: 'production', label: 'Live' }
  const answer = await control.call('POST', '/api/credentials', wanted, { cookie })
  assert.equal(answer.status, 403)
  assert.equal(answer.body.code, 'access/no-grant')
  assert.equal(control.gateways.production.made.length, 0)
})

for (const role of ['signatory', 'billing', 'viewer'] as const)
  test(`a ${role} makes no credentials`, async () => {
    const organization = await control.organizations.named((await aCompany()).id)
    const membership = { organization, personId: 'per_1', role } as const
    await assert.rejects(
      control.credentials.create({ kind: 'member', membership }, { environment: 'sandbox', label: 'x' }),
      /access\/role-missing/,
    )
  })

test('a developer makes credentials', async () => {
  const organization = await control.organizations.named((await aCompany()).id)
  const membership = { organization, personId: 'per_1', role: 'developer' } as const
  const made = await control.credentials.create(
    { kind: 'member', membership },
    { environment: 'sandbox', label: 'x' },
  )
  assert.ok(made.clientSecret)
})

test('who was shown a secret is kept: the person, the moment', async () => {
  const { answer } = await aVerifiedPerson(control)
  const [view, ...more] = await viewsOf(answer.body.credentials.clientId)
  assert.match(view?.person_id ?? '', /^per_/)
  assert.equal(Date.parse(view?.seen_at ?? ''), control.now())
  assert.equal(more.length, 0)
})

test('a secret that the operator was shown is kept as theirs', async () => {
  const { body } = await createFor((await aCompany()).id)
  const [view] = await viewsOf(body.clientId)
  assert.equal(view?.person_id, null)
})

test('the operator names a company by id, or by name with capitals aside', async () => {
  const company = await aCompany()
  for (const organization of [company.id, company.name.toUpperCase()]) {
    const answer = await createFor(organization)
    assert.equal(answer.status, 201)
    assert.equal(answer.body.organization.id, company.id)
  }
})

test('a company that is not there is not found', async () => {
  assert.equal((await createFor('Nobody Health')).body.code, 'state/not-found')
})

test('a name that several bear is refused, with the ids to choose from', async () => {
  await aVerifiedPerson(control, 'Mercy')
  await aVerifiedPerson(control, 'MERCY')
  const answer = await createFor('Mercy')
  assert.equal(answer.body.code, 'request/invalid')
  assert.equal(answer.body.faults.length, 2)
  for (const fault of answer.body.faults) assert.match(fault.message, /^org_/)
})

test('the operator chooses scopes among those granted', async () => {
  const answer = await createFor((await aCompany()).id, { scopes: ['pa:read'] })
  assert.deepEqual(answer.body.scopes, ['pa:read'])
})

test('a scope that is not granted is refused, saying which are', async () => {
  const answer = await createFor((await aCompany()).id, { scopes: ['pa:read', 'pa:everything'] })
  assert.equal(answer.body.code, 'request/invalid')
  assert.equal(answer.body.faults[0].at, '/scopes/1')
  assert.match(answer.body.faults[0].remedy, /pa:submit/)
})

test('the operator gets no production credential without a live grant either', async () => {
  const answer = await createFor((await aCompany()).id, { environment: 'production' })
  assert.equal(answer.body.code, 'access/no-grant')
})

test('a live production grant is delivered, and production credentials are made under it', async () => {
  const company = await aCompany()
  await grantProduction(company.id, control.now() - DAY)
  const answer = await createFor(company.id, { environment: 'production' })
  assert.equal(answer.status, 201)
  assert.deepEqual(answer.body.scopes, ['pa:inquire', 'pa:read'])
})

test('a production grant that has ended, or not begun, makes no credentials', async () => {
  const ended = await aCompany()
  await grantProduction(ended.id, control.now() - 2 * DAY, control.now())
  const early = await aCompany()
  await grantProduction(early.id, control.now() + DAY)
  for (const { id } of [ended, early])
    assert.equal((await createFor(id, { environment: 'production' })).body.code, 'access/no-grant')
})

test('a gateway that is down is said to be, and can be asked again', async () => {
  const company = await aCompany()
  await grantProduction(company.id, control.now() - DAY)
  control.gateways.production.down = true
  const answer = await createFor(company.id, { environment: 'production' })
  control.gateways.production.down = false
  assert.equal(answer.status, 503)
  assert.equal(answer.headers['retry-after'], '60')
  assert.equal((await createFor(company.id, { environment: 'production' })).status, 201)
})

test('a label of blanks is refused', async () => {
  const { cookie } = await aVerifiedPerson(control)
  const answer = await control.call(
    'POST',
    '/api/credentials',
    { environment: 'sandbox', label: '  ' },
    { cookie },
  )
  assert.equal(answer.body.faults[0].at, '/label')
})

const KEYS = { jwks: { keys: [{ kty: 'EC' }] } }
const AT = 'https://keys.example/jwks'

test('a credential may be made with keys instead of a secret: none is made, and none was shown', async () => {
  const { cookie } = await aVerifiedPerson(control)
  for (const keys of [KEYS, { jwksUri: AT }]) {
    control.pass(1)
    const wanted = { environment: 'sandbox', label: 'Keys', ...keys }
    const made = await control.call('POST', '/api/credentials', wanted, { cookie })
    assert.equal(made.status, 201)
    assert.equal('clientSecret' in made.body, false)
    assert.deepEqual(await viewsOf(made.body.clientId), [])
  }
  const { body } = await control.call('GET', '/api/credentials', undefined, { cookie })
  const [newest] = body.credentials
  assert.equal('secretHint' in newest, false)
  assert.equal(newest.keys.jwksUri, AT)
})

test('keys that are uploaded and published at once are refused', async () => {
  const { cookie } = await aVerifiedPerson(control)
  const wanted = { environment: 'sandbox', label: 'Keys', ...KEYS, jwksUri: AT }
  const answer = await control.call('POST', '/api/credentials', wanted, { cookie })
  assert.equal(answer.status, 422)
  assert.deepEqual(answer.body.faults[0].at, '/jwksUri')
})

test('a member replaces the keys of a client of their company', async () => {
  const { cookie, answer } = await aVerifiedPerson(control)
  const { clientId } = answer.body.credentials
  const path = `/api/credentials/${clientId}/keys`
  assert.equal((await control.call('POST', path, { jwksUri: AT }, { cookie })).status, 204)
  const { body } = await control.call('GET', '/api/credentials', undefined, { cookie })
  assert.equal(body.credentials[0].keys.jwksUri, AT)
})

test('the keys of a client of another company are not replaced, and it is not said that there is one', async () => {
  const { cookie } = await aVerifiedPerson(control)
  const { clientId } = (await aVerifiedPerson(control)).answer.body.credentials
  for (const id of [clientId, 'cs_test_nobody']) {
    const answer = await control.call('POST', `/api/credentials/${id}/keys`, { jwksUri: AT }, { cookie })
    assert.equal(answer.status, 404)
    assert.equal(answer.body.code, 'state/not-found')
  }
})

test('no keys are replaced without any being named', async () => {
  const { cookie, answer } = await aVerifiedPerson(control)
  const path = `/api/credentials/${answer.body.credentials.clientId}/keys`
  assert.equal((await control.call('POST', path, {}, { cookie })).status, 422)
})

for (const role of ['signatory', 'billing', 'viewer'] as const)
  test(`a ${role} replaces no keys`, async () => {
    const organization = await control.organizations.named((await aCompany()).id)
    const membership = { organization, personId: 'per_1', role } as const
    await assert.rejects(
      control.credentials.registerKeys(
        { kind: 'member', membership },
        { clientId: 'cs_test_1', keys: { jwksUri: AT } },
      ),
      /access\/role-missing/,
    )
  })

test('the operator makes a credential with keys, and replaces them', async () => {
  const { id } = await aCompany()
  const made = await createFor(id, { jwksUri: AT })
  assert.equal(made.status, 201)
  assert.equal('clientSecret' in made.body, false)
  const path = `/operator/credentials/${made.body.clientId}/keys`
  assert.equal((await control.call('POST', path, { organization: id, ...KEYS })).status, 200)
})
