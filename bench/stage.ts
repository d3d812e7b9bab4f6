import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createCredential } from '../src/cli/credential.ts'
import { askOperator } from '../src/cli/operator.ts'
import { asRegistered } from '../test/support/other-provider.ts'
import { freePort, startPostgres } from '../test/support/postgres.ts'
import { ask, startServer } from '../test/support/running-server.ts'
import { PATHS } from '../test/support/submissions.ts'
import type { Measured, Task } from './load.ts'
import type { TwoNodes } from './revocation.ts'

/** Of every server that is measured. One client stands for all; its limits are no part of it, counting for them is. */
const SETTINGS = {
  LOG_FORMAT: 'json',
  LIMIT_CALLS_PER_MINUTE: '100000000',
  LIMIT_TOKENS_PER_MINUTE: '100000000',
} as const

/** Everything that is measured, each in a process of its own. */
export interface Stage {
  readonly url: string
  readonly ca: string
  readonly serverPid: number
  readonly databaseUrl: string
  readonly databaseVersion: string
  /** The processes of the database server that are there now. */
  databasePids(): Promise<readonly number[]>
  /** What a request proves itself with. The token is a new one. */
  proof(kind: 'token' | 'secret' | 'none'): Promise<Readonly<Record<string, string>>>
  /** Starts the peer, which answers with as many bytes. */
  bare(answerBytes: number): Promise<{ readonly url: string; readonly pid: number }>
  /** Starts oidc-provider on the same database, which knows the same client. */
  oidcProvider(): Promise<{ readonly url: string; readonly pid: number }>
  /** Starts the server a second time, for the same environment on the same database. */
  twoNodes(): Promise<TwoNodes>
  load(task: Task): Promise<Measured>
  close(): Promise<void>
}

/**
 * Starts a private PostgreSQL that writes to the disk as a real one does, the server on it, and the load.
 *
 * @param profileDirectory where the server is to leave its profile; it is not profiled when absent
 * @throws NoPostgres
 */
export async function setStage(profileDirectory?: string): Promise<Stage> {
  const undo: (() => unknown)[] = []
  const close = async () => {
    for (const step of undo.reverse()) await step()
  }
  try {
    const database = await startPostgres({ durable: true })
    undo.push(() => database.stop())
    const flags = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`]
    const server = await startServer(
      {
        ...SETTINGS,
        DATABASE_URL: database.url,
      },
      undefined,
      flags,
    )
    undo.push(() => server.remove())
    const watcher = new pg.Client(database.superuserUrl)
    await watcher.connect()
    undo.push(() => watcher.end())
    await watcher.query('create table public.bench_rows (number int, body text)')
    await watcher.query('grant insert on public.bench_rows to countersign')
    const load = await startLoad()
    undo.push(() => load.disconnect())
    const { id } = await askOperator<{ id: string }>(
      server.dataDirectory,
      'POST',
      '/operator/organizations',
      {
        name: 'Larkspur Health',
      },
    )
    const client = await createCredential(server.dataDirectory, { organization: id, environment: 'sandbox' })
    const basic = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`
    return {
      url: server.sandboxUrl,
      ca: server.ca,
      serverPid: server.process.pid ?? 0,
      databaseUrl: database.url,
      databaseVersion: database.version,
      databasePids: async () =>
        (await watcher.query<{ pid: number }>('select pid from pg_stat_activity')).rows.map(({ pid }) => pid),
      proof: async (kind) => {
        if (kind === 'none') return {}
        if (kind === 'secret') return { authorization: basic }
        const reply = await ask(server.ca, `${server.sandboxUrl}/oauth2/token`, {
          headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
          body: 'grant_type=client_credentials',
        })
        return { authorization: `Bearer ${reply.json<{ access_token: string }>().access_token}` }
      },
      bare: async (answerBytes) => {
        const tls = (name: string) => join(server.dataDirectory, 'tls', name)
        const child = fork(join(import.meta.dirname, 'bare-server.ts'), [
          tls('server.pem'),
          tls('server.key'),
          String(answerBytes),
        ])
        undo.push(() => child.disconnect())
        const [url] = (await once(child, 'message')) as [string]
        return { url, pid: child.pid ?? 0 }
      },
      oidcProvider: async () => {
        await watcher.query('create table public.bench_clients (id text primary key, payload jsonb not null)')
        await watcher.query(`create table public.bench_audit (
          number bigint generated always as identity primary key, at timestamptz not null default now(),
          act text not null, outcome text not null, client_id text, detail jsonb)`)
        await watcher.query('grant select on public.bench_clients to countersign')
        await watcher.query('grant insert on public.bench_audit to countersign')
        const { clientId: client_id, clientSecret: client_secret } = client
        const payload = asRegistered({ client_id, client_secret }, ['pa:submit', 'pa:inquire', 'pa:read'])
        await watcher.query('insert into public.bench_clients values ($1, $2)', [client_id, payload])
        const tls = (name: string) => join(server.dataDirectory, 'tls', name)
        const child = fork(
          join(import.meta.dirname, 'oidc-provider-peer.ts'),
          [tls('server.pem'), tls('server.key'), database.url],
          { env: { ...process.env, NODE_ENV: 'production' } },
        )
        undo.push(() => child.disconnect())
        const [url] = (await once(child, 'message')) as [string]
        return { url, pid: child.pid ?? 0 }
      },
      twoNodes: async () => {
        const directory = await mkdtemp(join(tmpdir(), 'countersign-'))
        await cp(join(server.dataDirectory, 'keys'), join(directory, 'keys'), { recursive: true })
        // The same public name, so that tokens of the one are for the other; only the ports differ.
        const port = await freePort()
        const second = await startServer(
          {
            ...SETTINGS,
            DATABASE_URL: database.url,
            COUNTERSIGN_ROLES: 'sandbox',
            SANDBOX_URL: server.sandboxUrl,
            SANDBOX_PORT: String(port),
          },
          directory,
        )
        undo.push(() => second.remove())
        return {
          here: { url: server.sandboxUrl, ca: server.ca },
          there: { url: `https://localhost:${port}`, ca: second.ca },
          basic,
          path: PATHS.healthcheck,
        }
      },
      load: async (task) => {
        load.send(task)
        const [measured] = (await once(load, 'message')) as [Measured]
        return measured
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function startLoad(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'load.ts'))
  await once(child, 'message')
  return child
}
