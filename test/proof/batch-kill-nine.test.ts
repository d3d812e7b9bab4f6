// A batch that was received is done, each item once, whenever the process dies.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { createCredential } from '../../src/cli/credential.ts'
import { askOperator } from '../../src/cli/operator.ts'
import { onServer, serverUrl } from '../support/database.ts'
import { type FreshDatabase, freshDatabase } from '../support/postgres.ts'
import { ask, type Reply, type RunningServer, startServer, tokenFor } from '../support/running-server.ts'
import { resourceJson } from '../support/submissions.ts'

const ITEMS = 300
const skip = onServer ? false : 'needs a PostgreSQL server: npm run test:postgres, or TEST_DATABASE_URL'
const GIVEN_UP_MS = 180_000
const LOOKS_EVERY_MS = 100

/** The kill falls after a twentieth of the items at the earliest, after four fifths at the latest. */
const seed = Number(process.env.PROOF_SEED ?? randomInt(2 ** 31))
const killAfter = Math.floor(ITEMS / 20 + (seed / 2 ** 31) * ITEMS * 0.75)

interface Counts {
  readonly answered: number
  readonly remaining: number
}
interface Line {
  readonly item: number
  readonly status: string
  readonly id: string
}

let database: FreshDatabase
let owner: pg.Client
let server: RunningServer | undefined
let token = ''
let batchId = ''
let answeredAtKill = 0
let lines: readonly Line[] = []

if (onServer) {
  before(async () => {
    database = await freshDatabase(serverUrl)
    const first = await start()
    const { id } = await askOperator<{ id: string }>(first.dataDirectory, 'POST', '/operator/organizations', {
      name: 'Larkspur Health',
    })
    const client = await createCredential(first.dataDirectory, { organization: id, environment: 'sandbox' })
    token = await tokenFor(first.ca, first.sandboxUrl, client)
    const received = await call(first, '/v1/batches', {
      headers: { 'content-type': 'application/x-ndjson' },
      body: Array.from({ length: ITEMS }, (_, i) => resourceJson(i + 1)).join('\n'),
    })
    assert.equal(received.status, 202, received.text)
    batchId = received.json<{ id: string }>().id
    owner = new pg.Client(database.url)
    await owner.connect()
    // Of the database, which is quicker to ask than the server is.
    await until(async () => {
      answeredAtKill = await casesKept()
      return answeredAtKill >= killAfter
    })
    await first.killNine()
    answeredAtKill = await casesKept()

    const second = await start(first.dataDirectory)
    token = await tokenFor(second.ca, second.sandboxUrl, client)
    await until(async () => (await counts(second)).remaining === 0)
    const answers = await call(second, `/v1/batches/${batchId}/answers`)
    lines = answers.text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line)
  })
  after(async () => {
    await owner?.end()
    await server?.remove()
    await database?.drop()
  })
}

test('the kill fell in the middle of the batch', { skip }, (t) => {
  t.diagnostic(`PROOF_SEED=${seed}: kill -9 with ${answeredAtKill} of ${ITEMS} items answered`)
  assert.ok(answeredAtKill >= killAfter)
  assert.ok(answeredAtKill < ITEMS)
})

test('every item has its answer after it, in the order of the upload', { skip }, () => {
  assert.deepEqual(
    lines.map(({ item, status }) => [item, status]),
    Array.from({ length: ITEMS }, (_, i) => [i + 1, 'answered']),
  )
})

test('every item came to one case, and there is no other', { skip }, async () => {
  const { rows } = await everything<{ case_id: string }>('select case_id from authorizations')
  assert.deepEqual(rows.map(({ case_id }) => case_id).sort(), lines.map(({ id }) => id).sort())
  assert.equal(new Set(lines.map(({ id }) => id)).size, ITEMS)
})

test('every case has one audit row that says it was submitted', { skip }, async () => {
  const { rows } = await everything<{ on_id: string }>(
    "select on_id from audit_entries where act = 'authorization.submit'",
  )
  assert.deepEqual(rows.map(({ on_id }) => on_id).sort(), lines.map(({ id }) => id).sort())
})

async function start(dataDirectory?: string): Promise<RunningServer> {
  server = await startServer({ DATABASE_URL: database.url, LOG_LEVEL: 'warn' }, dataDirectory)
  return server
}

function call(
  { ca, sandboxUrl }: RunningServer,
  path: string,
  { headers, body }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<Reply> {
  return ask(ca, `${sandboxUrl}${path}`, {
    headers: { ...headers, authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body }),
  })
}

async function counts(of: RunningServer): Promise<Counts> {
  const reply = await call(of, `/v1/batches/${batchId}`)
  assert.equal(reply.status, 200, reply.text)
  return reply.json<{ items: Counts }>().items
}

async function casesKept(): Promise<number> {
  return (await everything('select from authorizations')).rowCount ?? 0
}

/** As the role that sees every company's rows. */
async function everything<Row extends pg.QueryResultRow>(query: string): Promise<pg.QueryResult<Row>> {
  await owner.query(
    "begin; set local search_path to sandbox; set local role sandbox_staff; set local app.payers to '*'",
  )
  try {
    return await owner.query<Row>(query)
  } finally {
    await owner.query('rollback')
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + GIVEN_UP_MS
  while (Date.now() < end) {
    if (await holds()) return
    await wait(LOOKS_EVERY_MS)
  }
  assert.fail(`it did not come to that in ${GIVEN_UP_MS / 1000} s`)
}
