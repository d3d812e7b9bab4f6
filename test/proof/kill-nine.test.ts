// Promise 1, proved: what was acknowledged is kept, whole and once, whenever the process dies.
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
import { memberOf, PATHS, submissionJson, transactionOf } from '../support/submissions.ts'

const SUBMISSIONS = 1_000
const CONNECTIONS = 16
const ROUNDS = 5
const skip = onServer ? false : 'needs a PostgreSQL server: npm run test:postgres, or TEST_DATABASE_URL'

/** Where the kill falls: after a quarter of the answers at the earliest, after three quarters at the latest. */
const seed = Number(process.env.PROOF_SEED ?? randomInt(2 ** 31))
const killAfter = Math.floor(SUBMISSIONS / 4 + chance(seed) * (SUBMISSIONS / 2))

/** What holds of every case: a query for those of which it does not, and a damage that the query must find. */
const CHECKS = [
  {
    promise: 'the events of each case are numbered from 1 to its last, without gaps',
    wrong: `
      select case_id from authorizations left join events using (case_id)
      group by case_id, last_sequence
      having array_agg(sequence order by sequence) is distinct from
        (select array_agg(n) from generate_series(1, last_sequence) n)`,
    damage: 'delete from events where sequence = 1 and case_id = (select min(case_id) from authorizations)',
  },
  {
    promise: 'each case keeps what was said, once in each direction',
    wrong: `
      select case_id from authorizations left join exchanges using (case_id)
      group by case_id
      having array_agg(direction order by direction) is distinct from array['inbound', 'outbound']`,
    damage: 'delete from exchanges where exchange_id = (select min(exchange_id) from exchanges)',
  },
  {
    promise: 'each case has one audit row that says it was submitted, and no such row lacks its case',
    wrong: `
      select coalesce(case_id, on_id) from authorizations
      full join (select * from audit_entries where act = 'authorization.submit' and detail->>'replayOf' is null) a
        on on_id = case_id
      group by 1
      having array_agg(outcome) is distinct from array['done'] or count(case_id) <> 1`,
    damage: `delete from audit_entries where on_id = (select min(case_id) from authorizations)
      and act = 'authorization.submit'`,
  },
  ...['case_access', 'participants', 'service_lines', 'case_lookups'].map((part) => ({
    promise: `no case is there by half: each has its ${part.replace('_', ' ')}`,
    wrong: `select case_id from authorizations a where not exists (select from ${part} p where p.case_id = a.case_id)`,
    damage: `delete from ${part} where case_id = (select min(case_id) from authorizations)`,
  })),
  {
    promise: 'no case is there by half: each is decided, with its decision sealed',
    wrong: 'select case_id from authorizations where decided_at is null or sealed_outcome is null',
    damage: `update authorizations set sealed_outcome = null
      where case_id = (select min(case_id) from authorizations)`,
  },
] as const

/** What came back for each submission, by its number. */
const acknowledged = new Map<number, string>()
const acknowledgedBeforeKill = new Map<number, string>()
const secondAnswers: Reply[] = []
/** What a caller gets who sends again what was acknowledged before the kill. */
let answerAgain: { readonly serial: number; readonly reply: Reply } | undefined
let database: FreshDatabase
let owner: pg.Client
let server: RunningServer | undefined
let token = ''

if (onServer) {
  before(async () => {
    database = await freshDatabase(serverUrl)
    const first = await start()
    const { id } = await askOperator<{ id: string }>(first.dataDirectory, 'POST', '/operator/organizations', {
      name: 'Larkspur Health',
    })
    const client = await createCredential(first.dataDirectory, { organization: id, environment: 'sandbox' })
    token = await tokenFor(first.ca, first.sandboxUrl, client)
    await submitUntilKilled(first)
    for (const [serial, id] of acknowledged) acknowledgedBeforeKill.set(serial, id)

    const second = await start(first.dataDirectory)
    token = await tokenFor(second.ca, second.sandboxUrl, client)
    for (let round = 0; round < ROUNDS && acknowledged.size < SUBMISSIONS; round++) await resend(second)
    const [known] = acknowledgedBeforeKill.keys()
    assert.ok(known)
    answerAgain = { serial: known, reply: await submit(second, known) }
    owner = new pg.Client(database.url)
    await owner.connect()
  })
  after(async () => {
    await owner?.end()
    await server?.remove()
    await database?.drop()
  })
}

test('the kill fell in the middle of the work', { skip }, async (t) => {
  const kept = secondAnswers.filter((reply) => reply.headers['idempotency-replayed'] === 'true').length
  t.diagnostic(
    `PROOF_SEED=${seed}: kill -9 after ${killAfter} answers, from ${CONNECTIONS} connections over TLS`,
  )
  t.diagnostic(
    `${acknowledgedBeforeKill.size} acknowledged before; ${SUBMISSIONS - acknowledgedBeforeKill.size} sent again, of which ${kept} had been kept though never answered`,
  )
  assert.ok(acknowledgedBeforeKill.size >= killAfter)
  assert.ok(acknowledgedBeforeKill.size < SUBMISSIONS)
})

test('whoever sends again what was not answered gets an answer', { skip }, () => {
  assert.equal(acknowledged.size, SUBMISSIONS)
})

test('what was acknowledged before the kill gets the same answer after it', { skip }, () => {
  assert.ok(answerAgain)
  const { serial, reply } = answerAgain
  assert.equal(reply.headers['idempotency-replayed'], 'true')
  assert.equal(reply.json<{ authorizationId: string }>().authorizationId, acknowledgedBeforeKill.get(serial))
})

test('every acknowledged authorization is there exactly once, and no other', { skip }, async () => {
  const rows = await everything<{ case_id: string }>('select case_id from authorizations')
  assert.deepEqual(rows.map((row) => bare(row.case_id)).sort(), [...acknowledged.values()].sort())
  assert.equal(new Set(acknowledged.values()).size, SUBMISSIONS)
})

test('no transaction has two answers', { skip }, async () => {
  const [row] = await everything<{ count: number }>('select count(*)::int as count from idempotency_keys', {
    role: 'sandbox_worker',
  })
  assert.equal(row?.count, SUBMISSIONS)
})

test('each case can be read by its sender, as what was sent under that number', { skip }, async () => {
  const found = new Map<number, { readonly transaction: string; readonly member: string }>()
  await fromConnections([...acknowledged], async ([serial, id]) => {
    const reply = await ask(running().ca, `${running().sandboxUrl}/v1/authorizations/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(reply.status, 200, reply.text)
    const { request } = reply.json<{
      request: { correspondence: { transactionIdentifier: string }; subscriber: { memberId: string } }
    }>()
    found.set(serial, {
      transaction: request.correspondence.transactionIdentifier,
      member: request.subscriber.memberId,
    })
  })
  for (const [serial, { transaction, member }] of found)
    assert.deepEqual([transaction, member], [transactionOf(serial), memberOf(serial)])
  assert.equal(found.size, SUBMISSIONS)
})

test('whoever got an answer that had been kept is on the record, beside whom it was first given to', {
  skip,
}, async () => {
  const rows = await everything<{ first: string | null }>(`
    select first.on_id as first from audit_entries again
    left join audit_entries first on first.request_id = again.detail->>'replayOf' and first.on_id is not null
    where again.act = 'authorization.submit' and again.detail->>'replayOf' is not null`)
  assert.ok(answerAgain)
  const replays = [...secondAnswers, answerAgain.reply].filter(
    (reply) => reply.headers['idempotency-replayed'] === 'true',
  )
  assert.deepEqual(
    rows.map((row) => bare(row.first ?? '')).sort(),
    replays.map((reply) => reply.json<{ authorizationId: string }>().authorizationId).sort(),
  )
})

for (const { promise, wrong, damage } of CHECKS) {
  test(promise, { skip }, async () => {
    assert.deepEqual(await everything(wrong), [])
    assert.equal((await everything(wrong, { damage })).length, 1, 'the check is blind: it missed a damage')
  })
}

async function start(dataDirectory?: string): Promise<RunningServer> {
  const settings = { DATABASE_URL: database.url, LOG_LEVEL: 'warn' }
  server = await startServer(settings, dataDirectory)
  return server
}

function running(): RunningServer {
  assert.ok(server)
  return server
}

function submit({ ca, sandboxUrl }: RunningServer, serial: number): Promise<Reply> {
  return ask(ca, `${sandboxUrl}${PATHS.submission}`, {
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: submissionJson(serial),
  })
}

function acknowledge(serial: number, reply: Reply): void {
  const { authorizationId } = reply.json<{ authorizationId: string }>()
  assert.ok(authorizationId, reply.text)
  acknowledged.set(serial, authorizationId)
}

/** Answers that arrive while the process is dying count as well: whoever got one relies on it. */
async function submitUntilKilled(first: RunningServer): Promise<void> {
  let killing: Promise<void> | undefined
  await fromConnections(numbers(), async (serial) => {
    if (killing) return
    const reply = await submit(first, serial).catch((error: Error) => error)
    if (reply instanceof Error) {
      assert.ok(killing, `a submission failed before the kill: ${reply.message}`)
      return
    }
    assert.equal(reply.status, 200, reply.text)
    acknowledge(serial, reply)
    if (acknowledged.size >= killAfter) killing ??= first.killNine()
  })
  await killing
}

/** The same bodies again. One whose first transaction is still open on the database is told to wait, and does. */
async function resend(second: RunningServer): Promise<void> {
  const missing = numbers().filter((serial) => !acknowledged.has(serial))
  let waitSeconds = 0
  await fromConnections(missing, async (serial) => {
    const reply = await submit(second, serial)
    if (reply.status === 409) {
      waitSeconds = Math.max(waitSeconds, Number(reply.headers['retry-after'] ?? 1))
      return
    }
    assert.equal(reply.status, 200, reply.text)
    secondAnswers.push(reply)
    acknowledge(serial, reply)
  })
  if (waitSeconds > 0) await wait(waitSeconds * 1000)
}

/** Runs the work of each item, `CONNECTIONS` at a time. */
async function fromConnections<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}

/** Its owner is held to row-level security like anybody: only the damage of a check lifts it, until the rollback. */
const TABLES = [
  'authorizations',
  'case_access',
  'participants',
  'service_lines',
  'case_lookups',
  'events',
  'exchanges',
  'audit_entries',
]

/** As the owner of the tables, in the role that sees every company's rows. Nothing is changed: it is rolled back. */
async function everything<Row extends pg.QueryResultRow>(
  query: string,
  { role = 'sandbox_staff', damage }: { readonly role?: string; readonly damage?: string } = {},
): Promise<readonly Row[]> {
  await owner.query('begin; set local search_path to sandbox')
  try {
    if (damage !== undefined) {
      for (const table of TABLES) await owner.query(`alter table ${table} no force row level security`)
      assert.ok(((await owner.query(damage)).rowCount ?? 0) > 0, 'the damage did nothing')
    }
    await owner.query(`set local role ${role}`)
    await owner.query("set local app.payers to '*'")
    return (await owner.query<Row>(query)).rows
  } finally {
    await owner.query('rollback')
  }
}

const numbers = () => Array.from({ length: SUBMISSIONS }, (_, i) => i + 1)
const bare = (id: string) => id.slice(id.indexOf('_') + 1)

/** One number from 0 to 1 for each seed (mulberry32). */
function chance(from: number): number {
  let a = (from + 0x6d2b79f5) | 0
  a = Math.imul(a ^ (a >>> 15), a | 1)
  a ^= a + Math.imul(a ^ (a >>> 7), a | 61)
  return ((a ^ (a >>> 14)) >>> 0) / 2 ** 32
}
