import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { openTestDatabases, type TestDatabases } from '../../test/support/database.ts'
import type { Instant } from '../kernel/time.ts'
import type { Database } from '../platform/database/index.ts'
import { secureRandom, vaultFromKey } from '../platform/secrets/index.ts'
import { openSealer, record, type SealerDeps, standingOf } from './index.ts'

let databases: TestDatabases
let folder: string
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())
beforeEach(async (t) => {
  folder = await mkdtemp(join(tmpdir(), 'sealer-'))
  if ('after' in t) t.after(() => rm(folder, { recursive: true }))
})

const AT = Date.UTC(2026, 10, 3, 9, 30)
const vault = vaultFromKey(new Uint8Array(32).fill(1), secureRandom)
const anchorFile = () => join(folder, 'anchors.jsonl')
const anchors = async () => (await readFile(anchorFile(), 'utf8').catch(() => '')).split('\n').filter(Boolean)

/** A sealer whose rounds run when they are asked for, and whose clock stands until it is set. */
function aSealer(database: Database = databases.sandbox, more: Partial<SealerDeps> = {}) {
  let time = AT
  const waiting: { run: () => void; delayMs: number }[] = []
  const woken: (() => void)[] = []
  const errors: unknown[] = []
  const sealer = openSealer({
    log: { database, vault },
    clock: { now: () => time as Instant },
    anchorFile: anchorFile(),
    onError: (error) => errors.push(error),
    schedule: (run, delayMs) => {
      const one = { run, delayMs }
      waiting.push(one)
      woken.splice(0).forEach((wake) => void wake())
      return () => waiting.splice(waiting.indexOf(one), 1)
    },
    ...more,
  })
  return {
    sealer,
    errors,
    waiting,
    pass: (ms: number) => {
      time += ms
    },
    /** Runs the round that waits, and comes back when the next one does. */
    round: () =>
      new Promise<void>((resolve) => {
        woken.push(resolve)
        waiting.shift()?.run()
      }),
  }
}

const add = () =>
  databases.sandbox.transaction({ role: 'worker' }, (tx) =>
    record(tx, { at: AT as Instant, actor: { kind: 'operator' }, act: 'grant.apply', outcome: 'done' }),
  )
/** On a server that others use, one of their transactions may hold up the sealer for a moment. */
const sealedBy = async ({ round }: Pick<ReturnType<typeof aSealer>, 'round'>) => {
  do await round()
  while ((await standingOf({ database: databases.sandbox }, { now: () => AT as Instant })).unsealed > 0)
}

test('a round comes about every second, and seals what was committed', async () => {
  const one = aSealer()
  await add()
  await sealedBy(one)
  assert.deepEqual(
    one.waiting.map(({ delayMs }) => delayMs),
    [1000],
  )
  await one.sealer.close()
})

test('heads are anchored at most once a minute, and at the end', async () => {
  const one = aSealer()
  await add()
  await sealedBy(one)
  one.pass(60_000)
  await one.round()
  const before = (await anchors()).length
  await add()
  one.pass(59_999)
  await sealedBy(one)
  assert.equal((await anchors()).length, before)
  one.pass(1)
  await one.round()
  assert.equal((await anchors()).length, before + 1)
  await add()
  await sealedBy(one)
  await one.sealer.close()
  assert.equal((await anchors()).length, before + 2)
})

test('a database that is away is told of, asked again later, and sealed when it is back', async () => {
  let isAway = true
  const one = aSealer({
    ...databases.sandbox,
    transaction: (session, work, options) =>
      isAway
        ? Promise.reject(new Error('no database'))
        : databases.sandbox.transaction(session, work, options),
  })
  await add()
  await one.round()
  assert.equal(one.sealer.trouble(), 'entries are not sealed: no database')
  assert.deepEqual([one.errors.length, one.waiting.map(({ delayMs }) => delayMs)], [1, [10_000]])
  isAway = false
  await sealedBy(one)
  assert.equal(one.sealer.trouble(), undefined)
  await one.sealer.close()
})

test('a file that cannot be written is told of once a minute, and entries are sealed all the same', async () => {
  await writeFile(join(folder, 'in-the-way'), '')
  const one = aSealer(databases.sandbox, { anchorFile: join(folder, 'in-the-way', 'anchors.jsonl') })
  await add()
  await sealedBy(one)
  one.pass(60_000)
  await one.round()
  const told = one.errors.length
  await one.round()
  assert.match(one.sealer.trouble() ?? '', /^heads are not anchored: /)
  assert.equal(one.errors.length, told)
  await one.sealer.close()
})

test('a chain that became shorter under a running sealer is told of', async () => {
  const one = aSealer()
  await add()
  await sealedBy(one)
  await one.sealer.sealNow()
  const { schema, engine } = databases.sandbox
  await engine.script(`begin; set local search_path to ${schema};
    alter table audit_seals no force row level security; alter table audit_links no force row level security;
    alter table audit_entries no force row level security;
    delete from audit_seals; delete from audit_links; delete from audit_entries;
    alter table audit_seals force row level security; alter table audit_links force row level security;
    alter table audit_entries force row level security; commit`)
  await assert.rejects(one.sealer.sealNow(), /the chain ends at 0 and \d+ was anchored/)
  await one.sealer.close()
})

test('after the end no round comes', async () => {
  const one = aSealer()
  await one.sealer.close()
  assert.deepEqual(one.waiting, [])
})

test('a round that was started inside somebody’s transaction is none of it', async () => {
  const one = aSealer()
  let sealing: Promise<void> | undefined
  await databases.sandbox.transaction({ role: 'worker' }, async (tx) => {
    await sql`select 1`.execute(tx)
    sealing = one.sealer.sealNow()
  })
  await sealing
  await one.sealer.close()
})
