import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import tls from 'node:tls'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { aServer, type TestServer } from '../../../test/support/https.ts'
import { readId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { createServer, listen, PortBusy, readJsonAs, readOnly, spellProblems } from './index.ts'

const JSON_HEADERS = { 'content-type': 'application/json' }
const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded' }

function echo(server: FastifyInstance) {
  server.post('/echo', async (request) => ({
    body: request.body instanceof URLSearchParams ? [...request.body] : request.body,
    raw: Buffer.from(request.rawBody).toString('base64'),
  }))
}

const throwing = (error: unknown) => (server: FastifyInstance) => {
  server.get('/', async () => {
    throw error
  })
}

// Bodies

test('a JSON body is read, and its exact bytes are at hand', async (t) => {
  const { ask } = await aServer(t, echo)
  const body = '{ "a" : "é" }\n'
  const answer = await ask('/echo', { body, headers: JSON_HEADERS })
  assert.deepEqual(answer.json(), { body: { a: 'é' }, raw: Buffer.from(body).toString('base64') })
})

test('a form is read as URLSearchParams, repeated fields and all', async (t) => {
  const { ask } = await aServer(t, echo)
  const answer = await ask('/echo', { body: 'a=1&b=%C3%A9&a=2', headers: FORM_HEADERS })
  assert.deepEqual(answer.json().body, [
    ['a', '1'],
    ['b', 'é'],
    ['a', '2'],
  ])
})

test('a request without a body has a raw body of no bytes', async (t) => {
  const { ask } = await aServer(t, (server) => {
    server.get('/', async (request) => ({ bytes: request.rawBody.length }))
  })
  assert.deepEqual((await ask('/')).json(), { bytes: 0 })
})

test('a body that is no JSON gets request/unreadable with its place', async (t) => {
  const { ask } = await aServer(t, echo)
  const answer = await ask('/echo', { body: '{"a":\n oops}', headers: JSON_HEADERS })
  assert.equal(answer.status, 400)
  assert.equal(answer.json().code, 'request/unreadable')
  assert.deepEqual(answer.json().faults, [{ at: 'line 2, column 2 (byte 7)', message: 'expected a value' }])
})

test('a body that is not UTF-8 gets request/unreadable with the byte', async (t) => {
  const { ask } = await aServer(t, echo)
  const answer = await ask('/echo', { body: Buffer.from([0x22, 0xff, 0x22]), headers: JSON_HEADERS })
  assert.equal(answer.json().code, 'request/unreadable')
  assert.match(String(answer.json().detail), /offset 1/)
})

for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x']) {
  test(`a body of ${type} gets request/media-type, naming what is read`, async (t) => {
    const { ask } = await aServer(t, echo)
    const answer = await ask('/echo', { body: 'x', headers: { 'content-type': type } })
    assert.equal(answer.status, 415)
    assert.equal(
      answer.json().detail,
      'Send the body as application/json or application/x-www-form-urlencoded.',
    )
  })
}

test('a body without a media type gets request/media-type', async (t) => {
  const { ask } = await aServer(t, echo)
  assert.equal((await ask('/echo', { body: '{}' })).json().code, 'request/media-type')
})

test('JSON in another character set than UTF-8 gets request/media-type (RFC 8259 section 8.1)', async (t) => {
  const { ask } = await aServer(t, echo)
  const answer = await ask('/echo', {
    body: '{}',
    headers: { 'content-type': 'application/json; charset=iso-8859-1' },
  })
  assert.equal(answer.status, 415)
})

test('JSON that says it is UTF-8 is read', async (t) => {
  const { ask } = await aServer(t, echo)
  const answer = await ask('/echo', {
    body: '{}',
    headers: { 'content-type': 'application/json; charset="UTF-8"' },
  })
  assert.equal(answer.status, 200)
})

test('a scope that reads forms alone refuses JSON and says so', async (t) => {
  const { ask } = await aServer(t, (server) => {
    server.register(async (scope) => {
      readOnly(scope, 'form')
      echo(scope)
    })
  })
  const answer = await ask('/echo', { body: '{}', headers: JSON_HEADERS })
  assert.equal(answer.json().detail, 'Send the body as application/x-www-form-urlencoded.')
})

test('a scope may read JSON under another name, and the others do not', async (t) => {
  const { ask } = await aServer(t, (server) => {
    server.register(async (scope) => {
      readJsonAs(scope, 'application/fhir+json')
      scope.post('/fhir', async (request) => request.body)
    })
    echo(server)
  })
  const fhir = { body: '{"a":1}', headers: { 'content-type': 'application/fhir+json' } }
  assert.deepEqual((await ask('/fhir', fhir)).json(), { a: 1 })
  assert.equal((await ask('/echo', fhir)).status, 415)
})

for (const [how, body] of [
  ['announced', 'x'.repeat(2_000)],
  ['not announced', undefined],
] as const) {
  test(`a body over the limit, ${how}, gets request/too-large with the limit`, async (t) => {
    const { port, ca } = await aServer(t, echo, { bodyLimitBytes: 1_000 })
    const headers = body ? JSON_HEADERS : { ...JSON_HEADERS, 'transfer-encoding': 'chunked' }
    const request = https.request({
      host: 'localhost',
      port,
      ca,
      path: '/echo',
      method: 'POST',
      headers,
      agent: false,
    })
    request.end(body ?? 'x'.repeat(2_000))
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    const problem = JSON.parse((await response.setEncoding('utf8').toArray()).join(''))
    assert.equal(response.statusCode, 413)
    assert.equal(problem.detail, 'The body may have 1000 bytes at most.')
  })
}

test('a connection is kept after a bad body that came whole', async (t) => {
  const { port, ca } = await aServer(t, echo)
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const portOfCaller = async () => {
    const asked = { host: 'localhost', port, ca, path: '/echo', method: 'POST', headers: JSON_HEADERS, agent }
    const [response] = (await once(https.request(asked).end('oops'), 'response')) as [http.IncomingMessage]
    const { localPort } = response.socket
    await once(response.resume(), 'end')
    return localPort
  }
  assert.equal(await portOfCaller(), await portOfCaller())
})

// Problems

test('a problem is answered as application/problem+json (RFC 9457 section 3)', async (t) => {
  const fault = { at: '/a', message: 'is wrong', remedy: 'mend it' }
  const { ask } = await aServer(
    t,
    throwing(new Problem('state/moved-on', 'It is decided.', { faults: [fault] })),
  )
  const answer = await ask('/')
  assert.equal(answer.status, 409)
  assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/)
  assert.deepEqual(answer.json(), {
    type: 'https://docs.example/problems/state/moved-on',
    title: 'The resource is no longer in the expected state',
    status: 409,
    detail: 'It is decided.',
    code: 'state/moved-on',
    faults: [fault],
    requestId: answer.headers['x-request-id'],
  })
})

test('when a retry may succeed is said in Retry-After, in whole seconds', async (t) => {
  const { ask } = await aServer(
    t,
    throwing(new Problem('system/unavailable', 'Soon.', { retryAfterSeconds: 1.2 })),
  )
  assert.equal((await ask('/')).headers['retry-after'], '2')
})

test('the challenge of a problem goes into WWW-Authenticate (RFC 6750 section 3)', async (t) => {
  const challenge = (problem: Problem) =>
    problem.status === 401 ? `Bearer realm="${problem.code}"` : undefined
  const { ask } = await aServer(t, throwing(new Problem('access/token-missing', 'Send one.')), { challenge })
  assert.equal((await ask('/')).headers['www-authenticate'], 'Bearer realm="access/token-missing"')
  assert.equal((await ask('/nowhere')).headers['www-authenticate'], undefined)
})

for (const [what, error] of [
  ['an Error', new Error('hush')],
  ['an Error with a status of its own', Object.assign(new Error('hush'), { statusCode: 404 })],
  ['something that is no Error', 'hush'],
  ['nothing', undefined],
] as const) {
  test(`when a handler throws ${what}, the caller is told nothing but the request id`, async (t) => {
    const { ask } = await aServer(t, throwing(error))
    const answer = await ask('/')
    assert.equal(answer.status, 500)
    assert.equal(answer.json().code, 'system/unexpected')
    assert.doesNotMatch(answer.text, /hush/)
  })
}

test('the cause of an unexpected error is in the log, beside the request id', async (t) => {
  const { ask, log } = await aServer(t, throwing(new TypeError('a bug')))
  const answer = await ask('/')
  const entry = log.find(({ msg }) => msg === 'unexpected error')
  assert.equal(entry?.requestId, answer.headers['x-request-id'])
  assert.equal((entry?.err as Error | undefined)?.message, 'a bug')
})

test('the cause of a problem is in the log and not in the answer', async (t) => {
  const { ask, log } = await aServer(
    t,
    throwing(new Problem('system/unavailable', 'Soon.', { cause: new Error('no route') })),
  )
  assert.doesNotMatch((await ask('/')).text, /no route/)
  assert.ok(log.some(({ err }) => (err as { message?: string } | undefined)?.message === 'no route'))
})

test('a path that does not exist gets request/no-such-path', async (t) => {
  const { ask } = await aServer(t, echo)
  const answer = await ask('/nowhere')
  assert.equal(answer.status, 404)
  assert.equal(answer.json().code, 'request/no-such-path')
})

test('a path that exists for another method gets request/method-not-allowed with Allow (RFC 9110 section 15.5.6)', async (t) => {
  const { ask } = await aServer(t, (server) => {
    server.get('/things/:id', async () => ({}))
    server.delete('/things/:id', async () => ({}))
    server.post('/things/:id/$submit', async () => ({}))
  })
  const answer = await ask('/things/17?x=1', { method: 'PATCH' })
  assert.equal(answer.status, 405)
  assert.equal(answer.headers.allow, 'DELETE, GET, HEAD')
  assert.equal((await ask('/things/17/$submit')).headers.allow, 'POST')
  assert.equal((await ask('/things/17/other')).status, 404)
})

test('a method that nobody knows is answered like any other', async (t) => {
  const { ask } = await aServer(t, echo)
  assert.equal((await ask('/echo', { method: 'PROPFIND' })).json().code, 'request/method-not-allowed')
})

test('a path with a broken escape gets request/unreadable', async (t) => {
  const { ask } = await aServer(t, echo)
  const answer = await ask('/%zz')
  assert.equal(answer.status, 400)
  assert.equal(answer.json().code, 'request/unreadable')
  assert.equal(answer.headers['x-request-id'], answer.json().requestId)
})

const Thing = Type.Object(
  { name: Type.String({ maxLength: 5 }), count: Type.Integer(), kind: Type.Optional(Type.String()) },
  { additionalProperties: false },
)
const things = (server: FastifyInstance) => {
  server.post('/things', { schema: { body: Thing } }, async () => ({}))
  server.get(
    '/things',
    { schema: { querystring: Type.Object({ limit: Type.String({ pattern: '^\\d+$' }) }) } },
    async () => ({}),
  )
  server.post('/lists', { schema: { body: Type.Array(Type.Integer()) } }, async () => ({}))
}

test('every fault of a body against its schema is told, by JSON pointer (RFC 6901)', async (t) => {
  const { ask } = await aServer(t, things)
  const answer = await ask('/things', {
    body: '{"name":"Winterbourne","kind":7,"a/b":1}',
    headers: JSON_HEADERS,
  })
  assert.equal(answer.status, 422)
  assert.equal(answer.json().code, 'request/invalid')
  assert.deepEqual((answer.json().faults as { at: string }[]).map(({ at }) => at).sort(), [
    '/a~1b',
    '/count',
    '/kind',
    '/name',
  ])
})

test('nothing is converted to please a schema', async (t) => {
  const { ask } = await aServer(t, things)
  assert.equal(
    (await ask('/things', { body: '{"name":"a","count":"1"}', headers: JSON_HEADERS })).status,
    422,
  )
})

test('a fault of the query names the query', async (t) => {
  const { ask } = await aServer(t, things)
  assert.deepEqual((await ask('/things?limit=x')).json().faults, [
    { at: 'querystring /limit', message: 'must match pattern "^\\d+$"' },
  ])
})

test('at most fifty faults are told, and that there are more', async (t) => {
  const { ask } = await aServer(t, things)
  const body = JSON.stringify(Array(1_000).fill('x'))
  const faults = (await ask('/lists', { body, headers: JSON_HEADERS })).json().faults as { message: string }[]
  assert.equal(faults.length, 51)
  assert.match(faults.at(-1)?.message ?? '', /more faults/)
})

const spelled = (server: FastifyInstance) => {
  echo(server)
  server.register(
    async (scope) => {
      spellProblems(scope, (problem, request, reply) => {
        reply.code(problem.status === 415 ? 400 : problem.status).send([`${problem.code} ${request.id}`])
      })
      scope.post('/echo', async () => ({}))
      scope.post('/things', { schema: { body: Thing } }, async () => ({}))
      scope.post('/refused', async () => {
        throw new Problem('access/scope-missing', 'No.', { retryAfterSeconds: 3 })
      })
    },
    { prefix: '/door' },
  )
}

for (const [what, path, asked, code, status] of [
  ['bad JSON', '/door/echo', { body: '{', headers: JSON_HEADERS }, 'request/unreadable', 400],
  [
    'an unknown media type',
    '/door/echo',
    { body: 'x', headers: { 'content-type': 'text/plain' } },
    'request/media-type',
    400,
  ],
  [
    'a body over the limit',
    '/door/echo',
    { body: '1'.repeat(3_000), headers: JSON_HEADERS },
    'request/too-large',
    413,
  ],
  [
    'a body against its schema',
    '/door/things',
    { body: '{}', headers: JSON_HEADERS },
    'request/invalid',
    422,
  ],
  [
    'what a handler throws',
    '/door/refused',
    { body: '{}', headers: JSON_HEADERS },
    'access/scope-missing',
    403,
  ],
] as const) {
  test(`a scope spells ${what} its own way`, async (t) => {
    const { ask } = await aServer(t, spelled, { bodyLimitBytes: 2_000 })
    const answer = await ask(path, asked)
    assert.equal(answer.status, status)
    assert.deepEqual(JSON.parse(answer.text), [`${code} ${answer.headers['x-request-id']}`])
  })
}

test('outside of a scope with its own spelling, problems are spelled as ever', async (t) => {
  const { ask } = await aServer(t, spelled)
  assert.equal((await ask('/echo', { body: '{', headers: JSON_HEADERS })).json().code, 'request/unreadable')
})

test('a scope with its own spelling keeps Retry-After', async (t) => {
  const { ask } = await aServer(t, spelled)
  assert.equal(
    (await ask('/door/refused', { body: '{}', headers: JSON_HEADERS })).headers['retry-after'],
    '3',
  )
})

for (const [what, path, method, code] of [
  ['an unknown path', '/door/nowhere', 'POST', 'request/no-such-path'],
  ['a method not allowed', '/door/echo', 'GET', 'request/method-not-allowed'],
] as const) {
  test(`a scope with a prefix spells ${what} under it its own way`, async (t) => {
    const { ask } = await aServer(t, spelled)
    const answer = await ask(path, { method })
    assert.deepEqual(JSON.parse(answer.text), [`${code} ${answer.headers['x-request-id']}`])
  })
}

// Headers

test('every answer carries a request id of ours, whatever id the caller gave', async (t) => {
  const { ask } = await aServer(t, echo)
  for (const path of ['/healthz', '/nowhere', '/%zz']) {
    const id = (await ask(path, { headers: { 'x-request-id': 'req_forged' } })).headers['x-request-id'] ?? ''
    assert.equal(readId('request', id), id)
  }
})

test('answers are not stored, not sniffed, and name no software', async (t) => {
  const { ask } = await aServer(t)
  const { headers } = await ask('/healthz')
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers.server, undefined)
  assert.equal(headers['x-powered-by'], undefined)
})

test('a route may let its answer be stored', async (t) => {
  const { ask } = await aServer(t, (server) => {
    server.get('/keys', async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=60').send({}),
    )
  })
  assert.equal((await ask('/keys')).headers['cache-control'], 'public, max-age=60')
})

for (const [host, expected] of [
  ['api.example.org', 'max-age=31536000'],
  ['localhost.example.org:8444', 'max-age=31536000'],
  ['localhost:8444', undefined],
  ['127.0.0.1:8444', undefined],
  ['[::1]:8444', undefined],
] as const) {
  test(`at ${host}, Strict-Transport-Security is ${expected ?? 'not sent'} (RFC 6797)`, async (t) => {
    const { ask } = await aServer(t)
    assert.equal(
      (await ask('/healthz', { headers: { host } })).headers['strict-transport-security'],
      expected,
    )
  })
}

// Health

test('/healthz says that the process is alive', async (t) => {
  const { ask } = await aServer(t, () => {}, {
    readiness: { database: () => Promise.reject(new Error('down')) },
  })
  const answer = await ask('/healthz')
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.json(), { status: 'alive' })
})

test('/readyz says ready when every check passes', async (t) => {
  const { ask } = await aServer(t, () => {}, { readiness: { database: async () => {} } })
  assert.deepEqual((await ask('/readyz')).json(), { status: 'ready' })
})

test('/readyz names the dependency that fails and not why; the log says why', async (t) => {
  const readiness = { database: () => Promise.reject(new Error('no route to it')), keys: async () => {} }
  const { ask, log } = await aServer(t, () => {}, { readiness })
  const answer = await ask('/readyz')
  assert.equal(answer.status, 503)
  assert.deepEqual(answer.json(), { status: 'not-ready', waitingFor: ['database'] })
  assert.ok(
    log.some(({ dependency, err }) => dependency === 'database' && /no route/.test((err as Error).message)),
  )
})

test('/readyz asks its dependencies once a second at most', async (t) => {
  let now = 0
  let asked = 0
  const clock = { now: () => now as Instant }
  const { ask } = await aServer(t, () => {}, { clock, readiness: { database: async () => asked++ } })
  await ask('/readyz')
  await ask('/readyz')
  assert.equal(asked, 1)
  now = 1_000
  await ask('/readyz')
  assert.equal(asked, 2)
})

// The log

const request = (log: TestServer['log']) => log.filter(({ msg }) => msg === 'request')

test('each request is one line: method, route pattern, status, duration, request id, trace id, client', async (t) => {
  const { ask, log } = await aServer(t, (server) => {
    server.get('/things/:id', async (request) => {
      request.clientId = 'cs_test_abc'
      return {}
    })
  })
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const answer = await ask('/things/17?a=b', { headers: { traceparent } })
  const { time: _time, durationMs, ...line } = request(log)[0] ?? {}
  assert.equal(request(log).length, 1)
  assert.equal(typeof durationMs, 'number')
  assert.deepEqual(line, {
    level: 'info',
    listener: 'test',
    requestId: answer.headers['x-request-id'],
    method: 'GET',
    route: '/things/:id',
    clientId: 'cs_test_abc',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    status: 200,
    msg: 'request',
  })
})

test('the line of a request that ended in a problem names it', async (t) => {
  const { ask, log } = await aServer(t, echo)
  await ask('/echo', { body: '{', headers: JSON_HEADERS })
  assert.deepEqual(
    request(log).map(({ status, problem }) => ({ status, problem })),
    [{ status: 400, problem: 'request/unreadable' }],
  )
})

test('secrets in header, query, path and body leave nothing in the log, however the request ends', async (t) => {
  const secret = 'css_live_W1nterb0urne'
  const { ask, log, port, ca } = await aServer(t, (server) => {
    echo(server)
    server.post('/fail/:id', async (request) => {
      throw new Error(`failed on ${JSON.stringify(request.body)} ${request.url}`, {
        cause: new Error(secret),
      })
    })
    server.post('/logged/:id', async (request) => {
      request.log.info(
        { req: request, body: request.body, headers: request.headers, err: new Error(secret) },
        'careless',
      )
      return {}
    })
    server.post('/schema', { schema: { body: Type.Object({ a: Type.Integer() }) } }, async () => ({}))
  })
  const headers = {
    ...JSON_HEADERS,
    authorization: `Bearer ${secret}`,
    cookie: secret,
    traceparent: secret,
    'x-request-id': secret,
  }
  const body = JSON.stringify({ a: secret })
  for (const path of [
    '/echo',
    `/fail/${secret}`,
    `/logged/${secret}`,
    '/schema',
    `/${secret}`,
    `/%zz${secret}`,
  ])
    for (const sent of [body, `{"a": ${secret}`])
      await ask(`${path}?token=${secret}`, { headers, body: sent })
  const socket = tls.connect({ host: 'localhost', port, ca })
  socket.end(`${secret} is no HTTP\r\n\r\n`)
  await once(socket.resume(), 'close')
  assert.ok(log.length >= 13)
  assert.doesNotMatch(JSON.stringify(log), /W1nterb0urne/)
})

test('no address of a caller is in the log', async (t) => {
  const { ask, log } = await aServer(t)
  await ask('/nowhere')
  assert.doesNotMatch(JSON.stringify(log), /127\.0\.0\.1|::1/)
})

// Slow and greedy callers

/** Opens a connection, sends the beginning of a request, and gives all that comes back until it is closed. */
async function begin({ port, ca }: TestServer, text: string): Promise<string> {
  const socket = tls.connect({ host: 'localhost', port, ca })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  socket.write(text)
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

const SHORT = { headersTimeoutMs: 60, requestTimeoutMs: 120 }

test('headers that never end are cut off with request/too-slow', { timeout: 5_000 }, async (t) => {
  const server = await aServer(t, echo, { limits: SHORT })
  const answer = await begin(server, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-')
  assert.match(answer, /^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*"code":"request\/too-slow"/)
  assert.match(answer, /\r\nX-Request-Id: req_/)
})

test('a body that never ends is cut off with request/too-slow', { timeout: 5_000 }, async (t) => {
  const server = await aServer(t, echo, { limits: SHORT })
  const head =
    'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n'
  assert.match(await begin(server, `${head}{"a"`), /408 Request Timeout/)
})

test('a connection on which nothing is said is closed', { timeout: 5_000 }, async (t) => {
  await begin(await aServer(t, echo, { limits: SHORT }), '')
})

test('a TLS handshake that never ends is cut off', { timeout: 5_000 }, async (t) => {
  const { port } = await aServer(t, echo, { limits: { handshakeTimeoutMs: 50 } })
  const socket = net.connect({ host: '127.0.0.1', port })
  socket.on('error', () => {})
  await once(socket, 'close')
})

test('an idle connection is closed after its time', { timeout: 5_000 }, async (t) => {
  const server = await aServer(t, echo, { limits: { keepAliveTimeoutMs: 30 } })
  assert.match(await begin(server, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'), /200 OK/)
})

test('headers over the limit get request/headers-too-large', async (t) => {
  const server = await aServer(t, echo, { limits: { headerBytes: 2_000 } })
  const answer = await begin(
    server,
    `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(3_000)}\r\n\r\n`,
  )
  assert.match(answer, /^HTTP\/1\.1 431 [\s\S]*"code":"request\/headers-too-large"/)
})

test('a request with two hosts gets request/unreadable (RFC 9112 section 3.2)', async (t) => {
  const two =
    'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n'
  assert.match(await begin(await aServer(t), two), /^HTTP\/1\.1 400 [\s\S]*"code":"request\/unreadable"/)
})

test('what is no HTTP gets request/unreadable', async (t) => {
  assert.match(
    await begin(await aServer(t), 'hello\r\n\r\n'),
    /^HTTP\/1\.1 400 [\s\S]*"code":"request\/unreadable"/,
  )
})

test('plain HTTP at the TLS port gets a closed connection', async (t) => {
  const { port } = await aServer(t)
  const [error] = (await once(http.get({ host: '127.0.0.1', port }), 'error')) as [NodeJS.ErrnoException]
  assert.equal(error.code, 'ECONNRESET')
})

test('a connection is closed after the number of requests it may carry', async (t) => {
  const { ca, port } = await aServer(t, echo, { limits: { requestsPerConnection: 2 } })
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const connection = async () => {
    const [response] = (await once(
      https.get({ host: 'localhost', port, ca, path: '/healthz', agent }),
      'response',
    )) as [http.IncomingMessage]
    await once(response.resume(), 'end')
    return response.headers.connection
  }
  assert.deepEqual([await connection(), await connection()], ['keep-alive', 'close'])
})

// Closing

function waiting(t: TestContext, closeTimeoutMs: number) {
  const arrived = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const server = aServer(
    t,
    (instance) => {
      instance.get('/slow', async () => {
        arrived.resolve()
        await go.promise
        return { done: true }
      })
    },
    { limits: { closeTimeoutMs } },
  )
  return { server, arrived: arrived.promise, go: go.resolve }
}

test('closing ends idle connections at once', { timeout: 5_000 }, async (t) => {
  const { server, port, ca } = await aServer(t)
  const agent = new https.Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const [response] = (await once(
    https.get({ host: 'localhost', port, ca, path: '/healthz', agent }),
    'response',
  )) as [http.IncomingMessage]
  const closed = once(response.socket, 'close')
  await once(response.resume(), 'end')
  await server.close()
  await closed
})

test('closing ends connections on which nothing was asked yet', { timeout: 5_000 }, async (t) => {
  const { server, port, ca } = await aServer(t)
  const socket = tls.connect({ host: 'localhost', port, ca })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  const closed = once(socket.resume(), 'close')
  await server.close()
  await closed
})

test('closing waits for a running request, and for no longer than that', { timeout: 5_000 }, async (t) => {
  const { server, arrived, go } = waiting(t, 60_000)
  const { ask, server: instance } = await server
  const answer = ask('/slow', { headers: { connection: 'keep-alive' } })
  await arrived
  const closed = instance.close()
  go()
  assert.deepEqual((await answer).json(), { done: true })
  await closed
})

test('closing cuts off a request that runs for too long', { timeout: 5_000 }, async (t) => {
  const { server, arrived, go } = waiting(t, 30)
  const { ask, server: instance } = await server
  const answer = assert.rejects(ask('/slow'), { code: 'ECONNRESET' })
  await arrived
  await instance.close()
  await answer
  go()
})

// Listening

test('a busy port is named, with what to do', async (t) => {
  const { port } = await aServer(t)
  await assert.rejects(
    aServer(t, () => {}).then(async ({ server }) => {
      await server.close()
      const other = createServerLike(server)
      await listen(other, { reach: 'loopback', port })
    }),
    (error) => error instanceof PortBusy && error.port === port && /set another port/.test(error.message),
  )
})

test('both loopback addresses are served, where the machine has both', async (t) => {
  const { port, ca } = await aServer(t)
  const probe = net.createServer().listen({ host: '::1', port: 0 })
  const hasIpv6 = await once(probe, 'listening').then(
    () => true,
    () => false,
  )
  probe.close()
  if (!hasIpv6) return t.skip('this machine has no IPv6')
  const get = https.get({ host: '::1', port, ca, path: '/healthz', servername: 'localhost', agent: false })
  const [response] = (await once(get, 'response')) as [http.IncomingMessage]
  assert.equal(response.resume().statusCode, 200)
})

async function plain(t: TestContext, trustProxy: readonly string[]): Promise<FastifyInstance> {
  const { server } = await aServer(t)
  const { problemBaseUrl } = server.problemSettings
  const other = createServer({
    ...(server.problemSettings as Parameters<typeof createServer>[0]),
    tls: undefined as never,
    problemBaseUrl,
    trustProxy,
  })
  other.get('/ip', async (request) => ({ ip: request.ip }))
  t.after(() => other.close())
  return other
}

function createServerLike(server: FastifyInstance): FastifyInstance {
  return createServer(server.problemSettings as Parameters<typeof createServer>[0])
}

test('a plain server answers at a socket file', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'cs-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const socketPath = join(directory, 'socket')
  await listen(await plain(t, []), { socket: socketPath })
  const [response] = (await once(http.get({ socketPath, path: '/healthz', agent: false }), 'response')) as [
    http.IncomingMessage,
  ]
  assert.equal(response.resume().statusCode, 200)
  assert.equal(response.headers['strict-transport-security'], undefined)
})

test('a plain server refuses to listen at a port without trusted proxies', async (t) => {
  await assert.rejects(listen(await plain(t, []), { reach: 'loopback', port: 0 }), /without TLS/)
})

const plainGet = async (port: number, headers: Record<string, string> = {}) => {
  const [response] = (await once(
    http.get({ host: '127.0.0.1', port, path: '/ip', headers, agent: false }),
    'response',
  )) as [http.IncomingMessage]
  return JSON.parse((await response.setEncoding('utf8').toArray()).join(''))
}

test('a trusted proxy is believed about its caller, as far back as proxies are trusted', async (t) => {
  const port = await listen(await plain(t, ['127.0.0.0/8', '10.0.0.0/8']), { reach: 'loopback', port: 0 })
  assert.deepEqual(await plainGet(port, { 'x-forwarded-for': '198.51.100.1, 192.0.2.5, 10.1.1.1' }), {
    ip: '192.0.2.5',
  })
})

test('a plain server closes the connection of whoever is no trusted proxy', async (t) => {
  const port = await listen(await plain(t, ['10.0.0.0/8']), { reach: 'loopback', port: 0 })
  await assert.rejects(plainGet(port), { code: 'ECONNRESET' })
})

for (const range of ['1', 'loopback', '10.0.0.0/33', '10.0.0.0/', 'true', '']) {
  test(`${JSON.stringify(range)} is refused as a trusted proxy`, async (t) => {
    await assert.rejects(plain(t, [range]), /CIDR/)
  })
}

test('without trusted proxies, X-Forwarded-For counts for nothing', async (t) => {
  const { ask } = await aServer(t, (server) => {
    server.get('/ip', async (request) => ({ ip: request.ip }))
  })
  assert.match(
    String((await ask('/ip', { headers: { 'x-forwarded-for': '192.0.2.5' } })).json().ip),
    /127\.0\.0\.1|::1/,
  )
})

test('what a caller aborts has its line in the log', async (t) => {
  const { server, arrived, go } = waiting(t, 60_000)
  const { port, ca, log } = await server
  const socket: Socket = tls.connect({ host: 'localhost', port, ca })
  socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await arrived
  socket.destroy()
  while (request(log).length === 0) await new Promise((resolve) => setImmediate(resolve))
  go()
  assert.equal(request(log)[0]?.aborted, true)
})

for (const [what, begin, status] of [
  [
    'a body',
    'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    '413',
  ],
  ['a header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ', '431'],
] as const)
  test(`whoever sends ${what} too long and goes on reads its answer, and the end of it, before anything is reset (RFC 9112 section 9.6)`, async (t) => {
    const { port, ca } = await aServer(t, echo, { bodyLimitBytes: 1_000 })
    const plain = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    const socket = tls.connect({ socket: plain, servername: 'localhost', ca })
    await once(socket, 'secureConnect')
    let answer = ''
    let failure: Error | undefined
    socket.on('error', (error) => {
      failure = error
    })
    socket.on('data', (chunk) => {
      answer += chunk
    })
    const ended = once(socket, 'end')
    socket.write(begin)
    const more = status === '413' ? `4000\r\n${'a'.repeat(0x4000)}\r\n` : 'x'.repeat(0x4000)
    // Some of it after the answer was sent, which nobody waits for.
    for (let i = 0; i < 40 && failure === undefined; i++) {
      socket.write(more)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.race([ended, once(socket, 'close')])
    assert.equal(failure, undefined)
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
    socket.destroy()
  })
