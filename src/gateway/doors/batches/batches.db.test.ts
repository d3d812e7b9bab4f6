import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aResourceNotice } from '../../../../test/support/admissions.ts'
import { openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import {
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'
import { resourceJson } from '../../../../test/support/submissions.ts'
import { UPLOAD } from '../../batches/index.ts'
import { SCOPES, type Scope } from '../../clients/index.ts'

const EVERY_SCOPE = Object.keys(SCOPES) as Scope[]

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
let company: TestCompany
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  sandbox = servers.sandbox
  company = await sandbox.aCompany(EVERY_SCOPE)
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 700_000
const aLine = () => resourceJson(++serial)
const typed = (operation: string, body: unknown, more: object = {}) =>
  JSON.stringify({ operation, ...more, body })
const QUESTION = { payer: 'QFHP1', lines: [{ code: 'A0428' }] }

const upload = (
  text: string | Buffer,
  { by = company, headers = {} }: { by?: TestCompany; headers?: Readonly<Record<string, string>> } = {},
) =>
  by.call({
    method: 'POST',
    url: '/v1/batches',
    headers: { 'content-type': 'application/x-ndjson', ...headers },
    payload: text,
  })
const received = async (text: string, by = company): Promise<string> => {
  const answer = await upload(text, { by })
  assert.equal(answer.statusCode, 202, answer.body)
  return answer.json().id
}
const read = async (path: string, by = company) => by.call({ url: `/v1/batches${path}` })
const linesOf = (body: string) =>
  body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
const answersOf = async (id: string, by = company) => linesOf((await read(`/${id}/answers`, by)).body)
const work = () => sandbox.gateway.workBatches()
const batchesHeld = async () => {
  const { batches, batch_items } = await sandbox.rowCounts()
  return { batches, batch_items }
}

describe('an upload of lines', () => {
  test('is answered 202 with its id, its place and its counts', async () => {
    const answer = await upload(`${aLine()}\n${aLine()}\n`)
    assert.equal(answer.statusCode, 202, answer.body)
    const batch = answer.json()
    assert.match(batch.id, /^bat_/)
    assert.equal(answer.headers.location, `/v1/batches/${batch.id}`)
    assert.equal(batch.state, 'waiting')
    assert.deepEqual(batch.items, {
      received: 2,
      accepted: 2,
      answered: 0,
      refused: 0,
      cancelled: 0,
      remaining: 2,
    })
    await work()
  })

  test('has each line answered as the door of one request would, and finishes', async () => {
    const id = await received([aLine(), typed('determination', QUESTION), aLine()].join('\n'))
    await work()
    const batch = (await read(`/${id}`)).json()
    assert.equal(batch.state, 'finished')
    assert.deepEqual(batch.items, {
      received: 3,
      accepted: 3,
      answered: 3,
      refused: 0,
      cancelled: 0,
      remaining: 0,
    })
    const [first, second] = await answersOf(id)
    assert.deepEqual(
      [first.item, first.line, first.status, first.httpStatus, first.answer.state],
      [1, 1, 'answered', 201, 'approved'],
    )
    assert.equal(second.answer.lines[0].outcome, 'required')
    const single = (await company.call({ url: `/v1/authorizations/${first.id}` })).json()
    assert.deepEqual(first.answer, single)
  })

  test('carries every operation, by its name', async () => {
    const id = await received(
      [
        typed('authorization', JSON.parse(aLine())),
        typed('determination', QUESTION),
        typed('admission', aResourceNotice()),
      ].join('\n'),
    )
    await work()
    const [authorization] = await answersOf(id)
    const followed = await received(
      typed(
        'extend',
        { period: { from: '2027-06-01', until: '2027-06-30' } },
        { authorizationId: authorization.id },
      ),
    )
    await work()
    const all = [...(await answersOf(id)), ...(await answersOf(followed))]
    assert.deepEqual(
      all.map(({ operation, status, httpStatus }) => [operation, status, httpStatus]),
      [
        ['authorization', 'answered', 201],
        ['determination', 'answered', 200],
        ['admission', 'answered', 201],
        ['extend', 'answered', 201],
      ],
    )
  })

  test('makes of each line one case, with one audit row by the client that uploaded it', async () => {
    const id = await received(aLine())
    await work()
    const [{ id: caseId }] = await answersOf(id)
    const rows = (await sandbox.audit()).filter(({ on_id }) => on_id === caseId)
    assert.deepEqual(
      rows.map(({ act, outcome, organization_id }) => [act, outcome, organization_id]),
      [['authorization.submit', 'done', company.organizationId]],
    )
    const ofBatch = (await sandbox.audit()).filter(({ on_id }) => on_id === id).map(({ act }) => act)
    assert.deepEqual(ofBatch.sort(), ['batch.read-answers', 'batch.receive'])
  })

  test('keeps the line with its case, byte for byte, as what was sent', async () => {
    const line = aLine()
    const id = await received(line)
    await work()
    const [{ id: caseId }] = await answersOf(id)
    const { exchanges } = (await company.call({ url: `/v1/authorizations/${caseId}/exchanges` })).json()
    const sent = await company.call({ url: `/v1/authorizations/${caseId}/exchanges/${exchanges[0].id}` })
    assert.equal(sent.body, line)
  })

  test('is the same batch when it comes again with its Idempotency-Key', async () => {
    const text = aLine()
    const headers = { 'idempotency-key': `"batch-${serial}"` }
    const first = await upload(text, { headers })
    const before = await batchesHeld()
    const again = await upload(text, { headers })
    assert.equal(again.statusCode, 202)
    assert.equal(again.headers['idempotency-replayed'], 'true')
    assert.equal(again.json().id, first.json().id)
    assert.deepEqual(await batchesHeld(), before)
    const other = await upload(aLine(), { headers })
    assert.equal(other.json().code, 'idempotency/other-body')
    assert.deepEqual(await batchesHeld(), before)
    await work()
  })
})

describe('what is wrong with a line', () => {
  test('is told with its line and place, and the good ones among it are answered', async () => {
    const id = await received([aLine(), '{"payer": oops}', aLine(), '[]', '', aLine()].join('\n'))
    const before = (await read(`/${id}`)).json().items
    assert.deepEqual([before.received, before.accepted, before.refused], [5, 3, 2])
    await work()
    const answers = await answersOf(id)
    assert.deepEqual(
      answers.map(({ line, status }) => [line, status]),
      [
        [1, 'answered'],
        [2, 'refused'],
        [3, 'answered'],
        [4, 'refused'],
        [6, 'answered'],
      ],
    )
    assert.equal(answers[1].problem.code, 'request/unreadable')
    assert.match(answers[1].problem.faults[0].at, /^line 2, /)
  })

  test('is told by pointer, as the door of one request tells it; and what a typed line holds, from the line itself', async () => {
    const { event: _, ...rest } = JSON.parse(aLine())
    const id = await received(
      [JSON.stringify(rest), typed('authorization', rest), typed('nonsense', {})].join('\n'),
    )
    await work()
    const problems = (await answersOf(id)).map(({ problem }) => [problem.code, problem.faults[0].at])
    assert.deepEqual(problems, [
      ['request/invalid', '/event'],
      ['request/invalid', '/body/event'],
      ['request/invalid', '/operation'],
    ])
  })

  test('is listed by status, page by page', async () => {
    const id = await received(['no', aLine(), 'no', 'no'].join('\n'))
    await work()
    const first = (await read(`/${id}/items?status=refused&limit=2`)).json()
    assert.deepEqual(
      first.items.map(({ line }: { line: number }) => line),
      [1, 3],
    )
    const rest = (await read(`/${id}/items?status=refused&limit=2&cursor=${first.next}`)).json()
    assert.deepEqual(
      rest.items.map(({ line }: { line: number }) => line),
      [4],
    )
    assert.equal(rest.next, undefined)
    const other = await read(`/${id}/items?status=answered&cursor=${first.next}`)
    assert.equal(other.json().code, 'request/invalid')
  })

  test('never undoes a neighbour: a line whose scope is missing is refused by itself', async () => {
    const limited = await sandbox.aCompany(['pa:determine', 'pa:read'])
    const id = await received([aLine(), typed('determination', QUESTION)].join('\n'), limited)
    await work()
    const answers = await answersOf(id, limited)
    assert.deepEqual(
      answers.map(({ status, problem }) => problem?.code ?? status),
      ['access/scope-missing', 'answered'],
    )
  })
})

describe('an upload is refused whole, and leaves nothing', () => {
  const refusals: readonly (readonly [string, number, string, () => ReturnType<typeof upload>])[] = [
    [
      'of another media type',
      415,
      'request/media-type',
      () => upload('{}', { headers: { 'content-type': 'application/json' } }),
    ],
    ['with no line', 422, 'request/invalid', () => upload('\n\n')],
    [
      'with more items than a batch takes',
      413,
      'request/too-large',
      () => upload('{}\n'.repeat(UPLOAD.items + 1)),
    ],
    ['that is too large', 413, 'request/too-large', () => upload(Buffer.alloc(UPLOAD.bytes + 1, ' '))],
    [
      'without any scope to act',
      403,
      'access/scope-missing',
      async () => upload(aLine(), { by: await sandbox.aCompany(['pa:read']) }),
    ],
  ]
  for (const [what, status, code, refused] of refusals)
    test(what, async () => {
      const before = await batchesHeld()
      const answer = await refused()
      assert.deepEqual([answer.statusCode, answer.json().code], [status, code])
      assert.deepEqual(await batchesHeld(), before)
    })

  test('a line that is too long is an item that is refused', async () => {
    const id = await received(`{"a":"${'x'.repeat(UPLOAD.itemBytes)}"}\n${aLine()}`)
    await work()
    const answers = await answersOf(id)
    assert.deepEqual(
      answers.map(({ problem, status }) => problem?.code ?? status),
      ['request/too-large', 'answered'],
    )
  })
})

describe('who may', () => {
  test("another company's batch is not there, whatever is asked of it", async () => {
    const stranger = await sandbox.aCompany(EVERY_SCOPE)
    const id = await received(aLine())
    for (const path of [`/${id}`, `/${id}/items`, `/${id}/answers`])
      assert.equal((await read(path, stranger)).json().code, 'state/not-found', path)
    const cancelled = await stranger.call({ method: 'POST', url: `/v1/batches/${id}/cancel` })
    assert.equal(cancelled.json().code, 'state/not-found')
    assert.deepEqual((await read('', stranger)).json(), { batches: [] })
    await work()
    assert.equal((await answersOf(id)).length, 1)
  })

  test('what still waits when its client is revoked is refused, and says so', async () => {
    const leaver = await sandbox.aCompany(EVERY_SCOPE)
    const id = await received([aLine(), aLine()].join('\n'), leaver)
    const { organizationId, client } = leaver
    await sandbox.gateway.administration.revokeClient(
      { organizationId, clientId: client.clientId },
      { kind: 'operator' },
    )
    servers.clock.advance(2_000)
    await work()
    const { rows } = await refusalsOf(id)
    assert.deepEqual(rows, [
      { status: 'refused', problem: 'access/token-invalid' },
      { status: 'refused', problem: 'access/token-invalid' },
    ])
  })

  test('what still waits when a product is withdrawn is refused, and says so', async () => {
    const leaver = await sandbox.aCompany(EVERY_SCOPE)
    const id = await received(aLine(), leaver)
    await sandbox.gateway.administration.applyGrant(
      {
        id: 'grt_withdrawn',
        organizationId: leaver.organizationId,
        organizationName: 'Larkspur Orthopedics',
        version: 2,
        products: ['inquiry'],
        scopes: ['pa:read'],
        from: servers.clock.now(),
      },
      { kind: 'operator' },
    )
    servers.clock.advance(2_000)
    await work()
    assert.deepEqual((await refusalsOf(id)).rows, [{ status: 'refused', problem: 'access/scope-missing' }])
  })

  async function refusalsOf(id: string) {
    const { schema } = sandbox.database
    const rows = await databases.engine.alone(async (connection) => {
      await connection.script(
        `begin; set local search_path to ${schema}; alter table batch_items no force row level security`,
      )
      const found = await connection.query<{ status: string; problem: string }>(
        'select status, problem from batch_items where batch_id = $1 order by item',
        [id],
      )
      await connection.script('rollback')
      return found
    })
    return { rows }
  }

  test('one that acts for some providers is held to them, line by line', async () => {
    const other = { npi: '1111111112', relation: 'own', from: 0 as never } as const
    const bound = await sandbox.aCompany(EVERY_SCOPE, [other])
    const id = await received(aLine(), bound)
    await work()
    assert.equal((await answersOf(id, bound))[0].problem.code, 'access/provider-not-represented')
  })
})

describe('a batch is cancelled', () => {
  const cancel = (id: string) => company.call({ method: 'POST', url: `/v1/batches/${id}/cancel` })

  test('and what has not begun never does', async () => {
    const id = await received([aLine(), aLine()].join('\n'))
    const answer = await cancel(id)
    assert.equal(answer.statusCode, 200, answer.body)
    assert.equal(answer.json().state, 'cancelled')
    assert.equal(answer.json().items.cancelled, 2)
    assert.equal(await work(), 0)
    assert.deepEqual(
      (await answersOf(id)).map(({ status }) => status),
      ['cancelled', 'cancelled'],
    )
    assert.equal((await cancel(id)).statusCode, 200)
  })

  test('unless it has finished', async () => {
    const id = await received(aLine())
    await work()
    assert.equal((await cancel(id)).json().code, 'state/not-allowed')
  })
})

describe('batches', () => {
  test('are listed newest first, page by page', async () => {
    const own = await sandbox.aCompany(EVERY_SCOPE)
    const ids: string[] = []
    for (const _ of [1, 2, 3]) {
      ids.unshift(await received(aLine(), own))
      servers.clock.advance(1)
    }
    const first = (await read('?limit=2', own)).json()
    const rest = (await read(`?limit=2&cursor=${first.next}`, own)).json()
    assert.deepEqual(
      [...first.batches, ...rest.batches].map(({ id }) => id),
      ids,
    )
    await work()
  })

  test('take turns: a small one is not kept waiting by a large one that came before', async () => {
    const large = await received(Array.from({ length: 40 }, aLine).join('\n'))
    servers.clock.advance(1)
    const small = await received(aLine())
    let helpings = 0
    await sandbox.gateway.workBatches(() => ++helpings <= 2)
    assert.equal((await read(`/${small}`)).json().state, 'finished')
    assert.equal((await read(`/${large}`)).json().items.answered, 16)
    assert.equal((await read(`/${large}`)).json().state, 'running')
    await work()
    assert.equal((await read(`/${large}`)).json().state, 'finished')
  })

  test('are removed when their time has passed, with their items', async () => {
    const id = await received(aLine())
    await work()
    servers.clock.advance(31 * 86_400_000)
    await sandbox.gateway.prune()
    assert.deepEqual(await batchesHeld(), { batches: 0, batch_items: 0 })
    assert.match(id, /^bat_/)
  })
})
