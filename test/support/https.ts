import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { systemClock } from '../../src/platform/clock.ts'
import { createServer, listen, type ServerOptions } from '../../src/platform/http/index.ts'
import { secureRandom } from '../../src/platform/secrets/index.ts'
import { type Logger, openLogger } from '../../src/platform/telemetry/index.ts'
import { openTls, type Tls } from '../../src/platform/tls/index.ts'
import { wrote } from './suite-record.ts'

let opened: Promise<{ readonly tls: Tls; readonly ca: string }> | undefined

/** One local authority for a whole test file. */
export function testTls(): Promise<{ readonly tls: Tls; readonly ca: string }> {
  opened ??= openTestTls()
  return opened
}

async function openTestTls() {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-https-'))
  const tls = await openTls({
    directory,
    hostnames: [],
    clock: systemClock,
    random: secureRandom,
    onEvent: () => {},
    pollMs: 0,
  })
  after(async () => {
    tls.close()
    await rm(directory, { recursive: true, force: true })
  })
  return { tls, ca: await readFile(join(directory, 'ca.pem'), 'utf8') }
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  /** The text as JSON. */
  json(): Record<string, unknown>
}

export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface TestServer {
  readonly server: FastifyInstance
  readonly port: number
  readonly ca: string
  /** The lines of its log, parsed. */
  readonly log: readonly Record<string, unknown>[]
  ask(path: string, asked?: Asked): Promise<Answer>
}

/** A server over TLS on a port of its own, with the routes that a test needs; closed with the test. */
export async function aServer(
  t: TestContext,
  routes: (server: FastifyInstance) => void | Promise<void> = () => {},
  options: Partial<ServerOptions> = {},
): Promise<TestServer> {
  const { tls, ca } = await testTls()
  const log: Record<string, unknown>[] = []
  const server = createServer({
    name: 'test',
    tls,
    logger: memoryLogger(log),
    clock: systemClock,
    random: secureRandom,
    problemBaseUrl: 'https://docs.example/problems',
    ...options,
  })
  await routes(server)
  const port = await listen(server, { reach: 'loopback', port: 0 })
  t.after(() => server.close())
  return { server, port, ca, log, ask: (path, asked) => ask({ port, ca, path, ...asked }) }
}

function memoryLogger(lines: Record<string, unknown>[]): Logger {
  const destination = {
    write: (line: string) => {
      lines.push(JSON.parse(line))
      wrote(line)
    },
  }
  return openLogger({ level: 'debug', format: 'json', destination })
}

/** One request on a connection of its own. */
export async function ask(
  where: Asked & { readonly port: number; readonly ca: string; readonly path: string },
): Promise<Answer> {
  const { port, ca, path, method, headers, body } = where
  const request = https.request({
    host: 'localhost',
    // Whatever the Host header says.
    servername: 'localhost',
    port,
    ca,
    path,
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...headers },
    agent: false,
  })
  request.end(body)
  const [response] = await once(request, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  return { status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) }
}
