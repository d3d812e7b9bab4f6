import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { aSubmission } from '../../../test/support/a-submission.ts'
import { aNotification } from '../../../test/support/admissions.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  openTestServers,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import { openAdmissions } from '../../cases/admissions/index.ts'
import { openRecord } from '../../cases/record/index.ts'
import type { PayerId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Database, Session } from '../../platform/database/index.ts'
import { secureRandom, vaultFromKey } from '../../platform/secrets/index.ts'
import { payerKeys } from '../payers/index.ts'
import { whoSaw } from './who-saw.ts'

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

const auditor = { kind: 'person', personId: 'per_auditor' } as const
let serial = 0
const aMember = () => `QFSAW${++serial}`
const ask = (memberId: string, payer = 'QFHP1', environment = sandbox) =>
  environment.gateway.whoSaw({
    payer,
    memberId,
    payers: 'all',
    actor: { kind: 'operator' },
    requestId: 'req_1',
  })
const submitted = async (memberId: string, headers: Readonly<Record<string, string>> = {}) => {
  const company = await sandbox.aCompany()
  const request = aSubmission({ memberId, transaction: `T-${memberId}` })
  const answer = await company.post('submission', request, headers)
  return { company, request, id: `auth_${answer.json().authorizationId}` as const }
}

test('who told of a stay of the member and who read it is told, though there is no case', async () => {
  const memberId = aMember()
  const company = await sandbox.aCompany()
  const told = await company.post('noa', aNotification({ memberId, transaction: `N-${memberId}` }))
  const id = `adm_${told.json().authorizationId}`
  servers.clock.advance(1000)
  assert.equal((await company.call({ method: 'GET', url: `/v1/admissions/${id}` })).statusCode, 200)
  const { cases, touches } = await ask(memberId)
  assert.deepEqual(cases, [])
  assert.deepEqual(
    touches.map(({ act, on }) => [act, on]),
    [
      ['admission.notify', id],
      ['admission.read', id],
    ],
  )
})

test('who sent, asked about and read a case of the member is told, in order', async () => {
  const memberId = aMember()
  const { company, id } = await submitted(memberId)
  servers.clock.advance(1000)
  await company.post('inquiry', aSubmission({ memberId, transaction: 'T-ask' }))
  servers.clock.advance(1000)
  await company.call({ method: 'GET', url: `/v1/authorizations/${id}` })
  const { cases, touches } = await ask(memberId)
  assert.deepEqual(cases, [id])
  assert.deepEqual(
    [...new Set(touches.map(({ act }) => act))],
    ['authorization.submit', 'authorization.inquire', 'authorization.read'],
  )
  for (const touch of touches) {
    assert.equal(touch.organizationId, company.organizationId)
    assert.equal(touch.actorId, company.client.clientId)
    assert.equal(touch.on, id)
  }
})

test('who was given a kept answer again is told too', async () => {
  const memberId = aMember()
  const { company, request } = await submitted(memberId, { 'idempotency-key': `key-${memberId}` })
  const again = await company.post('submission', request, { 'idempotency-key': `key-${memberId}` })
  assert.equal(again.headers['idempotency-replayed'], 'true')
  const { touches } = await ask(memberId)
  assert.equal(touches.filter(({ act }) => act === 'authorization.submit').length, 2)
})

test('the member id is found in any spelling, and with the payer’s own id', async () => {
  const memberId = aMember()
  const { id } = await submitted(memberId)
  const spelled = ` ${memberId.toLowerCase().replace('qf', 'qf-')} `
  assert.deepEqual((await ask(spelled)).cases, [id])
})

test('of another member nothing is told', async () => {
  await submitted(aMember())
  assert.deepEqual(await ask('QFNOBODY'), { cases: [], touches: [] })
})

test('the search is itself on the record, without the member', async () => {
  const memberId = aMember()
  await submitted(memberId)
  await ask(memberId)
  const entry = (await sandbox.audit()).findLast(({ act }) => act === 'audit.who-saw')
  assert.match(entry?.on_id ?? '', /^pay_/)
  assert.equal(JSON.stringify(await sandbox.audit()).includes(memberId), false)
  assert.equal(servers.log().includes(memberId), false)
})

test('a payer that nobody goes by is refused, also where another stands in for it', async () => {
  await assert.rejects(
    ask('QF1', 'NOSUCH'),
    (error) => error instanceof Problem && error.code === 'state/not-found',
  )
})

test('whoever may look through some payers alone is told of another as of none at all', async () => {
  const memberId = aMember()
  const { id } = await submitted(memberId)
  const look = (payers: readonly PayerId[]) =>
    sandbox.gateway.whoSaw({
      payer: 'QFHP1',
      memberId,
      payers,
      actor: { kind: 'operator' },
      requestId: 'req_1',
    })
  for (const payers of [[], ['pay_other']] as const)
    await assert.rejects(
      look(payers),
      (error) => error instanceof Problem && error.code === 'state/not-found',
    )
  const [payer] = await quillfeather()
  assert.deepEqual((await look([payer, 'pay_other'])).cases, [id])
})

const quillfeather = async () => {
  const { rows } = await sandbox.database.transaction({ role: 'staff' }, (tx) =>
    sql<{ id: PayerId }>`select payer_id as id from payer_wire_ids where wire_id = 'QFHP1'`.execute(tx),
  )
  return rows.map(({ id }) => id) as [PayerId]
}

test('the administration is asked with the payers in scope, and answers as the record does', async () => {
  const memberId = aMember()
  const { id } = await submitted(memberId)
  const [payer] = await quillfeather()
  const { administration } = sandbox.gateway
  const look = (payers: readonly PayerId[] | 'all') =>
    administration.whoSaw({ payer: 'QFHP1', memberId, payers, requestId: 'req_7' }, auditor)
  for (const payers of [[payer], 'all'] as const) assert.deepEqual((await look(payers)).cases, [id])
  await assert.rejects(
    look(['pay_other']),
    (error) => error instanceof Problem && error.code === 'state/not-found',
  )
})

test('a search of one of the operator’s people is on the record under their id', async () => {
  const memberId = aMember()
  await submitted(memberId)
  const { administration } = sandbox.gateway
  await administration.whoSaw({ payer: 'QFHP1', memberId, payers: 'all', requestId: 'req_8' }, auditor)
  const { rows } = await sandbox.database.transaction({ role: 'staff' }, (tx) =>
    sql<{ actor_kind: string; actor_id: string; organization_id: string | null }>`
      select actor_kind, actor_id, organization_id from audit_entries where request_id = 'req_8'`.execute(tx),
  )
  assert.deepEqual(rows, [{ actor_kind: 'person', actor_id: auditor.personId, organization_id: null }])
})

test('the database itself shows no case of a payer beyond the scope, whatever is asked of it', async () => {
  const memberId = aMember()
  const { id } = await submitted(memberId)
  const [payer] = await quillfeather()
  const seenBy = (payers: readonly string[] | 'all') =>
    sandbox.database.transaction({ role: 'staff', payers }, async (tx) => {
      const { rows } = await sql<{ id: string }>`select case_id as id from authorizations
        where payer_id = ${payer} and case_id in (select case_id from case_lookups)`.execute(tx)
      return rows.some((row) => row.id === id)
    })
  assert.deepEqual(
    [
      await seenBy(['pay_other']),
      await seenBy([]),
      await seenBy(['*']),
      await seenBy([payer]),
      await seenBy('all'),
    ],
    [false, false, false, true, true],
  )
})

test('the search runs as somebody who sees the payer asked about and no other', async () => {
  const memberId = aMember()
  const { id } = await submitted(memberId)
  const [payer] = await quillfeather()
  const sessions: Session[] = []
  const database: Database = {
    ...sandbox.database,
    transaction: (session, work, options) => {
      sessions.push(session)
      return sandbox.database.transaction(session, work, options)
    },
  }
  const vault = vaultFromKey(new Uint8Array(32).fill(1), secureRandom)
  const sealing = { vault, keyOf: payerKeys(vault).of, random: secureRandom }
  const record = openRecord({ environment: 'sandbox', ...sealing })
  const admissions = openAdmissions(sealing)
  const { cases } = await whoSaw(
    { database, record, admissions, clock: servers.clock, random: secureRandom },
    {
      payer: 'QFHP1',
      memberId,
      payers: ['pay_other', payer],
      actor: auditor,
      requestId: 'req_9',
    },
  )
  assert.deepEqual(cases, [id])
  assert.deepEqual(sessions, [{ role: 'staff' }, { role: 'staff', payers: [payer] }])
})

test('the sandbox’s cases are not found in production', async () => {
  const memberId = aMember()
  await submitted(memberId)
  await assert.rejects(
    ask(memberId, 'QFHP1', servers.production),
    (error) => error instanceof Problem && error.code === 'state/not-found',
  )
})
