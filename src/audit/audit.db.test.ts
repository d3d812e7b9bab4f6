import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestDatabases, type TestDatabases } from '../../test/support/database.ts'
import type { OrganizationId } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import type { Database, Session, Tx } from '../platform/database/index.ts'
import { secureRandom } from '../platform/secrets/index.ts'
import { type AuditEntry, openRecorder, type RecorderOptions, record } from './index.ts'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

const AT = Date.UTC(2026, 10, 3, 9, 30) as Instant
const staff: Session = { role: 'staff' }
const tenant = (organization: string): Session => ({ role: 'tenant', organization })
let serial = 0
/** A company of its own for each test, so that none sees another's rows. */
const aCompany = () => `org_audit-${++serial}` as OrganizationId
const anEntry = (organizationId: OrganizationId, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: AT,
  actor: { kind: 'client', clientId: 'cs_test_1', organizationId },
  act: 'authorization.submit',
  outcome: 'done',
  ...more,
})
const acts = (session: Session, organization: string, database = databases.sandbox) =>
  database.transaction(session, async (tx) => {
    const { rows } = await sql<{ act: string }>`
      select act from audit_entries where organization_id = ${organization} order by id`.execute(tx)
    return rows.map((row) => row.act)
  })
const aRecorder = (options: RecorderOptions = {}, database: Pick<Database, 'once'> = databases.sandbox) =>
  openRecorder(database, secureRandom, options)

for (const room of ['sandbox', 'control'] as const) {
  test(`an entry is kept with the fact that it tells of (${room})`, async () => {
    const company = aCompany()
    await databases[room].transaction(tenant(company), (tx) => record(tx, anEntry(company)))
    assert.deepEqual(await acts(staff, company, databases[room]), ['authorization.submit'])
  })
}

test('an entry whose fact was rolled back is not kept', async () => {
  const company = aCompany()
  await assert.rejects(
    databases.sandbox.transaction(tenant(company), async (tx) => {
      await record(tx, anEntry(company))
      throw new Error('the fact failed')
    }),
  )
  assert.deepEqual(await acts(staff, company), [])
})

test('an actor is kept as ids alone, and everything else as it was said', async () => {
  const company = aCompany()
  const row = await databases.sandbox.transaction(tenant(company), async (tx) => {
    await record(
      tx,
      anEntry(company, {
        on: 'auth_1',
        outcome: 'refused',
        problem: 'request/invalid',
        requestId: 'req_1',
        detail: { lines: 2, door: 'json-v1' },
      }),
    )
    const { rows } = await sql<Record<string, unknown>>`select * from audit_entries`.execute(tx)
    return rows[0]
  })
  const { id, at, written_in, ...rest } = row ?? {}
  assert.match(String(id), /^aud_/)
  assert.equal(Date.parse(String(at)), AT)
  assert.ok(written_in)
  assert.deepEqual(rest, {
    actor_kind: 'client',
    actor_id: 'cs_test_1',
    organization_id: company,
    act: 'authorization.submit',
    on_id: 'auth_1',
    outcome: 'refused',
    problem: 'request/invalid',
    request_id: 'req_1',
    detail: { lines: 2, door: 'json-v1' },
  })
})

test("what the platform itself does in a tenant's transaction is that tenant's record", async () => {
  const company = aCompany()
  await databases.sandbox.transaction(tenant(company), (tx) =>
    record(tx, anEntry(company, { actor: { kind: 'system', part: 'adjudication' }, act: 'case.decide' })),
  )
  assert.deepEqual(await acts(tenant(company), company), ['case.decide'])
})

test("a tenant reads its own organization's entries and no others", async () => {
  const [mine, theirs] = [aCompany(), aCompany()]
  await databases.sandbox.transaction(tenant(theirs), (tx) => record(tx, anEntry(theirs)))
  assert.deepEqual(await acts(tenant(mine), theirs), [])
  assert.deepEqual(await acts(tenant(''), theirs), [])
})

test("a tenant cannot write an entry into another's record", async () => {
  const [mine, theirs] = [aCompany(), aCompany()]
  await assert.rejects(
    databases.sandbox.transaction(tenant(mine), (tx) => record(tx, anEntry(theirs))),
    /row-level security/,
  )
})

const ROLES: readonly Session[] = [
  tenant('org_any'),
  staff,
  { role: 'worker' },
  { role: 'client_lookup', client: 'cs_test_1' },
]
for (const session of ROLES) {
  for (const statement of ["update audit_entries set act = 'x'", 'delete from audit_entries']) {
    test(`an entry cannot be touched: ${session.role} may not ${statement.split(' ')[0]}`, async () => {
      await assert.rejects(
        databases.sandbox.transaction(session, (tx: Tx) => sql.raw(statement).execute(tx)),
        /permission denied/,
      )
    })
  }
}

test('a noted entry is committed by the time its promise resolves', async () => {
  const [recorder, company] = [aRecorder(), aCompany()]
  await recorder.note(anEntry(company))
  assert.deepEqual(await acts(staff, company), ['authorization.submit'])
  await recorder.close()
})

/** A database that counts what it was given to write. */
function counting(): { readonly database: Pick<Database, 'once'>; readonly count: () => number } {
  let count = 0
  return {
    count: () => count,
    database: {
      once: (session, statement) => {
        count++
        return databases.sandbox.once(session, statement)
      },
    },
  }
}

test('entries that arrive while a batch is being written share the next one', async () => {
  const { database, count } = counting()
  const [recorder, company] = [aRecorder({}, database), aCompany()]
  await Promise.all(Array.from({ length: 40 }, () => recorder.note(anEntry(company))))
  assert.equal((await acts(staff, company)).length, 40)
  assert.equal(count(), 2)
  await recorder.close()
})

test('a batch holds no more than it may, and the rest follows', async () => {
  const { database, count } = counting()
  const [recorder, company] = [aRecorder({ maxEntries: 10 }, database), aCompany()]
  await Promise.all(Array.from({ length: 31 }, () => recorder.note(anEntry(company))))
  assert.equal((await acts(staff, company)).length, 31)
  assert.equal(count(), 4)
  await recorder.close()
})

test('a lone caller does not wait for company', async () => {
  const company = aCompany()
  const recorder = aRecorder({ schedule: () => undefined })
  await recorder.note(anEntry(company))
  await recorder.note(anEntry(company))
  assert.equal((await acts(staff, company)).length, 2)
})

test('after a crowd, an entry waits for company until its window ends', async () => {
  const windows: (() => void)[] = []
  const company = aCompany()
  const recorder = aRecorder({ schedule: (run) => windows.push(run) })
  await Promise.all([1, 2, 3].map(() => recorder.note(anEntry(company))))
  const late = recorder.note(anEntry(company, { act: 'late' }))
  assert.equal((await acts(staff, company)).includes('late'), false)
  for (const end of windows) end()
  await late
  assert.equal((await acts(staff, company)).includes('late'), true)
})

test('a batch that cannot be written rejects everybody in it, and the next one is written', async () => {
  let isBroken = true
  const database: Pick<Database, 'once'> = {
    once: (session, statement) =>
      isBroken ? Promise.reject(new Error('no database')) : databases.sandbox.once(session, statement),
  }
  const [recorder, company] = [aRecorder({}, database), aCompany()]
  const notes = await Promise.allSettled([1, 2, 3].map(() => recorder.note(anEntry(company))))
  assert.deepEqual(
    notes.map((note) => note.status),
    ['rejected', 'rejected', 'rejected'],
  )
  isBroken = false
  await recorder.note(anEntry(company, { act: 'second' }))
  assert.deepEqual(await acts(staff, company), ['second'])
})

test('an entry with characters that no database keeps does not fail its neighbours', async () => {
  const [recorder, company] = [aRecorder(), aCompany()]
  const odd = anEntry(company, { requestId: 'a\0b', detail: { half: '\ud800' } })
  await Promise.all([recorder.note(anEntry(company)), recorder.note(odd), recorder.note(anEntry(company))])
  assert.equal((await acts(staff, company)).length, 3)
})

test('an entry without a moment is refused alone', async () => {
  const [recorder, company] = [aRecorder(), aCompany()]
  const good = recorder.note(anEntry(company))
  await assert.rejects(recorder.note(anEntry(company, { at: Number.NaN as Instant })))
  await good
})

test('entries noted from within a transaction travel outside it', async () => {
  const [recorder, company] = [aRecorder(), aCompany()]
  let noted: Promise<void> | undefined
  await databases.sandbox.transaction({ role: 'worker' }, async () => {
    noted = recorder.note(anEntry(company))
  })
  await noted
  assert.equal((await acts(staff, company)).length, 1)
})

test('closing writes what waits and refuses what comes after', async () => {
  const company = aCompany()
  const recorder = aRecorder({ schedule: () => undefined })
  const notes = [1, 2, 3, 4].map(() => recorder.note(anEntry(company)))
  await recorder.close()
  assert.equal((await acts(staff, company)).length, 4)
  await Promise.all(notes)
  await assert.rejects(recorder.note(anEntry(company)), /closed/)
})
