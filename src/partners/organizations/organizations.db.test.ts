import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { aVerifiedPerson, type Control, openControl } from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Session } from '../../platform/database/index.ts'

let databases: TestDatabases
let control: Control
let ours: string
let theirs: string
before(async () => {
  databases = await openTestDatabases()
  control = await openControl(databases.control)
  ours = (await aVerifiedPerson(control, 'Ours Clinic')).answer.body.organization.id
  theirs = (await aVerifiedPerson(control, 'Theirs Clinic')).answer.body.organization.id
})
after(async () => {
  await control.close()
  await databases.close()
})

const OF_A_COMPANY = [
  'organizations',
  'memberships',
  'terms_acceptances',
  'grants',
  'credentials',
  'secret_views',
]
const OF_PEOPLE = ['people', 'accounts', 'sessions', 'verifications', 'sign_ups', 'links', 'attempts']

const run = (session: Session, statement: string) =>
  control.database.transaction(session, (tx) => sql.raw<Record<string, unknown>>(statement).execute(tx))
const rowsOf = async (session: Session, table: string) => (await run(session, `select * from ${table}`)).rows
const companyOf = (table: string) => (table === 'organizations' ? 'id' : 'organization_id')

for (const table of OF_A_COMPANY) {
  test(`a company sees its own ${table} and no other's`, async () => {
    const rows = await rowsOf({ role: 'tenant', organization: ours }, table)
    assert.equal(rows.length, 1)
    assert.equal(rows[0]?.[companyOf(table)], ours)
  })

  test(`a tenant without a company sees no ${table}`, async () => {
    assert.deepEqual(await rowsOf({ role: 'tenant', organization: '' }, table), [])
  })

  test(`the operator sees the ${table} of every company`, async () => {
    assert.ok((await rowsOf({ role: 'staff' }, table)).length >= 2)
  })

  test(`a company changes none of the ${table}`, async () => {
    const tenant = { role: 'tenant', organization: ours } as const
    const column = companyOf(table)
    await assert.rejects(run(tenant, `update ${table} set ${column} = ${column}`), /permission denied/)
    await assert.rejects(run(tenant, `delete from ${table}`), /permission denied/)
  })

  test(`signing in sees no ${table}`, async () => {
    await assert.rejects(rowsOf({ role: 'identity' }, table), /permission denied/)
  })
}

test('a company cannot keep a credential in the name of another', async () => {
  const statement = `insert into credentials (client_id, organization_id, environment, label, scopes, created_at)
    values ('cs_test_forged', '${theirs}', 'sandbox', 'x', '{}', now())`
  await assert.rejects(run({ role: 'tenant', organization: ours }, statement), /row-level security/)
})

test('a company cannot grant itself anything', async () => {
  const statement = `insert into grants (id, organization_id, organization_name, environment, version, products, scopes,
    from_at, issued_at) values ('grt_forged', '${ours}', 'Ours', 'production', 1, '{}', '{}', now(), now())`
  await assert.rejects(run({ role: 'tenant', organization: ours }, statement), /permission denied/)
})

for (const table of OF_PEOPLE) {
  for (const session of [
    { role: 'tenant', organization: 'org_any' },
    { role: 'staff' },
    { role: 'worker' },
    { role: 'client_lookup', client: 'cs_test_any' },
  ] as const) {
    test(`${session.role} cannot read people's ${table}`, async () => {
      const name = `${control.database.schema}_identity.${table}`
      await assert.rejects(rowsOf(session, name), /permission denied/)
    })
  }
}

test('every table of the control plane is under row-level security, its owner too', async () => {
  const { schema } = control.database
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in (${schema}, ${`${schema}_identity`}) and c.relkind = 'r'
      and c.relname <> 'schema_migrations' and not (c.relrowsecurity and c.relforcerowsecurity)`.execute(
    databases.engine.kysely,
  )
  assert.deepEqual(rows, [])
})

test('no column of the control plane could hold a secret of ours', async () => {
  const { answer } = await aVerifiedPerson(control)
  const { clientSecret } = answer.body.credentials
  for (const table of OF_A_COMPANY)
    assert.equal(JSON.stringify(await rowsOf({ role: 'staff' }, table)).includes(clientSecret), false)
})

test('the acceptance of the sandbox terms is kept: which version, when, by whom', async () => {
  const [row] = await rowsOf({ role: 'tenant', organization: ours }, 'terms_acceptances')
  assert.equal(row?.document, 'sandbox-terms')
  assert.match(String(row?.version), /^\d{4}-\d{2}$/)
  assert.match(String(row?.person_id), /^per_/)
  assert.ok(Date.parse(String(row?.accepted_at)) <= control.now())
})

test('the operator creates a company, and it may use the sandbox', async () => {
  const answer = await control.call('POST', '/operator/organizations', {
    name: 'Harbor Clearing',
    type: 'clearinghouse',
  })
  assert.equal(answer.status, 201)
  assert.equal(answer.body.type, 'clearinghouse')
  assert.ok(control.gateways.sandbox.grants.some(({ organizationId }) => organizationId === answer.body.id))
})

test('a company of a name that is taken, capitals aside, is not created again', async () => {
  await control.call('POST', '/operator/organizations', { name: 'Taken Health' })
  const answer = await control.call('POST', '/operator/organizations', { name: 'TAKEN health' })
  assert.equal(answer.status, 409)
  assert.equal(answer.body.code, 'state/already-there')
})

test('two operators who create a name at once create one company', async () => {
  const create = () => control.call('POST', '/operator/organizations', { name: 'Simultaneous Health' })
  const answers = await Promise.all([create(), create()])
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 409])
})

test('a company of an unknown type is refused, saying where', async () => {
  const answer = await control.call('POST', '/operator/organizations', { name: 'Odd Health', type: 'bakery' })
  assert.equal(answer.body.code, 'request/invalid')
  assert.equal(answer.body.faults[0].at, '/type')
})

test('the operator lists the companies, newest first', async () => {
  control.pass(1)
  await control.call('POST', '/operator/organizations', { name: 'Newest Health' })
  const { body } = await control.call('GET', '/operator/organizations')
  assert.equal(body.organizations[0].name, 'Newest Health')
  assert.ok(body.organizations.some((organization: { id: string }) => organization.id === ours))
})
