/** What every connector promises, whichever way it asks. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { requestOf } from '../../../test/support/decided-cases.ts'
import { openTestServers, type TestServers } from '../../../test/support/gateway-server.ts'
import { aFarEnd, aForwardedPayer, certified, wayOut } from '../../../test/support/upstream.ts'
import { secureRandom, vaultFromKey } from '../../platform/secrets/index.ts'
import type { Adjudication } from '../../utilization/adjudication/index.ts'
import { findByOwnId, type Payer, type Way } from '../payers/index.ts'
import { type Connectors, openConnectors } from './index.ts'
import type { EnvelopeKind } from './upstream.ts'

let databases: TestDatabases
let servers: TestServers
let connectors: Connectors
let farUrl: string
const closing: (() => Promise<void>)[] = []
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  const far = await aFarEnd({ after: (close) => closing.push(close) }, (arrived, speech) =>
    arrived.x12.startsWith('ISA') ? certified(arrived, speech) : speech.answer(400, {}),
  )
  farUrl = far.url
  const adjudicate: Adjudication['adjudicate'] = async () => ({
    by: 'machine',
    action: 'certified',
    lines: [{ line: 1, action: 'certified', grounds: [] }],
  })
  connectors = openConnectors({
    adjudication: { adjudicate } as Adjudication,
    database: databases.sandbox,
    vault: vaultFromKey(new Uint8Array(32).fill(1), secureRandom),
    egress: await wayOut(),
    clock: servers.clock,
    random: secureRandom,
  })
})
after(async () => {
  for (const close of closing) await close()
  await servers.close()
  await databases.close()
})

let serial = 0
async function aPayer(way: Way, envelope: EnvelopeKind = 'post'): Promise<Payer> {
  const id = `CONTRACT${++serial}`
  await aForwardedPayer(servers.sandbox.gateway.administration, id, { url: farUrl, envelope })
  const payer = await databases.sandbox.transaction({ role: 'worker' }, (tx) => findByOwnId(tx, id))
  assert.ok(payer)
  return { ...payer, ways: { submission: way, inquiry: way, determination: way, notice: way } }
}

const prepared = async (payer: Payer) => {
  const connector = connectors.for(payer, 'submission')
  const task = { operation: 'submission', request: requestOf({}) } as const
  const result = await databases.sandbox.transaction({ role: 'worker' }, (tx) =>
    connector.prepare(tx, payer, task, servers.clock.now()),
  )
  return { connector, result }
}

for (const way of ['local', 'x12', 'fhir'] as const)
  describe(`by ${way}`, () => {
    test('a submission is decided, or is to be sent, or is told to be an outage by name', async () => {
      const { result } = await prepared(await aPayer(way))
      const expected = { local: 'decided', x12: 'message', fhir: 'outage' } as const
      assert.equal(result.as, expected[way])
      if (result.as === 'outage') assert.equal(result.why, 'not-built')
    })

    test('a determination is answered here, or is to be sent, or is told to be an outage', async () => {
      const payer = await aPayer(way)
      const task = { operation: 'determination', request: { ...requestOf({}), filter: {} } } as const
      const result = await databases.sandbox.transaction({ role: 'worker' }, (tx) =>
        connectors.for(payer, 'determination').prepare(tx, payer, task, servers.clock.now()),
      )
      const expected = { local: 'here', x12: 'message', fhir: 'outage' } as const
      assert.equal(result.as, expected[way])
    })

    test('sending never throws, and says whether it may have arrived', async () => {
      const payer = await aPayer(way)
      const { connector } = await prepared(payer)
      const nothing = {
        payer,
        operation: 'submission',
        traceNumber: 'NONE',
        format: 'x12',
        mostMs: 1,
      } as const
      const reply = await connector.send({ ...nothing, body: Buffer.from('no interchange') })
      if (reply.as === 'failed') assert.ok(['no', 'perhaps'].includes(reply.reached))
      else assert.equal(reply.as, 'refused')
    })
  })

test('what is to be sent bears a number of its own, each time', async () => {
  const payer = await aPayer('x12')
  const [one, other] = [(await prepared(payer)).result, (await prepared(payer)).result]
  assert.ok(one.as === 'message' && other.as === 'message')
  assert.notEqual(one.message.traceNumber, other.message.traceNumber)
})

test('what was prepared is answered by who it is sent to', async () => {
  const { connector, result } = await prepared(await aPayer('x12'))
  assert.ok(result.as === 'message')
  const reply = await connector.send(result.message)
  assert.equal(reply.as, 'answered', JSON.stringify(reply))
})
