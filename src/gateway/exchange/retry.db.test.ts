/** What becomes of a request whose payer does not answer as it should. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { openTestServers, type TestServers } from '../../../test/support/gateway-server.ts'
import {
  acknowledged,
  certified,
  decidedAs,
  type ForwardingHouse,
  forwardingHouse,
  outcomeOf,
  refusedBy999,
  type Script,
  wayOut,
} from '../../../test/support/upstream.ts'
import { decodeRequest } from '../../formats/x12/index.ts'
import type { Egress } from '../../platform/egress/index.ts'

let databases: TestDatabases
let servers: TestServers
let house: ForwardingHouse
let egress: Egress
/** What goes out waits here. */
let gate: Promise<void> = Promise.resolve()

/** Has what goes out next stay in this process, as if it had ended. */
function hold() {
  const { promise, resolve } = Promise.withResolvers<void>()
  gate = promise
  return {
    others: () => {
      gate = Promise.resolve()
    },
    first: resolve,
  }
}

before(async () => {
  databases = await openTestDatabases()
  const out = await wayOut()
  egress = {
    fetch: async (request) => {
      await gate
      return out.fetch(request)
    },
  }
  servers = await openTestServers(databases, { egress: { fetch: (request) => egress.fetch(request) } })
  house = await forwardingHouse(servers.sandbox)
})
after(async () => {
  await servers.close()
  await databases.close()
})

const HALF_A_MINUTE = 30_000
const QUARTER_HOUR = 900_000
const guideOf = (x12: string) => {
  const decoded = decodeRequest(x12)
  return decoded.ok ? decoded.value.guide : undefined
}
async function later(ms: number): Promise<void> {
  servers.clock.advance(ms)
  await servers.sandbox.gateway.sendDue()
}

const NOT_THERE: readonly (readonly [string, Script])[] = [
  ['answers 401', (_, { answer }) => answer(401, {})],
  ['answers 404', (_, { answer }) => answer(404, {})],
  ['answers 503', (_, { answer }) => answer(503, {})],
]
for (const [what, script] of NOT_THERE) {
  test(`a payer that ${what} has not got it: the case goes on being forwarded, and is sent again as it was`, async (t) => {
    const { submit, far, caseOf } = await house.aPayer(t, script)
    const answer = await submit()
    assert.match(answer.json().submission.x12, /AAA\*N\*\*42\*Y/)
    assert.equal((await caseOf(answer)).state, 'forwarding')
    far.plays(certified)
    await later(HALF_A_MINUTE)
    assert.equal(far.arrived.at(-1)?.body, far.arrived[0]?.body)
    const found = await caseOf(answer)
    assert.equal(found.state, 'approved')
    assert.deepEqual(house.typesOf(found), [
      'received',
      'submitted',
      'forwarding',
      'retry-scheduled',
      'payer-received',
      'decided',
    ])
  })
}

test('a payer that nobody answers at is tried again', async (t) => {
  const { submit, far, caseOf } = await house.aPayer(t, certified)
  await far.close()
  const answer = await submit()
  assert.match(answer.json().submission.x12, /AAA\*N\*\*42\*Y/)
  assert.equal((await caseOf(answer)).state, 'forwarding')
})

const PERHAPS_THERE: readonly (readonly [string, Script])[] = [
  ['says nothing in time', () => {}],
  ['breaks off in its answer', (_, { breakOff }) => breakOff()],
  ['answers 500', (_, { answer }) => answer(500, {})],
  ['answers what nobody can read', (_, { answer }) => answer(200, '<html>')],
  ['answers half an interchange', (_, { answer }) => answer(200, 'ISA*00*          *00*')],
  [
    'answers another request',
    (arrived, { answer }) =>
      answer(
        200,
        JSON.stringify(decidedAs(arrived, outcomeOf('certified'))).replaceAll(
          /CS[0-9A-F]{20}/g,
          'SOMEBODYELSE',
        ),
      ),
  ],
]
for (const [what, script] of PERHAPS_THERE) {
  test(`a payer that ${what} may have it: it is asked before anything is sent again`, async (t) => {
    const { submit, far, caseOf } = await house.aPayer(t, script)
    const answer = await submit()
    assert.match(answer.json().submission.x12, /AAA\*N\*\*42\*Y/)
    assert.equal((await caseOf(answer)).state, 'payer-unconfirmed')
    far.plays((arrived, { answer: say }) =>
      say(200, decidedAs(arrived, outcomeOf('certified', { authorizationNumber: 'FOUND1' }))),
    )
    await later(HALF_A_MINUTE)
    assert.deepEqual(
      far.arrived.map(({ x12 }) => guideOf(x12)),
      ['217', '215'],
    )
    const found = await caseOf(answer)
    assert.equal(found.state, 'approved')
    assert.equal(found.authorizationNumber, 'FOUND1')
  })
}

test('a payer that is asked and has no such request is sent it again, byte for byte', async (t) => {
  const { submit, far, caseOf } = await house.aPayer(t, () => {})
  const answer = await submit()
  far.plays((arrived, speech) => {
    if (guideOf(arrived.x12) === '217') return certified(arrived, speech)
    const none = () =>
      ({ kind: 'rejected', rejections: [{ level: 'event', reason: 'AA', followUp: 'C' }] }) as const
    speech.answer(200, decidedAs(arrived, none))
  })
  await later(HALF_A_MINUTE)
  assert.deepEqual(
    far.arrived.map(({ x12 }) => guideOf(x12)),
    ['217', '215', '217'],
  )
  assert.equal(far.arrived[2]?.body, far.arrived[0]?.body)
  assert.equal((await caseOf(answer)).state, 'approved')
})

test('a payer that says that it has seen the interchange before has it (TA1 note 025)', async (t) => {
  const { submit, caseOf } = await house.aPayer(t, (arrived, { answer }) =>
    answer(200, acknowledged(arrived, true)),
  )
  const answer = await submit()
  assert.match(answer.json().submission.x12, /HCR\*A4/)
  assert.equal((await caseOf(answer)).state, 'payer-received')
})

test('what is accepted without an answer is with the payer (999), and its later answer is found by asking', async (t) => {
  const { submit, far, caseOf } = await house.aPayer(t, (arrived, { answer }) =>
    answer(200, acknowledged(arrived)),
  )
  const answer = await submit()
  assert.match(answer.json().submission.x12, /HCR\*A4/)
  assert.equal((await caseOf(answer)).state, 'payer-received')
  far.plays((arrived, { answer: say }) => say(200, decidedAs(arrived, outcomeOf('not-certified'))))
  await later(QUARTER_HOUR)
  assert.equal(guideOf(far.arrived[1]?.x12 ?? ''), '215')
  const found = await caseOf(answer)
  assert.equal(found.state, 'denied')
  assert.equal(found.decision.by, 'upstream')
})

test('a pended case is decided when the payer, asked again, has decided', async (t) => {
  const { submit, far, caseOf } = await house.aPayer(t, (arrived, { answer }) =>
    answer(200, decidedAs(arrived, outcomeOf('pended'))),
  )
  const answer = await submit()
  assert.equal((await caseOf(answer)).state, 'pended')
  await later(QUARTER_HOUR)
  const waiting = await caseOf(answer)
  assert.equal(waiting.state, 'pended')
  const events = waiting.events.length
  far.plays(certified)
  await later(2 * QUARTER_HOUR)
  const found = await caseOf(answer)
  assert.equal(found.state, 'approved')
  assert.equal(found.events.length, events + 1)
})

test('what the payer cannot read (999) is refused for good, and nothing is sent again', async (t) => {
  const { submit, far, caseOf } = await house.aPayer(t, (arrived, { answer }) =>
    answer(200, refusedBy999(arrived)),
  )
  const answer = await submit()
  assert.match(answer.json().submission.x12, /AAA\*N\*\*80\*N/)
  assert.equal((await caseOf(answer)).state, 'rejected')
  await later(QUARTER_HOUR)
  assert.equal(far.arrived.length, 1)
})

test('an interchange that the payer refuses (TA1) is refused for good', async (t) => {
  const { submit, caseOf } = await house.aPayer(t, (arrived, { answer }) =>
    answer(200, acknowledged(arrived, true).replace('*025~', '*006~')),
  )
  const answer = await submit()
  assert.match(answer.json().submission.x12, /AAA\*N\*\*80\*N/)
  assert.equal((await caseOf(answer)).state, 'rejected')
})

test("a payer's own refusal is the answer, word for word (AAA)", async (t) => {
  const { submit, caseOf } = await house.aPayer(t, (arrived, { answer }) =>
    answer(
      200,
      decidedAs(arrived, () => ({
        kind: 'rejected',
        rejections: [{ level: 'subscriber', reason: '75', followUp: 'C' }],
      })),
    ),
  )
  const answer = await submit()
  assert.match(answer.json().submission.x12, /AAA\*N\*\*75\*C/)
  assert.deepEqual((await caseOf(answer)).rejections, [{ level: 'subscriber', reason: '75', followUp: 'C' }])
})

test('an answer that comes twice changes nothing the second time', async (t) => {
  const { submit, caseOf, far } = await house.aPayer(t, (arrived, { answer }) => {
    const once = decidedAs(arrived, outcomeOf('certified', { authorizationNumber: 'TWICE1' })) as {
      submission: { x12: string }
    }
    answer(200, once.submission.x12 + once.submission.x12)
  })
  const answer = await submit()
  const found = await caseOf(answer)
  assert.equal(found.state, 'approved')
  await later(QUARTER_HOUR)
  assert.deepEqual(await caseOf(answer), found)
  assert.equal(far.arrived.length, 1)
})

test('a request is given up after its last attempt: the sender may send it again (AAA 80)', async (t) => {
  const { submit, caseOf } = await house.aPayer(t, (_, { answer }) => answer(503, {}), { retries: 1 })
  const answer = await submit()
  assert.equal((await caseOf(answer)).state, 'forwarding')
  await later(HALF_A_MINUTE)
  const found = await caseOf(answer)
  assert.equal(found.state, 'rejected')
  assert.deepEqual(found.rejections, [{ level: 'payer', reason: '80', followUp: 'P' }])
})

test('a house that answers as the payer gives up with AAA 42', async (t) => {
  const { submit } = await house.aPayer(t, (_, { answer }) => answer(503, {}), {
    retries: 0,
    answersAs: 'payer',
  })
  assert.match((await submit()).json().submission.x12, /AAA\*N\*\*42\*P/)
})

test('the same request again, after its payer has answered late, is told the decision', async (t) => {
  const { submit, far } = await house.aPayer(t, () => {})
  const first = await submit()
  assert.match(first.json().submission.x12, /AAA\*N\*\*42\*Y/)
  const busy = await submit()
  assert.equal(busy.json().authorizationId, first.json().authorizationId)
  assert.match(busy.json().submission.x12, /AAA\*N\*\*42\*Y/)
  far.plays(certified)
  await later(HALF_A_MINUTE)
  const again = await submit()
  assert.equal(again.json().authorizationId, first.json().authorizationId)
  assert.match(again.json().submission.x12, /HCR\*A1\*PAYERAUTH1/)
  assert.equal((await submit()).headers['idempotency-replayed'], 'true')
})

test('a process that ends between the two transactions leaves what another sends; should both be answered, nothing doubles', async (t) => {
  const { far, submit, caseOf, onlyCase } = await house.aPayer(t, certified)
  const release = hold()
  const stuck = submit()
  const id = await onlyCase()
  release.others()
  await later(120_000)
  const found = await caseOf(id)
  assert.equal(found.state, 'approved')
  release.first()
  assert.match((await stuck).json().submission.x12, /HCR\*A1\*PAYERAUTH1/)
  assert.deepEqual(await caseOf(id), found)
  assert.equal(far.arrived.length, 2)
  assert.equal(far.arrived[1]?.body, far.arrived[0]?.body)
})

test('a payer that fails five times in a row is left alone for a minute, then tried once', async (t) => {
  const { submitAnother, far } = await house.aPayer(t, (_, { answer }) => answer(503, {}))
  for (let i = 0; i < 5; i++) await submitAnother()
  assert.equal(far.arrived.length, 5)
  await submitAnother()
  assert.equal(far.arrived.length, 5)
  servers.clock.advance(60_000)
  far.plays(certified)
  const answer = await submitAnother()
  assert.match(answer.json().submission.x12, /HCR\*A1/)
})
