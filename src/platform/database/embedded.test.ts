import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { readTemplate } from '../../../test/support/database.ts'
import { DatabaseDamaged, databaseOf, openEmbedded } from './index.ts'

let scratch: string
let template: Blob
/** A sound folder with a mark in it, to be copied and harmed. */
let sound: string
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'countersign-embedded-'))
  template = await readTemplate()
  sound = join(scratch, 'sound')
  const engine = await openEmbedded({ directory: sound, template })
  await engine.script("create table mark (text text); insert into mark values ('was here')")
  await engine.close()
})
after(() => rm(scratch, { recursive: true, force: true }))

let copies = 0
async function aCopy(harm: (directory: string) => Promise<unknown> = async () => undefined): Promise<string> {
  const directory = join(scratch, `copy-${copies++}`)
  await cp(sound, directory, { recursive: true })
  await harm(directory)
  return directory
}

const markIn = async (directory: string) => {
  const engine = await openEmbedded({ directory, template })
  try {
    return (await sql`select text from mark`.execute(engine.kysely)).rows
  } finally {
    await engine.close()
  }
}

test('a folder that exists is opened as it was left', async () => {
  assert.deepEqual(await markIn(await aCopy()), [{ text: 'was here' }])
})

test('a folder that does not exist yet is made from the template, with those above it', async () => {
  const directory = join(scratch, 'new', 'below')
  const engine = await openEmbedded({ directory, template })
  const { rows } = await databaseOf(engine, 'sandbox').transaction({ role: 'worker' }, (tx) =>
    sql`select current_user as who`.execute(tx),
  )
  assert.deepEqual(rows, [{ who: 'sandbox_worker' }])
  await engine.close()
  assert.deepEqual(await readdir(join(scratch, 'new')), ['below'])
})

test('a template may be a file', async () => {
  const file = join(scratch, 'template.tar')
  await writeFile(file, new Uint8Array(await template.arrayBuffer()))
  const engine = await openEmbedded({ template: file })
  assert.equal(
    (await sql`select from control.schema_migrations`.execute(engine.kysely)).rows.length > 0,
    true,
  )
  await engine.close()
})

test('an empty folder is taken for a new one', async () => {
  const directory = join(scratch, 'empty')
  await mkdir(directory)
  const engine = await openEmbedded({ directory, template })
  assert.equal(
    (await sql`select from control.schema_migrations`.execute(engine.kysely)).rows.length > 0,
    true,
  )
  await engine.close()
})

test('a folder whose making was interrupted is made again', async () => {
  const directory = join(scratch, 'interrupted')
  await mkdir(join(directory, 'base'), { recursive: true })
  await writeFile(join(directory, 'PG_VERSION'), '18\n')
  await writeFile(`${directory}.incomplete`, '')
  const engine = await openEmbedded({ directory, template })
  assert.equal(
    (await sql`select from control.schema_migrations`.execute(engine.kysely)).rows.length > 0,
    true,
  )
  await engine.close()
  assert.ok(!(await readdir(scratch)).includes('interrupted.incomplete'))
})

const HARMS: readonly (readonly [string, RegExp, (directory: string) => Promise<unknown>])[] = [
  [
    'written by another major version of PostgreSQL',
    /was written by PostgreSQL 17, and this Countersign holds PostgreSQL 18\. Open it with the version/,
    (directory) => writeFile(join(directory, 'PG_VERSION'), '17\n'),
  ],
  [
    'with a PG_VERSION that holds something else',
    /is damaged: PG_VERSION holds no version\. Put a backup/,
    (directory) => writeFile(join(directory, 'PG_VERSION'), '\u001b[31mgarbage'),
  ],
  ['without PG_VERSION', /PG_VERSION is missing.*backup/, (directory) => rm(join(directory, 'PG_VERSION'))],
  [
    'without its control file',
    /is damaged and does not start.*backup/,
    (directory) => rm(join(directory, 'global/pg_control')),
  ],
  [
    'with a control file cut short',
    /is damaged and does not start/,
    (directory) => truncate(join(directory, 'global/pg_control'), 100),
  ],
  [
    'without its log',
    /is damaged and does not start/,
    (directory) =>
      rm(join(directory, 'pg_wal'), { recursive: true }).then(() => mkdir(join(directory, 'pg_wal'))),
  ],
  [
    'without its tables',
    /is damaged and does not start/,
    (directory) => rm(join(directory, 'base'), { recursive: true }),
  ],
]

for (const [what, message, harm] of HARMS) {
  test(`a folder ${what} is refused, with what to do, rather than begun anew`, async () => {
    const directory = await aCopy(harm)
    const error = await openEmbedded({ directory, template }).then(
      () => assert.fail('it opened'),
      (reason) => reason,
    )
    assert.ok(error instanceof DatabaseDamaged, String(error))
    assert.match(error.message, message)
    assert.ok(error.message.includes(directory))
  })
}

test('a folder with files of something else is refused and left alone', async () => {
  const directory = join(scratch, 'something-else')
  await mkdir(directory)
  await writeFile(join(directory, 'thesis.txt'), 'ten years of work')
  await assert.rejects(openEmbedded({ directory, template }), DatabaseDamaged)
  assert.equal(await readFile(join(directory, 'thesis.txt'), 'utf8'), 'ten years of work')
})

test('a path that is a file is refused', async () => {
  const file = join(scratch, 'a-file')
  await writeFile(file, 'not a folder')
  await assert.rejects(openEmbedded({ directory: file, template }), DatabaseDamaged)
})

test('closing twice is as good as once, and waits for what is running', async () => {
  const directory = await aCopy()
  const engine = await openEmbedded({ directory })
  const running = databaseOf(engine, 'sandbox').transaction({ role: 'worker' }, (tx) =>
    sql`select pg_sleep(0.02)`.execute(tx),
  )
  await Promise.all([engine.close(), engine.close()])
  assert.ok(engine.pglite.closed)
  await running
})

test('an engine that was never used is closed all the same', async () => {
  const engine = await openEmbedded({ directory: await aCopy() })
  await engine.close()
  assert.ok(engine.pglite.closed)
})

test('a closed engine does not answer a ping', async () => {
  const engine = await openEmbedded({ directory: await aCopy() })
  await engine.close()
  await assert.rejects(engine.ping(), { name: 'DatabaseUnavailable' })
})

const WRITER = `
  import { openEmbedded } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
  const engine = await openEmbedded({ directory: process.argv[1] })
  await engine.script('create table acknowledged (id int primary key)')
  for (let id = 1; ; id++) {
    await engine.script('insert into acknowledged values (' + id + ')')
    console.log(id)
  }`

test('what was acknowledged before the process was killed is there after', async (context) => {
  const directory = await aCopy()
  const last = await killedAfter(context, 40, directory)
  const engine = await openEmbedded({ directory })
  const { rows } = await sql<{ count: bigint; highest: number }>`
    select count(*), max(id) as highest from acknowledged`.execute(engine.kysely)
  await engine.close()
  assert.ok(Number(rows[0]?.highest) >= last, `acknowledged ${last}, found ${rows[0]?.highest}`)
  assert.equal(Number(rows[0]?.count), rows[0]?.highest, 'none in between is missing')
})

/** Runs a process that writes and tells, kills it after so many, and returns the last number that it told. */
async function killedAfter(context: TestContext, count: number, directory: string): Promise<number> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--input-type=module-typescript', '--eval', WRITER, directory],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  context.after(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  let last = 0
  if (!child.stdout) throw new Error('no output')
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line)
    if (last === count) child.kill('SIGKILL')
  }
  await exited
  return last
}
