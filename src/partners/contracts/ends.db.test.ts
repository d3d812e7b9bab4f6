/** What happens to a contract that both sides have signed: amended, renewed, given notice of, terminated, on paper. */

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { aGateway, type TestGateway } from '../../../test/support/access.ts'
import {
  aCast,
  aCompany,
  aDeskPerson,
  aSignature,
  type Cast,
  type Company,
  MANY_SIGN_UPS,
  toCountersigned,
  toOffered,
} from '../../../test/support/contracts.ts'
import { type Control, openControl } from '../../../test/support/control.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Problem } from '../../kernel/problem.ts'

const DAY = 24 * 60 * 60 * 1000
let databases: TestDatabases
let production: TestGateway
let control: Control
let desk: string
let cast: Cast
let company: Company
before(async () => {
  databases = await openTestDatabases()
  production = await aGateway('production', databases.production)
  control = await openControl(databases.control, MANY_SIGN_UPS, { production: production.administration })
  desk = (await aDeskPerson(control)).cookie
  cast = await aCast(control)
})
after(async () => {
  await control.close()
  await databases.close()
})
beforeEach(async () => {
  control.pass(1)
  company = await aCompany(control, cast)
})

const ask = (cookie: string, path: string, body?: object) =>
  control.call(body === undefined ? 'GET' : 'POST', path, body, { cookie })
const stateOf = async (id: string) => (await ask(company.viewer, `/api/contracts/${id}`)).body
/** The gateway lives by the clock of the control plane from here on. */
const sameTime = () => production.clock.advance(control.now() - production.clock.now())
/** What becomes of a call with a token that was out before. */
async function aLiveToken() {
  sameTime()
  const wanted = { organizationId: company.organizationId, label: 'Live' }
  const client = await production.administration.createClient(wanted, { kind: 'operator' })
  const token = await production.aToken(client)
  return (scope: 'pa:submit' | 'pa:inquire') =>
    production.access.authenticate(`Bearer ${token}`, { scope }).then(
      () => 'let in',
      (error: Problem) => error.code,
    )
}

test('termination stops production tokens at the stated moment, though nobody is told then', async () => {
  const { contractId } = await toCountersigned(control, company, desk)
  const call = await aLiveToken()
  const at = new Date(control.now() + 60_000).toISOString()
  const ended = await ask(desk, `/api/operator/contracts/${contractId}/terminate`, {
    reason: 'Not paid.',
    at,
  })
  assert.deepEqual([ended.body.state, ended.body.endsAt], ['active', at])
  await production.access.refresh()
  assert.equal(await call('pa:inquire'), 'let in')
  control.pass(60_000)
  sameTime()
  assert.equal(await call('pa:inquire'), 'access/no-grant')
  assert.equal((await stateOf(contractId)).state, 'terminated')
})

test('termination without a moment holds on the next call', async () => {
  const { contractId } = await toCountersigned(control, company, desk)
  const call = await aLiveToken()
  control.pass(10)
  await ask(desk, `/api/operator/contracts/${contractId}/terminate`, { reason: 'Not paid.' })
  sameTime()
  assert.equal(await call('pa:inquire'), 'access/no-grant')
})

test('a contract cannot end in the past, nor later than it would by itself', async () => {
  const never = { months: 1, renews: 'never' }
  const { contractId } = await toCountersigned(control, company, desk, {}, never)
  const end = (days: number) =>
    ask(desk, `/api/operator/contracts/${contractId}/terminate`, {
      reason: 'x',
      at: new Date(control.now() + days * DAY).toISOString(),
    })
  assert.equal((await end(-1)).body.code, 'request/invalid')
  assert.equal((await end(40)).body.code, 'state/not-allowed')
})

test('notice in time ends a contract with its term, and late notice with the next', async () => {
  const { contractId } = await toCountersigned(control, company, desk, {}, { months: 1, noticeDays: 10 })
  const { beginsAt, term } = await stateOf(contractId)
  assert.equal(Date.parse(term.over) - Date.parse(term.noticeBy), 10 * DAY)
  control.pass(25 * DAY)
  const given = await ask(company.signatory, `/api/contracts/${contractId}/notice`, { reason: 'We move.' })
  const months = new Date(given.body.endsAt).getUTCMonth() - new Date(beginsAt).getUTCMonth()
  assert.deepEqual([given.body.endKind, (months + 12) % 12], ['notice', 2])
  const again = await ask(desk, `/api/operator/contracts/${contractId}/notice`, {})
  assert.equal(again.body.code, 'state/not-allowed')
})

test('a product that an amendment leaves out is refused once it is countersigned', async () => {
  const first = await toCountersigned(control, company, desk)
  const call = await aLiveToken()
  assert.equal(await call('pa:submit'), 'let in')
  control.pass(1000)
  const wish = { products: ['inquiry'], amends: first.contractId }
  const second = await toCountersigned(control, company, desk, wish)
  sameTime()
  assert.deepEqual([await call('pa:submit'), await call('pa:inquire')], ['access/scope-missing', 'let in'])
  assert.match(second.text, new RegExp(`Takes the place of: ${first.contractId}`))
  assert.deepEqual(
    [(await stateOf(first.contractId)).state, (await stateOf(second.contractId)).state],
    ['amended', 'active'],
  )
})

test('a renewal begins where the one before ends, without a gap', async () => {
  const first = await toCountersigned(control, company, desk, {}, { months: 1, renews: 'never' })
  const { endsAt } = await stateOf(first.contractId)
  const wish = { amends: first.contractId }
  const second = await toCountersigned(control, company, desk, wish, { beginsAt: endsAt })
  assert.equal((await stateOf(second.contractId)).state, 'countersigned')
  control.pass(Date.parse(endsAt) - control.now())
  const fresh = await aLiveToken()
  assert.equal(await fresh('pa:submit'), 'let in')
  assert.deepEqual(
    [(await stateOf(first.contractId)).state, (await stateOf(second.contractId)).state],
    ['renewed', 'active'],
  )
})

test('while a contract is in force, a request names the one that it amends', async () => {
  const { contractId } = await toCountersigned(control, company, desk)
  const wish = { plan: 'standard', products: ['inquiry'] }
  const unnamed = await ask(company.administrator, '/api/production-requests', wish)
  assert.equal(unnamed.body.code, 'state/not-allowed')
  const named = await ask(company.administrator, '/api/production-requests', { ...wish, amends: contractId })
  assert.equal(named.status, 201)
})

test('what amends a contract that has ended meanwhile is not countersigned', async () => {
  const first = await toCountersigned(control, company, desk)
  const second = await toOffered(control, company, desk, { amends: first.contractId })
  const signature = aSignature(second.textHash)
  await ask(company.signatory, `/api/contracts/${second.contractId}/sign`, signature)
  await ask(desk, `/api/operator/contracts/${first.contractId}/terminate`, { reason: 'x' })
  control.pass(1)
  const answer = await ask(desk, `/api/operator/contracts/${second.contractId}/countersign`, signature)
  assert.equal(answer.body.code, 'state/not-allowed')
})

test('a paper contract that is recorded counts, and each side can get its file', async () => {
  const paper = {
    organization: company.name,
    products: ['inquiry'],
    mediaType: 'application/pdf',
    file: Buffer.from(`%PDF of ${company.name}`).toString('base64'),
    attestedBy: 'Dora Desk',
  }
  const recorded = await ask(desk, '/api/operator/contracts/record', paper)
  assert.deepEqual([recorded.status, recorded.body.kind, recorded.body.state], [201, 'paper', 'active'])
  assert.equal(await (await aLiveToken())('pa:inquire'), 'let in')
  const acting = { side: 'partner', membership: company.membership } as const
  const { bytes, sha256 } = await control.contracts.file(acting, recorded.body.id)
  assert.deepEqual([Buffer.from(bytes).toString('base64'), sha256], [paper.file, recorded.body.textHash])
  const again = await ask(desk, '/api/operator/contracts/record', { ...paper, amends: recorded.body.id })
  assert.equal(again.body.code, 'state/already-there')
})

test('terms of a self-service plan give production at once, and their end takes it away', async () => {
  const { plans } = (await ask(desk, '/api/operator/plans')).body
  const plan = plans.find(({ id }: { id: string }) => id === 'pay-as-you-go')
  await ask(desk, '/api/operator/plans', { ...plan, isOffered: true })
  const choice = { plan: 'pay-as-you-go', products: ['inquiry'] }
  const terms = (await ask(company.administrator, '/api/subscriptions/terms', choice)).body
  assert.match(terms.text, /USD 0.30 per transaction/)
  const accept = (hash: string) =>
    ask(company.administrator, '/api/subscriptions', { ...choice, termsHash: hash, accept: true })
  assert.equal((await accept('0'.repeat(64))).body.code, 'state/moved-on')
  assert.equal((await accept(terms.hash)).status, 201)
  const call = await aLiveToken()
  assert.equal(await call('pa:inquire'), 'let in')
  control.pass(10)
  assert.equal((await ask(company.administrator, '/api/subscriptions/end', {})).status, 204)
  sameTime()
  assert.equal(await call('pa:inquire'), 'access/no-grant')
})
