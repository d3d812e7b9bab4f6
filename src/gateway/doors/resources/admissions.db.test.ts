import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aResourceNotice } from '../../../../test/support/admissions.ts'
import { openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  sandbox = servers.sandbox
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

const post = (company: TestCompany, body: unknown, headers = {}) =>
  company.call({
    method: 'POST',
    url: '/v1/admissions',
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  })

function refused(answer: Answer, code: string): readonly string[] {
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8', answer.body)
  const problem = answer.json()
  assert.equal(problem.code, code, answer.body)
  return (problem.errors ?? problem.faults ?? []).map((fault: { pointer?: string; at?: string }) =>
    String(fault.pointer ?? fault.at).replace('#', ''),
  )
}

test('a notice is answered 201 with the admission and its place, which reads the same', async () => {
  const company = await sandbox.aCompany()
  const answer = await post(company, aResourceNotice())
  assert.equal(answer.statusCode, 201, answer.body)
  const made = answer.json()
  assert.deepEqual([made.state, made.kind, made.isLate], ['unmatched', 'admission', false])
  assert.match(made.referenceNumber, /^N[0-9A-Z]{13}$/)
  const location = String(answer.headers.location)
  assert.equal(location, `/v1/admissions/${made.id}`)
  const read = await company.call({ method: 'GET', url: location })
  assert.deepEqual(read.json(), made)
})

test('the same notice again is answered 200 with the same admission', async () => {
  const company = await sandbox.aCompany()
  const first = await post(company, aResourceNotice())
  const again = await post(company, aResourceNotice())
  assert.equal(again.statusCode, 200)
  assert.equal(again.json().id, first.json().id)
  assert.equal(again.headers['countersign-duplicate-of'], first.json().id)
})

test('with an Idempotency-Key it gets the very answer again', async () => {
  const company = await sandbox.aCompany()
  const key = { 'idempotency-key': 'a-key' }
  const first = await post(company, aResourceNotice(), key)
  const again = await post(company, aResourceNotice(), key)
  assert.equal(again.body, first.body)
  assert.equal(again.statusCode, 201)
  assert.equal(again.headers['idempotency-replayed'], 'true')
})

test('a notice of the compatible door and one of this are of one stay', async () => {
  const company = await sandbox.aCompany()
  const { id, referenceNumber } = (await post(company, aResourceNotice())).json()
  const answer = await post(
    company,
    aResourceNotice({ purpose: 'cancel', previousAdministrativeReference: referenceNumber }),
  )
  assert.equal(answer.statusCode, 200, answer.body)
  assert.deepEqual([answer.json().id, answer.json().state], [id, 'cancelled'])
})

test('every fault is told at once, at its pointer: a member that is not known, an NPI that fails Luhn', async () => {
  const requester = {
    kind: 'facility',
    name: { kind: 'organization', name: 'Larkspur Hospital' },
    identifier: { system: 'npi', value: '1234567890' },
  }
  const faults = refused(
    await post(await sandbox.aCompany(), aResourceNotice({}, { requester, colour: 'green' })),
    'request/invalid',
  )
  assert.deepEqual(faults.toSorted(), ['/colour', '/requester/identifier/value'])
})

for (const [what, event, at] of [
  ['without a day of admission', { admission: undefined }, '/event/admission'],
  ['of a discharge before the admission', { dischargeDate: '2027-01-02' }, '/event/dischargeDate'],
  ['that cancels without a number', { purpose: 'cancel' }, '/event/previousAdministrativeReference'],
  ['that asks for an extension', { purpose: 'extension' }, '/event/purpose'],
  ['of another category', { category: 'health-services' }, '/event/category'],
] as const)
  test(`a notice ${what} is refused at ${at}`, async () => {
    const company = await sandbox.aCompany()
    assert.deepEqual(refused(await post(company, aResourceNotice(event)), 'request/invalid'), [at])
  })

test('a payer that nobody knows is refused at its id', async () => {
  const company = await servers.production.aCompany()
  const answer = await post(company, aResourceNotice({}, { payer: { id: 'NOBODY' } }))
  assert.deepEqual(refused(answer, 'request/invalid'), ['/payer/id'])
})

test('a number of another company is answered as one that was never given', async () => {
  const [company, other] = [await sandbox.aCompany(), await sandbox.aCompany()]
  const { referenceNumber } = (await post(company, aResourceNotice())).json()
  const cancel = (number: string) =>
    aResourceNotice({ purpose: 'cancel', previousAdministrativeReference: number })
  const theirs = await post(other, cancel(referenceNumber))
  const never = await post(other, cancel('N0000000000000'))
  refused(theirs, 'state/not-found')
  assert.equal(theirs.json().detail, never.json().detail)
})

test('a token without pa:admit is refused', async () => {
  const company = await sandbox.aCompany(['pa:read', 'pa:submit'])
  refused(await post(company, aResourceNotice()), 'access/scope-missing')
})
