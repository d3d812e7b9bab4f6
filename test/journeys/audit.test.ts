import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { NoPostgres, type PrivateServer, startPostgres } from '../support/postgres.ts'
import { type RunningServer, startServer } from '../support/running-server.ts'

const CLI = join(import.meta.dirname, '../../bin/countersign.js')

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function countersign(server: RunningServer, args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { PATH: process.env.PATH ?? '', COUNTERSIGN_DATA_DIR: server.dataDirectory },
    })
    const [out, err]: [string[], string[]] = [[], []]
    child.stdout.on('data', (chunk) => out.push(String(chunk)))
    child.stderr.on('data', (chunk) => err.push(String(chunk)))
    child.on('close', (code) => resolve({ code, out: out.join(''), err: err.join('') }))
    child.stdin.end(input)
  })
}

interface Verified {
  readonly ok: boolean
  readonly logs: readonly {
    readonly environment: string
    readonly sealed: { readonly entries: number }
    readonly anchors?: number
    readonly findings: readonly Record<string, unknown>[]
  }[]
}

const verify = async (server: RunningServer, ...more: string[]) => {
  const { code, out } = await countersign(server, ['audit', 'verify', '--json', ...more])
  return { code, ...(JSON.parse(out) as Verified) }
}

describe('on the embedded engine', () => {
  let server: RunningServer
  let scratch: string
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'countersign-audit-'))
    server = await startServer({ LOG_LEVEL: 'warn' })
    await countersign(server, ['demo'])
    await countersign(server, ['audit', 'anchor'])
  })
  after(async () => {
    await server?.remove()
    await rm(scratch, { recursive: true, force: true })
  })

  test('the record of a first hour is sealed, anchored and whole', async () => {
    const { code, ok, logs } = await verify(server)
    assert.deepEqual([code, ok], [0, true])
    assert.deepEqual(
      logs.map(({ environment }) => environment),
      ['sandbox', 'production', 'control'],
    )
    const sandbox = logs[0]
    assert.ok(sandbox && sandbox.sealed.entries > 5 && (sandbox.anchors ?? 0) > 0)
    assert.deepEqual(sandbox.findings, [])
  })

  test('the status says how far each log is sealed', async () => {
    assert.match((await countersign(server, ['status'])).out, /audit +sandbox sealed up to \d+/)
  })

  test('who saw the member of the demo is told, and the member id travels by standard input', async () => {
    const question = [
      'audit',
      'who-saw',
      '--environment',
      'sandbox',
      '--payer',
      'QFHP1',
      '--member-id-file',
      '-',
    ]
    const { code, out } = await countersign(server, question, 'qf-10001\n')
    assert.equal(code, 0)
    assert.match(out, /authorization\.submit +done +cs_\S+ +org_\S+ +auth_/)
    assert.match(out, /authorization\.read/)
  })

  test('an anchor file of another server is told apart', async () => {
    const own = await readFile(join(server.dataDirectory, 'audit/anchors.jsonl'), 'utf8')
    const [line = ''] = own.split('\n').filter((text) => text.includes('"sandbox"'))
    const file = join(scratch, 'anchors.jsonl')
    await writeFile(file, `${JSON.stringify({ ...JSON.parse(line), head: '00'.repeat(32) })}\n`)
    const { code, logs } = await verify(server, '--environment', 'sandbox', '--anchors', file)
    assert.equal(code, 1)
    assert.ok(logs[0]?.findings.some(({ kind }) => kind === 'anchor'))
  })
})

describe('on PostgreSQL', () => {
  let postgres: PrivateServer | undefined
  let server: RunningServer | undefined
  before(async () => {
    postgres = await startPostgres().catch((error: unknown) => {
      if (error instanceof NoPostgres) return undefined
      throw error
    })
    if (!postgres) return
    server = await startServer({ LOG_LEVEL: 'warn', DATABASE_URL: postgres.url })
    await countersign(server, ['demo'])
    await countersign(server, ['audit', 'anchor'])
  })
  after(async () => {
    await server?.remove()
    await postgres?.stop()
  })

  test('what the superuser edits is named, and the exit code says so', async (t) => {
    if (!postgres || !server) return t.skip('no PostgreSQL on this machine')
    assert.equal((await verify(server)).code, 0)
    const superuser = new pg.Client(postgres.superuserUrl)
    await superuser.connect()
    const { rows } = await superuser.query<{ id: string; ordinal: string }>(
      `update sandbox.audit_entries set outcome = 'refused' from sandbox.audit_links
       where entry_id = id and act = 'authorization.read' returning id, ordinal`,
    )
    await superuser.end()
    const { code, logs } = await verify(server, '--environment', 'sandbox')
    assert.equal(code, 1)
    assert.ok(rows.length > 0)
    assert.deepEqual(
      logs[0]?.findings.map(({ kind, entryId, ordinal }) => [kind, entryId, ordinal]),
      rows.map(({ id, ordinal }) => ['edited', id, Number(ordinal)]),
    )
  })
})
