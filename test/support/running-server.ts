import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wrote } from './suite-record.ts'

const ROOT = join(import.meta.dirname, '../..')
const START_TIMEOUT_MS = 120_000

/** The whole application in a process of its own, on free ports and a data directory of its own. */
export interface RunningServer {
  readonly process: ChildProcess
  readonly portalUrl: string
  readonly sandboxUrl: string
  readonly productionUrl: string
  readonly dataDirectory: string
  /** The local certificate authority, PEM. */
  readonly ca: string
  readonly caFile: string
  /** All that it wrote so far, both streams. */
  output(): string
  /** Ctrl-C. @returns its exit code */
  stop(): Promise<number | null>
  /** `kill -9`: it gets no word of it. Resolves when the process is gone. */
  killNine(): Promise<void>
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

/**
 * Starts the application as `npm start` does, and waits until it says that it serves.
 *
 * @param settings       environment variables beside the ports and the data directory
 * @param dataDirectory  one from an earlier start, to start on again
 * @param nodeFlags      options of Node itself, such as `--cpu-prof`
 * @throws Error with all that it wrote, when it ends instead
 */
export async function startServer(
  settings: Readonly<Record<string, string>> = {},
  dataDirectory?: string,
  nodeFlags: readonly string[] = [],
): Promise<RunningServer> {
  const directory = dataDirectory ?? (await mkdtemp(join(tmpdir(), 'countersign-')))
  const child = spawn(process.execPath, [...nodeFlags, join(ROOT, 'src/app/main.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      COUNTERSIGN_DATA_DIR: directory,
      PORTAL_PORT: '0',
      SANDBOX_PORT: '0',
      PRODUCTION_PORT: '0',
      ...settings,
    },
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      written += chunk
      wrote(String(chunk))
    })
  await serving(child, () => written)
  const url = (name: string) => new RegExp(`${name} +(https://\\S+)`).exec(written)?.[1] ?? ''
  const caFile = join(directory, 'tls/ca.pem')
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    await ended
    return child.exitCode
  }
  return {
    process: child,
    portalUrl: url('Portal'),
    sandboxUrl: url('Sandbox'),
    productionUrl: url('Production'),
    dataDirectory: directory,
    ca: await readFile(caFile, 'utf8'),
    caFile,
    output: () => written,
    stop,
    killNine: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    remove: async () => {
      await stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** What a start that does not come to serving wrote on both streams, and its exit code. */
export interface FailedStart {
  readonly code: number | null
  readonly output: string
}

/**
 * Starts the application where it is expected to refuse.
 *
 * @param settings environment variables beside the ports, which are free ones
 * @throws Error when it serves nonetheless, with all that it wrote
 */
export async function startRefused(
  dataDirectory: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<FailedStart> {
  const child = spawn(process.execPath, [join(ROOT, 'src/app/main.ts')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      COUNTERSIGN_DATA_DIR: dataDirectory,
      PORTAL_PORT: '0',
      SANDBOX_PORT: '0',
      PRODUCTION_PORT: '0',
      ...settings,
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
      wrote(String(chunk))
      if (output.includes('Ctrl-C stops it')) child.kill('SIGKILL')
    })
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
  const [code, signal] = await once(child, 'close')
  clearTimeout(timer)
  if (signal !== null) throw new Error(`the server did not refuse to start:\n${output}`)
  return { code, output }
}

async function serving(child: ChildProcess, written: () => string): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
  let look = () => {}
  try {
    await new Promise<void>((resolve, reject) => {
      look = () => {
        if (written().includes('Ctrl-C stops it')) resolve()
      }
      child.stdout?.on('data', look)
      // Not at its exit: what it wrote last says why, and may not have been read by then.
      child.once('close', () => reject(new Error(`the server ended instead of serving:\n${written()}`)))
    })
  } finally {
    clearTimeout(timer)
    // What it logs from now on need not be looked through.
    child.stdout?.off('data', look)
  }
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The body as JSON. */
  json<T = Record<string, unknown>>(): T
}

export interface Ask {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

const agents = new Map<string, https.Agent>()

/** One request over TLS, with the given authority trusted and no other. */
export function ask(ca: string, url: string, { method, headers = {}, body }: Ask = {}): Promise<Reply> {
  const agent = agents.get(ca) ?? new https.Agent({ ca, keepAlive: true, maxSockets: 64 })
  agents.set(ca, agent)
  return new Promise((resolve, reject) => {
    const request = https.request(
      url,
      { agent, method: method ?? (body === undefined ? 'GET' : 'POST'), headers },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: <T>() => JSON.parse(text) as T,
          })
        })
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

/** A JSON body, with the headers that go with it. */
export function asJson(body: unknown, headers: Readonly<Record<string, string>> = {}): Ask {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }
}

/** A token for a client by its secret, from the gateway at `url`. */
export async function tokenFor(
  ca: string,
  url: string,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
): Promise<string> {
  const reply = await ask(ca, `${url}/oauth2/token`, {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
    },
    body: 'grant_type=client_credentials',
  })
  if (reply.status !== 200) throw new Error(`no token: ${reply.status} ${reply.text}`)
  return reply.json<{ access_token: string }>().access_token
}
