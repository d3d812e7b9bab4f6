/** What changes about what a company may do, and that its gateway hears of it at once. */

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { aGateway, type TestGateway } from '../../../test/support/access.ts'
import { type Control, openControl } from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { isNpi } from '../../kernel/npi.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'

const OPERATOR = { kind: 'operator' } as const
const [CLINIC, SURGEON] = ['1234567893', '1111111112'] as const
const AUTHORITY = 'a'.repeat(64)

let databases: TestDatabases
let sandbox: TestGateway
let control: Control
let company: OrganizationId
before(async () => {
  databases = await openTestDatabases()
  sandbox = await aGateway('sandbox', databases.sandbox)
  control = await openControl(databases.control, {}, { sandbox: sandbox.administration })
})
after(async () => {
  await control.close()
  await databases.close()
})
let serial = 0
beforeEach(async () => {
  const { body } = await control.call('POST', '/operator/organizations', { name: `Changes ${++serial}` })
  company = body.id
})

const inSandbox = () => ({ organizationId: company, environment: 'sandbox' }) as const
const refuses = (code: string, at?: string) => (error: unknown) =>
  error instanceof Problem &&
  error.code === code &&
  (at === undefined || error.faults.some((fault) => fault.at === at))

test('a product that is withdrawn is refused on the next call, with a token that is out', async () => {
  const client = await sandbox.administration.createClient({ organizationId: company, label: 'x' }, OPERATOR)
  const token = await sandbox.aToken(client)
  const call = async (scope: 'pa:submit' | 'pa:read') =>
    sandbox.access.authenticate(`Bearer ${token}`, { scope }).then(
      () => 'let in',
      (error: Problem) => error.code,
    )
  assert.equal(await call('pa:submit'), 'let in')
  const { isAcknowledged } = await control.subscriptions.withdrawProduct(
    { ...inSandbox(), product: 'submission' },
    OPERATOR,
  )
  assert.equal(isAcknowledged, true)
  assert.equal(await call('pa:submit'), 'access/scope-missing')
  await assert.rejects(
    sandbox.access.authenticate(`Bearer ${token}`, { scope: 'pa:submit' }),
    /your company's grant no longer covers it/,
  )
  // Inquiry allows it too, and is left.
  assert.equal(await call('pa:read'), 'let in')
})

test('a scope goes with the last product that allows it, and comes back with the first', async () => {
  const change = (name: 'withdrawProduct' | 'addProduct', product: string) =>
    control.subscriptions[name]({ ...inSandbox(), product }, OPERATOR)
  for (const product of ['submission', 'inquiry', 'determination']) await change('withdrawProduct', product)
  const left = await change('withdrawProduct', 'notice-of-admission')
  assert.deepEqual([left.grant.products, left.grant.scopes], [[], []])
  const { grant } = await change('addProduct', 'inquiry')
  assert.deepEqual([grant.products, grant.scopes], [['inquiry'], ['pa:inquire', 'pa:read']])
})

test('what is the case already makes no new version', async () => {
  const first = await control.subscriptions.grantOf(company, 'sandbox')
  const again = await control.subscriptions.addProduct({ ...inSandbox(), product: 'inquiry' }, OPERATOR)
  assert.equal(again.grant.version, first?.grant.version)
})

test('two changes at once are two versions, and neither is lost', async () => {
  await Promise.all(
    ['submission', 'inquiry'].map((product) =>
      control.subscriptions.withdrawProduct({ ...inSandbox(), product }, OPERATOR),
    ),
  )
  const now = await control.subscriptions.grantOf(company, 'sandbox')
  assert.equal(now?.grant.version, 3)
  assert.deepEqual(now?.grant.products, ['determination', 'notice-of-admission'])
})

test('a product that does not exist is refused, with those that do', async () => {
  for (const name of ['withdrawProduct', 'addProduct'] as const)
    await assert.rejects(
      async () => control.subscriptions[name]({ ...inSandbox(), product: 'coffee' }, OPERATOR),
      refuses('request/invalid', '/product'),
    )
})

test('a product of production is not given without a contract, and nothing is taken from a company that has no grant there', async () => {
  const there = { organizationId: company, environment: 'production', product: 'inquiry' } as const
  for (const name of ['withdrawProduct', 'addProduct'] as const)
    await assert.rejects(async () => control.subscriptions[name](there, OPERATOR), refuses('access/no-grant'))
})

test('each change is on the record, with what it was', async () => {
  // Entries of one millisecond are listed in any order.
  control.pass(1)
  await control.subscriptions.withdrawProduct({ ...inSandbox(), product: 'inquiry' }, OPERATOR)
  const issued = (await control.audit()).filter(
    (entry) => entry.act === 'grant.issue' && entry.organization_id === company,
  )
  assert.deepEqual(issued.at(-1)?.detail, { environment: 'sandbox', version: 2, withdrawn: 'inquiry' })
})

test('a provider that is registered is one that the gateway lets the company act for', async () => {
  const client = await sandbox.administration.createClient({ organizationId: company, label: 'x' }, OPERATOR)
  const token = await sandbox.aToken(client)
  const providers = async () => (await sandbox.access.authenticate(`Bearer ${token}`)).providers
  assert.equal(await providers(), 'any')
  await control.subscriptions.registerProvider({ ...inSandbox(), npi: CLINIC, relation: 'own' }, OPERATOR)
  await control.subscriptions.registerProvider(
    { ...inSandbox(), npi: SURGEON, relation: 'represented', tenantId: 'surgery', authority: AUTHORITY },
    OPERATOR,
  )
  sandbox.clock.advance(control.now() - sandbox.clock.now() + 1)
  await sandbox.access.refresh()
  const fresh = await sandbox.aToken(client)
  const caller = await sandbox.access.authenticate(`Bearer ${fresh}`)
  assert.deepEqual(caller.providers, [
    { npi: CLINIC, tenantId: CLINIC },
    { npi: SURGEON, tenantId: 'surgery' },
  ])
})

test('a provider that has ended is none, and cannot end again', async () => {
  await control.subscriptions.registerProvider({ ...inSandbox(), npi: CLINIC, relation: 'own' }, OPERATOR)
  control.pass(1000)
  const { grant } = await control.subscriptions.endProvider({ ...inSandbox(), npi: CLINIC }, OPERATOR)
  assert.equal(grant.providers?.[0]?.until, control.now())
  await assert.rejects(
    async () => control.subscriptions.endProvider({ ...inSandbox(), npi: CLINIC }, OPERATOR),
    refuses('state/not-found'),
  )
})

test('a provider is refused with every fault: no NPI, no authority, an end before its beginning', async () => {
  const wrong = {
    ...inSandbox(),
    npi: '1234567890',
    relation: 'represented',
    from: 2 as Instant,
    until: 1 as Instant,
  } as const
  await assert.rejects(
    async () => control.subscriptions.registerProvider(wrong, OPERATOR),
    (error: unknown) => {
      assert.ok(error instanceof Problem)
      assert.deepEqual(
        error.faults.map(({ at }) => at),
        ['/npi', '/until', '/authority'],
      )
      return true
    },
  )
})

test('an NPI is known by its check digit', () => {
  for (const npi of [CLINIC, SURGEON, '1222222220']) assert.equal(isNpi(npi), true, npi)
  for (const text of ['1234567890', '1234567892', '123456789', '12345678933', 'abcdefghij', ''])
    assert.equal(isNpi(text), false, text)
})
