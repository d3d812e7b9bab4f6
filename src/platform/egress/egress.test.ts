import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { systemClock } from '../clock.ts'
import { secureRandom } from '../secrets/index.ts'
import { openTls } from '../tls/index.ts'
import { type Egress, EgressFailed, type EgressOptions, EgressRefused, openEgress } from './index.ts'

const HOST = 'far.localhost'
let directory: string
let ca: string
let server: https.Server
let port: number
let answer: (request: IncomingMessage, response: ServerResponse) => void
/** How many connections the far end has seen. */
let seen = 0

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'countersign-egress-'))
  const tls = await openTls({
    directory,
    hostnames: [HOST],
    clock: systemClock,
    random: secureRandom,
    onEvent: () => {},
  })
  tls.close()
  const file = (name: string) => readFile(join(directory, name), 'utf8')
  ca = await file('ca.pem')
  const options = { cert: await file('server.pem'), key: await file('server.key'), maxHeaderSize: 1_000_000 }
  server = https.createServer(options, (request, response) => answer(request, response))
  server.on('connection', () => seen++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
after(async () => {
  server.closeAllConnections()
  server.close()
  await rm(directory, { recursive: true })
})

const LIMITS = { maxBytes: 1000, timeoutMs: 10_000 }
/** A way out to the far end, which is on this machine. */
const anEgress = (options: EgressOptions = {}): Egress =>
  openEgress({ allowed: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'], ca, ...options })
const url = (path = '/') => `https://${HOST}:${port}${path}`
const refused = (why: EgressRefused['why']) => (error: unknown) =>
  error instanceof EgressRefused && error.why === why
const failed = (why: EgressFailed['why']) => (error: unknown) => {
  assert.ok(error instanceof EgressFailed)
  assert.equal(error.why, why, String(error.cause))
  return true
}

test('an answer comes with status, headers and body; nothing but what was given is sent', async () => {
  let asked: IncomingMessage['headers'] = {}
  answer = ({ headers }, response) => {
    asked = headers
    response.writeHead(404, { 'x-one': ['a', 'b'] }).end('none here')
  }
  const got = await anEgress().fetch({
    url: url('/keys'),
    headers: { accept: 'application/json' },
    ...LIMITS,
  })
  assert.equal(got.status, 404)
  assert.equal(got.headers['x-one'], 'a, b')
  assert.equal(Buffer.from(got.body).toString(), 'none here')
  assert.deepEqual(asked, {
    accept: 'application/json',
    'accept-encoding': 'identity',
    connection: 'close',
    host: `${HOST}:${port}`,
  })
})

test('a body is sent as it is', async () => {
  let read = ''
  answer = (request, response) => {
    request.on('data', (chunk) => {
      read += chunk
    })
    request.on('end', () => response.end())
  }
  await anEgress().fetch({ url: url(), body: new Uint8Array(Buffer.from('{"a":1}')), ...LIMITS })
  assert.equal(read, '{"a":1}')
})

test('without leave a private address is not asked, and no connection is made', async () => {
  const before = seen
  const closed = anEgress({ allowed: [] })
  await assert.rejects(closed.fetch({ url: url(), ...LIMITS }), refused('address'))
  for (const host of [
    '127.0.0.1',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '017700000001',
    '[::1]',
    '[::ffff:127.0.0.1]',
  ])
    await assert.rejects(
      openEgress({ ca }).fetch({ url: `https://${host}:${port}/`, ...LIMITS }),
      refused('address'),
      host,
    )
  assert.equal(seen, before)
})

test('a name with one public and one private address is not asked', async () => {
  const two = openEgress({ resolve: async () => ['8.8.8.8', '169.254.169.254'] })
  await assert.rejects(two.fetch({ url: url(), ...LIMITS }), refused('address'))
})

test('the connection goes where the look-up led, though the name leads elsewhere a moment later (rebinding)', async () => {
  answer = (_request, response) => void response.end('pinned')
  let looked = 0
  // The second look-up, were there one, would lead to a port that nobody listens on at another loopback address.
  const resolve = async () => (looked++ === 0 ? ['127.0.0.1'] : ['127.0.0.99'])
  const got = await anEgress({ resolve }).fetch({ url: url(), ...LIMITS })
  assert.equal(Buffer.from(got.body).toString(), 'pinned')
  assert.equal(looked, 1)
})

test('a name that turns private between two requests is refused at the second', async () => {
  answer = (_request, response) => void response.end()
  let looked = 0
  const resolve = async () => (looked++ === 0 ? ['127.0.0.1'] : ['10.0.0.1'])
  const out = anEgress({ resolve })
  await out.fetch({ url: url(), ...LIMITS })
  await assert.rejects(out.fetch({ url: url(), ...LIMITS }), refused('address'))
})

for (const [what, text, why] of [
  ['plain HTTP', 'http://example.com/', 'scheme'],
  ['a file', 'file:///etc/passwd', 'scheme'],
  ['another scheme', 'gopher://example.com/', 'scheme'],
  ['a URL with a user name', 'https://user:word@example.com/', 'credentials'],
  ['no URL', 'example', 'url'],
] as const)
  test(`${what} is not asked`, async () => {
    await assert.rejects(anEgress().fetch({ url: text, ...LIMITS }), refused(why))
  })

for (const status of [301, 302, 303, 307, 308])
  test(`a redirect is not followed (${status})`, async () => {
    let asked = 0
    answer = (_request, response) => {
      asked++
      response.writeHead(status, { location: `https://${HOST}:${port}/elsewhere` }).end()
    }
    await assert.rejects(anEgress().fetch({ url: url(), ...LIMITS }), failed('redirect'))
    assert.equal(asked, 1)
  })

test('an answer larger than asked for is cut off, also one that says a smaller length or none', async () => {
  answer = (_request, response) => void response.end('x'.repeat(1001))
  await assert.rejects(anEgress().fetch({ url: url(), ...LIMITS }), failed('too-large'))
  answer = (_request, response) => {
    const timer = setInterval(() => response.write('x'.repeat(500)), 1)
    response.on('close', () => clearInterval(timer))
  }
  await assert.rejects(anEgress().fetch({ url: url(), ...LIMITS }), failed('too-large'))
})

test('headers without end are cut off', async () => {
  answer = (_request, response) => void response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end()
  await assert.rejects(anEgress().fetch({ url: url(), ...LIMITS }), failed('too-large'))
})

test('a compressed answer is not unfolded', async () => {
  answer = (_request, response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000)))
  await assert.rejects(anEgress().fetch({ url: url(), ...LIMITS }), failed('encoded'))
})

test('an answer that drips, one that never begins, and a name that never resolves are given up in time', async () => {
  const SHORT = { maxBytes: 1000, timeoutMs: 150 }
  answer = (_request, response) => {
    const timer = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(timer))
  }
  await assert.rejects(anEgress().fetch({ url: url(), ...SHORT }), failed('too-slow'))
  answer = () => {}
  await assert.rejects(anEgress().fetch({ url: url(), ...SHORT }), failed('too-slow'))
  const lost = anEgress({ resolve: () => new Promise(() => {}) })
  await assert.rejects(lost.fetch({ url: url(), ...SHORT }), failed('too-slow'))
})

test('an answer that ends before it is whole is none', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half')
    setImmediate(() => response.destroy())
  }
  await assert.rejects(anEgress().fetch({ url: url(), ...LIMITS }), failed('cut-off'))
})

test('a certificate of an authority that nobody trusts here, or of another name, is not accepted', async () => {
  answer = (_request, response) => void response.end()
  const untrusting = openEgress({ allowed: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'] })
  await assert.rejects(untrusting.fetch({ url: url(), ...LIMITS }), failed('tls'))
  await assert.rejects(anEgress().fetch({ url: `https://other.example:${port}/`, ...LIMITS }), failed('tls'))
})

test('not even an environment that switches certificates off has an untrusted one accepted', async () => {
  answer = (_request, response) => void response.end()
  const room = join(import.meta.dirname, 'index.ts')
  const script = `
    const { openEgress } = await import(${JSON.stringify(room)})
    const out = openEgress({ allowed: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'] })
    const asked = out.fetch({ url: ${JSON.stringify(url())}, maxBytes: 1000, timeoutMs: 10000 })
    console.log(await asked.then(({ status }) => status, ({ why }) => why))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  await once(child, 'close')
  assert.equal(said.trim(), 'tls')
})

test('a far end that is not there, or speaks no TLS, is said to be so', async () => {
  const plain = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end('hello\n', () => socket.destroy())
  })
  plain.listen(0, '127.0.0.1')
  await once(plain, 'listening')
  const at = (plain.address() as AddressInfo).port
  await assert.rejects(anEgress().fetch({ url: `https://${HOST}:${at}/`, ...LIMITS }), failed('tls'))
  plain.close()
  await once(plain, 'close')
  await assert.rejects(anEgress().fetch({ url: `https://${HOST}:${at}/`, ...LIMITS }), failed('unreachable'))
  const nameless = anEgress({ resolve: async () => [] })
  await assert.rejects(nameless.fetch({ url: url(), ...LIMITS }), failed('unreachable'))
})

test('a refusal tells nothing of the address that was asked', async () => {
  const asked = 'https://user:hush@internal.example/secret?key=value'
  await assert.rejects(openEgress().fetch({ url: asked, ...LIMITS }), (error: Error) => {
    assert.doesNotMatch(error.message, /hush|internal|secret|value/)
    return true
  })
})
