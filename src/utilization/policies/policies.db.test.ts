import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { aGraph, type RowFixture } from '../../../test/support/policy-graph.ts'
import type { PayerId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Session } from '../../platform/database/index.ts'
import { secureRandom } from '../../platform/secrets/index.ts'
import { openPolicies, type PolicyInputs } from './index.ts'

let databases: TestDatabases
const policies = openPolicies()
before(async () => {
  databases = await openTestDatabases()
})
after(async () => {
  policies.dispose()
  await databases.close()
})

const context = {
  actor: { kind: 'operator' },
  at: Date.parse('2026-11-24T09:00:00Z') as Instant,
  random: secureRandom,
} as const
const WORKER: Session = { role: 'worker' }
const TENANT: Session = { role: 'tenant', organization: 'org_a' }

let made = 0
async function aPayer(): Promise<PayerId> {
  const id: PayerId = `pay_${++made}`
  await databases.sandbox.transaction(WORKER, (tx) =>
    sql`insert into payers (id, name, line_of_business, created_at) values (${id}, 'Invented', 'commercial', now())`.execute(
      tx,
    ),
  )
  return id
}
const published = (payer: PayerId, graph: unknown) =>
  databases.sandbox.transaction(WORKER, (tx) => policies.publish(tx, payer, graph, context))
const decided = (payer: PayerId, inputs: PolicyInputs) =>
  databases.sandbox.transaction(TENANT, async (tx) => (await policies.of(tx, payer))(inputs))
async function decidedBy(rows: readonly RowFixture[], inputs: PolicyInputs) {
  const payer = await aPayer()
  await published(payer, aGraph(rows))
  return decided(payer, inputs)
}
const CERTIFY: RowFixture = {
  when: { quantity: '<= 20' },
  outcome: 'certify',
  text: 'Few units',
  source: 'MP-1',
}

test('the row that fires certifies, and is the ground of it', async () => {
  const payer = await aPayer()
  const { id } = await published(payer, aGraph([CERTIFY]))
  assert.deepEqual(await decided(payer, { quantity: 14 }), {
    outcome: 'certify',
    ground: { kind: 'policy', id: `${id}#row-1`, version: 1, text: 'Few units', source: 'MP-1' },
  })
})

test('the row that fires pends, with its reason and for whom it waits', async () => {
  const decision = await decidedBy(
    [
      {
        when: { quantity: '> 20' },
        outcome: 'pend',
        waitingFor: 'information',
        reason: 'Send a plan of care.',
      },
    ],
    { quantity: 21 },
  )
  assert.equal(decision.outcome, 'pend')
  assert.equal(decision.outcome === 'pend' && decision.waitingFor, 'information')
  assert.equal(decision.outcome === 'pend' && decision.reason, 'Send a plan of care.')
})

test('what no row speaks of falls to the last one: a reviewer decides', async () => {
  const decision = await decidedBy([CERTIFY], { quantity: 21 })
  assert.equal(decision.outcome === 'pend' && decision.waitingFor, 'reviewer')
  assert.match(decision.ground?.id ?? '', /#row-2$/)
})

test('a missing input of a certifying row is asked for, never guessed', async () => {
  const decision = await decidedBy([CERTIFY], {})
  assert.equal(decision.outcome === 'pend' && decision.waitingFor, 'information')
  assert.equal(decision.outcome === 'pend' && decision.reason, 'The payer’s policy needs the quantity.')
})

test('a row that hangs on a missing input stops the table, though a later row would certify', async () => {
  const rows: readonly RowFixture[] = [
    { when: { age: '< 18' }, reason: 'Children are reviewed.' },
    { when: { urgency: '"elective"' }, outcome: 'certify' },
  ]
  const decision = await decidedBy(rows, { urgency: 'elective' })
  assert.equal(decision.outcome === 'pend' && decision.waitingFor, 'information')
  assert.match(decision.ground?.id ?? '', /#row-1$/)
})

test('a cell that holds for an absent value does not certify', async () => {
  const decision = await decidedBy([{ when: { gender: '$ != "male"' }, outcome: 'certify' }], {})
  assert.equal(decision.outcome, 'pend')
})

test('a missing input that no deciding row needs is not asked for', async () => {
  const rows: readonly RowFixture[] = [
    { when: { code: '"A0428"', quantity: '<= 20' }, outcome: 'certify' },
    { when: { code: '"71260"' }, outcome: 'certify' },
  ]
  assert.equal((await decidedBy(rows, { code: '71260' })).outcome, 'certify')
})

test('an input that is not of its kind is for a reviewer ("20" is not 20)', async () => {
  for (const inputs of [{ quantity: '14' }, { quantity: Number.NaN }, { quantity: [14] }])
    assert.deepEqual(await decidedBy([CERTIFY], inputs as unknown as PolicyInputs), {
      outcome: 'pend',
      waitingFor: 'reviewer',
      reason: 'The policy could not read the quantity.',
    })
})

test('a payer without a policy pends everything to a reviewer', async () => {
  const decision = await decided(await aPayer(), { quantity: 1 })
  assert.equal(decision.outcome === 'pend' && decision.waitingFor, 'reviewer')
  assert.equal(decision.ground, undefined)
})

test('a policy published anew decides from then on, under the next version', async () => {
  const payer = await aPayer()
  await published(payer, aGraph([CERTIFY]))
  assert.equal((await decided(payer, { quantity: 14 })).outcome, 'certify')
  assert.equal((await published(payer, aGraph([]))).version, 2)
  const decision = await decided(payer, { quantity: 14 })
  assert.equal(decision.outcome, 'pend')
  assert.equal(decision.ground?.version, 2)
})

test('a publication leaves a line in the audit record', async () => {
  const payer = await aPayer()
  const { id } = await published(payer, aGraph([CERTIFY]))
  const { rows } = await databases.sandbox.transaction({ role: 'staff' }, (tx) =>
    sql`select act, detail from audit_entries where on_id = ${payer}`.execute(tx),
  )
  assert.deepEqual(rows, [{ act: 'policy.publish', detail: { policy: id, version: 1 } }])
})

test('a policy with a fault is not published, and the one before stays in force', async () => {
  const payer = await aPayer()
  await published(payer, aGraph([CERTIFY]))
  const error = await published(payer, aGraph([{ when: { quantity: '> > 1' }, outcome: 'deny' }])).catch(
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof Problem)
  assert.equal(error.code, 'request/invalid')
  assert.equal(error.faults.length, 2)
  assert.equal((await decided(payer, { quantity: 14 })).outcome, 'certify')
})

test('a graph in the database that no longer passes the checks decides nothing', async () => {
  const payer = await aPayer()
  await databases.sandbox.transaction(WORKER, (tx) =>
    sql`insert into policies (id, payer_id, version, published_at, checksum, graph)
      values (${`pol_${payer}`}, ${payer}, 1, now(), '', '{"nodes": [], "edges": []}')`.execute(tx),
  )
  await assert.rejects(decided(payer, { quantity: 1 }), /no longer passes the checks/)
})

test('a graph that was published is recognized, after it was replaced too', async () => {
  const payer = await aPayer()
  await published(payer, aGraph([CERTIFY]))
  await published(payer, aGraph([]))
  const was = (graph: unknown) =>
    databases.sandbox.transaction(WORKER, (tx) => policies.wasPublished(tx, payer, graph))
  assert.equal(await was(aGraph([CERTIFY])), true)
  assert.equal(await was(aGraph([{ ...CERTIFY, text: 'Other words' }])), false)
})

test('a caller publishes no policy, and nobody at run time changes or removes one', async () => {
  const payer = await aPayer()
  await assert.rejects(
    databases.sandbox.transaction(TENANT, (tx) => policies.publish(tx, payer, aGraph([]), context)),
    { code: '42501' },
  )
  for (const role of ['staff', 'worker'] as const)
    for (const statement of [sql`update policies set version = 9`, sql`delete from policies`])
      await assert.rejects(
        databases.sandbox.transaction({ role }, (tx) => statement.execute(tx)),
        { code: '42501' },
      )
})

test('closed policies decide nothing', async () => {
  const other = openPolicies()
  other.dispose()
  const payer = await aPayer()
  await assert.rejects(
    databases.sandbox.transaction(TENANT, (tx) => other.of(tx, payer)),
    /closed/,
  )
})
