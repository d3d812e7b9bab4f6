import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import {
  anEmail,
  aVerifiedPerson,
  type Control,
  openControl,
  PASSWORD,
  tokenFor,
} from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { PersonId } from '../../kernel/ids.ts'
import { type GrantedRole, OPERATOR_ROLES } from './model.ts'

let databases: TestDatabases
let control: Control
let email: string
let cookie: string
before(async () => {
  databases = await openTestDatabases()
  // Everybody signs up from one address.
  const plenty = { attempts: 1000, windowMs: 1000 }
  control = await openControl(databases.control, { limits: { 'sign-up/visitor': plenty } })
})
after(async () => {
  await control.close()
  await databases.close()
})
/** Somebody who has signed up, as everybody does: with a company, which they leave for their first role. */
beforeEach(async () => {
  control.gateways.sandbox.down = false
  control.pass(1000)
  ;({ email, cookie } = await aVerifiedPerson(control))
})

const grant = (more: object = {}) =>
  control.call('POST', '/operator/people', {
    email,
    role: 'auditor',
    environment: 'sandbox',
    payers: ['pay_a'],
    leaveCompany: true,
    ...more,
  })
const withdraw = (more: object = {}) => control.call('POST', '/operator/people/withdraw', { email, ...more })
const authority = (as = cookie) => control.call('GET', '/api/operator/authority', undefined, { cookie: as })
const search = (more: object = {}, as = cookie) =>
  control.call(
    'POST',
    '/api/operator/who-saw',
    { environment: 'sandbox', payer: 'PAYERA', memberId: 'QFSECRET1', ...more },
    { cookie: as },
  )
const listed = async (): Promise<readonly (GrantedRole & { readonly email: string })[]> =>
  (await control.call('GET', '/operator/people')).body.roles.filter(
    (role: { email: string }) => role.email === email,
  )
const personId = async (): Promise<PersonId> => {
  const person = await control.people.find(email)
  if (!person) throw new Error('nobody')
  return person.id
}
const run = (role: 'staff' | 'worker', statement: string) =>
  control.database.transaction({ role }, (tx) => sql.raw(statement).execute(tx))
const refusal = async (answer: Promise<{ status: number; body: { code: string; detail: string } }>) => {
  const { status, body } = await answer
  return [status, body.code, body.detail]
}

test('a role is given for the payers named, by our id or one that senders know, and told to whoever has it', async () => {
  const { status, body } = await grant({ payers: ['payerb', 'pay_a', 'AAA01'] })
  assert.equal(status, 200)
  assert.deepEqual(body.roles[0].payers, ['pay_b', 'pay_a'])
  assert.deepEqual((await authority()).body, {
    sandbox: [{ role: 'auditor', payers: ['pay_b', 'pay_a'] }],
    production: [],
  })
})

test('without an environment a role is of both', async () => {
  await grant({ environment: undefined, payers: 'all' })
  const held = [{ role: 'auditor', payers: 'all' }]
  assert.deepEqual((await authority()).body, { sandbox: held, production: held })
})

for (const role of OPERATOR_ROLES)
  test(`the role ${role} can be given`, async () => {
    assert.equal((await grant({ role })).body.roles[0].role, role)
  })

test('a role of no list is refused, saying where', async () => {
  const { body } = await grant({ role: 'king' })
  assert.deepEqual([body.code, body.faults[0].at], ['request/invalid', '/role'])
})

test('a payer that the environment does not know is refused, saying which, and nothing is given', async () => {
  const { body } = await grant({ payers: ['pay_a', 'pay_gone'] })
  assert.deepEqual([body.code, body.faults[0].at], ['request/invalid', '/payers/1'])
  assert.deepEqual(await listed(), [])
  assert.equal((await control.call('GET', '/api/credentials', undefined, { cookie })).status, 200)
})

test('no payers at all is refused: whoever may see all of them is given all', async () => {
  for (const payers of [[], undefined]) assert.equal((await grant({ payers })).body.code, 'request/invalid')
})

test('an address that nobody has confirmed is given no role', async () => {
  const waiting = anEmail()
  await control.call('POST', '/api/sign-up', {
    email: waiting,
    password: PASSWORD,
    company: 'Waiting',
    acceptTerms: true,
  })
  for (const unknown of [waiting, anEmail()]) {
    assert.equal((await grant({ email: unknown })).body.code, 'state/not-found')
    assert.equal((await withdraw({ email: unknown })).body.code, 'state/not-found')
  }
})

test('an address is found in any capitals', async () => {
  assert.equal((await grant({ email: ` ${email.toUpperCase()}` })).status, 200)
})

test('giving a role again changes nothing, in whichever order its payers are named', async () => {
  const first = await grant({ payers: ['pay_a', 'pay_b'] })
  const again = await grant({ payers: ['pay_b', 'pay_a'] })
  assert.deepEqual(again.body, first.body)
  assert.equal((await listed()).length, 1)
})

test('two who give the same role at once give it once', async () => {
  await grant({ role: 'engineer' })
  await Promise.all([grant(), grant()])
  assert.equal((await listed()).filter(({ role }) => role === 'auditor').length, 1)
})

test('a role for other payers takes the place of the one before, which stays as withdrawn', async () => {
  await grant()
  control.pass(1000)
  await grant({ payers: 'all' })
  const [now, then] = await listed()
  assert.deepEqual([now?.payers, now?.withdrawnAt], ['all', undefined])
  assert.deepEqual([then?.payers, then?.withdrawnAt], [['pay_a'], now?.grantedAt])
})

test('a role that is withdrawn is gone on the very next call, of one environment or of both', async () => {
  await grant({ environment: undefined, payers: 'all' })
  await withdraw({ environment: 'sandbox' })
  assert.equal((await search()).body.code, 'access/role-missing')
  assert.equal((await search({ environment: 'production' })).status, 200)
  await withdraw()
  assert.equal((await search({ environment: 'production' })).status, 404)
  assert.equal((await authority()).status, 404)
})

test('one role is withdrawn and the others stay', async () => {
  await grant()
  await grant({ role: 'engineer' })
  const { body } = await withdraw({ role: 'auditor' })
  assert.deepEqual(
    body.withdrawn.map(({ role }: GrantedRole) => role),
    ['auditor'],
  )
  assert.deepEqual((await authority()).body.sandbox, [{ role: 'engineer', payers: ['pay_a'] }])
})

test('withdrawing again changes nothing', async () => {
  await grant()
  await withdraw()
  const before = await listed()
  control.pass(1000)
  assert.deepEqual((await withdraw()).body, { withdrawn: [] })
  assert.deepEqual(await listed(), before)
})

test('the list tells who has what since when, with what was withdrawn', async () => {
  await grant()
  await withdraw()
  const [role] = await listed()
  assert.equal(role?.email, email)
  assert.equal(role?.personId, await personId())
  assert.ok(role?.withdrawnAt)
})

test('giving and taking away are on the record by ids alone', async () => {
  await grant()
  await withdraw()
  const id = await personId()
  const entries = (await control.audit()).filter(
    ({ on_id, actor_kind }) => on_id === id && actor_kind === 'operator',
  )
  assert.deepEqual(entries.map(({ act }) => act).sort(), [
    'membership.end',
    'operator.grant',
    'operator.withdraw',
  ])
  assert.equal(JSON.stringify(entries).includes(email), false)
})

// Nobody acts for both sides.

test('a member of a company is given no role before they have left it', async () => {
  const { body } = await grant({ leaveCompany: undefined })
  assert.deepEqual([body.code, body.faults[0].at], ['request/invalid', '/email'])
  assert.deepEqual(await listed(), [])
})

test('whoever left their company for a role is of no company, and may touch nothing of it', async () => {
  await grant()
  const { body } = await control.call('GET', '/api/session', undefined, { cookie })
  assert.equal(body.organization, null)
  assert.equal((await control.call('GET', '/api/credentials', undefined, { cookie })).status, 403)
})

test('a secret that they saw of the company is due to be replaced', async () => {
  const organization = (await control.organizations.membershipOf(await personId()))?.organization
  await grant()
  assert.ok(organization)
  const rows = await control.database.transaction({ role: 'tenant', organization: organization.id }, (tx) =>
    sql<{
      left: boolean
    }>`select not exists (select from memberships m where m.person_id = v.person_id) as left
      from secret_views v`.execute(tx),
  )
  assert.deepEqual(rows.rows, [{ left: true }])
})

test('a person of the operator founds no company: not by signing in either', async () => {
  await grant()
  await control.call('POST', '/api/sign-in', { email, password: PASSWORD })
  assert.equal(await control.organizations.membershipOf(await personId()), undefined)
})

test('whoever was given a role before their company was made gets none, and can sign in', async () => {
  email = anEmail()
  await control.call('POST', '/api/sign-up', {
    email,
    password: PASSWORD,
    company: 'Never made',
    acceptTerms: true,
  })
  // As when the server stops between the confirmation and the company.
  await control.people.confirm(tokenFor(control, email), { address: '10.0.0.1', userAgent: '', cookie: '' })
  assert.equal((await grant({ leaveCompany: undefined })).status, 200)
  const { status, body } = await control.call('POST', '/api/sign-in', { email, password: PASSWORD })
  assert.deepEqual([status, body.organization], [200, null])
})

test('the database lets no person of the operator into a company', async () => {
  const membership = await control.organizations.membershipOf(await personId())
  await grant()
  const statement = `insert into memberships (organization_id, person_id, role, since)
    values ('${membership?.organization.id}', '${await personId()}', 'signatory', now())`
  for (const role of ['staff', 'worker'] as const)
    await assert.rejects(run(role, statement), /a person of the operator belongs to no company/)
  await withdraw()
  await run('worker', statement)
})

test('the database gives no member of a company a role at the operator', async () => {
  const statement = `insert into operator_roles (id, person_id, role, environment, granted_at)
    values ('opr_x', '${await personId()}', 'auditor', 'sandbox', now())`
  await assert.rejects(run('staff', statement), /a person of a company has no role at the operator/)
})

// History.

test('the database brings nothing back that was withdrawn, and removes no role', async () => {
  await grant()
  await withdraw()
  const mine = `person_id = '${await personId()}'`
  const { numAffectedRows } = await run(
    'staff',
    `update operator_roles set withdrawn_at = now() where ${mine}`,
  )
  assert.equal(Number(numAffectedRows), 0)
  await assert.rejects(run('staff', `delete from operator_roles where ${mine}`), /permission denied/)
})

test('the database changes neither the role nor the payers of what was given', async () => {
  await grant()
  for (const change of ["role = 'physician'", 'payers = null', "person_id = 'per_other'"])
    await assert.rejects(run('staff', `update operator_roles set ${change}`), /permission denied/)
})

test('no company, no client and nobody who signs in can read who is of the operator', async () => {
  for (const session of [
    { role: 'tenant', organization: 'org_any' },
    { role: 'client_lookup', client: 'cs_test_any' },
    { role: 'identity' },
  ] as const)
    await assert.rejects(
      control.database.transaction(session, (tx) => sql`select from operator_roles`.execute(tx)),
      /permission denied/,
    )
})

// Who saw a member's cases.

test('an auditor’s search goes to the environment with the payers that they may look through, and their id', async () => {
  await grant({ payers: ['pay_b', 'pay_a'] })
  assert.deepEqual((await search()).body, { cases: [], touches: [] })
  const { requestId, ...asked } = control.gateways.sandbox.searches.at(-1) ?? {}
  assert.deepEqual(asked, {
    payer: 'PAYERA',
    memberId: 'QFSECRET1',
    payers: ['pay_b', 'pay_a'],
    actor: { kind: 'person', personId: await personId() },
  })
  assert.match(String(requestId), /./)
})

test('the payers of another role do not widen what an auditor may look through', async () => {
  await grant()
  await grant({ role: 'physician', payers: 'all' })
  await search()
  assert.deepEqual(control.gateways.sandbox.searches.at(-1)?.payers, ['pay_a'])
})

for (const role of OPERATOR_ROLES.filter((each) => each !== 'auditor'))
  test(`the role ${role} looks through no record`, async () => {
    await grant({ role, payers: 'all' })
    const asked = control.gateways.sandbox.searches.length
    assert.deepEqual(await refusal(search()), [
      403,
      'access/role-missing',
      'An auditor of the sandbox may do this.',
    ])
    assert.equal(control.gateways.sandbox.searches.length, asked)
  })

test('an auditor of one environment looks through the record of no other', async () => {
  await grant()
  const asked = control.gateways.production.searches.length
  assert.equal((await search({ environment: 'production' })).body.code, 'access/role-missing')
  assert.equal(control.gateways.production.searches.length, asked)
})

test('a partner’s person and one whose role was withdrawn are answered alike, at both doors', async () => {
  const partner = (await aVerifiedPerson(control)).cookie
  await grant()
  await withdraw()
  const nothing = [404, 'state/not-found', 'There is nothing here for you.']
  for (const as of [partner, cookie]) {
    assert.deepEqual(await refusal(authority(as)), nothing)
    assert.deepEqual(await refusal(search({}, as)), nothing)
  }
})

test('nobody who is not signed in is told anything', async () => {
  assert.equal((await authority('')).body.code, 'access/signed-out')
  assert.equal((await search({}, '')).body.code, 'access/signed-out')
})

test('another site’s page has no auditor search', async () => {
  await grant()
  const { body } = await control.call(
    'POST',
    '/api/operator/who-saw',
    { environment: 'sandbox', payer: 'PAYERA', memberId: 'QFSECRET1' },
    { cookie, origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
  )
  assert.equal(body.code, 'access/foreign-origin')
})

test('a search that is refused is on the record, by whom and why, and not for whom', async () => {
  await grant({ role: 'engineer' })
  await search({ payer: 'QFSECRET1' })
  const entry = (await control.audit()).findLast(({ act }) => act === 'audit.who-saw')
  assert.deepEqual(
    [entry?.outcome, entry?.actor_kind, entry?.actor_id],
    ['refused', 'person', await personId()],
  )
  assert.equal(JSON.stringify(await control.audit()).includes('QFSECRET1'), false)
})

test('nothing is answered when the environment does not', async () => {
  await grant()
  control.gateways.sandbox.down = true
  assert.equal((await search()).status, 503)
})
