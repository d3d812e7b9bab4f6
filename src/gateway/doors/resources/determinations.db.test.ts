import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import {
  openTestServers,
  type TestCompany,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'

let databases: TestDatabases
let servers: TestServers
let company: TestCompany
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  company = await servers.sandbox.aCompany(['pa:determine'])
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

const ask = (payload: object, by = company) => by.call({ method: 'POST', url: '/v1/determinations', payload })
const determined = async (payload: object) => {
  const answer = await ask(payload)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json()
}
const QF = { payer: 'QFHP1', on: '2027-05-03' }
const outcomesOf = ({ lines }: { readonly lines: readonly { readonly outcome: string }[] }) =>
  lines.map(({ outcome }) => outcome)

test('each line gets an outcome of its own, in order', async () => {
  const lines = ['A0428', 'A0429', '97110', '00000'].map((code) => ({ code, place: '11' }))
  const answer = await determined({ ...QF, lines })
  assert.deepEqual(outcomesOf(answer), ['required', 'not-required', 'conditional', 'unknown'])
  assert.deepEqual(answer.payer, { id: 'QUILLFEATHER', name: 'Quillfeather Health Plan' })
  assert.equal(answer.disclaimer, 'This is not a guarantee of payment.')
})

test('the answer says what fired, who reviews, what to send and whose word it is', async () => {
  const { lines } = await determined({ ...QF, lines: [{ code: 'a0428' }] })
  const [{ rules, ...line }] = lines
  assert.deepEqual(line, {
    line: 1,
    code: 'a0428',
    outcome: 'required',
    explanation: 'The most specific row that applies decides.',
    missing: [],
    reviewers: ['Quillfeather Transport Desk'],
    documents: ['Transport order'],
  })
  assert.equal(rules[0].source, 'Quillfeather Provider Manual section 4.1')
  assert.equal(rules[0].effectiveFrom, '2015-01-01')
  assert.equal(rules[0].decides, true)
})

test('a missing fact is named, and settles it once it is sent', async () => {
  const question = { ...QF, lines: [{ code: '97110' }] }
  const { lines } = await determined(question)
  assert.deepEqual(lines[0].missing, ["the patient's date of birth"])
  assert.deepEqual(outcomesOf(await determined({ ...question, birthDate: '2018-06-14' })), ['not-required'])
  assert.deepEqual(outcomesOf(await determined({ ...question, birthDate: '1980-02-29' })), ['required'])
})

test('what no rule speaks of comes with whom to ask', async () => {
  const { lines } = await determined({ ...QF, lines: [{ code: '00000', place: '11' }] })
  assert.equal(lines[0].contact.telephone, '6155550142')
})

test('modifiers, places and types of bill count, on the line or beside the lines', async () => {
  const lines = [
    { code: 'E0601', modifiers: ['NU'] },
    { code: 'E0601', modifiers: ['RR'] },
    { code: '71260', place: '23' },
    { place: 'bill:11' },
  ]
  assert.deepEqual(outcomesOf(await determined({ ...QF, place: '11', lines })), [
    'required',
    'not-required',
    'not-required',
    'required',
  ])
})

test('the rules are those of the day of service', async () => {
  const answer = await determined({
    payer: 'QFHP1',
    lines: [{ code: 'A0428', place: '11', on: '2014-12-31' }],
  })
  assert.deepEqual(outcomesOf(answer), ['unknown'])
})

test('in the sandbox it is said when a payer stands in for an id that nobody knows', async () => {
  const { payer } = await determined({ ...QF, payer: 'NOBODY', lines: [{ code: 'A0428' }] })
  assert.equal(payer.standsIn, true)
})

test('nothing is kept but one entry of the audit record', async () => {
  const before = await servers.sandbox.rowCounts()
  await determined({ ...QF, lines: [{ code: 'A0428' }] })
  assert.deepEqual(await servers.sandbox.rowCounts(), {
    ...before,
    audit_entries: (before.audit_entries ?? 0) + 1,
  })
})

const REFUSED: readonly (readonly [string, object, readonly string[]])[] = [
  [
    'members that are not known here',
    { ...QF, lines: [{ code: 'A0428', memberId: 'X' }] },
    ['/lines/0/memberId'],
  ],
  ['a question without lines', { payer: 'QFHP1', lines: [] }, ['/lines']],
  ['no payer', { lines: [{ code: 'A0428' }] }, ['/payer']],
  ['a control character in the payer', { payer: 'A\u0000B', lines: [{ code: 'A0428' }] }, ['/payer']],
  [
    'days that do not exist',
    { payer: 'QFHP1', birthDate: '2023-02-30', lines: [{ code: 'A0428', on: '2027-13-01' }] },
    ['/birthDate', '/lines/0/on'],
  ],
  [
    'more than 999 lines',
    { payer: 'QFHP1', lines: Array.from({ length: 1000 }, () => ({ code: 'A' })) },
    ['/lines'],
  ],
]
for (const [what, body, places] of REFUSED)
  test(`${what}: refused, with the place`, async () => {
    const answer = await ask(body)
    assert.equal(answer.statusCode, 422, answer.body)
    assert.deepEqual(
      answer.json().faults.map(({ at }: { at: string }) => at),
      places,
    )
  })

test('in production a payer that nobody knows is refused', async () => {
  const production = await servers.production.aCompany(['pa:determine'])
  const answer = await ask({ ...QF, lines: [{ code: 'A0428' }] }, production)
  assert.deepEqual([answer.statusCode, answer.json().faults[0].at], [422, '/payer'])
})

test('who may read cases may not determine by that', async () => {
  const reader = await servers.sandbox.aCompany(['pa:read'])
  assert.equal((await ask({ ...QF, lines: [{ code: 'A0428' }] }, reader)).statusCode, 403)
})
