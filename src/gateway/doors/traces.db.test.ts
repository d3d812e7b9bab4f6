import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { requestOf } from '../../../test/support/decided-cases.ts'
import { openTestServers, type TestCompany, type TestServers } from '../../../test/support/gateway-server.ts'
import type { PatientEvent, ReviewRequest } from '../../core/request.ts'
import { decodeAnswer, encodeRequest } from '../../formats/x12/index.ts'

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

let serial = 0

/** A request of one line, traced by one number for the event and another for the line. */
function traced(
  number: string,
  event: Partial<PatientEvent> = {},
  memberId = `QFTRN${serial}`,
): ReviewRequest {
  const request = requestOf({ memberId, transaction: `T-${++serial}` })
  const lines = request.event.lines.map((line) => ({
    ...line,
    traces: [{ number: `${number}-LINE`, assignedBy: '9LARKSPUR1' }],
  }))
  return {
    ...request,
    event: { ...request.event, lines, traces: [{ number, assignedBy: '9LARKSPUR1' }], ...event },
  }
}

async function sent(company: TestCompany, path: 'submission' | 'inquiry', request: ReviewRequest) {
  const envelope = {
    at: servers.clock.now(),
    interchangeControlNumber: String(++serial).padStart(9, '0'),
    usage: 'T',
  } as const
  const x12 =
    path === 'inquiry'
      ? encodeRequest({ ...request, filter: {} }, { ...envelope, guide: '215' })
      : encodeRequest(request, { ...envelope, guide: '217' })
  const answer = await company.post(`${path}/x12`, { x12 })
  assert.equal(answer.statusCode, 200, answer.body)
  const text = String(answer.json()[path].x12)
  const decoded = decodeAnswer(text)
  assert.ok(decoded.ok, JSON.stringify(decoded))
  return {
    text,
    trns: [...text.matchAll(/TRN\*(\d)\*([^*~]+)/g)].map(([, kind, number]) => `${kind} ${number}`),
  }
}

describe('an answer repeats the numbers by which its request is followed (TRN*2), and no others', () => {
  test('an answer to a submission', async () => {
    const company = await servers.sandbox.aCompany()
    const { trns } = await sent(company, 'submission', traced('FIRST'))
    assert.deepEqual(trns, ['2 FIRST', '2 FIRST-LINE'])
  })

  test('an answer to an inquiry: those of the inquiry', async () => {
    const company = await servers.sandbox.aCompany()
    const member = `QFTRNI${++serial}`
    await sent(company, 'submission', traced('FIRST', {}, member))
    assert.deepEqual((await sent(company, 'inquiry', traced('ASKED', {}, member))).trns, [
      '2 ASKED',
      '2 ASKED-LINE',
    ])
    const untraced = requestOf({ memberId: member, transaction: `T-${++serial}` })
    assert.deepEqual((await sent(company, 'inquiry', untraced)).trns, [])
  })

  test('an answer to a follow-up: those of the follow-up', async () => {
    const company = await servers.sandbox.aCompany()
    const member = `QFTRNF${++serial}`
    const first = await sent(company, 'submission', traced('FIRST', {}, member))
    const previousAuthorizationNumber = /REF\*BB\*([^~]+)~/.exec(first.text)?.[1] ?? ''
    const cancelled = await sent(
      company,
      'submission',
      traced('CANCEL', { purpose: 'cancel', previousAuthorizationNumber }, member),
    )
    assert.deepEqual(cancelled.trns, ['2 CANCEL', '2 CANCEL-LINE'])
    const again = await sent(
      company,
      'submission',
      traced('AGAIN', { purpose: 'cancel', previousAuthorizationNumber, lines: [] }, member),
    )
    assert.deepEqual(again.trns, ['2 AGAIN'])
  })

  test('a refusal too', async () => {
    const company = await servers.sandbox.aCompany()
    const refused = traced('NOBODY', { previousAuthorizationNumber: 'A0000000000000' })
    assert.deepEqual((await sent(company, 'inquiry', refused)).trns, ['2 NOBODY', '2 NOBODY-LINE'])
  })
})
