import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { onServer, openTestDatabases, type TestDatabases } from '../../test/support/database.ts'
import type { OrganizationId } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import type { Database, Session } from '../platform/database/index.ts'
import { secureRandom, vaultFromKey } from '../platform/secrets/index.ts'
import type { AuditEntry, Finding, Log } from './index.ts'
import { openSealer, record, standingOf, verifyLog } from './index.ts'
import { COLUMNS } from './row-hash.ts'
import { sealBatch, startOf } from './seal.ts'
import * as store from './seal-store.ts'

let databases: TestDatabases
let folder: string
let anchorFile: string
before(async () => {
  databases = await openTestDatabases()
  folder = await mkdtemp(join(tmpdir(), 'audit-'))
})
after(async () => {
  await databases.close()
  await rm(folder, { recursive: true })
})
let serial = 0
beforeEach(async () => {
  anchorFile = join(folder, `${++serial}`, 'anchors.jsonl')
  await emptied(databases.sandbox)
})

const AT = Date.UTC(2026, 10, 3, 9, 30) as Instant
const clock = { now: () => AT }
const vault = vaultFromKey(new Uint8Array(32).fill(1), secureRandom)
const worker: Session = { role: 'worker' }
const aLog = (): Log => ({ database: databases.sandbox, vault })
const verified = () => verifyLog(aLog(), anchorFile)

/** As the owner of the tables, whom row-level security binds on a server until it is lifted. */
async function tamper(statements: string, { engine, schema }: Database = databases.sandbox): Promise<void> {
  const tables = ['audit_entries', 'audit_links', 'audit_seals', 'audit_keys']
  const all = (what: string) =>
    tables.map((table) => `alter table ${table} ${what} row level security`).join('; ')
  await engine.script(
    `begin; set local search_path to ${schema}; ${all('no force')}; ${statements}; ${all('force')}; commit`,
  )
}
const emptied = (database: Database) =>
  tamper(
    'delete from audit_seals; delete from audit_links; delete from audit_keys; delete from audit_entries',
    database,
  )

const anEntry = (i: number): AuditEntry => ({
  at: (AT + i) as Instant,
  actor: { kind: 'client', clientId: `cs_test_${i}`, organizationId: 'org_1' as OrganizationId },
  act: 'authorization.submit',
  outcome: 'refused',
  problem: 'request/invalid',
  on: `auth_${i}`,
  requestId: `req_${i}`,
  detail: { lines: i },
})
const add = (count: number, from = 0) =>
  databases.sandbox.transaction(worker, async (tx) => {
    for (let i = from; i < from + count; i++) await record(tx, anEntry(i))
  })
/** Seals of five entries each. */
async function sealed(seals = 2): Promise<readonly string[]> {
  for (let i = 0; i < seals; i++) {
    await add(5, i * 5)
    await settled()
  }
  return ids()
}
/** On a server that others use, one of their transactions may hold up the sealer for a moment. */
async function settled(limit?: number): Promise<void> {
  for (;;) {
    while (await sealBatch(aLog(), clock, limit));
    if ((await standingOf(aLog(), clock)).unsealed === 0) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}
/** The entries in the order of the chain. */
const ids = () =>
  databases.sandbox.transaction({ role: 'staff' }, async (tx) => {
    const { rows } = await sql<{
      id: string
    }>`select entry_id as id from audit_links order by ordinal`.execute(tx)
    return rows.map(({ id }) => id)
  })
const told = (findings: readonly Finding[]) =>
  findings.map(({ kind, ordinal, untilOrdinal, entryId }) =>
    [kind, ordinal, untilOrdinal, entryId].filter((part) => part !== undefined),
  )
async function findings() {
  return told((await verified()).findings)
}

test('a log that nobody touched has no findings', async () => {
  await sealed()
  await add(3, 100)
  const { sealed: found, unsealed, findings: wrong } = await verified()
  assert.deepEqual(wrong, [])
  assert.equal(found.entries, 10)
  assert.equal(found.seals, 2)
  assert.match(found.head ?? '', /^[0-9a-f]{64}$/)
  assert.deepEqual(unsealed, { count: 3, oldestAt: new Date(AT + 100).toISOString() })
})

test('a log in which nothing was ever written has no findings', async () => {
  const { sealed: found, unsealed, findings: wrong, anchors } = await verified()
  assert.deepEqual([found, unsealed, wrong, anchors], [{ entries: 0, seals: 0 }, { count: 0 }, [], undefined])
})

test('every column of an entry is hashed', async () => {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = ${`${databases.sandbox.schema}.audit_entries`}::regclass and attnum > 0 and not attisdropped`.execute(
    databases.engine.kysely,
  )
  assert.deepEqual(rows.map(({ name }) => name).sort(), Object.keys(COLUMNS).sort())
})

const EDITS: Readonly<Record<Exclude<keyof typeof COLUMNS, 'id'>, string>> = {
  at: "at + interval '1 microsecond'",
  actor_kind: "'operator'",
  actor_id: "'cs_test_other'",
  organization_id: 'null',
  act: "'authorization.read'",
  on_id: "''",
  outcome: "'done'",
  problem: 'null',
  request_id: "request_id || ' '",
  detail: `'{"lines": 2.0}'`,
  written_in: "'1'",
}
for (const [column, value] of Object.entries(EDITS)) {
  test(`an entry whose ${column} was edited is named`, async () => {
    const [, , third = ''] = await sealed()
    await tamper(`update audit_entries set ${column} = ${value} where id = '${third}'`)
    assert.deepEqual(await findings(), [['edited', 3, third]])
  })
}

test('an entry that was given another id is named, and so is the stranger', async () => {
  const [, , third = ''] = await sealed()
  await tamper(`update audit_entries set id = 'aud_other' where id = '${third}'`)
  assert.deepEqual(await findings(), [
    ['removed', 3, third],
    ['inserted', 'aud_other'],
  ])
})

for (const [which, ordinal] of [
  ['first', 1],
  ['a middle', 7],
  ['the last', 10],
] as const) {
  test(`${which} entry that was removed is named`, async () => {
    const id = (await sealed())[ordinal - 1] ?? ''
    await tamper(`delete from audit_entries where id = '${id}'`)
    assert.deepEqual(await findings(), [['removed', ordinal, id]])
  })

  test(`${which} entry that was removed with its place in the chain is named by that place`, async () => {
    const id = (await sealed())[ordinal - 1] ?? ''
    await tamper(
      `delete from audit_entries where id = '${id}'; delete from audit_links where ordinal = ${ordinal}`,
    )
    assert.deepEqual(await findings(), [['removed', ordinal]])
  })
}

test('entries that were removed in a row are named as one stretch', async () => {
  await sealed()
  await tamper('delete from audit_links where ordinal between 2 and 8')
  const found = await findings()
  assert.deepEqual(found.slice(0, 2), [
    ['removed', 2, 5],
    ['removed', 6, 8],
  ])
})

const SWAPS: Readonly<Record<string, (one: number, other: number) => string>> = {
  'by their ordinals': (one, other) =>
    `update audit_links set ordinal = -1 * ordinal where ordinal in (${one}, ${other});
     update audit_links set ordinal = case ordinal when -${one} then ${other} else ${one} end where ordinal < 0`,
  'by the entries that they name': (one, other) => `
    create temporary table kept on commit drop as select * from audit_links where ordinal in (${one}, ${other});
    update audit_links set entry_id = entry_id || '-' where ordinal in (${one}, ${other});
    update audit_links set entry_id = (select entry_id from kept where kept.ordinal <> audit_links.ordinal)
      where ordinal in (${one}, ${other})`,
  'with their hashes': (one, other) => `
    create temporary table kept on commit drop as select * from audit_links where ordinal in (${one}, ${other});
    update audit_links set entry_id = entry_id || '-' where ordinal in (${one}, ${other});
    update audit_links set entry_id = kept.entry_id, row_hash = kept.row_hash
      from kept where audit_links.ordinal in (${one}, ${other}) and kept.ordinal <> audit_links.ordinal`,
}
for (const [how, swap] of Object.entries(SWAPS)) {
  for (const [where, one, other] of [
    ['in one batch', 2, 4],
    ['of two batches', 3, 8],
  ] as const) {
    test(`two entries ${where} that changed places ${how} are both named`, async () => {
      const before = await sealed()
      await tamper(
        `alter table audit_links drop constraint audit_links_ordinal_check; ${swap(one, other)};
         alter table audit_links add constraint audit_links_ordinal_check check (ordinal > 0)`,
      )
      assert.deepEqual(await findings(), [
        ['reordered', one, before[other - 1]],
        ['reordered', other, before[one - 1]],
      ])
    })
  }
}

test('an entry that was put among sealed ones is named', async () => {
  await sealed()
  await tamper(`
    insert into audit_entries (id, at, actor_kind, act, outcome, written_in)
    select 'aud_forged', at, 'operator', 'grant.apply', 'done', written_in from audit_entries where on_id = 'auth_1'`)
  assert.deepEqual(await findings(), [['inserted', 'aud_forged']])
})

test('a place in the chain that was added behind its last seal is named', async () => {
  await sealed()
  await tamper(`insert into audit_entries (id, at, actor_kind, act, outcome) values ('aud_forged', now(), 'operator', 'x', 'done');
    insert into audit_links values (11, 'aud_forged', decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'))`)
  assert.deepEqual(await findings(), [['inserted', 11]])
})

test('an entry that was rewritten with its hash in the chain is named', async () => {
  const [, , third = ''] = await sealed()
  await tamper(`update audit_entries set act = 'x' where id = '${third}';
    update audit_links set row_hash = decode(repeat('00', 32), 'hex') where ordinal = 3`)
  assert.deepEqual(await findings(), [['edited', 3, third]])
})

test('an entry whose place in the chain was rewritten is named', async () => {
  const [, , third = ''] = await sealed()
  await tamper(`update audit_links set tag = decode(repeat('00', 32), 'hex') where ordinal = 3`)
  assert.deepEqual(await findings(), [['edited', 3, third]])
})

test('a seal whose signature was replaced is named', async () => {
  await sealed()
  await tamper(
    `update audit_seals set signature = (select signature from audit_seals where last_ordinal = 10) where last_ordinal = 5`,
  )
  assert.deepEqual(await findings(), [['signature', 5]])
})

const SEAL_EDITS = {
  head: "decode(repeat('00', 32), 'hex')",
  sealed_at: "sealed_at + interval '1 microsecond'",
  previous_head: "decode(repeat('00', 32), 'hex')",
  through_id: "'aud_other'",
  through_written_in: "'7'",
  first_ordinal: '7',
  last_ordinal: '11',
}
for (const [column, value] of Object.entries(SEAL_EDITS)) {
  test(`a seal whose ${column} was edited is found`, async () => {
    await sealed()
    await tamper(`update audit_seals set ${column} = ${value} where last_ordinal = 10`)
    assert.notDeepEqual(
      (await findings()).filter(([kind]) => kind === 'signature' || kind === 'broken'),
      [],
    )
  })
}

test('a seal that was removed is named by the entries that were under it', async () => {
  await sealed(3)
  await tamper('delete from audit_seals where last_ordinal = 10')
  assert.deepEqual(await findings(), [['broken', 6, 10]])
})

test('everything is found at once: after an edited entry the chain goes on from what is stored', async () => {
  const before = await sealed(3)
  await tamper(`update audit_entries set act = 'x' where id = '${before[1]}';
    delete from audit_entries where id = '${before[6]}';
    update audit_seals set signature = (select signature from audit_seals where last_ordinal = 5) where last_ordinal = 15`)
  assert.deepEqual(await findings(), [
    ['edited', 2, before[1]],
    ['removed', 7, before[6]],
    ['signature', 15],
  ])
})

test('a key that the vault did not seal is named, and what it signed is not believed', async () => {
  await sealed()
  const forger: Log = {
    database: databases.sandbox,
    vault: vaultFromKey(new Uint8Array(32).fill(9), secureRandom),
  }
  await tamper('delete from audit_seals; delete from audit_links; delete from audit_keys')
  while (await sealBatch(forger, clock));
  const kinds = new Set((await verified()).findings.map(({ kind }) => kind))
  assert.deepEqual([...kinds].sort(), ['edited', 'key', 'signature'])
})

describe('anchors', () => {
  const aSealer = () => {
    const errors: unknown[] = []
    const sealer = openSealer({
      log: aLog(),
      clock,
      anchorFile,
      onError: (error) => errors.push(error),
      schedule: () => () => undefined,
    })
    return { sealer, errors }
  }
  const anchored = async (seals = 2) => {
    const { sealer } = aSealer()
    for (let i = 0; i < seals; i++) {
      await add(5, i * 5)
      await settled()
      await sealer.sealNow()
    }
    return sealer
  }

  test('a head is anchored as one line, for the owner of the file alone', async () => {
    await anchored(1)
    const line = JSON.parse(await readFile(anchorFile, 'utf8'))
    assert.deepEqual(Object.keys(line), [
      'schema',
      'ordinal',
      'head',
      'keyId',
      'publicKey',
      'signature',
      'at',
    ])
    assert.equal(line.ordinal, 5)
    assert.equal(line.head, (await verified()).sealed.head)
    assert.equal((await stat(anchorFile)).mode & 0o777, 0o600)
  })

  test('an anchor can be checked by anybody, without this code (RFC 8032, RFC 8037 section 2)', async () => {
    await anchored(1)
    const { schema, ordinal, head, publicKey, signature, at } = JSON.parse(await readFile(anchorFile, 'utf8'))
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey, 'hex').toString('base64url') },
      format: 'jwk',
    })
    const said = Buffer.from(JSON.stringify(['countersign audit head', schema, ordinal, head, at]))
    assert.ok(verify(null, said, key, Buffer.from(signature, 'hex')))
  })

  test('a head is anchored once', async () => {
    const sealer = await anchored(1)
    await sealer.sealNow()
    await sealer.close()
    assert.equal((await readFile(anchorFile, 'utf8')).trimEnd().split('\n').length, 1)
  })

  test('closing seals and anchors what there is', async () => {
    const { sealer } = aSealer()
    await add(2)
    await sealer.close()
    await settled()
    assert.equal((await verified()).sealed.entries, 2)
  })

  test('a chain that was cut at its end is found, and from where', async () => {
    await anchored()
    await tamper(`delete from audit_seals where last_ordinal = 10; delete from audit_links where ordinal > 5;
      delete from audit_entries where id not in (select entry_id from audit_links)`)
    assert.deepEqual(await findings(), [['truncated', 6, 10]])
  })

  test('a chain that was thrown away whole is found', async () => {
    await anchored()
    await emptied(databases.sandbox)
    const found = await findings()
    assert.deepEqual(found.at(-1), ['truncated', 1, 10])
  })

  test('a chain that was cut and sealed anew is found', async () => {
    await anchored()
    await tamper(`delete from audit_seals where last_ordinal = 10; delete from audit_links where ordinal > 5;
      delete from audit_entries where id not in (select entry_id from audit_links)`)
    await add(5, 50)
    await settled()
    assert.deepEqual(await findings(), [['replaced', 10]])
  })

  test('a chain that was cut and sealed anew with other ends is found', async () => {
    await anchored()
    await tamper(`delete from audit_seals where last_ordinal = 10; delete from audit_links where ordinal > 5;
      delete from audit_entries where id not in (select entry_id from audit_links)`)
    await add(7, 50)
    await settled()
    assert.deepEqual(await findings(), [['replaced', 10]])
  })

  test('an anchor that nobody signed, and a line that is none, are named', async () => {
    await anchored()
    const lines = (await readFile(anchorFile, 'utf8')).trimEnd().split('\n')
    const first = JSON.parse(lines[0] ?? '')
    await writeFile(
      anchorFile,
      `${JSON.stringify({ ...first, at: '2026-01-01T00:00:00.000Z' })}\n${lines[1]}\n{"sch`,
    )
    assert.deepEqual(await findings(), [['anchor'], ['anchor', 5]])
  })

  test('a line that was cut short does not take the next one with it', async () => {
    await anchored(1)
    await writeFile(anchorFile, '{"schema":', { flag: 'a' })
    await add(5, 5)
    await settled()
    const { sealer } = aSealer()
    await sealer.sealNow()
    assert.equal((await verified()).anchors, 2)
  })

  test('a file that cannot be written does not keep entries from being sealed', async () => {
    await writeFile(join(folder, 'in-the-way'), '')
    const errors: unknown[] = []
    const sealer = openSealer({
      log: aLog(),
      clock,
      anchorFile: join(folder, 'in-the-way', 'anchors.jsonl'),
      onError: (error) => errors.push(error),
      schedule: () => () => undefined,
    })
    await add(1)
    await settled()
    await sealer.close()
    assert.equal(errors.length, 1)
    assert.equal((await verified()).sealed.entries, 1)
  })
})

describe('sealing', () => {
  test('two at once make one chain', async () => {
    await add(40)
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let i = 0; i < 20; i++) await sealBatch(aLog(), clock, 3)
      }),
    )
    await settled(3)
    const { sealed: found, findings: wrong } = await verified()
    assert.deepEqual([found.entries, wrong], [40, []])
  })

  test('an entry of a transaction that commits late is sealed and not skipped', {
    skip: !onServer,
  }, async () => {
    const { schema, engine } = databases.sandbox
    await engine.alone(async (connection) => {
      await connection.script(`begin; set local role ${schema}_worker; set local search_path to ${schema};
        insert into audit_entries (id, at, actor_kind, act, outcome) values ('aud_late', now(), 'operator', 'x', 'done')`)
      await add(3)
      assert.equal(await sealBatch(aLog(), clock), 0, 'what came after a transaction that still runs waits')
      await connection.script('commit')
    })
    await settled()
    assert.deepEqual((await ids()).slice(0, 1), ['aud_late'])
    const { sealed: found, findings: wrong } = await verified()
    assert.deepEqual([found.entries, wrong], [4, []])
  })

  test('what commits while a batch is being read waits when an older transaction still runs', {
    skip: !onServer,
  }, async () => {
    const { schema, engine } = databases.sandbox
    const insert = (
      id: string,
    ) => `begin; set local role ${schema}_worker; set local search_path to ${schema};
      insert into audit_entries (id, at, actor_kind, act, outcome) values ('${id}', now(), 'operator', 'x', 'done');`
    await engine.alone(async (slow) => {
      await databases.sandbox.transaction(worker, async (tx) => {
        // As `sealBatch` does it: where to begin in one statement, the entries in the next.
        const start = startOf(await store.lastSeal(tx), await store.horizon(tx))
        await slow.script(insert('aud_slow'))
        await engine.script(`${insert('aud_quick')} commit`)
        assert.deepEqual(await store.unsealedEntries(tx, start, 10), [])
      })
      await slow.script('commit')
    })
    await settled()
    assert.deepEqual(new Set(await ids()), new Set(['aud_slow', 'aud_quick']))
    assert.deepEqual((await verified()).findings, [])
  })

  test('an entry of a transaction that was rolled back holds nothing up', async () => {
    await assert.rejects(
      databases.sandbox.transaction(worker, async (tx) => {
        await record(tx, anEntry(1))
        throw new Error('the fact failed')
      }),
    )
    await add(2, 2)
    await settled()
    assert.equal((await verified()).sealed.entries, 2)
  })

  test('a database that was restored to a younger server is sealed on, and has no findings', async () => {
    await add(3)
    await settled()
    await tamper(
      "delete from audit_seals; delete from audit_links; update audit_entries set written_in = '900000000000'",
    )
    await settled()
    assert.equal((await verified()).sealed.entries, 3)
    await add(3, 10)
    assert.deepEqual((await verified()).findings, [])
    await settled()
    await add(3, 20)
    await settled()
    const { sealed: found, findings: wrong } = await verified()
    assert.deepEqual([found.entries, wrong], [9, []])
  })

  for (const [role, statement] of [
    ['worker', "update audit_seals set key_id = 'x'"],
    ['worker', 'delete from audit_seals'],
    ['worker', 'update audit_links set ordinal = 1'],
    ['worker', 'delete from audit_links'],
    ['worker', 'delete from audit_keys'],
    ['staff', "insert into audit_links values (1, 'aud_1', '', '')"],
    ['staff', 'delete from audit_seals'],
    ['staff', 'select private_key_sealed from audit_keys'],
  ] as const) {
    test(`${role} may not ${statement}`, async () => {
      await assert.rejects(
        databases.sandbox.transaction({ role }, (tx) => sql.raw(statement).execute(tx)),
        /permission denied/,
      )
    })
  }

  test('the control plane has a chain of its own', async () => {
    const log: Log = { database: databases.control, vault }
    await databases.control.transaction(worker, (tx) => record(tx, anEntry(1)))
    for (;;) if ((await sealBatch(log, clock)) === 1) break
    const { sealed: found, findings: wrong } = await verifyLog(log, anchorFile)
    assert.deepEqual([found.entries, wrong], [1, []])
  })
})

test('any single change is found', async () => {
  const before = await sealed()
  const ordinal = fc.integer({ min: 1, max: before.length })
  const text = fc
    .string({ minLength: 1, maxLength: 8 })
    .map((value) => `'${value.replaceAll(/['\0\\]/g, 'q')}'`)
  const bytes = (length: number) =>
    fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((value) => `'\\x${Buffer.from(value).toString('hex')}'`)
  const change = fc.oneof(
    fc
      .tuple(
        fc.constantFrom('id', 'actor_id', 'organization_id', 'act', 'on_id', 'problem', 'request_id'),
        text,
        ordinal,
      )
      .map(
        ([column, value, at]) => `update audit_entries set ${column} = ${value}
        where id = (select entry_id from audit_links where ordinal = ${at})`,
      ),
    fc.tuple(fc.integer({ min: 1, max: 1e9 }), ordinal).map(
      ([micros, at]) => `update audit_entries set at = at + interval '1 microsecond' * ${micros}
        where id = (select entry_id from audit_links where ordinal = ${at})`,
    ),
    ordinal.map(
      (at) => `delete from audit_entries where id = (select entry_id from audit_links where ordinal = ${at})`,
    ),
    ordinal.map((at) => `delete from audit_links where ordinal = ${at}`),
    fc
      .tuple(fc.constantFrom('row_hash', 'tag'), bytes(32), ordinal)
      .map(([column, value, at]) => `update audit_links set ${column} = ${value} where ordinal = ${at}`),
    fc
      .tuple(text, ordinal)
      .map(([value, at]) => `update audit_links set entry_id = ${value} where ordinal = ${at}`),
    fc
      .tuple(fc.constantFrom('head', 'previous_head'), bytes(32), fc.constantFrom(5, 10))
      .map(([column, value, at]) => `update audit_seals set ${column} = ${value} where last_ordinal = ${at}`),
    fc
      .tuple(bytes(64), fc.constantFrom(5, 10))
      .map(([value, at]) => `update audit_seals set signature = ${value} where last_ordinal = ${at}`),
    fc.constantFrom(
      'delete from audit_seals where last_ordinal = 5',
      "update audit_keys set public_key = decode(repeat('11', 32), 'hex')",
    ),
  )
  const kept = ['audit_entries', 'audit_links', 'audit_seals', 'audit_keys']
  await fc.assert(
    fc.asyncProperty(change, async (statement) => {
      await tamper(
        `${kept.map((table) => `create table kept_${table} as select * from ${table}`).join('; ')}; ${statement}`,
      )
      const found = await verified()
      await tamper(`
        delete from audit_seals; delete from audit_links; delete from audit_keys; delete from audit_entries;
        ${[...kept]
          .reverse()
          .map((table) => `insert into ${table} select * from kept_${table}; drop table kept_${table}`)
          .join('; ')}`)
      assert.notDeepEqual(found.findings, [])
    }),
    { numRuns: 60 },
  )
  assert.deepEqual((await verified()).findings, [])
})
