import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { onServer, openTestDatabases, serverUrl, type TestDatabases } from '../../../test/support/database.ts'
import { Problem } from '../../kernel/problem.ts'
import { apart, databaseOf, openServer, type Session, type Tx } from './index.ts'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
  const { schema } = databases.sandbox
  await databases.engine.script(`
    create table ${schema}.notes (id text primary key, organization_id text not null, body text not null);
    alter table ${schema}.notes enable row level security;
    alter table ${schema}.notes force row level security;
    create policy tenant on ${schema}.notes to ${schema}_tenant
      using (organization_id = ${schema}.current_organization())
      with check (organization_id = ${schema}.current_organization());
    create policy worker on ${schema}.notes to ${schema}_worker using (true) with check (true);
    grant select, insert, update on ${schema}.notes to ${schema}_tenant, ${schema}_worker;
    create table ${schema}.remarks (note_id text references ${schema}.notes (id));
    alter table ${schema}.remarks enable row level security;
    alter table ${schema}.remarks force row level security;
    create policy tenant on ${schema}.remarks to ${schema}_tenant using (true) with check (true);
    grant select, insert on ${schema}.remarks to ${schema}_tenant;`)
})
after(() => databases.close())

const worker: Session = { role: 'worker' }
const tenant = (organization: string): Session => ({ role: 'tenant', organization })

let made = 0
const newId = () => `note_${made++}`

const addNote = (tx: Tx, id: string, organization: string, body = 'a note') =>
  sql`insert into notes (id, organization_id, body) values (${id}, ${organization}, ${body})`.execute(tx)

const noteIds = async (tx: Tx) =>
  (await sql<{ id: string }>`select id from notes order by id`.execute(tx)).rows.map((row) => row.id)

/** Makes the database fail with an SQLSTATE of our choice. */
const fail = (tx: Tx, code: string) =>
  sql.raw(`do $$ begin raise exception 'made to fail' using errcode = '${code}'; end $$`).execute(tx)

test('a transaction runs as the role of its session, in its own schema', async () => {
  const seen = await databases.sandbox.transaction(tenant('org_a'), async (tx) => {
    const { rows } = await sql<{ who: string; path: string; organization: string }>`
      select current_user as who, current_schema() as path, current_organization() as organization`.execute(
      tx,
    )
    return rows[0]
  })
  assert.equal(seen?.who, `${databases.sandbox.schema}_tenant`)
  assert.equal(seen?.path, databases.sandbox.schema)
  assert.equal(seen?.organization, 'org_a')
})

test('nothing of a session is left for the next one, even on the same connection', async () => {
  const engine = onServer ? openServer(serverUrl, { poolSize: 1 }) : databases.engine
  const database = databaseOf(engine, databases.sandbox.schema)
  await database.transaction(tenant('org_a'), async () => undefined)
  const [organization, who] = await database.transaction(worker, async (tx) => {
    const { rows } = await sql<{ organization: string | null; who: string }>`
      select current_organization() as organization, current_user as who`.execute(tx)
    return [rows[0]?.organization, rows[0]?.who]
  })
  assert.equal(organization, null)
  assert.equal(who, `${databases.sandbox.schema}_worker`)
  const { rows } = await sql<{ organization: string; is_owner: boolean }>`
    select current_setting('app.organization', true) as organization, current_user = session_user as is_owner`.execute(
    engine.kysely,
  )
  assert.deepEqual(rows, [{ organization: '', is_owner: true }])
  if (onServer) await engine.close()
})

test('a company sees its own rows and no others', async () => {
  const [mine, theirs] = [newId(), newId()]
  await databases.sandbox.transaction(tenant('org_own'), (tx) => addNote(tx, mine, 'org_own'))
  await databases.sandbox.transaction(tenant('org_other'), (tx) => addNote(tx, theirs, 'org_other'))
  assert.deepEqual(await databases.sandbox.transaction(tenant('org_own'), noteIds), [mine])
})

test('a company cannot write a row of another', async () => {
  await assert.rejects(
    databases.sandbox.transaction(tenant('org_a'), (tx) => addNote(tx, newId(), 'org_b')),
    { code: '42501' },
  )
})

test('a session without a company sees nothing', async () => {
  await databases.sandbox.transaction(tenant('org_a'), (tx) => addNote(tx, newId(), 'org_a'))
  assert.deepEqual(await databases.sandbox.transaction(tenant(''), noteIds), [])
})

for (const [what, organization] of [
  ['a quote', "org_a' or '1'='1"],
  ['a statement', "x'; reset role; --"],
  ['a backslash', "\\'; reset role; --"],
] as const) {
  test(`an organization that holds ${what} is a value and nothing more`, async () => {
    const seen = await databases.sandbox.transaction(tenant(organization), async (tx) => {
      const { rows } = await sql<{ organization: string; who: string }>`
        select current_organization() as organization, current_user as who`.execute(tx)
      return rows[0]
    })
    assert.deepEqual(seen, { organization, who: `${databases.sandbox.schema}_tenant` })
  })
}

test('a client that holds the character NUL names nobody', async () => {
  const session: Session = { role: 'client_lookup', client: "cs_test_a\0'; reset role" }
  const client = await databases.sandbox.transaction(session, async (tx) => {
    const { rows } = await sql<{ client: string | null }>`select current_client() as client`.execute(tx)
    return rows[0]?.client
  })
  assert.equal(client, null)
})

test('one statement in a transaction of its own runs as the role of its session', async () => {
  const [id, body] = [newId(), 'it\'s $1 and \\ and "$2" and $&']
  await databases.sandbox.once(
    tenant('org_once'),
    sql`insert into notes (id, organization_id, body) values (${id}, current_organization(), ${body})`,
  )
  const { rows } = await databases.sandbox.transaction(tenant('org_once'), (tx) =>
    sql<{ id: string; body: string }>`select id, body from notes`.execute(tx),
  )
  assert.deepEqual(rows, [{ id, body }])
})

test('one statement that may not be is refused, and leaves nothing of its session behind', async () => {
  const engine = onServer ? openServer(serverUrl, { poolSize: 1 }) : databases.engine
  const database = databaseOf(engine, databases.sandbox.schema)
  const add = (organization: string) =>
    sql`insert into notes (id, organization_id, body) values (${newId()}, ${organization}, ${'a note'})`
  await assert.rejects(database.once(tenant('org_a'), add('org_b')), { code: '42501' })
  await database.once(tenant('org_a'), add('org_a'))
  const { rows } = await sql<{ organization: string; is_owner: boolean }>`
    select current_setting('app.organization', true) as organization, current_user = session_user as is_owner`.execute(
    engine.kysely,
  )
  assert.deepEqual(rows, [{ organization: '', is_owner: true }])
  if (onServer) await engine.close()
})

test('one statement inside a transaction is refused rather than left waiting for it', async () => {
  await assert.rejects(
    databases.sandbox.transaction(worker, () => databases.sandbox.once(worker, sql`select ${'a'}`)),
    /already open/,
  )
})

test('a role that does not exist fails the transaction and leaves the connection usable', async () => {
  const engine = onServer ? openServer(serverUrl, { poolSize: 1 }) : databases.engine
  const nowhere = databaseOf(engine, 'no_such_schema')
  await assert.rejects(
    nowhere.transaction(worker, async () => assert.fail('the work ran')),
    { code: '22023' },
  )
  assert.deepEqual((await sql`select 1 as one`.execute(engine.kysely)).rows, [{ one: 1 }])
  if (onServer) await engine.close()
})

test('work that throws leaves nothing behind', async () => {
  const id = newId()
  await assert.rejects(
    databases.sandbox.transaction(worker, async (tx) => {
      await addNote(tx, id, 'org_a')
      throw new Error('changed its mind')
    }),
    /changed its mind/,
  )
  assert.ok(!(await databases.sandbox.transaction(worker, noteIds)).includes(id))
})

test('a statement that failed and was swallowed does not pass for a commit', async () => {
  const id = newId()
  await assert.rejects(
    databases.sandbox.transaction(worker, async (tx) => {
      await addNote(tx, id, 'org_a')
      await fail(tx, 'P0001').catch(() => undefined)
    }),
    /rolled back instead of committed/,
  )
  assert.ok(!(await databases.sandbox.transaction(worker, noteIds)).includes(id))
})

test('transactions that run at once do not mix', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) =>
      databases.sandbox.transaction(tenant(`org_mix_${i}`), async (tx) => {
        await addNote(tx, `${newId()}_mix`, `org_mix_${i}`)
        await sql`select pg_sleep(0.002)`.execute(tx)
        const seen = await noteIds(tx)
        if (i % 3 === 0) throw new Error('rolled back')
        return seen.length
      }),
    ),
  )
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message)),
    Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? 'rolled back' : 1)),
  )
})

test('a transaction inside another is refused rather than left waiting for itself', async () => {
  await assert.rejects(
    databases.sandbox.transaction(worker, () => databases.sandbox.transaction(worker, async () => undefined)),
    /already open/,
  )
})

test('work that outlives the transaction it was started in may open its own', async () => {
  let later: Promise<number> | undefined
  const ended = Promise.withResolvers<void>()
  await databases.sandbox.transaction(worker, async () => {
    later = ended.promise.then(() => databases.sandbox.transaction(worker, async () => 7))
  })
  ended.resolve()
  assert.equal(await later, 7)
})

test('what runs apart may open its own transaction while the one that started it is open', async () => {
  let meanwhile: Promise<number> | undefined
  await databases.sandbox.transaction(worker, async () => {
    meanwhile = apart(() => databases.sandbox.transaction(worker, async () => 7))
  })
  assert.equal(await meanwhile, 7)
})

test('a read-only transaction refuses to write', async () => {
  await assert.rejects(
    databases.sandbox.transaction(worker, (tx) => addNote(tx, newId(), 'org_a'), { readOnly: true }),
    { code: '25006' },
  )
})

test('reading only ends with its transaction', async () => {
  await databases.sandbox.transaction(worker, noteIds, { readOnly: true })
  await databases.sandbox.transaction(worker, (tx) => addNote(tx, newId(), 'org_a'))
})

for (const isolation of ['read committed', 'repeatable read', 'serializable'] as const) {
  test(`a transaction may ask for ${isolation}`, async () => {
    const shown = await databases.sandbox.transaction(
      worker,
      async (tx) =>
        (await sql<{ transaction_isolation: string }>`show transaction_isolation`.execute(tx)).rows[0],
      { isolation, readOnly: true },
    )
    assert.deepEqual(shown, { transaction_isolation: isolation })
  })
}

test('a deadlock or a serialization failure is tried again, from the beginning', async () => {
  let attempts = 0
  const id = newId()
  await databases.sandbox.transaction(worker, async (tx) => {
    await addNote(tx, id, 'org_a')
    if (++attempts < 3) await fail(tx, attempts === 1 ? '40001' : '40P01')
  })
  assert.equal(attempts, 3)
  assert.ok((await databases.sandbox.transaction(worker, noteIds)).includes(id))
})

test('work that collides again and again ends as system/unavailable, and says when to come back', async () => {
  await assert.rejects(
    databases.sandbox.transaction(worker, (tx) => fail(tx, '40001')),
    (problem: Problem) => {
      assert.ok(problem instanceof Problem)
      assert.equal(problem.code, 'system/unavailable')
      assert.equal(problem.retryAfterSeconds, 1)
      assert.equal((problem.cause as { code?: string }).code, '40001')
      return true
    },
  )
})

test('a statement that takes too long ends as system/unavailable', async () => {
  await assert.rejects(
    databases.sandbox.transaction(worker, (tx) => fail(tx, '57014')),
    { code: 'system/unavailable', retryAfterSeconds: 5 },
  )
})

test('an error of the statement itself stays what it is', async () => {
  const id = newId()
  await databases.sandbox.transaction(worker, (tx) => addNote(tx, id, 'org_a'))
  await assert.rejects(
    databases.sandbox.transaction(worker, (tx) => addNote(tx, id, 'org_a')),
    { code: '23505', constraint: 'notes_pkey' },
  )
})

test("a database's error does not carry the values of the row", async () => {
  const id = newId()
  const add = (tx: Tx) => addNote(tx, id, 'org_a', 'Quillfeather')
  await databases.sandbox.transaction(worker, add)
  const error = await databases.sandbox.transaction(worker, add).catch((reason) => reason)
  const told = JSON.stringify([error.message, ...Object.getOwnPropertyNames(error).map((key) => error[key])])
  assert.equal(error.code, '23505')
  assert.ok(!told.includes('Quillfeather') && !told.includes(id), told)
})

test('a failed statement can be passed over with a savepoint', async () => {
  const id = newId()
  await databases.sandbox.transaction(worker, async (tx) => {
    await addNote(tx, id, 'org_a')
    await sql`savepoint before`.execute(tx)
    await fail(tx, 'P0001').catch(() => undefined)
    await sql`rollback to savepoint before`.execute(tx)
  })
  assert.ok((await databases.sandbox.transaction(worker, noteIds)).includes(id))
})

test('a row may point at one that its writer sees, under forced row-level security', async () => {
  const id = newId()
  await databases.sandbox.transaction(tenant('org_a'), async (tx) => {
    await addNote(tx, id, 'org_a')
    await sql`insert into remarks (note_id) values (${id})`.execute(tx)
  })
})

test('a row may not point at one that does not exist', async () => {
  await assert.rejects(
    databases.sandbox.transaction(tenant('org_a'), (tx) =>
      sql`insert into remarks (note_id) values ('note_nowhere')`.execute(tx),
    ),
    { code: '23503' },
  )
})

test('a foreign key is checked as the owner: it finds rows that its writer cannot see', async () => {
  const id = newId()
  await databases.sandbox.transaction(tenant('org_b'), (tx) => addNote(tx, id, 'org_b'))
  await databases.sandbox.transaction(tenant('org_a'), (tx) =>
    sql`insert into remarks (note_id) values (${id})`.execute(tx),
  )
})

test('values come back alike from both engines', async () => {
  const [row] = await databases.sandbox.transaction(worker, async (tx) => {
    const { rows } = await sql`
      select 9007199254740993::int8 as whole, array[1, 2]::int8[] as wholes, 1.50::numeric as amount,
        timestamptz '2026-11-24 08:30:00.123456-05' as moment, date '2026-11-24' as day, interval '36 hours' as span,
        '\\x00ff'::bytea as bytes, '{"a": [1]}'::jsonb as facts, null::text as nothing, true as yes`.execute(
      tx,
    )
    return rows
  })
  assert.deepEqual(row, {
    whole: 9007199254740993n,
    wholes: [1n, 2n],
    amount: '1.50',
    moment: '2026-11-24 13:30:00.123456+00',
    day: '2026-11-24',
    span: 'PT36H',
    bytes: new Uint8Array([0, 255]),
    facts: { a: [1] },
    nothing: null,
    yes: true,
  })
})

test('the number of changed rows is told', async () => {
  const id = newId()
  const { numAffectedRows } = await databases.sandbox.transaction(worker, async (tx) => {
    await addNote(tx, id, 'org_a')
    return sql`update notes set body = 'changed' where id = ${id}`.execute(tx)
  })
  assert.equal(numAffectedRows, 1n)
})

test('a database that is there answers a ping', async () => {
  await databases.engine.ping()
})
