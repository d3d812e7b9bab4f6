/** One Countersign asks another as the payer: the first passes on, the second decides. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aSubmission } from '../../../test/support/a-submission.ts'
import { tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  type Answer,
  BASE,
  openTestServers,
  type TestCompany,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import { testTls } from '../../../test/support/https.ts'
import { aForwardedPayer, wayOut } from '../../../test/support/upstream.ts'
import { listen } from '../../platform/http/index.ts'

let ours: TestDatabases
let theirs: TestDatabases
let first: TestServers
let second: TestServers
/** Who sends to the first. */
let sender: TestCompany
/** As whom the first is known to the second. */
let house: TestCompany
let base: string
/** What the second is steered by; nothing unless a test says so. */
let steer: Readonly<Record<string, string>> = {}

before(async () => {
  ours = await openTestDatabases()
  theirs = await openTestDatabases()
  const { tls } = await testTls()
  const out = await wayOut()
  first = await openTestServers(ours, {
    egress: { fetch: (request) => out.fetch({ ...request, headers: { ...request.headers, ...steer } }) },
  })
  second = await openTestServers(theirs, { tls })
  const port = await listen(second.sandbox.server, { reach: 'loopback', port: 0 })
  base = `https://localhost:${port}`
  house = await second.sandbox.aCompany(['pa:submit', 'pa:inquire', 'pa:admit', 'pa:determine', 'pa:read'])
  sender = await first.sandbox.aCompany(['pa:submit', 'pa:inquire', 'pa:admit', 'pa:determine', 'pa:read'])
  await aPayer('WREN1')
})
after(async () => {
  await first.close()
  await second.close()
  await ours.close()
  await theirs.close()
})

const at = (operation: string) => `${base}${BASE}/${operation}/x12`
function aPayer(id: string, receiver = 'SECONDHOUSE'): Promise<void> {
  const { clientId, clientSecret } = house.client
  return aForwardedPayer(first.sandbox.gateway.administration, id, {
    url: at('submission'),
    operationUrls: { inquiry: at('inquiry'), determination: at('determination'), notice: at('noa') },
    receiver: { id: receiver },
    usage: 'T',
    timeoutMs: 20_000,
    credentials: { tokenUrl: `${base}/oauth2/token`, clientId, clientSecret },
  })
}

let serial = 0
const aRequest = (parts: Parameters<typeof aSubmission>[0] = {}) =>
  aSubmission({ payerId: 'WREN1', memberId: `WREN${++serial}`, transaction: `W-${serial}`, ...parts })
const x12Of = (answer: Answer, part = 'submission') => String(answer.json()[part].x12)

/** A test that waits for a payer waits longer than a token lasts. */
async function fresh(servers: TestServers, { client }: TestCompany) {
  const given = await servers.sandbox.server.inject(tokenRequest(client))
  return { authorization: `Bearer ${given.json().access_token}` }
}

/** As a company of one of the two reads it. */
async function read(servers: TestServers, company: TestCompany, id: string) {
  const headers = await fresh(servers, company)
  const answer = await company.call({ method: 'GET', url: `/v1/authorizations/${id}`, headers })
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json()
}
const ourCase = (answer: Answer) => read(first, sender, `auth_${answer.json().authorizationId}`)
async function theirCase(administrativeReference: string) {
  const { authorizations } = (
    await house.call({
      method: 'POST',
      url: '/v1/authorizations/search',
      headers: await fresh(second, house),
      payload: { administrativeReference },
    })
  ).json()
  assert.equal(authorizations.length, 1)
  return read(second, house, authorizations[0].id)
}

test('what the second certifies, the first answers, with the numbers of the second', async () => {
  const answer = await sender.post('submission', aRequest())
  assert.equal(answer.statusCode, 200, answer.body)
  const here = await ourCase(answer)
  assert.equal(here.state, 'approved')
  assert.equal(here.decision.by, 'upstream')
  const there = await theirCase(here.administrativeReference)
  assert.equal(there.authorizationNumber, here.authorizationNumber)
  assert.equal(there.state, 'approved')
  assert.match(x12Of(answer), new RegExp(`HCR\\*A1\\*${there.authorizationNumber}`))
})

test('what the second splits by line, the first answers line by line (A2)', async () => {
  await aPayer('WRENSPLIT', '278_217_02_A2')
  const line = (procedureCode: string) => ({
    professionalService: {
      productOrServiceIDQualifier: 'HC',
      procedureCode,
      unitOrBasisForMeasurementCode: 'UN',
      serviceUnitCount: '2',
    },
  })
  const request = aRequest({ payerId: 'WRENSPLIT' })
  const event = request.patientEventDetail as Record<string, unknown>
  const answer = await sender.post('submission', {
    ...request,
    patientEventDetail: { ...event, serviceLevel: [line('A0428'), line('A0425')] },
  })
  const here = await ourCase(answer)
  assert.equal(here.state, 'partially-approved')
  const there = await theirCase(here.administrativeReference)
  const actions = (found: { decision: { lines: { line: number; action: string }[] } }) =>
    found.decision.lines.map((one) => [one.line, one.action])
  assert.deepEqual(actions(here), actions(there))
})

for (const envelope of ['soap', 'mime'] as const)
  test(`a request reaches the second in an envelope of CAQH CORE, ${envelope}`, async () => {
    const payerId = `WREN${envelope.toUpperCase()}`
    const { clientId, clientSecret } = house.client
    await aForwardedPayer(first.sandbox.gateway.administration, payerId, {
      url: `${base}/core/${envelope}`,
      envelope,
      receiver: { id: 'SECONDHOUSE' },
      usage: 'T',
      timeoutMs: 20_000,
      credentials: { tokenUrl: `${base}/oauth2/token`, clientId, clientSecret },
    })
    const answer = await sender.post('submission', aRequest({ payerId }))
    const here = await ourCase(answer)
    assert.equal(here.state, 'approved', answer.body)
    assert.equal(
      (await theirCase(here.administrativeReference)).authorizationNumber,
      here.authorizationNumber,
    )
  })

const inquiryOf = (request: Readonly<Record<string, unknown>>) => {
  const { submitterTransactionIdentifier: _, ...same } = request
  return { ...same, submitterTransactionIdentifier: `I-${++serial}` }
}

test('an inquiry is answered by the second, along the way of whoever asked the first', async () => {
  const request = aRequest()
  const submitted = await ourCase(await sender.post('submission', request))
  const answer = await sender.post('inquiry', inquiryOf(request))
  assert.equal(answer.statusCode, 200, answer.body)
  assert.match(x12Of(answer, 'inquiry'), new RegExp(`HCR\\*A1\\*${submitted.authorizationNumber}`))
  assert.match(x12Of(answer, 'inquiry'), /\*LARKSPUR/)
  assert.doesNotMatch(answer.body, /SECONDHOUSE|CS[0-9A-F]{20}/)
  assert.equal(`auth_${answer.json().authorizationId}`, submitted.id)
})

test('an inquiry after what the second does not have is answered so (AAA AA)', async () => {
  const answer = await sender.post('inquiry', inquiryOf(aRequest()))
  assert.match(x12Of(answer, 'inquiry'), /AAA\*N\*\*AA\*C/)
})

const aQuestion = (payerId: string, ...codes: readonly string[]) => {
  const submission = aRequest({ payerId })
  const event = submission.patientEventDetail as Record<string, unknown>
  const { serviceTypeCode: _, facilityTypeCode: __, facilityCodeQualifier: ___, ...rest } = event
  return {
    ...submission,
    patientEventDetail: {
      ...rest,
      serviceLevel: codes.map((procedureCode) => ({
        professionalService: { productOrServiceIDQualifier: 'HC', procedureCode },
      })),
    },
  }
}

/** What the second says of it, asked by itself. */
const saidThere = async (codes: readonly string[]) => {
  const lines = codes.map((code) => ({ code }))
  const headers = await fresh(second, house)
  const payload = { payer: 'WREN1', lines }
  const answer = await house.call({ method: 'POST', url: '/v1/determinations', headers, payload })
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json().lines.map(({ outcome }: { outcome: string }) => outcome)
}
const CODES = ['A0428', 'T1000', 'Z9999']

test('what needs authorization by the rules of the second, needs it by the first, in the words of the second', async () => {
  const answer = await sender.post('determination', aQuestion('WREN1', ...CODES))
  assert.equal(answer.statusCode, 200, answer.body)
  const outcomes = answer.json().determination.rules.map(({ outcome }: { outcome: string }) => outcome)
  assert.deepEqual(outcomes, await saidThere(CODES))
  assert.ok(outcomes.includes('required'))
  assert.match(x12Of(answer, 'determination'), /MSG\*Prior authorization is required\. Reviewed by/)
  assert.doesNotMatch(answer.body, /SECONDHOUSE|CS[0-9A-F]{20}/)
})

test('a determination says the same at /v1/determinations', async () => {
  const answer = await sender.call({
    method: 'POST',
    url: '/v1/determinations',
    headers: await fresh(first, sender),
    payload: { payer: 'WREN1', lines: CODES.map((code) => ({ code })) },
  })
  assert.equal(answer.statusCode, 200, answer.body)
  const outcomes = answer.json().lines.map(({ outcome }: { outcome: string }) => outcome)
  assert.deepEqual(outcomes, await saidThere(CODES))
})

test('an orchestration asks the second, finds nothing there, and submits there what needs authorization', async () => {
  const answer = await sender.post('authorization?submit=true', aQuestion('WREN1', 'A0428'))
  assert.equal(answer.statusCode, 200, answer.body)
  assert.equal(answer.json().determination.rules[0].outcome, 'required')
  assert.match(answer.json().inquiry[0].x12, /AAA\*N\*\*AA\*C/)
  const here = await ourCase(answer)
  assert.equal(here.decision.by, 'upstream')
  assert.equal((await theirCase(here.administrativeReference)).authorizationNumber, here.authorizationNumber)
})

test('an orchestration after what the second has submits nothing more', async () => {
  const question = aQuestion('WREN1', 'A0428')
  const submitted = await ourCase(await sender.post('authorization?submit=true', question))
  const answer = await sender.post('authorization?submit=true', inquiryOf(question))
  assert.equal(answer.json().submission, undefined, answer.body)
  assert.equal(`auth_${answer.json().authorizationId}`, submitted.id)
})

test('the same orchestration again is answered with what it came to', async () => {
  const question = aQuestion('WREN1', 'A0428')
  const answer = await sender.post('authorization?submit=true', question)
  const again = await sender.post('authorization?submit=true', question)
  assert.equal(again.headers['idempotency-replayed'], 'true')
  assert.equal(again.body, answer.body)
})

test('what an inquiry finds decided is decided here from then on', async () => {
  steer = { 'x-sandbox-scenario': 'pend-then-approve' }
  const request = aRequest()
  const pended = await sender.post('submission', request)
  steer = {}
  second.clock.advance(3_600_000)
  await second.sandbox.gateway.settleDue()
  const asked = await sender.post('inquiry', inquiryOf(request))
  assert.match(x12Of(asked, 'inquiry'), /HCR\*A1/)
  assert.equal((await ourCase(pended)).state, 'approved')
})

test('what is cancelled here is cancelled at the second first, and then here', async () => {
  const request = aRequest()
  const submitted = await ourCase(await sender.post('submission', request))
  const answer = await sender.call({
    method: 'POST',
    url: `/v1/authorizations/${submitted.id}/cancel`,
    payload: {},
  })
  assert.equal(answer.statusCode, 200, answer.body)
  assert.equal(answer.json().state, 'cancelled')
  assert.equal((await theirCase(submitted.administrativeReference)).state, 'cancelled')
  assert.deepEqual(
    answer
      .json()
      .events.map(({ type }: { type: string }) => type)
      .slice(-2),
    ['authorization.forwarding', 'authorization.cancelled'],
  )
})

test('what the second will not cancel stays as it is here, and its refusal is the answer', async () => {
  const request = aRequest()
  const submitted = await ourCase(await sender.post('submission', request))
  const there = await theirCase(submitted.administrativeReference)
  const done = await house.call({
    method: 'POST',
    url: `/v1/authorizations/${there.id}/update`,
    payload: { message: 'Other days' },
    headers: { ...(await fresh(second, house)), 'x-sandbox-scenario': 'approve' },
  })
  assert.ok(done.statusCode < 300, done.body)
  const answer = await sender.call({
    method: 'POST',
    url: `/v1/authorizations/${submitted.id}/cancel`,
    payload: {},
  })
  assert.equal(answer.json().state, 'approved')
  assert.equal(answer.json().events.at(-1).type, 'authorization.payer-refused')
})

test('a client secret that the second does not take leaves the request with us (AAA 42, do not send it again)', async () => {
  await aForwardedPayer(first.sandbox.gateway.administration, 'WRENSHUT', {
    url: at('submission'),
    credentials: { tokenUrl: `${base}/oauth2/token`, clientId: house.client.clientId, clientSecret: 'wrong' },
  })
  const answer = await sender.post('submission', aRequest({ payerId: 'WRENSHUT' }))
  assert.match(x12Of(answer), /AAA\*N\*\*42\*Y/)
})

test('what the second pends and decides later, the first learns when it asks again', async () => {
  steer = { 'x-sandbox-scenario': 'pend-then-approve' }
  const answer = await sender.post('submission', aRequest())
  steer = {}
  assert.equal((await ourCase(answer)).state, 'pended')
  second.clock.advance(3_600_000)
  await second.sandbox.gateway.settleDue()
  first.clock.advance(3_600_000)
  await first.sandbox.gateway.sendDue()
  const here = await ourCase(answer)
  assert.equal(here.state, 'approved')
})
