import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { anInterchange } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import { edited } from '../../../test/support/interchanges.ts'
import { decodeInterchange } from '../../formats/x12/index.ts'

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
/** Another request each time, under the control number that is given. */
const another = (control: string) => {
  serial++
  const x12 = anInterchange({ memberId: `QFISA${serial}`, transaction: `T-${serial}` }, { control })
  return edited(x12, '*0*T*', '*1*T*')
}
const send = (company: TestCompany, x12: string, headers: Record<string, string> = {}) =>
  company.post('submission/x12', { x12 }, headers)

function refusedAsDuplicate(answer: Answer): void {
  assert.equal(answer.statusCode, 400, answer.body)
  assert.match(String(answer.json()), /ISA-13: .* \(TA1 note code 025\)/)
}

test('another interchange under the numbers of an earlier one is refused with a TA1 025, and nothing is stored', async () => {
  const company = await servers.sandbox.aCompany()
  assert.equal((await send(company, another('000000501'))).statusCode, 200)
  const before = await servers.sandbox.rowCounts()
  const answer = await send(company, another('000000501'))
  refusedAsDuplicate(answer)
  const { audit_entries: _, ...counts } = await servers.sandbox.rowCounts()
  const { audit_entries: __, ...countsBefore } = before
  assert.deepEqual(counts, countsBefore)
  const ta1 = decodeInterchange(String(answer.headers['countersign-ta1']))
  assert.ok(ta1.ok, JSON.stringify(ta1))
  assert.deepEqual(
    ta1.value.acknowledgements.map(({ controlNumber, status, note }) => [controlNumber, status, note]),
    [['000000501', 'rejected', '025']],
  )
})

test('the very same interchange is answered the same', async () => {
  const company = await servers.sandbox.aCompany()
  const x12 = another('000000502')
  const first = await send(company, x12)
  const again = await send(company, x12)
  assert.deepEqual([again.statusCode, again.body], [200, first.body])
  assert.equal(again.headers['idempotency-replayed'], 'true')
})

test('an interchange that was refused is mended and sent again under its numbers', async () => {
  const company = await servers.sandbox.aCompany()
  const x12 = another('000000503')
  assert.equal((await send(company, x12.replace('HI*', 'HJ*').replace('UM*HS*I', 'UM*ZZ*I'))).statusCode, 400)
  assert.equal((await send(company, x12)).statusCode, 200)
})

test('a sender that asks for no acknowledgement (ISA14) may put the same number on every interchange', async () => {
  const company = await servers.sandbox.aCompany()
  for (const x12 of [another('000000505'), another('000000505')])
    assert.equal((await send(company, x12.replace('*1*T*', '*0*T*'))).statusCode, 200)
})

test('the numbers of one company are none of another’s', async () => {
  for (const company of [await servers.sandbox.aCompany(), await servers.sandbox.aCompany()])
    assert.equal((await send(company, another('000000504'))).statusCode, 200)
})

test('of two different interchanges under one number at once one is answered, and the other is refused', async () => {
  const company = await servers.sandbox.aCompany()
  const answers = await Promise.all([1, 2, 3].map(() => send(company, another('000000506'))))
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 400, 400])
})
