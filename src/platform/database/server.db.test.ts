import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { onServer, openTestDatabases, serverUrl } from '../../../test/support/database.ts'
import type { Problem } from '../../kernel/problem.ts'
import {
  type Database,
  DatabaseUnavailable,
  databaseOf,
  openServer,
  type ServerOptions,
  type Tx,
} from './index.ts'

const skip = !onServer && 'needs a server: npm run test:postgres'

async function aDatabase(context: TestContext, options: ServerOptions = {}): Promise<Database> {
  const databases = await openTestDatabases()
  const engine = openServer(serverUrl, { poolSize: 2, ...options })
  context.after(async () => {
    await engine.close()
    await databases.close()
  })
  return databaseOf(engine, databases.sandbox.schema)
}

const pidOf = async (tx: Tx) =>
  (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)).rows[0]?.pid ?? 0

const worker = { role: 'worker' } as const

test('a connection writes moments and intervals as the embedded engine does', { skip }, async () => {
  const engine = openServer(serverUrl)
  const { rows } = await sql<{ zone: string; style: string }>`
    select current_setting('timezone') as zone, current_setting('intervalstyle') as style`.execute(
    engine.kysely,
  )
  assert.deepEqual(rows, [{ zone: 'UTC', style: 'iso_8601' }])
  await engine.close()
})

test('settings in the connection URL are kept beside ours', { skip }, async () => {
  const url = new URL(serverUrl)
  url.searchParams.set('options', '-c work_mem=7MB')
  const engine = openServer(url.href)
  const { rows } = await sql<{ zone: string; memory: string }>`
    select current_setting('timezone') as zone, current_setting('work_mem') as memory`.execute(engine.kysely)
  assert.deepEqual(rows, [{ zone: 'UTC', memory: '7MB' }])
  await engine.close()
})

test('a connection has a name and limits on time', { skip }, async () => {
  const engine = openServer(serverUrl)
  const { rows } = await sql<{ setting: string; value: string }>`
    select name as setting, setting as value from pg_settings
    where name in ('application_name', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')`.execute(
    engine.kysely,
  )
  assert.deepEqual(Object.fromEntries(rows.map((row) => [row.setting, row.value])), {
    application_name: 'countersign',
    idle_in_transaction_session_timeout: '30000',
    lock_timeout: '10000',
    statement_timeout: '30000',
  })
  await engine.close()
})

test('opening connections and using them warns of nothing', { skip }, async (context) => {
  const warnings: unknown[] = []
  const keep = (warning: unknown) => warnings.push(warning)
  process.on('warning', keep)
  context.after(() => process.off('warning', keep))
  const database = await aDatabase(context, { poolSize: 4 })
  await Promise.all(Array.from({ length: 12 }, () => database.transaction(worker, pidOf)))
  // Warnings are told in the next turn of the loop.
  await new Promise(setImmediate)
  assert.deepEqual(warnings, [])
})

test('a statement longer than its time is ended, and the caller told to come back', {
  skip,
}, async (context) => {
  const database = await aDatabase(context, { statementTimeoutMs: 30 })
  const error: Problem = await database
    .transaction(worker, (tx) => sql`select pg_sleep(5)`.execute(tx))
    .then(
      () => assert.fail('it ran to its end'),
      (reason) => reason,
    )
  assert.equal(error.code, 'system/unavailable')
  assert.ok(error.cause instanceof DatabaseUnavailable)
  assert.equal(error.cause.why, 'too-slow')
  assert.equal(error.cause.code, '57014')
})

test('a connection that is lost becomes system/unavailable, with its cause, and the next call gets another', {
  skip,
}, async (context) => {
  const database = await aDatabase(context, { poolSize: 1 })
  const killer = openServer(serverUrl)
  context.after(() => killer.close())
  const error: Problem = await database
    .transaction(worker, async (tx) => {
      await killer.script(`select pg_terminate_backend(${await pidOf(tx)})`)
      await sql`select 1`.execute(tx)
    })
    .then(
      () => assert.fail('it was not lost'),
      (reason) => reason,
    )
  assert.equal(error.code, 'system/unavailable')
  assert.equal(error.retryAfterSeconds, 5)
  assert.ok(error.cause instanceof DatabaseUnavailable)
  assert.equal(error.cause.why, 'lost')
  assert.ok((await database.transaction(worker, pidOf)) > 0)
})

test('a connection that dies while nobody speaks ends neither the process nor the next call', {
  skip,
}, async (context) => {
  const database = await aDatabase(context, { poolSize: 1 })
  const killer = openServer(serverUrl)
  context.after(() => killer.close())
  const pid = await database.transaction(worker, pidOf)
  await killer.script(`select pg_terminate_backend(${pid})`)
  await waitUntilGone(killer, pid)
  assert.notEqual(await database.transaction(worker, pidOf), pid)
})

/** Waits in the server, which knows. */
async function waitUntilGone(engine: ReturnType<typeof openServer>, pid: number): Promise<void> {
  await engine.script(`do $$ begin
    while exists (select from pg_stat_activity where pid = ${pid}) loop
      perform pg_sleep(0.01); perform pg_stat_clear_snapshot();
    end loop; end $$`)
}

test('a server that is not there becomes system/unavailable', { skip }, async () => {
  const url = new URL(serverUrl)
  url.port = '1'
  const engine = openServer(url.href)
  await assert.rejects(databaseOf(engine, 'sandbox').transaction(worker, pidOf), {
    code: 'system/unavailable',
  })
  await engine.close()
})

test('a user whom the server does not let in is told as such by a real server', { skip }, async () => {
  const url = new URL(serverUrl)
  url.username = 'nobody_of_that_name'
  url.password = 'wrong'
  const engine = openServer(url.href)
  await assert.rejects(engine.ping(), { why: 'sign-in' })
  await engine.close()
})

test('a database that does not exist is told as such by a real server', { skip }, async () => {
  const url = new URL(serverUrl)
  url.pathname = '/no_such_database'
  const engine = openServer(url.href)
  await assert.rejects(engine.ping(), { why: 'no-such-database' })
  await engine.close()
})

test('when every connection is taken, waiting has an end', { skip }, async (context) => {
  const database = await aDatabase(context, { poolSize: 1, connectTimeoutMs: 50 })
  const release = Promise.withResolvers<void>()
  const holding = Promise.withResolvers<void>()
  const holder = database.transaction(worker, async (tx) => {
    await pidOf(tx)
    holding.resolve()
    await release.promise
  })
  await holding.promise
  const error: Problem = await database.transaction(worker, pidOf).then(
    () => assert.fail('it got one'),
    (reason) => reason,
  )
  assert.equal((error.cause as DatabaseUnavailable).why, 'busy')
  release.resolve()
  await holder
})

test('two transactions that change the same row under repeatable read both come through', {
  skip,
}, async (context) => {
  const database = await aDatabase(context)
  const { schema, engine } = database
  await engine.script(`
    create table ${schema}.counters (id int primary key, value int not null);
    insert into ${schema}.counters values (1, 0);
    grant select, update on ${schema}.counters to ${schema}_worker;`)
  const bothHaveRead = Promise.withResolvers<void>()
  let readers = 0
  const add = () =>
    database.transaction(
      worker,
      async (tx) => {
        await sql`select value from counters`.execute(tx)
        if (++readers === 2) bothHaveRead.resolve()
        await bothHaveRead.promise
        await sql`update counters set value = value + 1`.execute(tx)
      },
      { isolation: 'repeatable read' },
    )
  await Promise.all([add(), add()])
  const { rows } = await sql`select value from ${sql.table(`${schema}.counters`)}`.execute(engine.kysely)
  assert.deepEqual(rows, [{ value: 2 }])
  assert.equal(readers, 3, 'one of the two was tried again')
})

test('a statement that comes again is prepared, once for each role', { skip }, async (context) => {
  const database = await aDatabase(context, { poolSize: 1 })
  const count = (tx: Tx) => sql`select ${1}::int as marked_statement`.execute(tx)
  for (let i = 0; i < 4; i++) {
    await database.transaction(worker, count)
    await database.transaction({ role: 'staff' }, count)
  }
  const { rows } = await sql`
    select count(*)::int as prepared, count(distinct name)::int as names from pg_prepared_statements
    where statement like ${'%marked_statement%'} and statement not like ${'%pg_prepared%'}`.execute(
    database.engine.kysely,
  )
  assert.deepEqual(rows, [{ prepared: 2, names: 2 }])
})

test('nothing is prepared where a pooler could not keep it', { skip }, async (context) => {
  const database = await aDatabase(context, { poolSize: 1, preparesStatements: false })
  for (let i = 0; i < 4; i++) await database.transaction(worker, (tx) => sql`select ${1}::int`.execute(tx))
  const { rows } = await sql`select count(*)::int as prepared from pg_prepared_statements`.execute(
    database.engine.kysely,
  )
  assert.deepEqual(rows, [{ prepared: 0 }])
})

test('a prepared statement whose table has changed since is made anew, and nobody notices', {
  skip,
}, async (context) => {
  const database = await aDatabase(context, { poolSize: 1 })
  const { schema, engine } = database
  await engine.script(`
    create table ${schema}.things (id int);
    insert into ${schema}.things values (1);
    grant select on ${schema}.things to ${schema}_worker;`)
  const read = (tx: Tx) => sql`select * from things where id = ${1}`.execute(tx)
  for (let i = 0; i < 4; i++) await database.transaction(worker, read)
  await engine.script(`alter table ${schema}.things add column name text`)
  assert.deepEqual((await database.transaction(worker, read)).rows, [{ id: 1, name: null }])
})

test('a script that fails leaves no transaction open on the connection', { skip }, async (context) => {
  const { engine } = await aDatabase(context, { poolSize: 1 })
  await assert.rejects(engine.script('begin; select nonsense'), { code: '42703' })
  assert.deepEqual((await sql`select 1 as one`.execute(engine.kysely)).rows, [{ one: 1 }])
})

test('closing twice is as good as once, and waits for what is running', { skip }, async () => {
  const engine = openServer(serverUrl)
  let isDone = false
  const running = engine.script('select pg_sleep(0.05)').then(() => {
    isDone = true
  })
  // The connection is taken in this turn of the loop or the next.
  await new Promise(setImmediate)
  await Promise.all([engine.close(), engine.close()])
  assert.ok(isDone)
  await running
})

test('a user who is no superuser and may create roles is all that is needed', { skip }, async (context) => {
  const { engine } = await aDatabase(context)
  const { rows } = await sql`
    select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user`.execute(
    engine.kysely,
  )
  assert.deepEqual(rows, [{ rolsuper: false, rolbypassrls: false, rolcreaterole: true }])
})
