import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import {
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'
import { inquiryX12, submissionX12 } from '../../../../test/support/submissions.ts'
import { decodeInterchange, decodeStream, type InterchangeEvent } from '../../../formats/x12/index.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
let company: TestCompany
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  sandbox = servers.sandbox
  company = await sandbox.aCompany()
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 800_000
const submission = () => (JSON.parse(submissionX12(++serial)) as { x12: string }).x12
const inquiry = () => (JSON.parse(inquiryX12(++serial)) as { x12: string }).x12
const segmentsOf = (x12: string) => x12.split('~').filter(Boolean)

/** One interchange of several: each list of them is a group. */
function together(control: string, ...groups: readonly (readonly string[])[]): string {
  const [first = ''] = groups.flat()
  const isa = (segmentsOf(first)[0] ?? '').replace(/\*\d{9}\*0\*T/, `*${control}*0*T`)
  const bodies = groups.flatMap((each, i) => {
    const gs = (segmentsOf(each[0] ?? '')[1] ?? '').replace('*1*X*', `*${i + 1}*X*`)
    const transactions = each.flatMap((one, n) => {
      const number = String(n + 1).padStart(4, '0')
      return segmentsOf(one)
        .slice(2, -2)
        .map((segment) => segment.replace(/^(ST\*278|SE\*\d+)\*0001/, `$1*${number}`))
    })
    return [gs, ...transactions, `GE*${each.length}*${i + 1}`]
  })
  return `${[isa, ...bodies, `IEA*${groups.length}*${control}`].join('~\n')}~\n`
}

const upload = (text: string | Buffer, by = company) =>
  by.call({
    method: 'POST',
    url: '/v1/batches',
    headers: { 'content-type': 'application/edi-x12' },
    payload: text,
  })
const received = async (text: string) => {
  const answer = await upload(text)
  assert.equal(answer.statusCode, 202, answer.body)
  return answer.json()
}
const get = (path: string) => company.call({ url: `/v1/batches/${path}` })
const work = () => sandbox.gateway.workBatches()
const answered = async (text: string) => {
  const { id } = await received(text)
  await work()
  const answers = await get(`${id}/answers`)
  assert.equal(answers.statusCode, 200, answers.body)
  return { id, text: answers.body }
}
const eventsOf = async (text: string) => {
  const events: InterchangeEvent[] = []
  for await (const event of decodeStream([Buffer.from(text)], { strictness: 'strict' })) events.push(event)
  return events
}
/** The actions of the answers in a file, each read strictly. */
async function actionsIn(text: string): Promise<readonly string[]> {
  return (await eventsOf(text)).flatMap((event) => {
    if (event.kind !== 'transaction') return []
    const { result } = event.transaction
    assert.ok(result.ok, JSON.stringify(result))
    if (result.value.kind !== 'answer') return [result.value.kind]
    const { outcome } = result.value.answer.answer
    return [outcome.kind === 'decided' ? outcome.action : outcome.kind]
  })
}

describe('a file of interchanges', () => {
  test('is answered by one interchange for each, with an answer for each transaction', async () => {
    const file =
      together('000000001', [submission(), submission()], [submission()]) +
      together('000000002', [submission()])
    const { text } = await answered(file)
    const events = await eventsOf(text)
    assert.deepEqual(events.filter(({ kind }) => kind === 'interchange').length, 2)
    assert.deepEqual(await actionsIn(text), ['certified', 'certified', 'certified', 'certified'])
    for (const event of events)
      if (event.kind === 'group-end' || event.kind === 'interchange-end') assert.deepEqual(event.faults, [])
  })

  test('turns the names of its sender and receiver round', async () => {
    const { text } = await answered(together('000000003', [submission()]))
    const read = decodeInterchange(text)
    assert.ok(read.ok)
    assert.deepEqual([read.value.header.senderId, read.value.header.receiverId], ['QUILLFEATHER', 'LARKSPUR'])
  })

  test('carries inquiries beside requests', async () => {
    const { id, text } = await answered(together('000000004', [submission()], [inquiry()]))
    const { items } = (await get(`${id}/items`)).json()
    assert.deepEqual(
      items.map(({ operation, group, transaction }: Record<string, unknown>) => [
        operation,
        group,
        transaction,
      ]),
      [
        ['submission', 1, 1],
        ['inquiry', 2, 1],
      ],
    )
    assert.equal((await actionsIn(text)).length, 2)
  })

  test('keeps with each case the transaction that made it, as an interchange of its own', async () => {
    const { id } = await answered(together('000000005', [submission(), submission()]))
    const { items } = (await get(`${id}/items`)).json()
    const cases = `/v1/authorizations/${items[1].id}/exchanges`
    const { exchanges } = (await company.call({ url: cases })).json()
    const sent = await company.call({ url: `${cases}/${exchanges[0].id}` })
    const read = decodeInterchange(sent.body)
    assert.ok(read.ok)
    assert.deepEqual(read.value.faults, [])
    assert.equal(read.value.groups[0]?.transactions[0]?.controlNumber, '0002')
  })
})

describe('what is wrong with a file', () => {
  test('of a transaction is told by its place in the file, by a 999 too, and its neighbours are answered', async () => {
    const broken = submission().replace('~UM*HS*I*', '~UM*ZZ*I*')
    const { id, text } = await answered(together('000000007', [submission(), broken, submission()]))
    const { items } = (await get(`${id}/items?status=refused`)).json()
    assert.deepEqual(
      items.map(({ interchange, group, transaction }: Record<string, unknown>) => [
        interchange,
        group,
        transaction,
      ]),
      [[1, 1, 2]],
    )
    assert.match(items[0].problem.faults[0].at, /UM-01/)
    assert.deepEqual(await actionsIn(text), ['certified', 'certified', 'acknowledgement'])
    assert.match(text, /~AK2\*278\*0002\*005010X217~.*IK5\*R\*.*~AK9\*P\*3\*3\*2~/s)
  })

  test('of an end that is cut: nothing of that interchange is done, and the one before it is', async () => {
    const whole = together('000000008', [submission()])
    const cut = together('000000009', [submission(), submission()]).split('GE*2')[0] ?? ''
    const { id, text } = await answered(whole + cut)
    const batch = (await get(id)).json()
    assert.deepEqual([batch.items.received, batch.items.accepted, batch.items.answered], [3, 1, 1])
    assert.match(text, /~TA1\*000000009\*\d{6}\*\d{4}\*R\*023~/)
    assert.deepEqual(await actionsIn(text), ['certified'])
  })

  test('of a count that is wrong: nothing of that group is done', async () => {
    const { id } = await answered(together('000000010', [submission()]).replace('~\nGE*1*', '~\nGE*7*'))
    const { items } = (await get(`${id}/items`)).json()
    assert.equal(items[0].status, 'refused')
    assert.match(items[0].problem.faults[0].at, /^GE-01/)
  })

  test('a client that may not ask so is told in a 999, and its item says why', async () => {
    const limited = await sandbox.aCompany(['pa:inquire', 'pa:read'])
    const answer = await upload(together('000000011', [submission()]), limited)
    await work()
    const { id } = answer.json()
    const items = (await limited.call({ url: `/v1/batches/${id}/items` })).json().items
    assert.equal(items[0].problem.code, 'access/scope-missing')
    const text = (await limited.call({ url: `/v1/batches/${id}/answers` })).body
    assert.match(text, /IK5\*R\*I5~AK9\*R\*1\*1\*0~/)
  })

  for (const [what, text] of [
    ['that is no interchange', 'HELLO, WORLD'],
    ['with something else after an interchange', () => `${together('000000012', [submission()])}AND MORE`],
  ] as const)
    test(`a file ${what} is refused whole, and leaves nothing`, async () => {
      const before = (await sandbox.rowCounts()).batches
      const answer = await upload(typeof text === 'string' ? text : text())
      assert.deepEqual([answer.statusCode, answer.json().code], [422, 'request/invalid'])
      assert.match(answer.json().faults[0].at, /^byte \d+/)
      assert.equal((await sandbox.rowCounts()).batches, before)
    })

  test('answers are given once all of it has ended', async () => {
    const { id } = await received(together('000000013', [submission()]))
    assert.equal((await get(`${id}/answers`)).json().code, 'state/not-allowed')
    await work()
    assert.equal((await get(`${id}/answers`)).statusCode, 200)
  })
})
