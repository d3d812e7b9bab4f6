import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { type TestContext, test } from 'node:test'
import tls from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { aServer, type TestServer } from '../../../test/support/https.ts'
import type { Limits } from './index.ts'

/** Silent, as nobody's TLS handshake begins on it. */
async function silent(t: TestContext, { port }: TestServer, localAddress = '127.0.0.1'): Promise<net.Socket> {
  const socket = net.connect({ host: '127.0.0.1', port, localAddress })
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket.resume()
}

/** One that stays open, with what came back on it so far. */
async function shaken(t: TestContext, { port, ca }: TestServer) {
  const socket = tls.connect({ host: '127.0.0.1', servername: 'localhost', port, ca })
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

const get = async (socket: net.Socket, path: string) => {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  const [data] = (await once(socket, 'data')) as [Buffer]
  return data.toString('latin1').slice(9, 12)
}
const closed = (socket: net.Socket) => (socket.destroyed ? Promise.resolve() : once(socket, 'close'))

function routes(server: FastifyInstance) {
  server.get('/proved', async (request) => {
    request.clientId = 'cs_test_abc'
    return {}
  })
}
const bounded = (t: TestContext, limits: Partial<Limits>, more = routes) => aServer(t, more, { limits })
const OPTIONS = { timeout: 10_000 }

test(
  'for one connection too many the longest idle is closed, and the new one is served',
  OPTIONS,
  async (t) => {
    const server = await bounded(t, { connections: 2 })
    const [first, second] = [await silent(t, server), await silent(t, server)]
    const third = await shaken(t, server)
    await closed(first)
    assert.equal(second.destroyed, false)
    assert.equal(await get(third, '/healthz'), '200')
  },
)

test('idle is a connection that has been answered too, and from then on', OPTIONS, async (t) => {
  const server = await bounded(t, { connections: 2 })
  const answered = await shaken(t, server)
  const quiet = await silent(t, server)
  await get(answered, '/healthz')
  await silent(t, server)
  await closed(quiet)
  assert.equal(await get(answered, '/healthz'), '200')
})

test('one on which a client has proved itself outlasts those of strangers', OPTIONS, async (t) => {
  const server = await bounded(t, { connections: 2 })
  const proved = await shaken(t, server)
  await get(proved, '/proved')
  for (let i = 0; i < 5; i++) await shaken(t, server)
  assert.equal(await get(proved, '/proved'), '200')
})

test('one that waits for its answer is never closed: the new one is', OPTIONS, async (t) => {
  const arrived = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const server = await bounded(t, { connections: 1 }, (instance) => {
    instance.get('/slow', async () => {
      arrived.resolve()
      await go.promise
      return {}
    })
  })
  const waiting = await shaken(t, server)
  const answer = get(waiting, '/slow')
  await arrived.promise
  await closed(await silent(t, server))
  go.resolve()
  assert.equal(await answer, '200')
})

test('one whose body does not come makes room as an idle one does', OPTIONS, async (t) => {
  const server = await bounded(t, { connections: 1 }, (instance) => {
    instance.post('/echo', async () => ({}))
  })
  const slow = await shaken(t, server)
  slow.write(
    'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  )
  const next = await shaken(t, server)
  assert.equal(await get(next, '/healthz'), '200')
  await closed(slow.resume())
})

test('one whose answer is not read makes room as an idle one does', OPTIONS, async (t) => {
  const answered = Promise.withResolvers<void>()
  const server = await bounded(t, { connections: 1 }, (instance) => {
    instance.get('/large', { onSend: async () => answered.resolve() }, async () =>
      'x'.repeat(32 * 1024 * 1024),
    )
  })
  const unread = await shaken(t, server)
  unread.pause()
  unread.write('GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await answered.promise
  await new Promise(setImmediate)
  assert.equal(await get(await shaken(t, server), '/healthz'), '200')
})

test('one address cannot take the connections of all', OPTIONS, async (t) => {
  const server = await bounded(t, { connections: 3, connectionsPerAddress: 2 })
  const neighbour = await silent(t, server, '127.0.0.2')
  const [first] = [await silent(t, server), await silent(t, server)]
  const third = await shaken(t, server)
  await closed(first)
  assert.equal(neighbour.destroyed, false)
  assert.equal(await get(third, '/healthz'), '200')
})

test('what was closed no longer counts', OPTIONS, async (t) => {
  const server = await bounded(t, { connections: 2 })
  for (let i = 0; i < 5; i++) {
    const gone = await shaken(t, server)
    await get(gone, '/healthz')
    gone.end()
    await closed(gone)
  }
  const stays = await shaken(t, server)
  const other = await shaken(t, server)
  assert.deepEqual([await get(stays, '/healthz'), await get(other, '/healthz')], ['200', '200'])
})
