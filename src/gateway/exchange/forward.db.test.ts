import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aSubmission } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import {
  aFarEnd,
  aForwardedPayer,
  certified,
  decidedAs,
  outcomeOf,
  wayOut,
} from '../../../test/support/upstream.ts'
import { decodeRequest } from '../../formats/x12/index.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
let company: TestCompany
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases, { egress: await wayOut() })
  sandbox = servers.sandbox
  company = await sandbox.aCompany()
})
after(async () => {
  await servers.close()
  await databases.close()
})

let serial = 0
/** A payer of its own for each test, asked at a far end of its own, and a request to it that nobody has sent before. */
async function aPayer(t: Parameters<typeof aFarEnd>[0], script: Parameters<typeof aFarEnd>[1]) {
  const payerId = `FAR${++serial}`
  const far = await aFarEnd(t, script)
  await aForwardedPayer(sandbox.gateway.administration, payerId, { url: far.url })
  const request = aSubmission({ payerId, memberId: `FARMEMBER${serial}`, transaction: `FAR-${serial}` })
  return { payerId, far, request, submit: () => company.post('submission', request) }
}

async function caseOf(answer: Answer) {
  const id = answer.json().authorizationId
  const read = await company.call({ method: 'GET', url: `/v1/authorizations/auth_${id}` })
  assert.equal(read.statusCode, 200, read.body)
  return read.json()
}
/** What the platform's own duties see. */
function asWorker<T extends object>(query: string): Promise<readonly T[]> {
  const { engine, schema } = sandbox.database
  return engine.alone(async (connection) => {
    await connection.script(`begin; set local role ${schema}_worker; set local search_path to ${schema}`)
    try {
      return await connection.query<T>(query)
    } finally {
      await connection.script('rollback')
    }
  })
}
const typesOf = (events: readonly { type: string }[]) =>
  events.map(({ type }) => type.replace('authorization.', ''))

test("a payer's certification is the answer, with the payer's own numbers", async (t) => {
  const { submit, far } = await aPayer(t, certified)
  const answer = await submit()
  assert.equal(answer.statusCode, 200, answer.body)
  const found = await caseOf(answer)
  assert.equal(found.state, 'approved')
  assert.equal(found.authorizationNumber, 'PAYERAUTH1')
  assert.equal(found.administrativeReference, 'PAYERREF1')
  assert.equal(found.decision.by, 'upstream')
  assert.deepEqual(typesOf(found.events), [
    'received',
    'submitted',
    'forwarding',
    'payer-received',
    'decided',
  ])
  assert.equal(far.arrived.length, 1)
})

test('what is sent bears our names and our number, and not those that the request came with', async (t) => {
  const { submit, far } = await aPayer(t, certified)
  await submit()
  const decoded = decodeRequest(far.arrived[0]?.x12 ?? '')
  assert.ok(decoded.ok)
  const { envelope } = decoded.value
  assert.equal(envelope.senderId, 'COUNTERSIGN')
  assert.equal(envelope.receiverId, 'FARPAYER')
  assert.match(envelope.beginningReference, /^CS[0-9A-F]{20}$/)
  assert.ok(decoded.value.guide === '217')
  assert.equal(decoded.value.request.event.traces?.[0]?.number, envelope.beginningReference)
})

test('a payer that pends is waited for, and the answer says so', async (t) => {
  const { submit } = await aPayer(t, (arrived, { answer }) =>
    answer(200, decidedAs(arrived, outcomeOf('pended'))),
  )
  const answer = await submit()
  const found = await caseOf(answer)
  assert.equal(found.state, 'pended')
  assert.equal(found.pending.waitingFor, 'payer')
  assert.match(answer.json().submission.x12, /HCR\*A4/)
})

test('the same request again gets the same answer, and nothing is sent a second time', async (t) => {
  const { submit, far } = await aPayer(t, certified)
  const first = await submit()
  const again = await submit()
  assert.equal(again.body, first.body)
  assert.equal(again.headers['idempotency-replayed'], 'true')
  assert.equal(far.arrived.length, 1)
})

test('both raw exchanges with the payer are kept, and are not for its sender', async (t) => {
  const { submit } = await aPayer(t, certified)
  const { authorizationId } = (await submit()).json()
  const list = await company.call({
    method: 'GET',
    url: `/v1/authorizations/auth_${authorizationId}/exchanges`,
  })
  assert.equal(list.json().exchanges.length, 2, list.body)
  const kept = await asWorker<{ direction: string; counterpart: string }>(
    `select direction, counterpart from exchanges where case_id = 'auth_${authorizationId}' order by exchange_id`,
  )
  assert.deepEqual(kept.map(({ direction, counterpart }) => `${direction} ${counterpart}`).sort(), [
    'inbound payer',
    'inbound sender',
    'outbound payer',
    'outbound sender',
  ])
})

test('a payer that says nothing in time leaves the case unconfirmed; its sender is told not to send it again', async (t) => {
  const { submit } = await aPayer(t, () => {})
  const answer = await submit()
  assert.match(answer.json().submission.x12, /AAA\*N\*\*42\*Y/)
  const found = await caseOf(answer)
  assert.equal(found.state, 'payer-unconfirmed')
})
