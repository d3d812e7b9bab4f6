import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { aSubmission } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const operator = { kind: 'operator' } as const

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  ;({ sandbox } = servers)
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 0
const later = { 'x-sandbox-scenario': 'pend-then-approve' }

async function submitted(company: TestCompany, headers: Record<string, string> = later): Promise<string> {
  const answer = await company.post('submission', aSubmission({ transaction: `C-${++serial}` }), headers)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json().authorizationId
}

const resource = async (company: TestCompany, id: string) =>
  (await company.call({ method: 'GET', url: `/v1/authorizations/${id}` })).json()

const advance = ({ organizationId }: TestCompany, byMs: number) =>
  sandbox.gateway.administration.advanceClock({ organizationId, byMs }, operator)

describe('pend-then-approve', () => {
  test('pends the case, and certifies it as asked an hour later by the clock of the company', async () => {
    const company = await sandbox.aCompany()
    const id = await submitted(company)
    assert.equal((await resource(company, id)).state, 'pended')
    assert.deepEqual(await advance(company, 59 * MINUTE_MS), { aheadMs: 59 * MINUTE_MS, settled: 0 })
    assert.equal((await resource(company, id)).state, 'pended')
    assert.deepEqual(await advance(company, MINUTE_MS), { aheadMs: HOUR_MS, settled: 1 })
    const { state, decision, authorizationNumber, pending, dueAt } = await resource(company, id)
    assert.deepEqual([state, decision.by, decision.action], ['approved', 'simulated', 'certified'])
    assert.match(authorizationNumber, /^A[0-9A-Z]{13}$/)
    assert.deepEqual([pending, dueAt], [undefined, undefined])
  })

  test('is found certified by an inquiry, by member and by the number that it was given', async () => {
    const company = await sandbox.aCompany()
    const id = await submitted(company)
    await advance(company, HOUR_MS)
    const { authorizationNumber } = await resource(company, id)
    const event = aSubmission().patientEventDetail as object
    for (const patientEventDetail of [
      event,
      { ...event, previousReviewAuthorizationNumber: authorizationNumber },
    ]) {
      const body = aSubmission({ transaction: `C-${++serial}`, patientEventDetail })
      const { authorizationId, inquiry } = (await company.post('inquiry', body)).json()
      assert.equal(authorizationId, id)
      assert.equal(inquiry.json.patientEventDetail.certificationActionCode, 'A1')
    }
  })

  test('is told by its events, without gaps, and by the audit record', async () => {
    const company = await sandbox.aCompany()
    const id = await submitted(company)
    await advance(company, HOUR_MS)
    const { events } = await resource(company, id)
    assert.deepEqual(
      events.map(({ sequence, type }: { sequence: number; type: string }) => [sequence, type]),
      [
        [1, 'authorization.received'],
        [2, 'authorization.submitted'],
        [3, 'authorization.pended'],
        [4, 'authorization.decided'],
      ],
    )
    const entry = (await sandbox.audit()).find(
      (row) => row.act === 'authorization.decide' && row.on_id?.endsWith(id),
    )
    assert.equal(entry?.organization_id, company.organizationId)
  })

  test('needs no moved clock: an hour of the real one does as well', async () => {
    const company = await sandbox.aCompany()
    const id = await submitted(company)
    servers.clock.advance(HOUR_MS - 1)
    const before = await sandbox.gateway.settleDue()
    servers.clock.advance(1)
    const then = await sandbox.gateway.settleDue()
    // Back to where the token still lives.
    servers.clock.advance(-HOUR_MS)
    assert.deepEqual([before, then], [0, 1])
    assert.equal((await resource(company, id)).state, 'approved')
  })

  test('waits its hour from where the clock of the company was moved to', async () => {
    const company = await sandbox.aCompany()
    await advance(company, 10 * HOUR_MS)
    const id = await submitted(company)
    assert.equal((await advance(company, HOUR_MS - 1)).settled, 0)
    assert.equal((await advance(company, 1)).settled, 1)
    assert.equal((await resource(company, id)).state, 'approved')
  })

  test('has the case that it extends give way when it is certified, and not before', async () => {
    const company = await sandbox.aCompany()
    const earlier = await submitted(company, { 'x-sandbox-scenario': 'approve' })
    const extension = await company.call({
      method: 'POST',
      url: `/v1/authorizations/${earlier}/extend`,
      headers: { ...later, 'content-type': 'application/json' },
      payload: { period: { from: '2027-06-04', until: '2027-07-04' } },
    })
    assert.equal(extension.statusCode, 201, extension.body)
    assert.equal((await resource(company, earlier)).state, 'approved')
    assert.equal((await advance(company, HOUR_MS)).settled, 1)
    assert.equal((await resource(company, extension.json().id)).state, 'approved')
    const { state, events } = await resource(company, earlier)
    assert.equal(state, 'extended')
    assert.equal(events.at(-1).type, 'authorization.extended')
  })

  test('leaves a case alone that its requester took back meanwhile', async () => {
    const company = await sandbox.aCompany()
    const id = await submitted(company)
    const { administrativeReference } = await resource(company, id)
    const event = aSubmission().patientEventDetail as object
    const taken = await company.post(
      'submission',
      aSubmission({
        transaction: `C-${++serial}`,
        patientEventDetail: {
          ...event,
          certificationTypeCode: '3',
          previousAdministrativeReferenceNumber: administrativeReference,
        },
      }),
    )
    assert.equal(taken.statusCode, 200, taken.body)
    assert.equal((await resource(company, id)).state, 'withdrawn')
    assert.equal((await advance(company, HOUR_MS)).settled, 0)
    assert.equal((await resource(company, id)).state, 'withdrawn')
    assert.equal((await sandbox.rowCounts()).simulated_settlements, 0)
  })
})

test('a moved clock moves nobody else’s', async () => {
  const [company, another] = [await sandbox.aCompany(), await sandbox.aCompany()]
  const id = await submitted(another)
  await advance(company, 71 * HOUR_MS)
  assert.equal((await resource(another, id)).state, 'pended')
  await advance(another, HOUR_MS)
})

test('a decision that is owed within 72 hours is not overdue after 71 by the clock of the company, and is after 73', async () => {
  const company = await sandbox.aCompany()
  const event = aSubmission().patientEventDetail as object
  const urgent = aSubmission({
    transaction: `C-${++serial}`,
    patientEventDetail: { ...event, levelOfServiceCode: 'U' },
  })
  const { authorizationId: id } = (
    await company.post('submission', urgent, { 'x-sandbox-scenario': 'pend' })
  ).json()
  await advance(company, 71 * HOUR_MS)
  const before = await resource(company, id)
  await advance(company, 2 * HOUR_MS)
  const { overdue, dueAt, receivedAt } = await resource(company, id)
  assert.deepEqual([before.overdue, overdue], [undefined, true])
  assert.equal(Date.parse(dueAt) - Date.parse(receivedAt), 72 * HOUR_MS)
})

test('what comes after the clock was moved is not overdue from its first moment', async () => {
  const company = await sandbox.aCompany()
  await advance(company, 200 * HOUR_MS)
  const id = await submitted(company, { 'x-sandbox-scenario': 'pend' })
  assert.equal((await resource(company, id)).overdue, undefined)
})

test('a clock touches no case that was merely pended', async () => {
  const company = await sandbox.aCompany()
  const id = await submitted(company, { 'x-sandbox-scenario': 'pend' })
  assert.equal((await advance(company, 71 * HOUR_MS)).settled, 0)
  assert.equal((await resource(company, id)).state, 'pended')
})

test('two who settle at once certify each case once', async () => {
  const company = await sandbox.aCompany()
  const ids = await Promise.all(Array.from({ length: 5 }, () => submitted(company)))
  const moved = await Promise.all([
    advance(company, HOUR_MS),
    advance(company, HOUR_MS),
    sandbox.gateway.settleDue(),
  ])
  for (const id of ids) {
    const { state, events } = await resource(company, id)
    assert.deepEqual([state, events.length], ['approved', 4])
  }
  assert.ok(moved.length === 3)
})

test('the worker may write to a case that waits for its time, and to no other', async () => {
  const company = await sandbox.aCompany()
  const waits = await submitted(company)
  const rests = await submitted(company, { 'x-sandbox-scenario': 'pend' })
  const written = async (id: string) =>
    databases.sandbox.transaction({ role: 'worker' }, async (tx) => {
      const { numAffectedRows } = await sql`
        update authorizations set waiting_for = waiting_for where case_id = ${`auth_${id}`}`.execute(tx)
      return numAffectedRows
    })
  assert.deepEqual([await written(waits), await written(rests)], [1n, 0n])
})

test('a company schedules nothing that would have the case of another give way', async () => {
  const [company, another] = [await sandbox.aCompany(), await sandbox.aCompany()]
  const own = await submitted(company, { 'x-sandbox-scenario': 'pend' })
  const mine = await submitted(company, { 'x-sandbox-scenario': 'approve' })
  const theirs = await submitted(another, { 'x-sandbox-scenario': 'approve' })
  class Undone extends Error {}
  const scheduled = (follows: string) =>
    databases.sandbox.transaction(
      { role: 'tenant', organization: company.organizationId, providers: 'any' },
      async (tx) => {
        await sql`insert into simulated_settlements (case_id, received_from, due_at, follows)
          values (${`auth_${own}`}, ${company.organizationId}, now(), ${`auth_${follows}`})`.execute(tx)
        throw new Undone()
      },
    )
  await assert.rejects(scheduled(theirs), /row-level security/)
  await assert.rejects(scheduled(mine), Undone)
})

test('in production no clock can be moved, and nothing is settled by time', async () => {
  const { production } = servers
  const { organizationId } = await production.aCompany()
  await assert.rejects(
    production.gateway.administration.advanceClock({ organizationId, byMs: HOUR_MS }, operator),
    { code: 'request/sandbox-only' },
  )
  assert.equal(await production.gateway.settleDue(), 0)
})
