import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  anInquiryInterchange,
  anInterchange,
  aSubmission,
  type SubmissionParts,
} from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
let production: TestEnvironment
let waited: number[] = []
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases, { pause: async (ms) => void waited.push(ms) })
  ;({ sandbox, production } = servers)
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

const operator = { kind: 'operator' } as const
const HEADER = 'x-sandbox-scenario'

type Door = 'JSON' | 'X12'
const DOORS: readonly Door[] = ['JSON', 'X12']
let serial = 0

interface Sent {
  readonly id: string | undefined
  readonly action: string | undefined
  readonly x12: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever the door answers
  readonly json: any
  readonly answer: Answer
}

/** A submission through either spelling; each is a transaction of its own unless it is said which. */
function sendTo(company: TestCompany, door: Door, parts: SubmissionParts, headers?: Record<string, string>) {
  const asked = { transaction: `S-${++serial}`, ...parts }
  return door === 'JSON'
    ? company.post('submission', aSubmission(asked), headers)
    : company.post('submission/x12', { x12: anInterchange(asked) }, headers)
}

async function submitted(...args: Parameters<typeof sendTo>): Promise<Sent> {
  return told(await sendTo(...args), 'submission')
}

function told(answer: Answer, operation: 'submission' | 'inquiry'): Sent {
  assert.equal(answer.statusCode, 200, answer.body)
  const { authorizationId, [operation]: both } = answer.json()
  return {
    id: authorizationId,
    action: both.json.patientEventDetail?.certificationActionCode,
    x12: both.x12,
    json: both.json,
    answer,
  }
}

const resource = async (company: TestCompany, id: string | undefined) =>
  (await company.call({ method: 'GET', url: `/v1/authorizations/${id}` })).json()

/** An inquiry as JSON: a submission has all that it needs. */
const anInquiry = (parts: SubmissionParts) => aSubmission({ transaction: `I-${++serial}`, ...parts })

const set = (
  company: TestCompany,
  scenario: Parameters<typeof sandbox.gateway.administration.setScenario>[0]['scenario'],
) =>
  sandbox.gateway.administration.setScenario({ organizationId: company.organizationId, scenario }, operator)

/** Both places of the table for a JSON submission: what a sender of an interchange writes in ISA08. */
const under = (id: string) => ({ senderId: id, umClearingHouseId: id })

const TABLE = [
  ['278_217_01_A1', 'approved', 'HCR*A1*'],
  ['278_217_02_A2', 'partially-approved', 'HCR*A2*'],
  ['278_217_03_A3', 'denied', 'HCR*A3~'],
  ['278_217_04_A4', 'pended', 'HCR*A4~'],
  ['278_217_05_A5', 'modified', 'HCR*A6*'],
  ['278_217_06_C', 'cancelled', 'HCR*C~'],
  ['AAA_217_07_73', 'rejected', 'AAA*N**73*C~'],
  ['278_217_99_ZZ', 'rejected', 'AAA*N**42*P~'],
] as const

for (const door of DOORS)
  test(`what is certified with changes is good for the days that are certified, as ${door}`, async () => {
    const { serviceLevel: _, ...event } = aSubmission().patientEventDetail as Record<string, unknown>
    const patientEventDetail = { ...event, eventDateEnd: '20270510' }
    const company = await sandbox.aCompany()
    const sent = await submitted(company, door, { ...under('278_217_05_A5'), patientEventDetail })
    const { certificationExpirationDate, certificationEffectiveDateBegin, freeFormMessageText } = (
      sent.json as { patientEventDetail: Record<string, string> }
    ).patientEventDetail
    const { decision } = await resource(company, sent.id)
    const certified = decision.lines[0].certifiedPeriod
    const written = (day: string) => day.replaceAll('-', '')
    assert.equal(certificationEffectiveDateBegin, written(certified.from))
    assert.equal(certificationExpirationDate, written(certified.until))
    assert.match(sent.x12, new RegExp(`DTP\\*036\\*D8\\*${written(certified.until)}~`))
    assert.notEqual(certified.until, '2027-05-10')
    const words = (freeFormMessageText ?? '').split('. ')
    assert.equal(new Set(words).size, words.length)
  })

for (const door of DOORS)
  describe(`the published test ids of submissions, as ${door} (reference section 3.1)`, () => {
    for (const [id, state, segment] of TABLE)
      test(`${id} is answered ${segment} and kept as ${state}`, async () => {
        const company = await sandbox.aCompany()
        const { id: authorizationId, x12 } = await submitted(company, door, under(id))
        assert.ok(x12.includes(`~${segment}`), x12)
        const kept = await resource(company, authorizationId)
        assert.equal(kept.state, state)
        assert.equal(kept.events[0].type, 'authorization.received')
        const entries = await sandbox.audit()
        assert.ok(entries.some((row) => row.act === 'authorization.submit' && row.on_id === kept.id))
      })

    test('one after the other, each forces its outcome for the same care', async () => {
      const company = await sandbox.aCompany()
      for (const [id, state] of TABLE) {
        const sent = await submitted(company, door, under(id))
        assert.equal((await resource(company, sent.id)).state, state)
      }
    })

    test('an inquiry finds what was forced', async () => {
      const company = await sandbox.aCompany()
      const sent = await submitted(company, door, under('278_217_03_A3'))
      const found = told(await company.post('inquiry', anInquiry({})), 'inquiry')
      assert.equal(found.id, sent.id)
      assert.equal(found.action, 'A3')
    })
  })

test('the sample id 278_217_01 is no test id: rules and policies decide', async () => {
  const company = await sandbox.aCompany()
  const { id } = await submitted(company, 'JSON', { umClearingHouseId: '278_217_01', memberId: 'QFPEND001' })
  const { state, decision } = await resource(company, id)
  assert.deepEqual([state, decision.by], ['pended', 'machine'])
})

for (const purpose of ['1', '3', '4', 'R', 'S'])
  test(`what is asked under purpose ${purpose} about no case of ours comes to what the test id says`, async () => {
    const company = await sandbox.aCompany()
    const event = aSubmission().patientEventDetail as object
    const { action } = await submitted(company, 'JSON', {
      ...under('278_217_06_C'),
      patientEventDetail: { ...event, certificationTypeCode: purpose },
    })
    assert.equal(action, 'C')
  })

test('a cancellation of a case that there is cancels it, whatever is set for the company', async () => {
  const company = await sandbox.aCompany()
  const { id, json } = await submitted(company, 'JSON', {})
  await set(company, 'deny')
  const event = aSubmission().patientEventDetail as object
  const previousReviewAuthorizationNumber = json.patientEventDetail.reviewIdentificationNumber
  const { action } = await submitted(company, 'JSON', {
    patientEventDetail: { ...event, certificationTypeCode: '3', previousReviewAuthorizationNumber },
  })
  assert.equal(action, 'C')
  assert.equal((await resource(company, id)).state, 'cancelled')
})

test('a forced denial names its simulated reviewer to the sender', async () => {
  const { json } = await submitted(await sandbox.aCompany(), 'X12', under('278_217_03_A3'))
  const [line] = json.patientEventDetail.serviceLevel
  assert.match(line.freeFormMessageText, /Simulated review by Marisol Fenwick, MD, licence TN SIM-20417/)
})

test('a forced denial is on record as simulated, with its scenario, and was pended before', async () => {
  const company = await sandbox.aCompany()
  const { id } = await submitted(company, 'JSON', under('278_217_03_A3'))
  const { decision, events } = await resource(company, id)
  assert.equal(decision.by, 'simulated')
  assert.deepEqual(
    events.map(({ type }: { type: string }) => type),
    ['authorization.received', 'authorization.submitted', 'authorization.pended', 'authorization.decided'],
  )
})

describe('a test id changes nothing but the outcome', () => {
  for (const [id] of TABLE) {
    test(`${id}: the same faults`, async () => {
      const company = await sandbox.aCompany()
      const broken = {
        patientEventDetail: { requestCategoryCode: 'HS', diagnosisCode1: 'G47.33' },
        requester: {},
      }
      const plain = await sendTo(company, 'JSON', broken)
      const forced = await sendTo(company, 'JSON', { ...broken, umClearingHouseId: id })
      assert.equal(plain.statusCode, 400)
      assert.deepEqual([forced.statusCode, forced.json()], [400, plain.json()])
    })

    test(`${id}: the same request is kept`, async () => {
      const company = await sandbox.aCompany()
      const transaction = `SAME-${id}`
      const plain = await submitted(company, 'JSON', { transaction })
      const forced = await submitted(company, 'JSON', { transaction, umClearingHouseId: id })
      const { request: withoutId } = await resource(company, plain.id)
      const { request: withId } = await resource(company, forced.id)
      assert.deepEqual(withId, {
        ...withoutId,
        correspondence: { ...withoutId.correspondence, receiverId: id },
      })
    })
  }
})

/** A value that is right, and now and then missing, empty or wrong. */
const anyOf = (...values: readonly string[]) =>
  fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom<unknown>(...values) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, '', 'ZZ', 7) },
  )

const someSubmission = fc.record({
  parts: fc.record({
    memberId: fc.constantFrom('QF10001', 'QFPEND001', 'QFINFO001'),
    payerName: anyOf('Quillfeather Health Plan'),
    requester: fc.record({
      requesterType: anyOf('1P', 'FA'),
      organizationName: anyOf('Larkspur Ambulance'),
      npi: anyOf('1234567893', '1234567890'),
    }),
  }),
  event: fc.record({
    requestCategoryCode: anyOf('HS', 'AR', 'SC'),
    certificationTypeCode: anyOf('I'),
    serviceTypeCode: anyOf('56', '48'),
    levelOfServiceCode: anyOf('U', 'E'),
    eventDateBegin: anyOf('20270503'),
    eventDateEnd: anyOf('20270509'),
    diagnosisTypeCode1: anyOf('ABK'),
    diagnosisCode1: anyOf('G47.33'),
  }),
  id: fc.constantFrom(...TABLE.map(([id]) => id)),
})

test('whatever is sent, a test id changes nothing but the outcome: the same faults, or the same request kept', async () => {
  const company = await sandbox.aCompany()
  const seen = { faults: 0, kept: 0 }
  await fc.assert(
    fc.asyncProperty(someSubmission, async ({ parts, event, id }) => {
      const patientEventDetail = { ...(aSubmission().patientEventDetail as object), ...event }
      const body = { ...parts, patientEventDetail, transaction: `P-${++serial}` } as SubmissionParts
      const plain = await sendTo(company, 'JSON', body)
      const forced = await sendTo(company, 'JSON', { ...body, umClearingHouseId: id })
      assert.equal(forced.statusCode, plain.statusCode)
      if (plain.statusCode !== 200) {
        seen.faults += 1
        return assert.deepEqual(forced.json(), plain.json())
      }
      const kept = async (answer: Answer) => {
        const { request, notes } = await resource(company, answer.json().authorizationId)
        return { request: { ...request, correspondence: undefined }, notes }
      }
      // An open case for the same care is told in place of a second one, where nothing is forced.
      if (plain.headers['countersign-duplicate-of'] !== undefined) return
      seen.kept += 1
      assert.deepEqual(await kept(forced), await kept(plain))
    }),
    { numRuns: 40, seed: 417 },
  )
  assert.ok(seen.faults > 10 && seen.kept > 10, JSON.stringify(seen))
})

describe('the published test ids of inquiries (reference section 3.2)', () => {
  for (const [id, segment] of [
    ['000000000000001', 'HCR*A1*'],
    ['000000000000002', 'HCR*A1*'],
    ['000000000000003', 'AAA*N**AA*C~'],
    ['000000000000004', 'AAA*N**42*P~'],
    ['000000000000009', 'AAA*N**42*P~'],
  ] as const) {
    for (const [place, ids] of [
      ['both places', { payerId: id, umClearingHouseId: id }],
      ['umClearingHouseId alone', { umClearingHouseId: id }],
      ['payerId alone', { payerId: id }],
    ] as const)
      test(`${id} in ${place} is answered ${segment}, of no case`, async () => {
        const company = await sandbox.aCompany()
        const before = await sandbox.rowCounts()
        const { x12, id: authorizationId } = told(await company.post('inquiry', anInquiry(ids)), 'inquiry')
        assert.ok(x12.includes(`~${segment}`), x12)
        assert.equal(authorizationId, undefined)
        const { authorizations } = await sandbox.rowCounts()
        assert.equal(authorizations, before.authorizations)
      })

    test(`${id} in ISA08 is answered the same`, async () => {
      const company = await sandbox.aCompany()
      const x12 = anInquiryInterchange({ umClearingHouseId: id })
      assert.ok(told(await company.post('inquiry/x12', { x12 }), 'inquiry').x12.includes(`~${segment}`))
    })
  }

  test('…001 tells of the subscriber who was asked about, …002 of a dependent', async () => {
    const company = await sandbox.aCompany()
    const ask = async (id: string) =>
      told(await company.post('inquiry', anInquiry({ umClearingHouseId: id })), 'inquiry').x12
    assert.doesNotMatch(await ask('000000000000001'), /~NM1\*QC\*/)
    assert.match(await ask('000000000000002'), /~NM1\*QC\*1\*Calloway\*Juniper/i)
  })

  test('…002 tells of the dependent who was asked about, where there is one', async () => {
    const dependent = {
      lastName: 'Finch',
      firstName: 'Sorrel',
      dateOfBirth: '20190102',
      relationshipToInsuredCode: '19',
    }
    const body = anInquiry({ umClearingHouseId: '000000000000002', dependent })
    const { x12 } = told(await (await sandbox.aCompany()).post('inquiry', body), 'inquiry')
    assert.match(x12, /~NM1\*QC\*1\*Finch\*Sorrel/i)
  })
})

describe('X-Sandbox-Scenario', () => {
  for (const [scenario, state] of [
    ['approve', 'approved'],
    ['deny', 'denied'],
    ['pend', 'pended'],
    ['modify', 'modified'],
    ['partial', 'partially-approved'],
    ['cancel', 'cancelled'],
    ['reject-member', 'rejected'],
  ] as const)
    test(`${scenario} has the case ${state}`, async () => {
      const company = await sandbox.aCompany()
      const { id } = await submitted(company, 'JSON', {}, { [HEADER]: scenario })
      assert.equal((await resource(company, id)).state, state)
    })

  test('timeout waits ten seconds, is answered 504, and nothing is stored', async () => {
    const company = await sandbox.aCompany()
    const before = await sandbox.rowCounts()
    waited = []
    const answer = await sendTo(company, 'JSON', {}, { [HEADER]: 'timeout' })
    assert.deepEqual([answer.statusCode, waited], [504, [10_000]])
    assert.match(answer.json()[0], /The payer did not answer in time/)
    assert.deepEqual(await sandbox.rowCounts(), { ...before, audit_entries: (before.audit_entries ?? 0) + 1 })
  })

  test('a body with faults is refused at once, whatever the scenario', async () => {
    waited = []
    const answer = await sendTo(await sandbox.aCompany(), 'JSON', { requester: {} }, { [HEADER]: 'timeout' })
    assert.deepEqual([answer.statusCode, waited], [400, []])
  })

  test('slow waits five seconds, and rules and policies decide', async () => {
    const company = await sandbox.aCompany()
    waited = []
    const { id } = await submitted(company, 'JSON', {}, { [HEADER]: 'slow' })
    assert.deepEqual(waited, [5_000])
    assert.equal((await resource(company, id)).decision.by, 'machine')
  })

  test('error is answered 500 in the words of the door', async () => {
    const company = await sandbox.aCompany()
    const answer = await sendTo(company, 'X12', {}, { [HEADER]: 'error' })
    assert.equal(answer.statusCode, 500)
    assert.match(answer.json()[0], /asked to fail/)
  })

  test('what timed out can be sent again under the same key', async () => {
    const company = await sandbox.aCompany()
    const key = { 'idempotency-key': 'again-and-again' }
    const body = { transaction: 'AGAIN' }
    assert.equal((await sendTo(company, 'JSON', body, { ...key, [HEADER]: 'timeout' })).statusCode, 504)
    assert.equal((await submitted(company, 'JSON', body, key)).action, 'A1')
  })

  test('one key stands for one scenario', async () => {
    const company = await sandbox.aCompany()
    const key = { 'idempotency-key': 'one-scenario' }
    const body = { transaction: 'ONE' }
    await submitted(company, 'JSON', body, { ...key, [HEADER]: 'deny' })
    const other = await sendTo(company, 'JSON', body, { ...key, [HEADER]: 'approve' })
    assert.equal(other.statusCode, 422)
  })

  test('without a key, another scenario is another request, and the same one is replayed', async () => {
    const company = await sandbox.aCompany()
    const body = { transaction: 'NO-KEY' }
    const denied = await submitted(company, 'JSON', body, { [HEADER]: 'deny' })
    const approved = await submitted(company, 'JSON', body, { [HEADER]: 'approve' })
    const again = await submitted(company, 'JSON', body, { [HEADER]: 'deny' })
    assert.deepEqual([denied.action, approved.action, again.action], ['A3', 'A1', 'A3'])
    assert.equal(again.id, denied.id)
  })

  for (const path of ['submission', 'submission/x12', 'inquiry', 'inquiry/x12'])
    test(`an unknown value is refused at ${path} with every value there is, and nothing is stored`, async () => {
      const company = await sandbox.aCompany()
      const before = await sandbox.rowCounts()
      const answer = await company.post(path, {}, { [HEADER]: 'denied' })
      assert.equal(answer.statusCode, 400)
      assert.match(answer.json()[0], /X-Sandbox-Scenario: expected one of approve, deny, .*error/)
      assert.deepEqual(await sandbox.rowCounts(), {
        ...before,
        audit_entries: (before.audit_entries ?? 0) + 1,
      })
    })
})

describe('what a company has set', () => {
  test('holds for every submission of it at once, and for nobody else', async () => {
    const [company, another] = [await sandbox.aCompany(), await sandbox.aCompany()]
    assert.equal((await submitted(company, 'JSON', {})).action, 'A1')
    await set(company, 'deny')
    assert.equal((await submitted(company, 'JSON', {})).action, 'A3')
    assert.equal((await submitted(another, 'JSON', {})).action, 'A1')
  })

  test('default has rules and policies decide again', async () => {
    const company = await sandbox.aCompany()
    await set(company, 'deny')
    await set(company, 'default')
    assert.equal((await submitted(company, 'JSON', {})).action, 'A1')
  })

  test('the same bytes sent after it was set are decided anew', async () => {
    const company = await sandbox.aCompany()
    const body = { transaction: 'SAME-BYTES' }
    assert.equal((await submitted(company, 'JSON', body)).action, 'A1')
    await set(company, 'deny')
    assert.equal((await submitted(company, 'JSON', body)).action, 'A3')
  })

  test('what has a key is replayed, whatever was set in between', async () => {
    const company = await sandbox.aCompany()
    const send = () => submitted(company, 'JSON', { transaction: 'KEYED' }, { 'idempotency-key': 'kept' })
    const first = await send()
    await set(company, 'deny')
    assert.equal((await send()).id, first.id)
  })

  test('a header goes before a test id, a test id before it, and it before the rules', async () => {
    const company = await sandbox.aCompany()
    await set(company, 'deny')
    const modified = under('278_217_05_A5')
    assert.equal((await submitted(company, 'JSON', modified, { [HEADER]: 'pend' })).action, 'A4')
    assert.equal((await submitted(company, 'JSON', modified)).action, 'A6')
    assert.equal((await submitted(company, 'JSON', {})).action, 'A3')
  })

  test('it is on the record who set what', async () => {
    const company = await sandbox.aCompany()
    await set(company, 'timeout')
    const entry = (await sandbox.audit()).find(
      (row) => row.act === 'scenario.set' && row.organization_id === company.organizationId,
    )
    assert.equal(entry?.on_id, company.organizationId)
  })

  test('in production nothing can be set', async () => {
    const company = await production.aCompany()
    await assert.rejects(
      production.gateway.administration.setScenario(
        { organizationId: company.organizationId, scenario: 'approve' },
        operator,
      ),
      { code: 'request/sandbox-only' },
    )
    assert.equal((await production.rowCounts()).organization_scenarios, 0)
  })
})

describe('the resource API', () => {
  const aBody = (receiverId = 'QUILLFEATHER') => ({
    correspondence: { receiverId },
    payer: { id: 'QFHP1' },
    requester: {
      kind: 'provider',
      name: { kind: 'organization', name: 'Larkspur Ambulance' },
      identifier: { system: 'npi', value: '1234567893' },
    },
    subscriber: {
      memberId: `QFSCE${++serial}`,
      name: { kind: 'person', last: 'Calloway', first: 'Wren' },
      birthDate: '1980-02-29',
    },
    event: {
      category: 'health-services',
      period: { from: '2027-05-03', until: '2027-06-03' },
      lines: [
        {
          number: 1,
          serviceType: '56',
          procedure: { system: 'HC', code: 'A0428' },
          quantity: { unit: 'UN', value: '2' },
        },
      ],
    },
  })
  const create = (company: TestCompany, body: object, headers = {}) =>
    company.call({
      method: 'POST',
      url: '/v1/authorizations',
      headers: { 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(body),
    })

  for (const [id, state] of TABLE) {
    test(`${id} as the receiver of what is created has the case ${state}`, async () => {
      const answer = await create(await sandbox.aCompany(), aBody(id))
      assert.deepEqual([answer.statusCode, answer.json().state], [201, state])
    })

    test(`${id} is refused in production, and nothing is stored`, async () => {
      const company = await production.aCompany()
      const before = await production.rowCounts()
      const answer = await create(company, aBody(id))
      assert.deepEqual([answer.statusCode, answer.json().code], [400, 'request/sandbox-only'])
      assert.equal(answer.json().faults[0].at, '/correspondence/receiverId')
      assert.equal((await production.rowCounts()).authorizations, before.authorizations)
    })
  }

  test('the header steers it, and error is answered as a problem document', async () => {
    const company = await sandbox.aCompany()
    assert.equal((await create(company, aBody(), { [HEADER]: 'modify' })).json().state, 'modified')
    const { statusCode, headers } = await create(company, aBody(), { [HEADER]: 'error' })
    assert.deepEqual([statusCode, headers['content-type']], [500, 'application/problem+json; charset=utf-8'])
  })

  test('one key stands for one scenario', async () => {
    const company = await sandbox.aCompany()
    const [body, key] = [aBody(), { 'idempotency-key': 'of-the-resources' }]
    assert.equal((await create(company, body, { ...key, [HEADER]: 'deny' })).statusCode, 201)
    assert.equal((await create(company, body, { ...key, [HEADER]: 'pend' })).statusCode, 422)
  })

  test('an extension is steered by what is set for the company, and a cancellation is not', async () => {
    const company = await sandbox.aCompany()
    const { id } = (await create(company, aBody())).json()
    await set(company, 'deny')
    const ask = (action: string, body: object) =>
      company.call({
        method: 'POST',
        url: `/v1/authorizations/${id}/${action}`,
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify(body),
      })
    const extended = await ask('extend', { period: { from: '2027-06-04', until: '2027-07-03' } })
    assert.equal(extended.json().state, 'denied', extended.body)
    assert.equal((await ask('cancel', {})).json().state, 'cancelled')
  })
})

describe('production', () => {
  const refusedWithNothingStored = async (send: (company: TestCompany) => Promise<Answer>) => {
    const company = await production.aCompany()
    const before = await production.rowCounts()
    const answer = await send(company)
    assert.equal(answer.statusCode, 400, answer.body)
    assert.deepEqual(await production.rowCounts(), {
      ...before,
      audit_entries: (before.audit_entries ?? 0) + 1,
    })
    const entry = (await production.audit()).find((row) => row.request_id === answer.headers['x-request-id'])
    assert.deepEqual([entry?.outcome, entry?.problem], ['refused', 'request/sandbox-only'])
    return answer.json() as readonly string[]
  }

  for (const [id] of TABLE) {
    test(`refuses ${id} in JSON: where, what was found, what to do`, async () => {
      const errors = await refusedWithNothingStored((company) => sendTo(company, 'JSON', under(id)))
      assert.deepEqual(
        errors.map((error) => error.split(':')[0]),
        ['/senderId', '/umClearingHouseId'],
      )
      for (const error of errors)
        assert.match(error, new RegExp(`found the test id "${id}"\\. Send it to the sandbox`))
    })

    test(`refuses ${id} in an interchange`, async () => {
      const errors = await refusedWithNothingStored((company) =>
        company.post('submission/x12', { x12: anInterchange({ umClearingHouseId: id }, { usage: 'P' }) }),
      )
      assert.match(String(errors[0]), new RegExp(`^ISA-08: .*found the test id "${id}"`))
    })
  }

  for (const id of ['000000000000001', '000000000000002', '000000000000003', '000000000000004'])
    test(`refuses an inquiry to ${id}`, async () => {
      const errors = await refusedWithNothingStored((company) =>
        company.post('inquiry', anInquiry({ payerId: id, umClearingHouseId: id })),
      )
      assert.match(String(errors[0]), /^\/umClearingHouseId: /)
    })

  for (const [what, call] of [
    ['a submission', (company) => sendTo(company, 'JSON', {}, { [HEADER]: 'approve' })],
    ['an inquiry', (company) => company.post('inquiry', anInquiry({}), { [HEADER]: 'nonsense' })],
  ] as readonly (readonly [string, (company: TestCompany) => Promise<Answer>])[])
    test(`refuses the header with ${what}, whatever it holds`, async () => {
      const errors = await refusedWithNothingStored(call)
      assert.match(String(errors[0]), /^X-Sandbox-Scenario: .*Leave the header out/)
    })

  test('refuses the header with a reading of the resource API, as a problem document', async () => {
    const company = await production.aCompany()
    const answer = await company.call({
      method: 'GET',
      url: '/v1/authorizations/auth_01989d5e-7a40-7d39-9bb5-cde57fc7775e',
      headers: { [HEADER]: 'deny' },
    })
    assert.deepEqual([answer.statusCode, answer.json().code], [400, 'request/sandbox-only'])
  })
})
