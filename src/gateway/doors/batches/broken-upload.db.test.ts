import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import {
  openTestServers,
  type TestCompany,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'
import { resourceJson } from '../../../../test/support/submissions.ts'
import { UPLOAD } from '../../batches/index.ts'

let databases: TestDatabases
let servers: TestServers
let company: TestCompany
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases, { trustProxy: ['127.0.0.1'] })
  await servers.sandbox.server.listen({ host: '127.0.0.1', port: 0 })
  company = await servers.sandbox.aCompany()
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

function begin(): http.ClientRequest {
  const { port } = servers.sandbox.server.server.address() as AddressInfo
  return http.request({
    host: '127.0.0.1',
    port,
    path: '/v1/batches',
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${company.token}` },
  })
}
const held = async () => (await servers.sandbox.rowCounts()).batches
/** Until something holds of the database. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    if (await holds()) return
    await turn()
  }
  assert.fail('it never came to that')
}

test('an upload that breaks off half-way leaves nothing, and is shown to nobody before', async () => {
  const request = begin()
  request.on('error', () => undefined)
  const lines = Array.from({ length: 150 }, (_, i) => resourceJson(900_000 + i)).join('\n')
  request.write(`${lines}\n`)
  await until(async () => (await held()) === 1)
  assert.deepEqual((await company.call({ url: '/v1/batches' })).json(), { batches: [] })
  assert.equal(await servers.sandbox.gateway.workBatches(), 0)
  request.destroy()
  await until(async () => (await held()) === 0)
  assert.equal((await servers.sandbox.rowCounts()).batch_items, 0)
})

test('an upload that grows too large on its way is answered, and leaves nothing', async () => {
  const request = begin()
  const answered = new Promise<number | undefined>((resolve, reject) => {
    request.on('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', reject)
  })
  const piece = Buffer.alloc(1024 * 1024, ' ')
  // Without waiting for room: nobody makes any once it is refused.
  for (let sent = 0; sent <= UPLOAD.bytes; sent += piece.length) request.write(piece)
  assert.equal(await answered, 413)
  request.destroy()
  await until(async () => (await held()) === 0)
})

test('an upload whose node died before its end is removed with the upkeep', async () => {
  const request = begin()
  request.on('error', () => undefined)
  request.write(`${resourceJson(901_000)}\n`)
  await until(async () => (await held()) === 1)
  servers.clock.advance(11 * 60_000)
  await servers.sandbox.gateway.prune()
  assert.equal(await held(), 0)
  request.destroy()
})
