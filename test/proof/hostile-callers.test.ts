// Nobody who is slow, silent, endless or malformed keeps a rightful client from its answer.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import https from 'node:https'
import net from 'node:net'
import { after, before, type TestContext, test } from 'node:test'
import tls from 'node:tls'
import { createCredential } from '../../src/cli/credential.ts'
import { askOperator } from '../../src/cli/operator.ts'
import { ask, type RunningServer, startServer } from '../support/running-server.ts'

const API = '/rcm/prior-authorization/v1'
/** Each opens fewer connections than one address may, so that the bound on all of them is what holds. */
const ADDRESSES = 20
/** Per connection some kilobytes of the kernel's and ours; far below what unbounded ones would come to. */
const GROWTH_BYTES = 200 * 1024 * 1024

let server: RunningServer
let port = 0
let token = ''
let basic = ''
/** Begun first, because a body has 30 seconds to arrive, and a handshake 10. */
let slow: readonly Promise<string>[] = []
let begun: readonly net.Socket[] = []

before(async () => {
  server = await startServer({ LOG_LEVEL: 'error' })
  port = Number(new URL(server.sandboxUrl).port)
  const company = { name: 'Larkspur Health' }
  const { id } = await askOperator<{ id: string }>(
    server.dataDirectory,
    'POST',
    '/operator/organizations',
    company,
  )
  const client = await createCredential(server.dataDirectory, { organization: id, environment: 'sandbox' })
  basic = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`
  token = (await aToken()).json<{ access_token: string }>().access_token
  slow = [slowly('/oauth2/token', FORM), slowly(`${API}/submission`, JSON_WITH_TOKEN())]
  begun = await open(500, () => '127.0.0.99')
  // A record of 512 bytes is promised, which begins a handshake.
  for (const socket of begun) socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]))
})
after(() => server?.remove())

const FORM = 'Content-Type: application/x-www-form-urlencoded'
const JSON_WITH_TOKEN = () => `Content-Type: application/json\r\nAuthorization: Bearer ${token}`

const aToken = () =>
  ask(server.ca, `${server.sandboxUrl}/oauth2/token`, {
    headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  })

/** What the rightful client sees: a call on a new connection, as others come to it too. */
async function rightful(): Promise<number | undefined> {
  const request = https.get({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    ca: server.ca,
    agent: false,
    path: `${API}/healthcheck`,
    headers: { authorization: `Bearer ${token}` },
  })
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage]
  await once(response.resume(), 'end')
  return response.statusCode
}

async function shaken(options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
  const socket = tls.connect({ host: '127.0.0.1', servername: 'localhost', port, ca: server.ca, ...options })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  return socket
}

/** However it ends: what was still being sent may end it with an error. */
const closed = (socket: net.Socket) =>
  new Promise<void>((resolve) => {
    if (socket.destroyed) resolve()
    else socket.once('close', () => resolve())
  })

/** Everything that comes back until the connection is closed. */
async function allOf(socket: net.Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  await closed(socket)
  return text
}

/** What is answered to bytes, after which nothing more is sent. */
async function answerTo(bytes: string): Promise<string> {
  const socket = await shaken()
  const answer = allOf(socket)
  socket.write(bytes)
  return answer
}

const statusesOf = (text: string) => [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => status)

/** A body of one byte a second. */
async function slowly(path: string, headers: string): Promise<string> {
  const socket = await shaken()
  const answer = allOf(socket)
  socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\nContent-Length: 1000\r\n\r\n`)
  const drip = setInterval(() => socket.write('a'), 1_000)
  return answer.finally(() => clearInterval(drip))
}

for (const [what, path, headers] of [
  ['a token request', '/oauth2/token', () => FORM],
  ['a submission', `${API}/submission`, JSON_WITH_TOKEN],
] as const)
  test(`a body without end is cut off: ${what}`, { timeout: 20_000 }, async () => {
    const socket = await shaken()
    const answer = allOf(socket)
    const chunk = `4000\r\n${'a'.repeat(0x4000)}\r\n`
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${headers()}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    )
    const more = () => {
      while (!socket.destroyed && socket.writable && socket.write(chunk));
    }
    socket.on('drain', more)
    more()
    assert.equal(await rightful(), 200)
    assert.deepEqual(statusesOf(await answer), ['413'])
  })

test('floods of headers are refused with 431, many and long alike', { timeout: 20_000 }, async () => {
  const begin = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n'
  const many = begin + Array.from({ length: 20_000 }, (_, i) => `X-${i}: 1\r\n`).join('')
  const long = `${begin}X-Long: ${'x'.repeat(1024 * 1024)}`
  const flood = Promise.all(Array.from({ length: 40 }, (_, i) => answerTo(i % 2 === 0 ? many : long)))
  assert.equal(await rightful(), 200)
  const statuses = (await flood).flatMap(statusesOf)
  // A connection that is reset while it still sends may take its answer with it.
  assert.deepEqual([...new Set(statuses)], ['431'])
})

const POST =
  'POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n'
const HIDDEN = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
const AMBIGUOUS: Readonly<Record<string, string>> = {
  'a length and chunks': `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'chunks and a length': `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'two lengths': `${POST}Content-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  'two lengths that are the same': `${POST}Content-Length: 0\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  'a list of lengths': `${POST}Content-Length: 0, ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  'a length with a sign': `${POST}Content-Length: +0\r\n\r\n${HIDDEN}`,
  'chunks that are not the last coding': `${POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${HIDDEN}`,
  'a space before the colon': `${POST}Content-Length : 0\r\n\r\n${HIDDEN}`,
  'a header over two lines': `${POST}X-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  'lines that end in LF alone': `${POST.replaceAll('\r\n', '\n')}Content-Length: 0\n\n${HIDDEN}`,
  'a header that ends in LF alone': `${POST}X-Bare: a\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  'a CR within a header': `${POST}X-Bare: a\rb\r\nContent-Length: 0\r\n\r\n${HIDDEN}`,
  'a chunk whose size is no number': `${POST}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n${HIDDEN}`,
  'two hosts': HIDDEN.replace('\r\n\r\n', '\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n'),
}
for (const [what, bytes] of Object.entries(AMBIGUOUS))
  test(`a request that two servers could read in two ways is refused, and nothing after it is read: ${what}`, {
    timeout: 20_000,
  }, async () => {
    assert.deepEqual(statusesOf(await answerTo(bytes)), ['400'])
    assert.equal(await rightful(), 200)
  })

test('an upgrade to HTTP/2 leads nowhere', { timeout: 20_000 }, async () => {
  const upgrade =
    'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close, Upgrade, HTTP2-Settings\r\n' +
    'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n'
  assert.deepEqual(statusesOf(await answerTo(upgrade)), ['200'])
  assert.deepEqual(statusesOf(await answerTo('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')), ['400'])
  await assert.rejects(async () => {
    const socket = tls.connect({
      host: '127.0.0.1',
      port,
      ca: server.ca,
      servername: 'localhost',
      ALPNProtocols: ['h2'],
    })
    await once(socket, 'secureConnect')
    socket.destroy()
  })
})

async function open(count: number, localAddress: (i: number) => string): Promise<readonly net.Socket[]> {
  const sockets: net.Socket[] = []
  for (let i = 0; i < count; i++) {
    const socket = net.connect({ host: '127.0.0.1', port, localAddress: localAddress(i) })
    socket.on('error', () => {})
    sockets.push(socket.resume())
    // In step with the server, whose queue of new connections is short.
    if (i % 100 === 99)
      await Promise.all(sockets.slice(-100).map((each) => each.connecting && once(each, 'connect')))
  }
  return sockets
}

const memory = async () => {
  const status = await readFile(`/proc/${server.process.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
}

/** Opens connections that say nothing, and looks what becomes of the rightful client meanwhile. */
async function flood(t: TestContext, count: number, addressOf: (i: number) => string, most: number) {
  const before = await memory()
  const statuses: (number | undefined)[] = []
  const sockets: net.Socket[] = []
  for (let part = 0; part < 5; part++) {
    sockets.push(...(await open(count / 5, addressOf)))
    statuses.push(await rightful(), (await aToken()).status)
  }
  const growth = (await memory()) - before
  const held = sockets.filter(({ destroyed }) => !destroyed).length
  t.diagnostic(`${held} are held, memory grew by ${Math.round(growth / 1024 / 1024)} MiB`)
  assert.deepEqual([...new Set(statuses)], [200])
  assert.ok(growth < GROWTH_BYTES)
  assert.ok(held <= most)
  for (const socket of sockets) socket.destroy()
}

test('3,000 silent connections from its own address do not keep a client out', { timeout: 60_000 }, (t) =>
  flood(t, 3_000, () => '127.0.0.1', 1_024),
)

test('handshakes that never end are cut off', { timeout: 30_000 }, async () => {
  assert.equal(await rightful(), 200)
  await Promise.all(begun.map(closed))
  assert.equal(await rightful(), 200)
})

test('10,000 silent connections from many addresses keep nobody out', { timeout: 60_000 }, (t) =>
  flood(t, 10_000, (i) => `127.0.0.${2 + (i % ADDRESSES)}`, 4_096),
)

test('a body of one byte a second is cut off', { timeout: 45_000 }, async () => {
  assert.equal(await rightful(), 200)
  assert.deepEqual((await Promise.all(slow)).map(statusesOf), [['408'], ['408']])
})
