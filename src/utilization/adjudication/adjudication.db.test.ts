import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { aLine, aRequest, day } from '../../../test/support/bare-requests.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { aGraph, type RowFixture } from '../../../test/support/policy-graph.ts'
import type { Purpose, ReviewRequest } from '../../core/request.ts'
import type { PayerId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import { secureRandom } from '../../platform/secrets/index.ts'
import { openPolicies } from '../policies/index.ts'
import { importRules, openRules } from '../rules/index.ts'
import { openAdjudication } from './index.ts'

const AT = Date.parse('2026-05-20T15:00:00Z') as Instant
const policies = openPolicies()
const { adjudicate } = openAdjudication({ policies, rules: openRules() })
let databases: TestDatabases
let payer: PayerId

const RULES = `code_system,code,place,age_from,age_until,service_type,effective_from,effective_until,answer,text,source
HC,X1000,,,,,2026-01-01,,required,Needs it,M-1
HC,X2000,,,,,2026-01-01,,not-required,Free of it,M-2
HC,X3000,,0,17,,2026-01-01,,not-required,Free for children,M-3
HC,X4000,,,,,2026-01-01,2026-03-31,not-required,Free until April,M-4
,,21,,,,2026-01-01,,required,A stay in hospital,M-5
,,,,,98,2026-01-01,,not-required,A visit,M-6`
const ROWS: readonly RowFixture[] = [
  { when: { daysSinceService: '> 1' }, text: 'After the fact', reason: 'It is over.' },
  { when: { code: '"X1000"', quantity: '<= 20' }, outcome: 'certify', text: 'Up to 20' },
  {
    when: { code: '"X5000"', diagnoses: 'len($) == 0' },
    waitingFor: 'information',
    reason: 'Send the diagnosis.',
  },
  { when: { code: '"X5000"' }, outcome: 'certify', text: 'With a diagnosis' },
  { when: { age: '< 18' }, text: 'A child', reason: 'Children are reviewed.' },
]

before(async () => {
  databases = await openTestDatabases()
  payer = await aPayer(RULES, ROWS)
})
after(async () => {
  policies.dispose()
  await databases.close()
})

let made = 0
async function aPayer(rules: string | undefined, rows: readonly RowFixture[] | undefined): Promise<PayerId> {
  const id: PayerId = `pay_${++made}`
  const context = { actor: { kind: 'operator' }, at: AT, random: secureRandom } as const
  await databases.sandbox.transaction({ role: 'worker' }, async (tx) => {
    await sql`insert into payers (id, name, line_of_business, created_at) values (${id}, 'Invented', 'commercial', now())`.execute(
      tx,
    )
    if (rules !== undefined) await importRules(tx, id, rules, context)
    if (rows !== undefined) await policies.publish(tx, id, aGraph(rows), context)
  })
  return id
}
const ON = { period: { from: day('2026-05-25'), until: day('2026-05-25') } }
const OFFICE = { code: '11', system: 'place-of-service' } as const
const decided = (request: ReviewRequest, id = payer) =>
  databases.sandbox.transaction({ role: 'tenant', organization: 'org_a' }, (tx) =>
    adjudicate(tx, { id, lineOfBusiness: 'commercial' }, request, AT),
  )
const decidedFor = async (code: string, event: Partial<ReviewRequest['event']> = {}) => {
  const { lines } = await decided(aRequest({ event: { ...ON, lines: [aLine(code)], ...event } }))
  const [line] = lines
  assert.ok(line)
  return line
}

test('a line that a rule frees needs no action, and the answer names the rule and promises no payment', async () => {
  const line = await decidedFor('X2000')
  assert.equal(line.action, 'no-action-required')
  assert.deepEqual(
    line.grounds.map(({ kind, text, source }) => [kind, text, source]),
    [['determination-rule', 'Free of it', 'M-2']],
  )
  assert.match(line.message ?? '', /not a guarantee of payment/)
})

test('a line that needs authorization is certified as asked when the policy certifies, on both grounds', async () => {
  const quantity = { unit: 'UN', value: '14' }
  const line = await decidedFor('X1000', { lines: [aLine('X1000', { quantity })] })
  assert.equal(line.action, 'certified')
  assert.deepEqual(line.certifiedQuantity, quantity)
  assert.deepEqual(line.certifiedPeriod, ON.period)
  assert.deepEqual(
    line.grounds.map(({ kind, text }) => [kind, text]),
    [
      ['determination-rule', 'Needs it'],
      ['policy', 'Up to 20'],
    ],
  )
})

test('a line’s own days are certified rather than those of the event', async () => {
  const period = { from: day('2026-05-26'), until: day('2026-05-27') }
  const line = await decidedFor('X1000', {
    lines: [aLine('X1000', { period, quantity: { unit: 'UN', value: '1' } })],
  })
  assert.deepEqual(line.certifiedPeriod, period)
})

test('a quantity above the policy’s threshold is pended to a reviewer, not reduced', async () => {
  const line = await decidedFor('X1000', {
    lines: [aLine('X1000', { quantity: { unit: 'UN', value: '21' } })],
  })
  assert.equal(line.action, 'pended')
  assert.equal(line.pend?.waitingFor, 'reviewer')
  assert.equal(line.certifiedQuantity, undefined)
})

test('a quantity that the policy needs and the request lacks is asked for', async () => {
  const line = await decidedFor('X1000')
  assert.deepEqual(line.pend, { waitingFor: 'information', text: 'The payer’s policy needs the quantity.' })
})

test('a diagnosis that the policy needs is asked for; with it the line is certified', async () => {
  assert.equal((await decidedFor('X5000')).pend?.waitingFor, 'information')
  const diagnoses = [{ role: 'principal', system: 'icd-10', code: 'C34.32' }] as const
  assert.equal((await decidedFor('X5000', { diagnoses })).action, 'certified')
})

test('a service given before it was asked for goes where the policy says', async () => {
  const event = { period: { from: day('2026-05-01'), until: day('2026-05-01') } }
  assert.equal((await decidedFor('X1000', event)).pend?.text, 'It is over.')
})

test('a line that no rule speaks of is not free: it goes to the policy', async () => {
  const line = await decidedFor('X9999', { serviceType: '1', place: OFFICE })
  assert.equal(line.action, 'pended')
  assert.equal(line.grounds.length, 1)
  assert.equal(line.grounds[0]?.kind, 'policy')
})

test('a line whose need hangs on a missing fact goes to the policy', async () => {
  const { birthDate: _, ...unknownAge } = aRequest().subscriber
  const { lines } = await decided(
    aRequest({ subscriber: unknownAge, event: { ...ON, lines: [aLine('X3000')] } }),
  )
  assert.equal(lines[0]?.action, 'pended')
  assert.equal(lines[0]?.pend?.waitingFor, 'information')
})

test('the patient is the dependent where there is one', async () => {
  const event = { ...ON, lines: [aLine('X3000')] }
  const child = { birthDate: day('2015-01-01'), references: [] }
  assert.equal((await decided(aRequest({ event, dependent: child }))).action, 'no-action-required')
  assert.equal((await decided(aRequest({ event }))).action, 'pended')
})

test('a dependent without a date of birth is not taken to be as old as the subscriber', async () => {
  const { lines } = await decided(
    aRequest({ event: { ...ON, lines: [aLine('X3000')] }, dependent: { references: [] } }),
  )
  assert.equal(lines[0]?.pend?.text, "The payer’s policy needs the patient's date of birth.")
})

test('rules are those of the day of service, line by line', async () => {
  const lines = [
    aLine('X4000', { period: { from: day('2026-03-31'), until: day('2026-03-31') } }),
    aLine('X4000', { period: { from: day('2026-04-01'), until: day('2026-04-01') } }),
  ]
  const answer = await decided(aRequest({ event: { lines } }))
  assert.deepEqual(
    answer.lines.map(({ action }) => action),
    ['no-action-required', 'pended'],
  )
})

test('without a day of service the day of receipt decides which rules hold', async () =>
  assert.equal((await decided(aRequest({ event: { lines: [aLine('X4000')] } }))).action, 'pended'))

test('every line is answered under its own number, and the event rolls them up', async () => {
  const lines = [
    aLine('X2000'),
    aLine('X1000', { quantity: { unit: 'UN', value: '5' } }),
    aLine('X1000', { quantity: { unit: 'UN', value: '50' } }),
  ]
  const answer = await decided(aRequest({ event: { ...ON, lines } }))
  assert.deepEqual(
    answer.lines.map(({ line, action }) => [line, action]),
    [
      [1, 'no-action-required'],
      [2, 'certified'],
      [3, 'pended'],
    ],
  )
  assert.equal(answer.action, 'pended')
})

test('an event without lines is decided as line 0, by the rows that name no code', async () => {
  const free = await decided(aRequest({ event: { ...ON, serviceType: '98', place: OFFICE } }))
  assert.deepEqual(
    free.lines.map(({ line, action }) => [line, action]),
    [[0, 'no-action-required']],
  )
  const stay = await decided(
    aRequest({ event: { ...ON, serviceType: '1', place: { code: '21', system: 'place-of-service' } } }),
  )
  assert.equal(stay.action, 'pended')
  assert.equal(stay.lines[0]?.grounds[0]?.text, 'A stay in hospital')
})

test('a line without a procedure is decided by the event, under its own number', async () => {
  const lines = [aLine('X2000'), aLine(undefined)]
  const answer = await decided(aRequest({ event: { ...ON, serviceType: '98', place: OFFICE, lines } }))
  assert.deepEqual(
    answer.lines.map(({ line, action }) => [line, action]),
    [
      [1, 'no-action-required'],
      [2, 'no-action-required'],
    ],
  )
})

test('a line that asks for a range of codes is pended to a reviewer', async () => {
  const procedure = { system: 'HC', code: 'X2000', until: 'X2009', modifiers: [] }
  const line = await decidedFor('X2000', { lines: [aLine(undefined, { procedure })] })
  assert.equal(line.action, 'pended')
  assert.equal(line.pend?.waitingFor, 'reviewer')
})

for (const purpose of [
  'renewal',
  'revised',
  'extension',
  'cancel',
  'appeal-immediate',
  'appeal-standard',
  'notification',
  'verification',
  'reconsideration',
] satisfies Purpose[])
  test(`a request for ${purpose} is pended to a reviewer, whatever the rules say`, async () => {
    const line = await decidedFor('X2000', { purpose })
    assert.equal(line.action, 'pended')
    assert.equal(line.pend?.waitingFor, 'reviewer')
  })

test('a line’s own purpose overrules that of the event', async () => {
  const lines = [aLine('X2000', { purpose: 'cancel' }), aLine('X2000')]
  const answer = await decided(aRequest({ event: { ...ON, lines } }))
  assert.deepEqual(
    answer.lines.map(({ action }) => action),
    ['pended', 'no-action-required'],
  )
})

test('a payer without rules and policy pends everything to a reviewer', async () => {
  const answer = await decided(
    aRequest({ event: { ...ON, lines: [aLine('X2000')] } }),
    await aPayer(undefined, undefined),
  )
  assert.equal(answer.action, 'pended')
  assert.equal(answer.lines[0]?.pend?.waitingFor, 'reviewer')
})
