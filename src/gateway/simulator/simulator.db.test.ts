import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { aLine, aRequest, day } from '../../../test/support/bare-requests.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Purpose, ReviewRequest, ServiceLine, Urgency } from '../../core/request.ts'
import type { Instant } from '../../kernel/time.ts'
import { secureRandom, vaultFromKey } from '../../platform/secrets/index.ts'
import { type MachineDecided, openAdjudication } from '../../utilization/adjudication/index.ts'
import { openPolicies } from '../../utilization/policies/index.ts'
import { importRules, openRules } from '../../utilization/rules/index.ts'
import { findPayer, listPayers, payerKeys } from '../payers/index.ts'
import { seedSandbox } from './index.ts'

const AT = Date.parse('2026-11-24T09:00:00Z') as Instant
const vault = vaultFromKey(new Uint8Array(32).fill(7), secureRandom)
const policies = openPolicies()
const rules = openRules()
const { adjudicate } = openAdjudication({ policies, rules })
const context = { vault, policies, clock: { now: () => AT }, random: secureRandom }
const TENANT = { role: 'tenant', organization: 'org_a' } as const
let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
  await seedSandbox(databases.sandbox, context)
})
after(async () => {
  policies.dispose()
  await databases.close()
})

const decided = (request: ReviewRequest) =>
  databases.sandbox.transaction(TENANT, async (tx) => {
    const payer = await findPayer(tx, request.payer.id)
    assert.ok(payer)
    return adjudicate(tx, payer, request, AT)
  })
const actions = async (request: ReviewRequest) => (await decided(request)).lines.map(({ action }) => action)
const units = (value: string) => ({ quantity: { unit: 'UN', value } })
const SOON = { period: { from: day('2026-12-01'), until: day('2026-12-01') } }
const A_DIAGNOSIS = { diagnoses: [{ role: 'principal', system: 'icd-10', code: 'C34.32' }] } as const
/** What the published ambulance requests say besides their lines. */
const JOURNEY: Partial<ReviewRequest['event']> = {
  serviceType: '56',
  place: { code: '41', system: 'place-of-service' },
  period: { from: day('2025-01-01'), until: day('2025-01-01') },
}

test('a second start finds everything seeded', async () => {
  assert.deepEqual(await seedSandbox(databases.sandbox, context), { payers: 0, rules: 0, policies: 0 })
  const payers = await databases.sandbox.transaction(TENANT, listPayers)
  assert.deepEqual(
    payers.map(({ name }) => name),
    ['Quillfeather Health Plan', 'Tansy Ridge Mutual'],
  )
})

test('rules that the operator changed are not overwritten at the next start', async () => {
  const tansy = await databases.sandbox.transaction(TENANT, (tx) => findPayer(tx, 'TANSYRIDGE'))
  assert.ok(tansy)
  const text =
    'code_system,code,effective_from,answer,text,source\nHC,X1000,2026-01-01,required,changed by the operator,M'
  await databases.sandbox.transaction({ role: 'worker' }, (tx) =>
    importRules(tx, tansy.id, text, { actor: { kind: 'operator' }, at: AT, random: secureRandom }),
  )
  assert.equal((await seedSandbox(databases.sandbox, context)).rules, 0)
  const rows = await databases.sandbox.transaction(TENANT, (tx) =>
    rules.rulesFor(tx, tansy.id, [{ system: 'HC', code: 'X1000' }], day('2026-05-20')),
  )
  assert.equal(rows[0]?.text, 'changed by the operator')
})

test('two processes that seed at once seed once', async () => {
  const done = await Promise.all([
    seedSandbox(databases.production, context),
    seedSandbox(databases.production, context),
  ])
  assert.equal(done[0].payers + done[1].payers, 2)
})

test('a synthetic payer has a data key that the sandbox’s vault opens', async () => {
  await databases.sandbox.transaction(TENANT, async (tx) => {
    const payer = await findPayer(tx, 'QUILLFEATHER')
    assert.ok(payer)
    assert.ok(await payerKeys(vault).of(tx, payer.id))
  })
})

for (const id of ['UHC', 'BCBSSC', 'HUMANA', '1234560010', 'INQDEMO', '60054'])
  test(`Quillfeather stands in for the published payer id ${id}`, async () => {
    const payer = await databases.sandbox.transaction(TENANT, (tx) => findPayer(tx, id))
    assert.equal(payer?.name, 'Quillfeather Health Plan')
  })

test('the published JSON submission (A0428, 14 units) is certified as asked', async () => {
  const procedure = { system: 'HC', code: 'A0428', modifiers: ['DR'] }
  const line = aLine(undefined, { procedure, ...units('14') })
  const answer = await decided(aRequest({ payer: { id: 'UHC' }, event: { ...JOURNEY, lines: [line] } }))
  assert.equal(answer.action, 'certified')
  assert.deepEqual(answer.lines[0]?.certifiedQuantity, { unit: 'UN', value: '14' })
  assert.deepEqual(answer.lines[0]?.certifiedPeriod, JOURNEY.period)
})

test('the published X12 submission (A0428, 5, 8 and 14 units) is certified as asked', async () => {
  const lines = [
    ['RX', '5'],
    ['PD', '8'],
    ['DR', '14'],
  ].map(([modifier = '', value = '']) =>
    aLine(undefined, { procedure: { system: 'HC', code: 'A0428', modifiers: [modifier] }, ...units(value) }),
  )
  const answer = await decided(aRequest({ payer: { id: '1234560010' }, event: { ...JOURNEY, lines } }))
  assert.equal(answer.action, 'certified')
  assert.equal(answer.lines.length, 3)
})

test('more than 20 ambulance journeys wait for the transport order', async () => {
  const { lines } = await decided(aRequest({ event: { ...JOURNEY, lines: [aLine('A0428', units('21'))] } }))
  assert.equal(lines[0]?.pend?.waitingFor, 'information')
})

for (const code of ['T1000', '0214T', '0200T'])
  test(`${code} needs authorization, and a reviewer decides`, async () => {
    const event = { ...SOON, ...A_DIAGNOSIS, lines: [aLine(code, units('1'))] }
    const { lines } = await decided(aRequest({ event }))
    assert.equal(lines[0]?.action, 'pended')
    assert.equal(lines[0]?.pend?.waitingFor, 'reviewer')
    assert.equal(lines[0]?.grounds[0]?.kind, 'determination-rule')
  })

for (const code of ['6789T', '9876T', '99213'])
  test(`${code} needs no authorization`, async () =>
    assert.deepEqual(await actions(aRequest({ event: { ...SOON, lines: [aLine(code)] } })), [
      'no-action-required',
    ]))

for (const code of ['71260', '74177', '70488', '78452'])
  test(`imaging ${code} is certified with a diagnosis, and waits for one without`, async () => {
    const event = { ...SOON, lines: [aLine(code)] }
    assert.deepEqual(await actions(aRequest({ event: { ...event, ...A_DIAGNOSIS } })), ['certified'])
    const { lines } = await decided(aRequest({ event }))
    assert.equal(lines[0]?.pend?.waitingFor, 'information')
  })

test('imaging in an emergency room needs no authorization', async () =>
  assert.deepEqual(
    await actions(
      aRequest({
        event: { ...SOON, place: { code: '23', system: 'place-of-service' }, lines: [aLine('71260')] },
      }),
    ),
    ['no-action-required'],
  ))

const PENDED: readonly (readonly [string, Parameters<typeof aRequest>[0], 'reviewer' | 'information'])[] = [
  [
    'an urgent request',
    { event: { ...SOON, ...A_DIAGNOSIS, urgency: 'urgent', lines: [aLine('71260')] } },
    'reviewer',
  ],
  [
    'imaging given before it was asked for',
    {
      event: {
        ...A_DIAGNOSIS,
        period: { from: day('2026-11-01'), until: day('2026-11-01') },
        lines: [aLine('71260')],
      },
    },
    'reviewer',
  ],
  [
    'imaging of a child',
    {
      subscriber: { memberId: 'QF10003', birthDate: day('2018-06-14'), references: [] },
      event: { ...SOON, ...A_DIAGNOSIS, lines: [aLine('71260')] },
    },
    'reviewer',
  ],
  [
    'a member in case management',
    {
      subscriber: { memberId: 'QFPEND001', birthDate: day('1962-04-09'), references: [] },
      event: { ...SOON, ...A_DIAGNOSIS, lines: [aLine('71260')] },
    },
    'reviewer',
  ],
  [
    'a member whose records are wanted',
    {
      subscriber: { memberId: 'QFINFO001', birthDate: day('1975-08-21'), references: [] },
      event: { ...SOON, ...A_DIAGNOSIS, lines: [aLine('71260')] },
    },
    'information',
  ],
  ['more therapy than 12 units', { event: { ...SOON, lines: [aLine('97110', units('13'))] } }, 'information'],
  [
    'a planned stay in hospital',
    { event: { ...SOON, category: 'admission', place: { code: '21', system: 'place-of-service' } } },
    'reviewer',
  ],
]

for (const [name, fields, waitingFor] of PENDED)
  test(`Quillfeather pends ${name}, waiting for ${waitingFor}`, async () => {
    const answer = await decided(aRequest(fields))
    assert.equal(answer.action, 'pended')
    assert.equal(answer.lines[0]?.pend?.waitingFor, waitingFor)
  })

test('Tansy Ridge decides the same request by its own rules', async () => {
  const tansy = (code: string) =>
    aRequest({ payer: { id: 'TRM01' }, event: { ...SOON, lines: [aLine(code)] } })
  const other = await openTestDatabases()
  try {
    await seedSandbox(other.sandbox, context)
    const answer = await other.sandbox.transaction(TENANT, async (tx) => {
      const payer = await findPayer(tx, 'TRM01')
      assert.ok(payer)
      return adjudicate(tx, payer, tansy('71260'), AT)
    })
    assert.equal(answer.action, 'no-action-required')
  } finally {
    await other.close()
  }
})

test('production begins without payers', async () => {
  const other = await openTestDatabases()
  try {
    await seedSandbox(other.sandbox, context)
    const { rows } = await other.production.transaction({ role: 'worker' }, (tx) =>
      sql`select 1 from payers`.execute(tx),
    )
    assert.equal(rows.length, 0)
  } finally {
    await other.close()
  }
})

const CODES = [
  'A0428',
  '71260',
  '0214T',
  'T1000',
  '6789T',
  '97110',
  'E0601',
  'J9271',
  '99213',
  'Q0000',
  undefined,
]
const anyDay = fc
  .integer({ min: -400, max: 400 })
  .map((days) => day(new Date(AT + days * 86_400_000).toISOString().slice(0, 10)))
const anyPeriod = fc
  .tuple(anyDay, anyDay)
  .map(([a, b]) => (a < b ? { from: a, until: b } : { from: b, until: a }))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const anyLine: fc.Arbitrary<ServiceLine> = fc
  .record({
    code: fc.constantFrom(...CODES),
    value: maybe(fc.constantFrom('0', '1', '12', '13', '20', '21', '0.5', '1000000', 'x')),
    period: maybe(anyPeriod),
    modifiers: fc.subarray(['NU', 'RR', 'DR']),
    purpose: maybe(fc.constantFrom<Purpose>('initial', 'cancel', 'extension')),
  })
  .map(({ code, value, period, modifiers, purpose }) =>
    aLine(undefined, {
      ...(code && { procedure: { system: 'HC', code, modifiers } }),
      ...(value && units(value)),
      ...(period && { period }),
      ...(purpose && { purpose }),
    }),
  )
const anyRequest: fc.Arbitrary<ReviewRequest> = fc
  .record({
    lines: fc.array(anyLine, { maxLength: 4 }),
    period: maybe(anyPeriod),
    birthDate: maybe(anyDay),
    memberId: maybe(fc.constantFrom('QF10001', 'QFPEND001', 'QFINFO001')),
    diagnosis: maybe(fc.constantFrom('C34.32', 'G47.33', 'M54.5')),
    urgency: maybe(fc.constantFrom<Urgency>('elective', 'urgent', 'emergency')),
    place: maybe(fc.constantFrom('11', '21', '23')),
    purpose: fc.constantFrom<Purpose>('initial', 'initial', 'initial', 'revised', 'appeal-standard'),
  })
  .map(({ lines, period, birthDate, memberId, diagnosis, urgency, place, purpose }) =>
    aRequest({
      subscriber: { references: [], ...(birthDate && { birthDate }), ...(memberId && { memberId }) },
      event: {
        purpose,
        lines,
        ...(period && { period }),
        ...(diagnosis && { diagnoses: [{ role: 'principal', system: 'icd-10', code: diagnosis }] }),
        ...(urgency && { urgency }),
        ...(place && { place: { code: place, system: 'place-of-service' } }),
      },
    }),
  )

test('of 1,000 requests of every kind none is answered adversely, and what is certified is what was asked', async () => {
  const requests = fc.sample(anyRequest, 1000)
  const seen = new Set<string>()
  // One transaction for all, because only the decisions are looked at.
  await databases.sandbox.transaction(TENANT, async (tx) => {
    const payer = await findPayer(tx, 'QUILLFEATHER')
    assert.ok(payer)
    for (const request of requests) {
      const answer = await adjudicate(tx, payer, request, AT)
      for (const { action } of answer.lines) seen.add(action)
      assertNothingAdverse(request, answer)
    }
  })
  assert.deepEqual([...seen].sort(), ['certified', 'no-action-required', 'pended'])
})

function assertNothingAdverse(request: ReviewRequest, answer: MachineDecided): void {
  const asked = request.event.lines
  assert.deepEqual(
    answer.lines.map(({ line }) => line),
    asked.length === 0 ? [0] : asked.map(({ number }) => number),
  )
  for (const { action } of [answer, ...answer.lines])
    assert.ok(['certified', 'pended', 'no-action-required'].includes(action))
  for (const outcome of answer.lines) {
    const line = asked.find(({ number }) => number === outcome.line)
    const isCertified = outcome.action === 'certified'
    assert.deepEqual(outcome.certifiedQuantity, isCertified ? line?.quantity : undefined)
    assert.deepEqual(
      outcome.certifiedPeriod,
      isCertified ? (line?.period ?? request.event.period) : undefined,
    )
    assert.equal(outcome.action === 'pended', outcome.pend !== undefined)
    if (outcome.action !== 'pended') assert.ok(outcome.grounds.length > 0)
  }
}
