import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aClock } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { openTestServers, type TestServers } from '../../../test/support/gateway-server.ts'
import type { PatientEvent } from '../../core/request.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant, PlainDate } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import { secureRandom } from '../../platform/secrets/index.ts'
import { importRules, openRules } from '../../utilization/rules/index.ts'
import { listPayers } from '../payers/index.ts'
import { determineTogether } from './determine-together.ts'

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

const on = '2027-05-03' as PlainDate
const about = (code: string, payerId = 'TRM01', globalPayerId?: string) => ({
  payerId,
  ...(globalPayerId !== undefined && { globalPayerId }),
  event: {
    category: 'health-services',
    purpose: 'initial',
    period: { from: on, until: on },
    diagnoses: [],
    conditions: [],
    transportStops: [],
    providers: [],
    lines: [
      { number: 1, kind: 'professional', providers: [], procedure: { system: 'HC', code, modifiers: [] } },
    ],
  } satisfies PatientEvent,
})

const NONE_ELSEWHERE = { for: () => assert.fail('a payer was asked elsewhere') }

/** Counts the transactions that it takes. */
function asking() {
  let transactions = 0
  const { sandbox } = databases
  const transaction: Database['transaction'] = (session, work, options) => {
    transactions++
    return sandbox.transaction(session, work, options)
  }
  const ask = determineTogether({
    database: { ...sandbox, transaction },
    rules: openRules(),
    connectors: NONE_ELSEWHERE,
    clock: aClock(0 as Instant),
  })
  return { ask, transactions: () => transactions }
}
const answerTo = async (asked: ReturnType<ReturnType<typeof asking>['ask']>) =>
  (await asked).lines[0]?.determination.answer

test('those who ask while one is answered are answered together, each with its own answer', async () => {
  const { ask, transactions } = asking()
  const codes = ['T1000', 'A0428', '00000', 'T1000', '71260', '74150']
  const answers = await Promise.all(codes.map((code) => answerTo(ask(about(code)))))
  assert.deepEqual(answers, ['required', 'not-required', 'unknown', 'required', 'not-required', 'required'])
  assert.equal(transactions(), 2)
})

test('what is wrong with one question is no other’s', async () => {
  const { ask } = asking()
  const [first, wrong, last] = await Promise.allSettled([
    ask(about('T1000')),
    ask(about('T1000', 'TRM01', 'QFHP1')),
    ask(about('T1000')),
  ])
  assert.deepEqual([first?.status, last?.status], ['fulfilled', 'fulfilled'])
  assert.ok(wrong?.status === 'rejected' && wrong.reason instanceof Problem)
})

test('a question that the database cannot take is refused alone, and the others are answered', async () => {
  const { ask } = asking()
  const [first, second, unfit, last] = await Promise.allSettled([
    ask(about('T1000')),
    ask(about('T1000')),
    ask(about('T1000', 'A\0B')),
    ask(about('T1000')),
  ])
  assert.deepEqual([first?.status, second?.status, last?.status], ['fulfilled', 'fulfilled', 'fulfilled'])
  assert.equal(unfit?.status, 'rejected')
})

test('when the database fails, all who waited are told, and the next one is answered', async () => {
  let isDown = true
  const { sandbox } = databases
  const transaction: Database['transaction'] = (session, work, options) =>
    isDown ? Promise.reject(new Error('away')) : sandbox.transaction(session, work, options)
  const database = { ...sandbox, transaction }
  const ask = determineTogether({
    database,
    rules: openRules(),
    clock: aClock(0 as Instant),
    connectors: NONE_ELSEWHERE,
  })
  const failed = await Promise.allSettled([ask(about('T1000')), ask(about('T1000'))])
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  isDown = false
  assert.equal(await answerTo(ask(about('T1000'))), 'required')
})

test('rules are in force for whoever asks once they are committed', async () => {
  const { ask } = asking()
  assert.equal(await answerTo(ask(about('X9999'))), 'unknown')
  await databases.sandbox.transaction({ role: 'staff' }, async (tx) => {
    const payer = (await listPayers(tx)).find(({ wireIds }) => wireIds.includes('TRM01'))
    assert.ok(payer)
    const text =
      'code_system,code,effective_from,answer,text,source\nHC,X9999,2015-01-01,required,New,Guide section 9\n'
    await importRules(tx, payer.id, text, {
      actor: { kind: 'operator' },
      at: 0 as Instant,
      random: secureRandom,
    })
  })
  assert.equal(await answerTo(ask(about('X9999'))), 'required')
})
