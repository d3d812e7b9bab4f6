/** What the whole application refuses, as a process of its own; and that a stop and a start lose nothing. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import tls from 'node:tls'
import { aSubmission, MEMBER } from '../support/a-submission.ts'
import { asJson, ask, type RunningServer, startRefused, startServer } from '../support/running-server.ts'
import { made } from '../support/suite-record.ts'

const LISTENERS = ['portalUrl', 'sandboxUrl', 'productionUrl'] as const
const BASE = '/rcm/prior-authorization/v1'
const PERSON = { email: 'ada@refusals.example', password: 'heron quartz lantern 9', company: 'Larkspur' }
made(PERSON.password)

let server: RunningServer
let elsewhere: string
before(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'countersign-refused-'))
  server = await startServer({ LOG_LEVEL: 'debug' })
})
after(async () => {
  await server?.remove()
  await rm(elsewhere, { recursive: true, force: true })
})

const portOf = (url: string) => Number(new URL(url).port)
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

for (const listener of LISTENERS) {
  for (const host of ['127.0.0.1', '::1']) {
    test(`plain HTTP gets not one byte from the ${listener} at ${host}`, {
      skip: host === '::1' && !hasIpv6 ? 'no IPv6 here' : false,
    }, async () => {
      const request = http.get({ port: portOf(server[listener]), host, path: '/healthz', agent: false })
      const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException]
      assert.equal(error.code, 'ECONNRESET')
    })
  }

  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    test(`${version} is refused by the ${listener} (RFC 8996), and 1.2 is not`, async () => {
      const shake = (maxVersion: tls.SecureVersion) =>
        handshake({ port: portOf(server[listener]), ca: server.ca, maxVersion })
      assert.equal(await shake('TLSv1.2'), 'TLSv1.2')
      await assert.rejects(shake(version), /alert protocol version/)
    })
  }
}

/** With a client that would speak any version: what is refused is refused by the server. */
function handshake(options: tls.ConnectionOptions): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: '127.0.0.1',
      servername: 'localhost',
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
      ...options,
    })
    socket.once('secureConnect', () => {
      resolve(socket.getProtocol())
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

test('a second process on the same data directory is refused: which one has it, and what to do', async () => {
  const { code, output } = await startRefused(server.dataDirectory)
  assert.equal(code, 1)
  assert.ok(output.includes(`The data folder ${server.dataDirectory} is in use by`), output)
  assert.ok(output.includes(String(server.process.pid)), output)
  assert.match(output, /Stop that one, or give this one a folder of its own with COUNTERSIGN_DATA_DIR/)
  assertForPeople(output)
  const alive = await ask(server.ca, `${server.portalUrl}/healthz`)
  assert.equal(alive.status, 200)
})

for (const [name, setting] of [
  ['portal', 'PORTAL_PORT'],
  ['production', 'PRODUCTION_PORT'],
] as const) {
  test(`a busy port is named with its setting: ${setting}`, async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    try {
      const { code, output } = await startRefused(join(elsewhere, 'busy'), { [setting]: String(port) })
      assert.equal(code, 1)
      assert.ok(output.includes(`The ${name} cannot listen. Port ${port} is taken`), output)
      assert.ok(output.includes(`Its setting is ${setting}`), output)
      assertForPeople(output)
    } finally {
      other.close()
    }
  })
}

test('a database that cannot be reached is named, and its password is not', async () => {
  const { code, output } = await startRefused(join(elsewhere, 'unreachable'), {
    DATABASE_URL: 'postgres://countersign:tangerine-kettle@127.0.0.1:1/authorizations',
  })
  assert.equal(code, 1)
  assert.match(output, /The database at 127\.0\.0\.1:1\/authorizations does not answer: check the host/)
  assert.ok(!output.includes('tangerine-kettle'), output)
  assertForPeople(output)
})

test('wrong settings are told all at once, by name and never by value', async () => {
  const { code, output } = await startRefused(join(elsewhere, 'wrong'), {
    PORTAL_PORT: 'tangerine',
    DATABASE_URL: 'mysql://countersign:tangerine-kettle@db/authorizations',
    LISTEN_ON: 'tangerine',
    COUNTERSIGN_DATADIR: '/tangerine',
  })
  assert.equal(code, 1)
  for (const line of [
    'PORTAL_PORT: expected a port, 0 to 65535',
    'DATABASE_URL: expected a postgres:// URL',
    'LISTEN_ON: expected one of loopback, any',
    'COUNTERSIGN_DATADIR: there is no such setting',
  ])
    assert.ok(output.includes(line), output)
  assert.ok(!output.includes('tangerine'), output)
  assertForPeople(output)
})

/** A sentence for the operator: no stack, no name of an error's class. */
function assertForPeople(output: string): void {
  assert.ok(!/^\s+at /m.test(output), output)
  assert.ok(!/this is a fault in it/.test(output), output)
}

interface Credentials {
  readonly clientId: string
  readonly clientSecret: string
}

test('Ctrl-C stops it with code 0, a second start finds the case of the first, and no output holds a word of it', async () => {
  const { credentials, link } = await signUp(server)
  const first = await tokenOf(server, credentials)
  const submitted = await ask(
    server.ca,
    `${server.sandboxUrl}${BASE}/submission`,
    asJson(aSubmission(), { authorization: `Bearer ${first}` }),
  )
  assert.equal(submitted.status, 200, submitted.text)
  const { authorizationId } = submitted.json<{ authorizationId: string }>()

  assert.equal(await server.stop(), 0)
  const firstOutput = server.output()
  assert.match(firstOutput, /Stopping\./)

  const again = await startServer({ LOG_LEVEL: 'debug' }, server.dataDirectory)
  try {
    assert.equal(again.ca, server.ca, 'the authority that callers trust is the same')
    const second = await tokenOf(again, credentials)
    const authorization = { authorization: `Bearer ${second}` }
    const read = await ask(again.ca, `${again.sandboxUrl}/v1/authorizations/${authorizationId}`, {
      headers: authorization,
    })
    assert.equal(read.status, 200, read.text)
    assert.equal(read.json<{ state: string }>().state, 'approved')
    const inquired = await ask(
      again.ca,
      `${again.sandboxUrl}${BASE}/inquiry`,
      asJson(aSubmission(), authorization),
    )
    assert.equal(inquired.json<{ authorizationId: string }>().authorizationId, authorizationId)

    assert.equal(await again.stop(), 0)
    const output = firstOutput + again.output()
    assert.match(output, /submission/, 'the calls were logged')
    const { email, password } = PERSON
    for (const word of [
      credentials.clientSecret,
      first,
      second,
      link,
      email,
      password,
      ...Object.values(MEMBER),
    ])
      assert.ok(!output.includes(word), `the output holds ${word.slice(0, 8)}…`)
  } finally {
    await again.stop()
  }
})

test('a damaged database is named, with what to do, and left as it is', async () => {
  await server.stop()
  const marker = join(server.dataDirectory, 'database/PG_VERSION')
  const before = await readFile(marker)
  await writeFile(marker, '\u001b[31mtangerine')
  const { code, output } = await startRefused(server.dataDirectory)
  assert.equal(code, 1)
  assert.ok(output.includes(join(server.dataDirectory, 'database')), output)
  assert.match(output, /is damaged: PG_VERSION holds no version\. Put a backup of the folder back, or move/)
  assert.ok(!output.includes('tangerine'), 'what stands in a damaged file is not written to a terminal')
  assertForPeople(output)
  assert.equal(await readFile(marker, 'utf8'), '\u001b[31mtangerine')
  await writeFile(marker, before)
})

for (const [what, spoil] of [
  ['lost', (file: string) => rm(file)],
  ['foreign', (file: string) => writeFile(file, `${'0'.repeat(64)}\n`)],
] as const) {
  test(`a ${what} key file is named, and no key is made in its place`, async () => {
    const file = join(server.dataDirectory, 'keys/sandbox.key')
    const key = await readFile(file)
    await spoil(file)
    const spoilt = await readFile(file).catch(() => undefined)
    const { code, output } = await startRefused(server.dataDirectory)
    assert.equal(code, 1)
    assert.ok(output.includes(file), output)
    assertForPeople(output)
    assert.deepEqual(await readFile(file).catch(() => undefined), spoilt)
    await writeFile(file, key, { mode: 0o600 })
  })
}

test('mended it starts again, and stops cleanly the moment that it says it can be stopped', async () => {
  const mended = await startServer({}, server.dataDirectory)
  assert.equal(await mended.stop(), 0)
})

/** Signs somebody up and follows the link in the letter. */
async function signUp({ ca, portalUrl }: RunningServer): Promise<{ credentials: Credentials; link: string }> {
  const post = (path: string, body: object) =>
    ask(ca, `${portalUrl}${path}`, asJson(body, { origin: portalUrl }))
  assert.equal((await post('/api/sign-up', { ...PERSON, acceptTerms: true })).status, 202)
  const outbox = await ask(ca, `${portalUrl}/api/outbox`)
  const letter = outbox
    .json<{ messages: readonly { to: string; text: string }[] }>()
    .messages.find(({ to }) => to === PERSON.email)
  const link = /#token=(\S+)/.exec(letter?.text ?? '')?.[1] ?? ''
  const verified = await post('/api/sign-up/verification', { token: link })
  assert.equal(verified.status, 200, verified.text)
  return { link, credentials: verified.json<{ credentials: Credentials }>().credentials }
}

async function tokenOf(
  { ca, sandboxUrl }: RunningServer,
  { clientId, clientSecret }: Credentials,
): Promise<string> {
  const given = await ask(ca, `${sandboxUrl}/oauth2/token`, {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
    },
    body: 'grant_type=client_credentials',
  })
  assert.equal(given.status, 200, given.text)
  return given.json<{ access_token: string }>().access_token
}
