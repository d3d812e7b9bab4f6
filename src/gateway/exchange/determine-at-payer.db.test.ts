/** What is answered of a payer that says itself what needs authorization, when it does and when it does not. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { openTestServers, type TestServers } from '../../../test/support/gateway-server.ts'
import {
  type Arrived,
  certified,
  decidedAs,
  type ForwardedPayer,
  type ForwardingHouse,
  forwardingHouse,
  refusedBy999,
  type Script,
  wayOut,
} from '../../../test/support/upstream.ts'
import type { Rejection } from '../../core/decision.ts'
import type { Determination } from '../../core/determination/index.ts'
import { decodeRequest, encodeDeterminationAnswer } from '../../formats/x12/index.ts'
import type { Instant } from '../../kernel/time.ts'

let databases: TestDatabases
let servers: TestServers
let house: ForwardingHouse
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases, { egress: await wayOut() })
  house = forwardingHouse(servers.sandbox)
})
after(async () => {
  await servers.close()
  await databases.close()
})

const AT = Date.UTC(2027, 0, 4, 9) as Instant
const REQUIRED: Determination = { answer: 'required', deciding: [], fired: [], explanation: '' }

/** A question is about nobody; an inquiry names its member. */
function kindOf({ x12 }: Arrived): 'submission' | 'inquiry' | 'determination' {
  const decoded = decodeRequest(x12)
  assert.ok(decoded.ok && decoded.value.guide !== '216')
  if (decoded.value.guide === '217') return 'submission'
  return decoded.value.inquiry.subscriber.memberId === undefined ? 'determination' : 'inquiry'
}

const says =
  (determination: Determination): Script =>
  ({ x12 }, { answer }) => {
    const decoded = decodeRequest(x12)
    assert.ok(decoded.ok && decoded.value.guide === '215')
    const { inquiry: request, envelope } = decoded.value
    const lines = request.event.lines.map(({ number: line }) => ({ line, determination }))
    const said = {
      request,
      payer: { id: request.payer.id, name: 'The far payer' },
      answeredAt: AT,
      outcome: { kind: 'determined', lineOfBusiness: 'commercial', standsIn: false, lines },
    } as const
    const written = { at: AT, controlNumber: 7, usage: 'T', inReplyTo: envelope } as const
    answer(200, { determination: { x12: encodeDeterminationAnswer(said, written) } })
  }
const refuses =
  (rejection: Rejection): Script =>
  (arrived, { answer }) =>
    answer(
      200,
      decidedAs(arrived, () => ({ kind: 'rejected', rejections: [rejection] })),
    )
const unavailable: Script = (_, { answer }) => answer(503, {})
const noneFound = refuses({ level: 'event', reason: 'AA', followUp: 'C' })

/** Each operation is answered by its own script. */
const playing =
  (scripts: Readonly<Record<ReturnType<typeof kindOf>, Script>>): Script =>
  (arrived, speech) =>
    scripts[kindOf(arrived)](arrived, speech)

const ask = ({ company, request }: ForwardedPayer, headers = {}) =>
  company.post('determination', request, headers)
const askPlainly = ({ company, payerId }: ForwardedPayer) =>
  company.call({
    method: 'POST',
    url: '/v1/determinations',
    payload: { payer: payerId, lines: [{ code: 'A0428' }, { code: 'T1000' }] },
  })
const orchestrate = ({ company, request }: ForwardedPayer) =>
  company.post('authorization?submit=true', request)

test('a payer that cannot be asked is an outage at the compatible door (AAA 80 P)', async (t) => {
  const answer = await ask(await house.aPayer(t, unavailable))
  assert.equal(answer.statusCode, 200, answer.body)
  assert.match(answer.json().determination.x12, /AAA\*N\*\*80\*P/)
})

test('an outage where this house answers as the payer is AAA 42 P', async (t) => {
  const answer = await ask(await house.aPayer(t, unavailable, { answersAs: 'payer' }))
  assert.match(answer.json().determination.x12, /AAA\*N\*\*42\*P/)
})

test('an outage leaves every line unknown at /v1/determinations, with the reason', async (t) => {
  const answer = await askPlainly(await house.aPayer(t, unavailable))
  assert.equal(answer.statusCode, 200, answer.body)
  const { lines } = answer.json()
  assert.deepEqual(
    lines.map(({ outcome }: { outcome: string }) => outcome),
    ['unknown', 'unknown'],
  )
  assert.match(lines[0].explanation, /cannot answer just now/)
})

test('what the payer will not read is not to be sent again (AAA 80 N)', async (t) => {
  const answer = await ask(
    await house.aPayer(t, (arrived, { answer: with_ }) => with_(200, refusedBy999(arrived))),
  )
  assert.match(answer.json().determination.x12, /AAA\*N\*\*80\*N/)
})

test('the refusal of the payer is told as it is', async (t) => {
  const answer = await ask(
    await house.aPayer(t, refuses({ level: 'subscriber', reason: '72', followUp: 'C' })),
  )
  assert.match(answer.json().determination.x12, /AAA\*N\*\*72\*C/)
})

test('an answer to something else is none', async (t) => {
  const other: Script = (arrived, speech) =>
    says(REQUIRED)({ ...arrived, x12: arrived.x12.replaceAll(/CS[0-9A-F]{20}/g, 'CSOTHER') }, speech)
  const answer = await ask(await house.aPayer(t, other))
  assert.match(answer.json().determination.x12, /AAA\*N\*\*80\*P/)
})

test('nobody is named to the payer', async (t) => {
  const payer = await house.aPayer(t, says(REQUIRED))
  const answer = await ask(payer)
  assert.equal(answer.json().determination.rules[0].outcome, 'required')
  const { subscriber } = payer.request as { subscriber: { memberId: string; lastName: string } }
  const [arrived] = payer.far.arrived
  assert.ok(arrived && !arrived.x12.includes(subscriber.memberId))
  assert.ok(!arrived.x12.toUpperCase().includes(`*${subscriber.lastName.toUpperCase()}`))
})

test('an outage is not kept under its key: asked again, the payer answers', async (t) => {
  const payer = await house.aPayer(t, unavailable)
  const headers = { 'idempotency-key': '"determine-again"' }
  await ask(payer, headers)
  payer.far.plays(says(REQUIRED))
  const answer = await ask(payer, headers)
  assert.equal(answer.json().determination.rules[0].outcome, 'required')
  const again = await ask(payer, headers)
  assert.equal(again.headers['idempotency-replayed'], 'true')
  assert.equal(payer.far.arrived.length, 2)
})

test('nobody waits for the payer of another: who is decided here is answered meanwhile', async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const payer = await house.aPayer(t, async (arrived, speech) => {
    await promise
    await says(REQUIRED)(arrived, speech)
  })
  let isAnswered = false
  const slow = askPlainly(payer).then((answer) => {
    isAnswered = true
    return answer
  })
  const here = await askPlainly({ ...payer, payerId: 'TRM01' })
  assert.notEqual(here.json().lines[0].outcome, 'unknown')
  assert.equal(isAnswered, false)
  resolve()
  assert.equal((await slow).json().lines[0].outcome, 'required')
})

test('an orchestration inquires after nothing while the payer does not say what needs authorization', async (t) => {
  const payer = await house.aPayer(t, unavailable)
  const answer = await orchestrate(payer)
  assert.match(answer.json().determination.x12, /AAA\*N\*\*80\*P/)
  assert.deepEqual(answer.json().inquiry, [])
  assert.equal(answer.json().submission, undefined)
  assert.equal(payer.far.arrived.length, 1)
})

test('an orchestration submits nothing where it cannot be told whether there is a case', async (t) => {
  const payer = await house.aPayer(
    t,
    playing({ determination: says(REQUIRED), inquiry: unavailable, submission: certified }),
  )
  const answer = await orchestrate(payer)
  assert.match(answer.json().inquiry[0].x12, /AAA\*N\*\*80\*P/)
  assert.equal(answer.json().submission, undefined)
  payer.far.plays(playing({ determination: says(REQUIRED), inquiry: noneFound, submission: certified }))
  assert.match((await orchestrate(payer)).json().submission.x12, /HCR\*A1/)
})

test('the same orchestration twice at once makes one case', async (t) => {
  const payer = await house.aPayer(
    t,
    playing({ determination: says(REQUIRED), inquiry: noneFound, submission: certified }),
  )
  const answers = await Promise.all([orchestrate(payer), orchestrate(payer)])
  assert.ok(answers.every(({ statusCode }) => statusCode === 200 || statusCode === 409))
  assert.ok(answers.some(({ statusCode }) => statusCode === 200))
  const url = '/v1/authorizations/search'
  const found = await payer.company.call({ method: 'POST', url, payload: {} })
  assert.equal(found.json().authorizations.length, 1)
})

test('what an orchestration submits is kept while the payer is away, and told of when it comes again', async (t) => {
  const payer = await house.aPayer(
    t,
    playing({ determination: says(REQUIRED), inquiry: noneFound, submission: unavailable }),
  )
  const answer = await orchestrate(payer)
  assert.match(answer.json().submission.x12, /AAA\*N\*\*42\*Y/)
  assert.equal((await payer.caseOf(answer)).state, 'forwarding')
  payer.far.plays(playing({ determination: says(REQUIRED), inquiry: noneFound, submission: certified }))
  servers.clock.advance(30_000)
  await servers.sandbox.gateway.sendDue()
  const again = await orchestrate(payer)
  assert.equal(again.json().authorizationId, answer.json().authorizationId)
  assert.match(again.json().submission.x12, /HCR\*A1\*PAYERAUTH1/)
})
