import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aSubmission } from '../../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'
import type { Instant } from '../../../kernel/time.ts'
import type { GrantedProvider } from '../../administration/index.ts'

let databases: TestDatabases
let servers: TestServers
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 0
const aMember = () => `QFSRCH${++serial}`
const own = (npi: string): GrantedProvider => ({ npi, relation: 'own', from: 0 as Instant })
const aCompany = (...providers: readonly GrantedProvider[]) =>
  servers.sandbox.aCompany(undefined, providers.length > 0 ? providers : undefined)

async function submitted(
  company: TestCompany,
  parts: Parameters<typeof aSubmission>[0] = {},
): Promise<string> {
  const request = aSubmission({ memberId: aMember(), transaction: `T-${++serial}`, ...parts })
  const answer = await company.post('submission', request)
  assert.equal(answer.statusCode, 200, answer.body)
  servers.clock.advance(1000)
  return `auth_${answer.json().authorizationId}`
}
const search = (company: TestCompany, body: unknown): Promise<Answer> =>
  company.call({
    method: 'POST',
    url: '/v1/authorizations/search',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  })
async function found(company: TestCompany, body: unknown): Promise<readonly string[]> {
  const answer = await search(company, body)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json().authorizations.map((one: { readonly id: string }) => one.id)
}
function refused(answer: Answer, at: string): void {
  assert.equal(answer.statusCode, 422, answer.body)
  assert.equal(answer.json().code, 'request/invalid')
  assert.equal(answer.json().faults[0].at, at)
}

describe('what is found', () => {
  test('a search of no condition finds every case of the company, newest first', async () => {
    const company = await aCompany()
    const ids = [await submitted(company), await submitted(company), await submitted(company)]
    assert.deepEqual(await found(company, {}), ids.toReversed())
  })

  test('a case is told by its states, numbers and moments, and by nothing that names or describes its patient', async () => {
    const company = await aCompany()
    const memberId = aMember()
    await submitted(company, { memberId })
    const answer = await search(company, { memberId })
    const [one] = answer.json().authorizations
    assert.deepEqual(Object.keys(one).sort(), [
      'action',
      'administrativeReference',
      'authorizationNumber',
      'decidedAt',
      'id',
      'payer',
      'purpose',
      'receivedAt',
      'service',
      'state',
    ])
    assert.equal(answer.body.includes('Calloway'), false)
    assert.equal(answer.body.includes(memberId), false)
  })

  test('another company finds none of them, by whatever is asked', async () => {
    const [company, stranger] = [await aCompany(), await aCompany()]
    const memberId = aMember()
    await submitted(company, { memberId })
    const [{ authorizationNumber }] = (await search(company, { memberId })).json().authorizations
    for (const asked of [{}, { memberId }, { authorizationNumber }, { payer: 'QFHP1' }])
      assert.deepEqual(await found(stranger, asked), [])
  })

  test('a company finds the cases that name a provider whom it acts for, and each once', async () => {
    const clinic = await aCompany(own('1234567893'))
    const other = await aCompany(own('1234567893'), own('1111111112'))
    const id = await submitted(clinic)
    const theirs = await found(other, {})
    assert.equal(theirs.includes(id), true)
    assert.equal(new Set(theirs).size, theirs.length)
    assert.equal((await found(await aCompany(own('1111111112')), {})).includes(id), false)
  })

  test('each condition finds the case that fits, and not the one that does not', async () => {
    const company = await aCompany()
    const [memberId, other] = [aMember(), aMember()]
    const id = await submitted(company, { memberId })
    await submitted(company, {
      memberId: other,
      procedureCode: 'A0429',
      requester: { requesterType: '1P', organizationName: 'Tern Clinic', npi: '1111111112' },
    })
    const [mine] = (await search(company, { memberId })).json().authorizations
    const day = mine.receivedAt.slice(0, 10)
    for (const asked of [
      { memberId: ` ${memberId.toLowerCase()} ` },
      { authorizationNumber: mine.authorizationNumber },
      { authorizationNumber: mine.authorizationNumber, memberId },
      { administrativeReference: mine.administrativeReference },
      { payer: 'qfhp1', memberId },
      { procedureCode: 'A0428' },
      { requesterNpi: '1234567893' },
      { memberId, received: { from: day, until: day } },
      { memberId, received: { until: day } },
      { memberId, service: { from: '2027-05-01', until: '2027-05-03' } },
      { memberId, state: ['approved', 'denied'] },
    ])
      assert.deepEqual(await found(company, asked), [id], JSON.stringify(asked))
    for (const asked of [
      { memberId, authorizationNumber: 'NONE' },
      { memberId, payer: 'TANSYRIDGE' },
      { memberId, received: { from: '2099-01-01' } },
      { memberId, received: { until: '2001-01-01' } },
      { memberId, service: { from: '2027-05-04' } },
      { memberId, state: ['denied'] },
      { memberId, procedureCode: 'A0429' },
    ])
      assert.deepEqual((await search(company, asked)).json().authorizations ?? [], [], JSON.stringify(asked))
  })
})

describe('page by page', () => {
  test('pages follow each other to the end: every case once, whatever arrives meanwhile', async () => {
    const company = await aCompany()
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push(await submitted(company))
    const seen: string[] = []
    let cursor: string | undefined
    for (let pages = 0; pages < 10; pages++) {
      const answer = (await search(company, { limit: 2, ...(cursor ? { cursor } : {}) })).json()
      seen.push(...answer.authorizations.map((one: { readonly id: string }) => one.id))
      cursor = answer.next
      if (cursor === undefined) break
      await submitted(company)
    }
    assert.deepEqual(seen, ids.toReversed())
  })

  test('a cursor is of no use to another company, for another search, or changed by one character', async () => {
    const [company, stranger] = [await aCompany(), await aCompany()]
    for (let i = 0; i < 3; i++) await submitted(company)
    const { next } = (await search(company, { limit: 1 })).json()
    refused(await search(stranger, { limit: 1, cursor: next }), '/cursor')
    refused(await search(company, { limit: 1, cursor: next, payer: 'QFHP1' }), '/cursor')
    const changed = `${next.slice(0, -2)}${next.at(-2) === 'A' ? 'B' : 'A'}${next.at(-1)}`
    refused(await search(company, { limit: 1, cursor: changed }), '/cursor')
    refused(await search(company, { cursor: 'x' }), '/cursor')
    assert.equal((await search(company, { limit: 2, cursor: next })).statusCode, 200)
  })

  test('a cursor tells nothing: no id of a case is in it', async () => {
    const company = await aCompany()
    const ids = [await submitted(company), await submitted(company)]
    const { next } = (await search(company, { limit: 1 })).json()
    const bytes = Buffer.from(next, 'base64url').toString('latin1')
    for (const id of ids) assert.equal(bytes.includes(id), false)
  })
})

describe('what is refused, each at its place', () => {
  for (const [what, body, at] of [
    ['a condition that is unknown', { member: 'QF10001' }, '/member'],
    ['a state that no case can be in', { state: ['lost'] }, '/state/0'],
    ['a limit beyond 100', { limit: 101 }, '/limit'],
    ['a day that does not exist', { received: { from: '2027-02-30' } }, '/received/from'],
    ['days in the wrong order', { service: { from: '2027-05-04', until: '2027-05-03' } }, '/service'],
    ['an NPI of nine digits', { requesterNpi: '123456789' }, '/requesterNpi'],
  ] as const)
    test(what, async () => refused(await search(await aCompany(), body), at))

  test('in production, where none stands in, a payer that nobody knows', async () => {
    const company = await servers.production.aCompany()
    refused(await search(company, { payer: 'NOBODY' }), '/payer')
  })

  test('a token without pa:read', async () => {
    const company = await servers.sandbox.aCompany(['pa:submit'])
    assert.equal((await search(company, {})).statusCode, 403)
  })
})

describe('on the record', () => {
  test('a search is one entry, and whoever is asked who saw a case it found is told of it', async () => {
    const company = await aCompany()
    const memberId = aMember()
    const id = await submitted(company, { memberId })
    await submitted(company)
    const answer = await search(company, {})
    const entries = (await servers.sandbox.audit()).filter(
      ({ request_id }) => request_id === answer.headers['x-request-id'],
    )
    assert.deepEqual(
      entries.map(({ act, outcome }) => [act, outcome]),
      [['authorization.search', 'done']],
    )
    const { touches } = await servers.sandbox.gateway.whoSaw({
      payers: 'all',
      payer: 'QFHP1',
      memberId,
      actor: { kind: 'operator' },
      requestId: 'req_1',
    })
    assert.deepEqual(
      touches.filter(({ act }) => act === 'authorization.search').map(({ on }) => on),
      [id],
    )
  })

  test('what was looked for is in no log and no entry', async () => {
    const company = await aCompany()
    const memberId = aMember()
    await submitted(company, { memberId })
    await search(company, { memberId })
    await search(company, { memberId, limit: 0 })
    assert.equal(servers.log().includes(memberId), false)
  })
})
