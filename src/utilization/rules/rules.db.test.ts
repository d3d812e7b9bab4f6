import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { PayerId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { type Instant, plainDate } from '../../kernel/time.ts'
import type { Session } from '../../platform/database/index.ts'
import { secureRandom } from '../../platform/secrets/index.ts'
import { importRules, openRules, wasImported } from './index.ts'

let databases: TestDatabases
const { rulesFor } = openRules()
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

const context = {
  actor: { kind: 'operator' },
  at: Date.parse('2026-11-24T09:00:00Z') as Instant,
  random: secureRandom,
} as const
const WORKER: Session = { role: 'worker' }
const TENANT: Session = { role: 'tenant', organization: 'org_a' }
const HEADER = 'code_system,code,code_until,service_type,effective_from,effective_until,answer,text,source'

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
const imported = (payer: PayerId, ...rows: readonly string[]) =>
  databases.sandbox.transaction(WORKER, (tx) => importRules(tx, payer, [HEADER, ...rows].join('\n'), context))
const audited = async (payer: PayerId) => {
  const { rows } = await databases.sandbox.transaction({ role: 'staff' }, (tx) =>
    sql`select act, detail from audit_entries where on_id = ${payer}`.execute(tx),
  )
  return rows
}
const texts = async (payer: PayerId, codes: readonly string[], on = '2026-05-20', session = TENANT) => {
  const day = plainDate(on)
  assert.ok(day)
  const asked = codes.map((code) => ({ system: 'HC', code }))
  const rules = await databases.sandbox.transaction(session, (tx) => rulesFor(tx, payer, asked, day))
  return rules.map(({ text }) => text).sort()
}

test('rows are found by their code, by the range that holds it, and always when they name none', async () => {
  const payer = await aPayer()
  await imported(
    payer,
    'HC,X1000,,,2026-01-01,,required,exact,M',
    'HC,X0990,X1010,,2026-01-01,,required,range,M',
    'HC,X1001,,,2026-01-01,,required,other code,M',
    'HC,X1001,X1010,,2026-01-01,,required,other range,M',
    'HC,X100,X199,,2026-01-01,,required,shorter codes,M',
    'N4,X1000,,,2026-01-01,,required,other list,M',
    ',,,98,2026-01-01,,not-required,no code,M',
  )
  assert.deepEqual(await texts(payer, ['x1000']), ['exact', 'no code', 'range'])
  assert.deepEqual(await texts(payer, []), ['no code'])
})

test('a range that holds two of the codes is found once', async () => {
  const payer = await aPayer()
  await imported(payer, 'HC,X0990,X1010,,2026-01-01,,required,range,M')
  assert.deepEqual(await texts(payer, ['X1000', 'X1001', 'X1000']), ['range'])
})

test('both ends of a range are in it', async () => {
  const payer = await aPayer()
  await imported(payer, 'HC,X1000,X1010,,2026-01-01,,required,range,M')
  for (const [code, expected] of [
    ['X0999', []],
    ['X1000', ['range']],
    ['X1010', ['range']],
    ['X1011', []],
  ] as const)
    assert.deepEqual(await texts(payer, [code]), expected)
})

test('rows are found on the days for which they hold, both ends included', async () => {
  const payer = await aPayer()
  await imported(payer, 'HC,X1000,,,2026-02-01,2026-02-28,required,february,M')
  assert.deepEqual(await texts(payer, ['X1000'], '2026-01-31'), [])
  assert.deepEqual(await texts(payer, ['X1000'], '2026-02-01'), ['february'])
  assert.deepEqual(await texts(payer, ['X1000'], '2026-02-28'), ['february'])
  assert.deepEqual(await texts(payer, ['X1000'], '2026-03-01'), [])
})

test('an import replaces the one before, which stays under its own version', async () => {
  const payer = await aPayer()
  assert.deepEqual(await imported(payer, 'HC,X1000,,,2026-01-01,,required,first,M'), { version: 1, rows: 1 })
  assert.deepEqual(await imported(payer, 'HC,X1000,,,2026-01-01,,required,second,M'), { version: 2, rows: 1 })
  assert.deepEqual(await texts(payer, ['X1000']), ['second'])
  const { rows } = await databases.sandbox.transaction(WORKER, (tx) =>
    sql<{ text: string }>`select text from rules where payer_id = ${payer} order by version`.execute(tx),
  )
  assert.deepEqual(
    rows.map(({ text }) => text),
    ['first', 'second'],
  )
})

test('a row that was read before is answered from memory, and only while its import is the newest', async () => {
  const payer = await aPayer()
  await imported(payer, 'HC,X1000,,,2026-01-01,,required,first,M', 'HC,X1001,,,2026-01-01,,required,other,M')
  assert.deepEqual(await texts(payer, ['X1000']), ['first'])
  await databases.engine.script(
    `update ${databases.sandbox.schema}.rules set text = 'changed behind our back'`,
  )
  assert.deepEqual(await texts(payer, ['X1000']), ['first'])
  await imported(payer)
  assert.deepEqual(await texts(payer, ['X1000']), [])
})

test('an import that was rolled back leaves nothing in memory', async () => {
  const payer = await aPayer()
  const undone = databases.sandbox.transaction(WORKER, async (tx) => {
    await importRules(tx, payer, `${HEADER}\nHC,X1000,,,2026-01-01,,required,undone,M`, context)
    const day = plainDate('2026-05-20')
    assert.ok(day)
    assert.equal((await rulesFor(tx, payer, [{ system: 'HC', code: 'X1000' }], day))[0]?.text, 'undone')
    throw new Error('undo')
  })
  await assert.rejects(undone, /undo/)
  await imported(payer, 'HC,X1000,,,2026-01-01,,required,done,M')
  assert.deepEqual(await texts(payer, ['X1000']), ['done'])
})

test('an import of no rows leaves the payer without rules', async () => {
  const payer = await aPayer()
  await imported(payer, 'HC,X1000,,,2026-01-01,,required,first,M')
  await imported(payer)
  assert.deepEqual(await texts(payer, ['X1000']), [])
})

test('the rules of one payer are not those of another', async () => {
  const [one, other] = [await aPayer(), await aPayer()]
  await imported(
    one,
    'HC,X1000,,,2026-01-01,,required,mine,M',
    'HC,X0000,X2000,,2026-01-01,,required,range,M',
  )
  assert.deepEqual(await texts(other, ['X1000']), [])
})

test('everything that a row says is kept', async () => {
  const payer = await aPayer()
  const header =
    'code_system,code,modifiers,place,service_type,plan,line_of_business,age_from,age_until,diagnosis,effective_from,effective_until,answer,reviewer,documents,text,source'
  const row =
    'HC,X1000,RR|NU,11|bill:21,1|56,GOLD,commercial,18,64,C50|M54,2026-01-01,2026-12-31,required,Invented UM,Order|Notes,"words, and more",Manual'
  await databases.sandbox.transaction(WORKER, (tx) => importRules(tx, payer, `${header}\n${row}`, context))
  const day = plainDate('2026-05-20')
  assert.ok(day)
  const [rule] = await databases.sandbox.transaction(TENANT, (tx) =>
    rulesFor(tx, payer, [{ system: 'HC', code: 'X1000' }], day),
  )
  const { id, ...rest } = rule ?? { id: '' }
  assert.match(id, /^rul_/)
  assert.deepEqual(rest, {
    version: 1,
    procedure: { system: 'HC', code: 'X1000' },
    modifiers: ['RR', 'NU'],
    places: ['11', 'bill:21'],
    serviceTypes: ['1', '56'],
    plan: 'GOLD',
    lineOfBusiness: 'commercial',
    age: { from: 18, until: 64 },
    diagnoses: ['C50', 'M54'],
    effective: { from: '2026-01-01', until: '2026-12-31' },
    answer: 'required',
    reviewer: 'Invented UM',
    documents: ['Order', 'Notes'],
    text: 'words, and more',
    source: 'Manual',
  })
})

test('a file with a fault leaves everything as it was, and names every fault', async () => {
  const payer = await aPayer()
  await imported(payer, 'HC,X1000,,,2026-01-01,,required,first,M')
  const error = await imported(
    payer,
    'HC,X1000,,,2026-01-01,,required,fine,M',
    'HC,X1000,,,2026-13-01,,perhaps,wrong,M',
  ).catch((reason: unknown) => reason)
  assert.ok(error instanceof Problem)
  assert.equal(error.code, 'request/invalid')
  assert.deepEqual(
    error.faults.map(({ at }) => at),
    ['line 3, column effective_from', 'line 3, column answer'],
  )
  assert.deepEqual(await texts(payer, ['X1000']), ['first'])
})

test('a text that was imported is recognized, after it was replaced too', async () => {
  const payer = await aPayer()
  const was = (text: string) =>
    databases.sandbox.transaction(WORKER, (tx) => wasImported(tx, payer, `${HEADER}\n${text}`))
  await imported(payer, 'HC,X1000,,,2026-01-01,,required,first,M')
  await imported(payer)
  assert.equal(await was('HC,X1000,,,2026-01-01,,required,first,M'), true)
  assert.equal(await was('HC,X1000,,,2026-01-01,,required,second,M'), false)
})

test('an import leaves a line in the audit record', async () => {
  const payer = await aPayer()
  await imported(payer, 'HC,X1000,,,2026-01-01,,required,first,M')
  assert.deepEqual(await audited(payer), [{ act: 'rules.import', detail: { version: 1, rows: 1 } }])
})

test('two imports at once get two versions', async () => {
  const payer = await aPayer()
  const both = await Promise.all([imported(payer), imported(payer)])
  assert.deepEqual(both.map(({ version }) => version).sort(), [1, 2])
})

test('a caller reads rules and imports none', async () => {
  const payer = await aPayer()
  await assert.rejects(
    databases.sandbox.transaction(TENANT, (tx) => importRules(tx, payer, HEADER, context)),
    { code: '42501' },
  )
})

test('nobody at run time changes or removes a rule', async () => {
  for (const role of ['staff', 'worker'] as const)
    for (const statement of [sql`update rules set answer = 'not-required'`, sql`delete from rules`])
      await assert.rejects(
        databases.sandbox.transaction({ role }, (tx) => statement.execute(tx)),
        { code: '42501' },
      )
})

test('rules for a payer that does not exist are refused', async () => {
  await assert.rejects(imported('pay_none'), { code: '23503' })
})

test('among thousands of rows each code finds its own row or range, and no neighbour', async () => {
  const payer = await aPayer()
  const many = Array.from({ length: 3000 }, (_, i) => {
    const code = `Z${String(i * 3).padStart(4, '0')}`
    const until = i % 3 === 0 ? `Z${String(i * 3 + 2).padStart(4, '0')}` : ''
    return `HC,${code},${until},,2026-01-01,,required,row ${i},M`
  })
  await imported(payer, ...many)
  assert.deepEqual(await texts(payer, ['Z0004']), [])
  assert.deepEqual(await texts(payer, ['Z0003']), ['row 1'])
  assert.deepEqual(await texts(payer, ['Z0001']), ['row 0'])
  assert.deepEqual(await texts(payer, ['Z0000']), ['row 0'])
})
