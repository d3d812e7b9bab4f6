import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  anEmail,
  aVerifiedPerson,
  type Control,
  openControl,
  PASSWORD,
  tokenFor,
} from '../../../test/support/control.ts'
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

const clientsOf = (organizationId: string) =>
  control.gateways.sandbox.made.filter((client) => client.organizationId === organizationId)
const signUp = async (company = 'Northwind Clinics') => {
  const email = anEmail()
  await control.call('POST', '/api/sign-up', { email, password: PASSWORD, company, acceptTerms: true })
  return email
}
const verify = (token: string) => control.call('POST', '/api/sign-up/verification', { token })

test('sign up, follow the link in the mail, and sandbox credentials are shown', async () => {
  const { answer, email } = await aVerifiedPerson(control, 'Northwind Clinics')
  assert.equal(answer.status, 200)
  assert.equal(answer.body.person.email, email)
  assert.equal(answer.body.organization.name, 'Northwind Clinics')
  assert.equal(answer.body.credentials.environment, 'sandbox')
  assert.match(answer.body.credentials.clientSecret, /^css_test_/)
  assert.deepEqual(answer.body.credentials.scopes, [
    'pa:admit',
    'pa:determine',
    'pa:inquire',
    'pa:read',
    'pa:submit',
  ])
  assert.equal(answer.headers['cache-control'], 'no-store')
})

test('the gateway holds the grant of every product before it makes the client', async () => {
  const { answer } = await aVerifiedPerson(control)
  const grant = control.gateways.sandbox.grants.find(
    ({ organizationId }) => organizationId === answer.body.organization.id,
  )
  assert.deepEqual(grant?.products, ['determination', 'inquiry', 'submission', 'notice-of-admission'])
})

test('a second click on the link shows no secret and makes no second client', async () => {
  const email = await signUp()
  const token = tokenFor(control, email)
  const first = await verify(token)
  const second = await verify(token)
  assert.equal(second.status, 410)
  assert.equal(second.body.code, 'people/link-invalid')
  assert.equal(JSON.stringify(second.body).includes('css_'), false)
  assert.equal(clientsOf(first.body.organization.id).length, 1)
})

test('the link followed in two tabs at once makes one company and one client', async () => {
  const email = await signUp('Two Tabs Clinic')
  const token = tokenFor(control, email)
  const answers = await Promise.all([verify(token), verify(token)])
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 410])
  const winner = answers.find((answer) => answer.status === 200)
  assert.equal(clientsOf(winner?.body.organization.id).length, 1)
  const companies = (await control.organizations.list()).filter(({ name }) => name === 'Two Tabs Clinic')
  assert.equal(companies.length, 1)
})

test('two links of one sign-up make one person between them', async () => {
  const email = await signUp()
  const first = tokenFor(control, email)
  await control.call('POST', '/api/sign-up/resend', { email })
  await control.people.settled()
  const second = tokenFor(control, email)
  assert.notEqual(first, second)
  const answers = await Promise.all([verify(first), verify(second)])
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 410])
})

test('founding the company again, at once and later, changes nothing', async () => {
  const email = await signUp('Once Only Clinic')
  const visitor = { address: '192.0.2.1', userAgent: '', cookie: '' }
  const { person } = await control.people.confirm(tokenFor(control, email), visitor)
  const founding = await control.people.founding(person.id)
  assert.ok(founding)
  const memberships = await Promise.all([
    control.organizations.found(person, founding),
    control.organizations.found(person, founding),
  ])
  memberships.push(await control.organizations.found(person, founding))
  assert.equal(new Set(memberships.map((membership) => membership?.organization.id)).size, 1)
})

test('whoever leaves the company that they founded belongs to none, and can still sign in', async () => {
  const { cookie, answer } = await aVerifiedPerson(control)
  const table = `${control.database.schema}.memberships`
  await databases.engine.script(`
    alter table ${table} no force row level security;
    delete from ${table} where organization_id = '${answer.body.organization.id}';
    alter table ${table} force row level security`)
  const session = await control.call('GET', '/api/session', undefined, { cookie })
  assert.deepEqual([session.status, session.body.organization], [200, null])
  const listed = await control.call('GET', '/api/credentials', undefined, { cookie })
  assert.deepEqual([listed.status, listed.body.code], [403, 'access/role-missing'])
})

test('whoever founds a company is its administrator', async () => {
  const { answer } = await aVerifiedPerson(control)
  const founded = (await control.audit()).find(
    ({ act, on_id }) => act === 'organization.found' && on_id === answer.body.organization.id,
  )
  const membership = await control.organizations.membershipOf(founded?.actor_id as `per_${string}`)
  assert.equal(membership?.role, 'administrator')
})

test('a crash between confirmation and company is healed when the person signs in', async () => {
  const email = await signUp('Interrupted Clinic')
  const visitor = { address: '192.0.2.1', userAgent: '', cookie: '' }
  await control.people.confirm(tokenFor(control, email), visitor)
  const signedIn = await control.call('POST', '/api/sign-in', { email, password: PASSWORD })
  assert.equal(signedIn.body.organization.name, 'Interrupted Clinic')
})

test('a gateway that is down leaves the person signed in, with a company and no credentials', async () => {
  const email = await signUp('Patient Clinic')
  control.gateways.sandbox.down = true
  const answer = await verify(tokenFor(control, email))
  control.gateways.sandbox.down = false
  assert.equal(answer.status, 200)
  assert.equal(answer.body.credentials, undefined)
  const session = await control.call('GET', '/api/session', undefined, { cookie: answer.cookie })
  assert.equal(session.body.organization.name, 'Patient Clinic')
  assert.equal(clientsOf(session.body.organization.id).length, 0)
})

test('a grant that no gateway has acknowledged is delivered by the next retry, once', async () => {
  await control.subscriptions.deliverPending()
  const email = await signUp()
  control.gateways.sandbox.down = true
  const { cookie } = await verify(tokenFor(control, email))
  assert.equal((await control.subscriptions.deliverPending()).failures.length, 1)
  control.gateways.sandbox.down = false
  assert.equal((await control.subscriptions.deliverPending()).acknowledged, 1)
  assert.deepEqual(await control.subscriptions.deliverPending(), { acknowledged: 0, failures: [] })
  const { body } = await control.call('GET', '/api/session', undefined, { cookie })
  const grants = control.gateways.sandbox.grants.filter(
    ({ organizationId }) => organizationId === body.organization.id,
  )
  assert.equal(grants.length, 1)
})

test('a crash between company and grant is healed when the first credential is asked for', async () => {
  const email = await signUp()
  control.gateways.sandbox.down = true
  const { cookie } = await verify(tokenFor(control, email))
  control.gateways.sandbox.down = false
  const made = await control.call(
    'POST',
    '/api/credentials',
    { environment: 'sandbox', label: 'Mine' },
    { cookie },
  )
  assert.equal(made.status, 201)
})

test('each act leaves an entry in the audit record, and none of them a secret or an address', async () => {
  const before = (await control.audit()).length
  control.pass(1)
  const { email, answer } = await aVerifiedPerson(control)
  const entries = (await control.audit()).slice(before)
  assert.deepEqual(entries.map((entry) => entry.act).sort(), [
    'credential.create',
    'grant.acknowledge',
    'grant.issue',
    'organization.found',
    'sign-up.confirm',
    'sign-up.request',
  ])
  const written = JSON.stringify(entries)
  assert.equal(written.includes(email), false)
  assert.equal(written.includes(answer.body.credentials.clientSecret), false)
})

test('a company reads in the audit record what was done for it', async () => {
  const { answer } = await aVerifiedPerson(control)
  const acts = (await control.audit())
    .filter(({ organization_id }) => organization_id === answer.body.organization.id)
    .map(({ act }) => act)
  assert.deepEqual(acts.sort(), [
    'credential.create',
    'grant.acknowledge',
    'grant.issue',
    'organization.found',
  ])
})
