import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import tls from 'node:tls'
import { promisify } from 'node:util'
import type { Clock, Instant } from '../../kernel/time.ts'
import { systemClock } from '../clock.ts'
import { secureRandom } from '../secrets/index.ts'
import { openTls, type Tls, type TlsEvent, type TlsOptions, UnfitMaterial } from './index.ts'

const DAY = 24 * 60 * 60 * 1000

async function aDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-tls-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  return directory
}

interface Opened {
  readonly tls: Tls
  readonly events: TlsEvent[]
  readonly directory: string
}

async function open(t: TestContext, directory: string, options: Partial<TlsOptions> = {}): Promise<Opened> {
  const events: TlsEvent[] = []
  const opened = await openTls({
    directory,
    hostnames: [],
    clock: systemClock,
    random: secureRandom,
    onEvent: (event) => events.push(event),
    pollMs: 0,
    ...options,
  })
  t.after(() => opened.close())
  return { tls: opened, events, directory }
}

const kinds = (events: readonly TlsEvent[]) => events.map((event) => event.kind)
const clockAt = (at: number): Clock => ({ now: () => at as Instant })

/** A server with local material that answers `ok`, and the authority that its clients trust. */
async function serve(t: TestContext, options: Partial<TlsOptions> = {}) {
  const opened = await open(t, await aDirectory(t), options)
  const server = https.createServer(opened.tls.secureOptions(), (_request, response) => response.end('ok'))
  opened.tls.attach(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const ca = await readFile(join(opened.directory, 'ca.pem'), 'utf8')
  return { ...opened, server, ca, port: (server.address() as AddressInfo).port }
}

/** Shakes hands; resolves with the open socket, rejects with what the handshake came to. */
function shakeHands(port: number, options: tls.ConnectionOptions): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ...options })
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
  })
}

async function handshake(port: number, options: tls.ConnectionOptions) {
  const socket = await shakeHands(port, options)
  const result = {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().name,
    serial: socket.getPeerCertificate().serialNumber,
  }
  socket.destroy()
  return result
}

/** A client that would speak any version and any suite: what is refused is refused by the server. */
const ANYTHING: tls.ConnectionOptions = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }
const isVersionRefused = (error: NodeJS.ErrnoException) =>
  /ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION|ERR_SSL_UNSUPPORTED_PROTOCOL/.test(error.code ?? '') &&
  /alert protocol version/.test(error.message)

for (const version of ['TLSv1', 'TLSv1.1'] as const) {
  test(`${version} is refused with the alert protocol_version, from a client that could speak 1.2 (RFC 8996)`, async (t) => {
    const { port, ca } = await serve(t)
    assert.equal((await handshake(port, { ...ANYTHING, ca, maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2')
    await assert.rejects(handshake(port, { ...ANYTHING, ca, maxVersion: version }), isVersionRefused)
  })
}

test('TLS 1.3 is spoken with a client that can', async (t) => {
  const { port, ca } = await serve(t)
  assert.equal((await handshake(port, { ca })).protocol, 'TLSv1.3')
})

test('a client that offers CBC suites alone is refused (RFC 9325 section 4.2)', async (t) => {
  const { port, ca } = await serve(t)
  const cbc = 'ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:AES128-SHA:@SECLEVEL=0'
  await assert.rejects(
    handshake(port, { ca, ciphers: cbc, maxVersion: 'TLSv1.2' }),
    (error: NodeJS.ErrnoException) => /alert handshake failure/.test(error.message),
  )
})

test('a client that offers suites without forward secrecy alone is refused', async (t) => {
  const { port, ca } = await serve(t)
  await assert.rejects(
    handshake(port, { ca, ciphers: 'AES128-GCM-SHA256:AES256-GCM-SHA384', maxVersion: 'TLSv1.2' }),
    (error: NodeJS.ErrnoException) => /alert handshake failure/.test(error.message),
  )
})

test('the server chooses the suite, whatever order the client likes', async (t) => {
  const { port, ca } = await serve(t)
  const ciphers = 'ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256'
  const chosen = await handshake(port, { ca, ciphers, maxVersion: 'TLSv1.2' })
  assert.equal(chosen.cipher, 'ECDHE-ECDSA-AES128-GCM-SHA256')
})

test('a client that asks to renegotiate is refused', async (t) => {
  const { port, ca } = await serve(t)
  const socket = await shakeHands(port, { ca, maxVersion: 'TLSv1.2' })
  socket.renegotiate({}, () => {})
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const [error] = await once(socket, 'error')
  assert.match(String(error), /no renegotiation/)
})

test('a plain HTTP client gets a closed connection and not one byte', async (t) => {
  const { port } = await serve(t)
  const request = http.get({ port, host: '127.0.0.1', path: '/' })
  const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException]
  assert.equal(error.code, 'ECONNRESET')
})

test('the local authority vouches for localhost and both loopback addresses', async (t) => {
  const { port, ca } = await serve(t)
  for (const servername of ['localhost', '127.0.0.1', '::1'])
    await handshake(port, {
      ca,
      rejectUnauthorized: true,
      servername: servername === 'localhost' ? servername : '',
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(servername, certificate),
    })
})

test('the certificate is refused for another host name', async (t) => {
  const { port, ca } = await serve(t)
  await assert.rejects(
    handshake(port, { ca, servername: 'example.com' }),
    (error: NodeJS.ErrnoException) => error.code === 'ERR_TLS_CERT_ALTNAME_INVALID',
  )
})

test('a client that does not trust the local authority refuses', async (t) => {
  const { port } = await serve(t)
  await assert.rejects(handshake(port, {}), (error: NodeJS.ErrnoException) =>
    /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER/.test(error.code ?? ''),
  )
})

test('the authority is critically constrained to localhost and the loopback addresses (RFC 5280 section 4.2.1.10)', async (t) => {
  const { directory } = await open(t, await aDirectory(t))
  const text = await openssl(t, ['x509', '-in', join(directory, 'ca.pem'), '-noout', '-text'])
  if (text === undefined) return
  assert.match(
    text,
    /Name Constraints: critical\s+Permitted:\s+DNS:localhost\s+IP:127\.0\.0\.0\/255\.0\.0\.0\s+IP:0:0:0:0:0:0:0:1\/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF/,
  )
  assert.match(text, /Basic Constraints: critical\s+CA:TRUE, pathlen:0/)
  assert.match(text, /Key Usage: critical\s+Certificate Sign, CRL Sign/)
})

test('the server certificate is for serving alone: P-256, digital signature, server authentication', async (t) => {
  const { directory } = await open(t, await aDirectory(t))
  const leaf = new X509Certificate(await readFile(join(directory, 'server.pem')))
  assert.equal(leaf.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
  assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1'])
  assert.equal(leaf.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  assert.equal(leaf.ca, false)
})

test('openssl finds the chain good, for a TLS server at localhost and at no other name', async (t) => {
  const { directory } = await open(t, await aDirectory(t))
  const verify = (...args: string[]) =>
    openssl(t, [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      ...args,
      '-CAfile',
      join(directory, 'ca.pem'),
      join(directory, 'server.pem'),
    ])
  const answer = await verify('-verify_hostname', 'localhost')
  if (answer === undefined) return
  assert.match(answer, /server\.pem: OK/)
  await assert.rejects(verify('-verify_hostname', 'example.com'), /hostname mismatch/)
})

test('further host names of the settings are covered, and permitted by the authority', async (t) => {
  const { port, ca } = await serve(t, { hostnames: ['gateway.example', '192.0.2.7'] })
  await handshake(port, { ca, servername: 'gateway.example' })
  await handshake(port, {
    ca,
    servername: '',
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity('192.0.2.7', certificate),
  })
})

test("the authority's private key is never written; the server's is for its owner alone", async (t) => {
  const { directory } = await open(t, await aDirectory(t))
  assert.deepEqual((await readdir(directory)).sort(), ['ca.pem', 'server.key', 'server.pem'])
  assert.equal((await stat(join(directory, 'server.key'))).mode & 0o777, 0o600)
  const authority = new X509Certificate(await readFile(join(directory, 'ca.pem')))
  const { createPrivateKey } = await import('node:crypto')
  assert.equal(
    authority.checkPrivateKey(createPrivateKey(await readFile(join(directory, 'server.key')))),
    false,
  )
})

test('the first start makes an authority and says so; the second uses it again in silence', async (t) => {
  const directory = await aDirectory(t)
  const first = await open(t, directory)
  const before = await readFile(join(directory, 'server.pem'), 'utf8')
  const second = await open(t, directory)
  assert.deepEqual(kinds(first.events), ['made'])
  assert.match(first.events[0]?.message ?? '', /there was none.*ca\.pem/)
  assert.deepEqual(second.events, [])
  assert.equal(await readFile(join(directory, 'server.pem'), 'utf8'), before)
})

test('at a start less than 30 days before its end, a new authority is made, and it is said why', async (t) => {
  const directory = await aDirectory(t)
  await open(t, directory, { clock: clockAt(Date.now() - 795 * DAY) })
  const { events } = await open(t, directory)
  assert.deepEqual(kinds(events), ['made'])
  assert.match(events[0]?.message ?? '', /about to expire/)
})

test('a local certificate that comes to its end while serving is made anew without a restart', async (t) => {
  let now = Date.now()
  const { tls: opened, events, port, directory } = await serve(t, { clock: { now: () => now as Instant } })
  const before = await handshake(port, { rejectUnauthorized: false })
  now += 795 * DAY
  await opened.refresh()
  const after = await handshake(port, { rejectUnauthorized: false })
  assert.deepEqual(kinds(events), ['made', 'made'])
  assert.notEqual(after.serial, before.serial)
  assert.equal(after.serial, new X509Certificate(await readFile(join(directory, 'server.pem'))).serialNumber)
})

for (const [what, spoil] of [
  ['its key is lost', (directory: string) => rm(join(directory, 'server.key'))],
  ['its authority is lost', (directory: string) => rm(join(directory, 'ca.pem'))],
  ['it is damaged', (directory: string) => writeFile(join(directory, 'server.pem'), 'not a certificate')],
] as const) {
  test(`local material is made anew at start when ${what}, and it is said why`, async (t) => {
    const directory = await aDirectory(t)
    await open(t, directory)
    await spoil(directory)
    const { events } = await open(t, directory)
    assert.deepEqual(kinds(events), ['made'])
  })
}

test('local material that does not cover a host name of the settings is made anew', async (t) => {
  const directory = await aDirectory(t)
  await open(t, directory)
  const { events } = await open(t, directory, { hostnames: ['gateway.example'] })
  assert.match(events[0]?.message ?? '', /does not cover gateway\.example/)
})

/** Two files that can serve as an own certificate, made by another local authority. */
async function ownMaterial(t: TestContext, clock: Clock = systemClock) {
  const { directory } = await open(t, await aDirectory(t), { clock })
  return {
    certificateFile: join(directory, 'server.pem'),
    keyFile: join(directory, 'server.key'),
    caFile: join(directory, 'ca.pem'),
  }
}

test('an own certificate is served, and no authority is made', async (t) => {
  const own = await ownMaterial(t)
  const { port, directory, tls: opened } = await serve2(t, own)
  const { serial } = await handshake(port, { ca: await readFile(own.caFile, 'utf8') })
  assert.equal(serial, new X509Certificate(await readFile(own.certificateFile)).serialNumber)
  assert.equal(opened.caFile, undefined)
  assert.deepEqual(await readdir(directory), [])
})

async function serve2(
  t: TestContext,
  own: { certificateFile: string; keyFile: string },
  clock: Clock = systemClock,
) {
  const { certificateFile, keyFile } = own
  const opened = await open(t, await aDirectory(t), { certificateFile, keyFile, clock })
  const server = https.createServer(opened.tls.secureOptions(), (_request, response) => response.end('ok'))
  opened.tls.attach(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { ...opened, port: (server.address() as AddressInfo).port }
}

test('an own certificate without its key file is refused at start', async (t) => {
  const { certificateFile } = await ownMaterial(t)
  await assert.rejects(open(t, await aDirectory(t), { certificateFile }), UnfitMaterial)
})

test('an own certificate that expired is refused at start, by its file and its date', async (t) => {
  const { certificateFile, keyFile } = await ownMaterial(t, clockAt(Date.now() - 900 * DAY))
  await assert.rejects(
    open(t, await aDirectory(t), { certificateFile, keyFile }),
    /server\.pem.*expired at \d{4}-/,
  )
})

test('a changed certificate serves new connections, while an open one goes on', async (t) => {
  const own = await ownMaterial(t)
  const next = await ownMaterial(t)
  const { port, tls: opened, events } = await serve2(t, own)
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
  t.after(() => agent.destroy())
  const get = async () => {
    const [response] = (await once(https.get({ port, host: '127.0.0.1', agent }), 'response')) as [
      http.IncomingMessage,
    ]
    const { serialNumber } = (response.socket as tls.TLSSocket).getPeerCertificate()
    await once(response.resume(), 'end')
    return serialNumber
  }
  const before = await get()
  await rename(next.certificateFile, own.certificateFile)
  await rename(next.keyFile, own.keyFile)
  await opened.refresh()
  assert.deepEqual(kinds(events), ['reloaded'])
  const fresh = await handshake(port, { ca: await readFile(next.caFile, 'utf8') })
  assert.notEqual(fresh.serial, before)
  assert.equal(await get(), before)
})

test('changes are found by looking again and again, without being told', async (t) => {
  const own = await ownMaterial(t)
  const next = await ownMaterial(t)
  let told: (event: TlsEvent) => void = () => {}
  const reloaded = new Promise<TlsEvent>((resolve) => {
    told = resolve
  })
  await open(t, await aDirectory(t), { ...own, pollMs: 5, onEvent: (event) => told(event) })
  await rename(next.keyFile, own.keyFile)
  await rename(next.certificateFile, own.certificateFile)
  // The event loop has nothing else to stay for.
  const stay = setInterval(() => {}, 1_000)
  t.after(() => clearInterval(stay))
  let event = await reloaded
  if (event.kind === 'refused')
    event = await new Promise((resolve) => {
      told = resolve
    })
  assert.equal(event.kind, 'reloaded')
})

for (const [what, words, spoil] of [
  ['that is no PEM', /no PEM certificate/, (own) => writeFile(own.certificateFile, 'garbage')],
  [
    'that is cut off',
    /no PEM certificate/,
    async (own) =>
      writeFile(own.certificateFile, (await readFile(own.certificateFile, 'utf8')).slice(0, 300)),
  ],
  [
    'with a damaged further one in its chain',
    /chain cannot be read/,
    async (own) =>
      writeFile(
        own.certificateFile,
        `${await readFile(own.certificateFile, 'utf8')}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      ),
  ],
  [
    'whose key is another',
    /key does not belong/,
    async (own, t) => rename((await ownMaterial(t)).keyFile, own.keyFile),
  ],
  ['whose key is no PEM', /no unencrypted PEM private key/, (own) => writeFile(own.keyFile, 'garbage')],
  ['whose key is gone', /key file .* cannot be read/, (own) => rm(own.keyFile)],
  [
    'that has expired',
    /expired at/,
    async (own, t) => {
      const old = await ownMaterial(t, clockAt(Date.now() - 900 * DAY))
      await rename(old.certificateFile, own.certificateFile)
      await rename(old.keyFile, own.keyFile)
    },
  ],
] as const satisfies readonly (readonly [
  string,
  RegExp,
  (own: Awaited<ReturnType<typeof ownMaterial>>, t: TestContext) => Promise<void>,
])[]) {
  test(`a changed certificate ${what} is kept out, and that is said once, in plain words`, async (t) => {
    const own = await ownMaterial(t)
    const { port, tls: opened, events } = await serve2(t, own)
    const ca = await readFile(own.caFile, 'utf8')
    const before = await handshake(port, { ca })
    await spoil(own, t)
    for (let looks = 0; looks < 4; looks++) await opened.refresh()
    assert.deepEqual(kinds(events), ['refused'])
    assert.match(events[0]?.message ?? '', words)
    assert.match(events[0]?.message ?? '', /The certificate before it stays in use/)
    assert.equal((await handshake(port, { ca })).serial, before.serial)
  })
}

test('a pair that is changed one file after the other is taken up whole, without a word about the half', async (t) => {
  const own = await ownMaterial(t)
  const next = await ownMaterial(t)
  const { tls: opened, events } = await serve2(t, own)
  await rename(next.certificateFile, own.certificateFile)
  await opened.refresh()
  await rename(next.keyFile, own.keyFile)
  await opened.refresh()
  assert.deepEqual(kinds(events), ['reloaded'])
})

test('good material after bad is taken up', async (t) => {
  const own = await ownMaterial(t)
  const next = await ownMaterial(t)
  const { tls: opened, events } = await serve2(t, own)
  await writeFile(own.certificateFile, 'garbage')
  await opened.refresh()
  await opened.refresh()
  await rename(next.certificateFile, own.certificateFile)
  await rename(next.keyFile, own.keyFile)
  await opened.refresh()
  assert.deepEqual(kinds(events), ['refused', 'reloaded'])
})

test('an own certificate that nears its end is warned of once, and once more when it has expired', async (t) => {
  const own = await ownMaterial(t)
  let now = Date.now()
  const { tls: opened, events } = await serve2(t, own, { now: () => now as Instant })
  now += 800 * DAY
  await opened.refresh()
  await opened.refresh()
  now += 30 * DAY
  await opened.refresh()
  await opened.refresh()
  assert.deepEqual(kinds(events), ['expiring', 'expired'])
})

/** What openssl says; undefined (and the test is skipped) on a machine without it. */
async function openssl(t: TestContext, args: readonly string[]): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)('openssl', args).catch(
    (error: NodeJS.ErrnoException & { stderr?: string }) => {
      if (error.code === 'ENOENT') return { stdout: undefined }
      throw new Error(error.stderr ?? error.message)
    },
  )
  if (stdout === undefined) t.skip('openssl is not on this machine')
  return stdout
}
