import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { openServer, requireVersion } from './server.ts'
import { DatabaseUnavailable, whyNotConnected, withoutValues } from './unavailable.ts'

const SECRET = 'correct-horse'

/** Something that listens and answers as a database might; returns the URL that leads there. */
async function aServer(context: TestContext, answer: (socket: Socket) => void, query = ''): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => answer(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `postgres://user:${SECRET}@127.0.0.1:${portOf(server)}/pa${query}`
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** PostgreSQL's ErrorResponse: fields of a letter and a text, each ended by a zero. */
function refusal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

/** What pinging the address comes to: always a DatabaseUnavailable, and never one that tells the password. */
async function pinged(context: TestContext, url: string): Promise<DatabaseUnavailable> {
  const engine = openServer(url, { connectTimeoutMs: 2_000 })
  context.after(() => engine.close())
  const error = await engine.ping().then(
    () => assert.fail('it answered'),
    (reason) => reason,
  )
  assert.ok(error instanceof DatabaseUnavailable, String(error))
  assert.ok(!error.message.includes(SECRET))
  assert.ok(!String((error.cause as Error | undefined)?.message).includes(SECRET))
  return error
}

const REFUSALS = [
  ['28P01', 'a wrong password', 'sign-in', /check the user name and the password/],
  ['28000', 'a user whom pg_hba.conf does not let in', 'sign-in', /pg_hba\.conf/],
  ['3D000', 'a database that does not exist', 'no-such-database', /does not exist: create it/],
  ['42501', 'a database that the user may not connect to', 'sign-in', /grant it CONNECT/],
  ['53300', 'a server without a free connection', 'busy', /max_connections/],
  ['57P03', 'a server that is starting', 'starting-or-stopping', /wait until/],
] as const

for (const [code, what, why, remedy] of REFUSALS) {
  test(`${what} is named, with what to check`, async (context) => {
    const url = await aServer(context, (socket) => socket.end(refusal(code, 'no')))
    const error = await pinged(context, url)
    assert.equal(error.why, why)
    assert.equal(error.code, code)
    assert.match(error.message, remedy)
    assert.match(error.message, /^The database at 127\.0\.0\.1:\d+\/pa /)
  })
}

test('a port at which nothing listens is named', async (context) => {
  const url = await aServer(context, () => undefined)
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const port = portOf(free)
  free.close()
  await once(free, 'close')
  const error = await pinged(context, url.replace(/:\d+\//, `:${port}/`))
  assert.equal(error.why, 'unreachable')
  assert.match(error.message, /check the host and port/)
})

test('a host that does not exist is named', async (context) => {
  const error = await pinged(context, `postgres://user:${SECRET}@nobody.invalid/pa`)
  assert.equal(error.why, 'unreachable')
  assert.match(error.message, /nobody\.invalid:5432\/pa/)
})

test('a server that speaks no TLS, where TLS was asked for, is named', async (context) => {
  const url = await aServer(context, (socket) => socket.end('N'), '?sslmode=verify-full')
  const error = await pinged(context, url)
  assert.equal(error.why, 'tls')
  assert.match(error.message, /does not speak TLS/)
})

test('a TLS conversation that fails is named', async (context) => {
  const url = await aServer(
    context,
    (socket) => {
      socket.write('S')
      socket.once('data', () => socket.end('this is no TLS record, whatever it is'))
    },
    '?sslmode=verify-full',
  )
  assert.equal((await pinged(context, url)).why, 'tls')
})

for (const [code, what, remedy] of [
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'that nobody here trusts', /sslrootcert=FILE/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'of an unknown authority', /sslrootcert=FILE/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'for another host', /connect by the name that it carries/],
  ['CERT_HAS_EXPIRED', 'that has expired', /renew it/],
] as const) {
  test(`a certificate ${what} is named, with what to do`, () => {
    const error = whyNotConnected(Object.assign(new Error('no'), { code }), 'db.example:5432/pa')
    assert.equal(error.why, 'tls')
    assert.match(error.message, remedy)
  })
}

test('a certificate file that is not there is named', async (context) => {
  const error = await pinged(context, `postgres://user:${SECRET}@127.0.0.1/pa?sslrootcert=/nowhere/ca.pem`)
  assert.equal(error.why, 'tls')
  assert.match(error.message, /certificate file/)
})

test('sslmode=require checks the certificate as verify-full does, and warns of nothing', async (context) => {
  const warnings: unknown[] = []
  const keep = (warning: unknown) => warnings.push(warning)
  process.on('warning', keep)
  context.after(() => process.off('warning', keep))
  const url = await aServer(context, (socket) => socket.end('N'), '?sslmode=require')
  assert.equal((await pinged(context, url)).why, 'tls')
  assert.deepEqual(warnings, [])
})

for (const url of ['', 'countersign', 'mysql://user@host/pa', `postgres://user:${SECRET}@ho st/pa`]) {
  test(`"${url.replace(SECRET, '...')}" is no connection URL`, () => {
    assert.throws(
      () => openServer(url),
      (error: DatabaseUnavailable) => {
        assert.equal(error.why, 'address')
        assert.ok(!error.message.includes(SECRET))
        assert.match(error.message, /postgres:\/\/user:password@host:port\/database/)
        return true
      },
    )
  })
}

test('an engine is called by host, port and database', async () => {
  const engine = openServer(`postgres://user:${SECRET}@db.example/pa?application_name=x`)
  assert.equal(engine.name, 'db.example:5432/pa')
  await engine.close()
})

test('PostgreSQL 14 is refused, with the version that is needed', () => {
  assert.throws(() => requireVersion(140_012, 'db.example:5432/pa'), {
    why: 'too-old',
    message: /is PostgreSQL 14; version 15 or later is needed/,
  })
})

test('PostgreSQL 15 and later are accepted', () => {
  for (const version of [150_000, 160_004, 180_001]) requireVersion(version, 'db.example:5432/pa')
})

test("a database's error keeps its code and constraint, and loses the row's values", () => {
  const error = withoutValues(
    Object.assign(new Error('duplicate key'), {
      code: '23505',
      constraint: 'members_pkey',
      detail: 'Key (member)=(Quillfeather) already exists.',
      params: ['Quillfeather'],
      where: 'COPY members, line 1: "Quillfeather"',
    }),
  )
  assert.equal(error.code, '23505')
  assert.equal(error.constraint, 'members_pkey')
  assert.ok(!JSON.stringify(error).includes('Quillfeather'))
})
