import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { anInterchange, aSubmission } from '../../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'
import { decodeSubmission } from '../../../formats/json/index.ts'
import { decodeAnswer, decodeRequest } from '../../../formats/x12/index.ts'
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
const parts = () => ({ memberId: `QFFILE${++serial}`, transaction: `T-${serial}` })
const own = (npi: string): GrantedProvider => ({ npi, relation: 'own', from: 0 as Instant })
const aCompany = () => servers.sandbox.aCompany()
const get = (company: TestCompany, path: string): Promise<Answer> =>
  company.call({ method: 'GET', url: `/v1/authorizations/${path}` })
async function submitted(company: TestCompany, body: object = aSubmission(parts()), path = 'submission') {
  const answer = await company.post(path, body)
  assert.equal(answer.statusCode, 200, answer.body)
  return { id: `auth_${answer.json().authorizationId}`, answer }
}
/** The acts that a request left on the record. */
async function acts(answer: Answer): Promise<readonly string[]> {
  const rows = await servers.sandbox.audit()
  return rows
    .filter(({ request_id }) => request_id === answer.headers['x-request-id'])
    .map(({ act, on_id }) => `${act} ${on_id}`)
}

describe('events', () => {
  test('what happened to a case is told in order, with who did it by kind alone', async () => {
    const company = await aCompany()
    const { id } = await submitted(company)
    const answer = await get(company, `${id}/events`)
    const { events, next } = answer.json()
    assert.deepEqual(
      events.map((one: { sequence: number; type: string; by: string }) => [one.sequence, one.type, one.by]),
      [
        [1, 'authorization.received', 'client'],
        [2, 'authorization.submitted', 'system'],
        [3, 'authorization.decided', 'system'],
      ],
    )
    assert.equal(next, undefined)
    assert.equal(answer.body.includes(company.client.clientId), false)
    assert.deepEqual(await acts(answer), [`authorization.read-events ${id}`])
  })

  test('pages follow each other by the sequence of the last event', async () => {
    const company = await aCompany()
    const { id } = await submitted(company)
    const first = (await get(company, `${id}/events?limit=2`)).json()
    assert.deepEqual([first.events.length, first.next], [2, '2'])
    const second = (await get(company, `${id}/events?limit=2&after=${first.next}`)).json()
    assert.deepEqual([second.events.length, second.events[0].sequence, second.next], [1, 3, undefined])
  })

  test('moments among the facts are told as moments are elsewhere', async () => {
    const company = await aCompany()
    const { id } = await submitted(
      company,
      aSubmission({ memberId: `QFPEND${++serial}`, transaction: 'T-p' }),
    )
    const { events } = (await get(company, `${id}/events`)).json()
    assert.match(events.at(-1).facts.dueAt, /^\d{4}-\d{2}-\d{2}T.*Z$/)
  })

  for (const query of ['limit=0', 'limit=101', 'after=-1', 'after=x', 'page=2'])
    test(`?${query} is refused`, async () => {
      const company = await aCompany()
      const { id } = await submitted(company)
      assert.equal((await get(company, `${id}/events?${query}`)).json().code, 'request/invalid')
    })
})

describe('the three spellings', () => {
  test('a case that came as JSON is written as a 278, and the other way round, with the same decision', async () => {
    const company = await aCompany()
    const asJson = await submitted(company)
    const asX12 = await submitted(company, { x12: anInterchange(parts()) }, 'submission/x12')
    for (const { id } of [asJson, asX12]) {
      const json = (await get(company, `${id}/json`)).json()
      const x12 = (await get(company, `${id}/x12`)).json()
      const number = json.answer.patientEventDetail.reviewIdentificationNumber
      assert.equal(json.answer.patientEventDetail.certificationActionCode, 'A1')
      assert.match(x12.answer, new RegExp(`~HCR\\*A1\\*${number}`))
      const [read, said] = [decodeSubmission(json.request), decodeRequest(x12.request)]
      assert.ok(read.ok && said.ok && said.value.guide === '217')
      assert.deepEqual(said.value.request.subscriber, read.value.subscriber)
    }
  })

  test('read again, the text is the same', async () => {
    const company = await aCompany()
    const { id } = await submitted(company)
    const [first, again] = [await get(company, `${id}/x12`), await get(company, `${id}/x12`)]
    assert.equal(first.body, again.body)
    assert.ok(decodeAnswer(first.json().answer).ok)
  })

  test('each reading is on the record', async () => {
    const company = await aCompany()
    const { id } = await submitted(company)
    for (const spelling of ['json', 'x12'])
      assert.deepEqual(await acts(await get(company, `${id}/${spelling}`)), [
        `authorization.read-spelling ${id}`,
      ])
  })
})

describe('the bytes that came and went', () => {
  test('are listed, and given as they were, byte for byte, to be saved and not shown', async () => {
    const company = await aCompany()
    const request = aSubmission(parts())
    const { id, answer } = await submitted(company, request)
    const { exchanges } = (await get(company, `${id}/exchanges`)).json()
    const [inbound, outbound] = exchanges
    assert.deepEqual([inbound.direction, outbound.direction], ['inbound', 'outbound'])
    const sent = await get(company, `${id}/exchanges/${inbound.id}`)
    assert.equal(sent.body, JSON.stringify(request))
    assert.equal(sent.body.length, inbound.bytes)
    assert.equal(sent.headers['content-type'], 'application/json')
    assert.equal(sent.headers['content-disposition'], `attachment; filename="${inbound.id}.json"`)
    assert.equal(sent.headers['x-content-type-options'], 'nosniff')
    const answered = await get(company, `${id}/exchanges/${outbound.id}`)
    assert.deepEqual(answered.json(), answer.json().submission.json)
    assert.deepEqual(await acts(sent), [`authorization.read-exchange ${id}`])
  })

  test('of an interchange is the interchange', async () => {
    const company = await aCompany()
    const x12 = anInterchange(parts())
    const { id } = await submitted(company, { x12 }, 'submission/x12')
    const { exchanges } = (await get(company, `${id}/exchanges`)).json()
    const sent = await get(company, `${id}/exchanges/${exchanges[0].id}`)
    assert.equal(sent.body, x12)
    assert.equal(sent.headers['content-type'], 'application/edi-x12')
  })

  test('are nobody’s but the sender’s: who takes part in the case is given an empty list', async () => {
    const request = aSubmission(parts())
    const clinic = await servers.sandbox.aCompany(undefined, [own('1234567893')])
    const partner = await servers.sandbox.aCompany(undefined, [own('1234567893')])
    const { id } = await submitted(clinic, request)
    const [inbound] = (await get(clinic, `${id}/exchanges`)).json().exchanges
    assert.deepEqual((await get(partner, `${id}/exchanges`)).json(), { exchanges: [] })
    assert.equal((await get(partner, `${id}/exchanges/${inbound.id}`)).statusCode, 404)
    assert.equal((await get(partner, `${id}/events`)).statusCode, 200)
  })

  test('of another case are not found under this one', async () => {
    const company = await aCompany()
    const [one, other] = [await submitted(company), await submitted(company)]
    const [inbound] = (await get(company, `${one.id}/exchanges`)).json().exchanges
    assert.equal((await get(company, `${other.id}/exchanges/${inbound.id}`)).statusCode, 404)
  })
})

const PATHS = ['events', 'json', 'x12', 'exchanges', 'exchanges/exc_01989d5e-0000-7000-8000-000000000000']
for (const path of PATHS)
  test(`…/${path} of another company's case, and of what is no id, is not found`, async () => {
    const [company, stranger] = [await aCompany(), await aCompany()]
    const { id } = await submitted(company)
    for (const name of [id, 'auth_1', 'nothing']) {
      const answer = await get(stranger, `${name}/${path}`)
      assert.deepEqual([answer.statusCode, answer.json().code], [404, 'state/not-found'])
    }
  })
