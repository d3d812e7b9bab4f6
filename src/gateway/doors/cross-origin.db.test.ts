/** Calls from pages in a browser: those of the portal may try the sandbox out, and nobody else may do anything. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  BASE,
  openTestServers,
  PORTAL,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  sandbox = servers.sandbox
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

const preflight = (to: TestEnvironment, origin: string, url: string) =>
  to.server.inject({
    method: 'OPTIONS',
    url,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })
const shared = (headers: Readonly<Record<string, unknown>>) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'))

describe('the pages of the portal', () => {
  for (const url of ['/v1/authorizations', '/oauth2/token', `${BASE}/submission/x12`, '/openapi.json'])
    test(`may ask beforehand what may be sent to ${url}, without a token`, async () => {
      const { statusCode, headers, body } = await preflight(sandbox, PORTAL, url)
      assert.deepEqual([statusCode, body], [204, ''])
      assert.equal(headers['access-control-allow-origin'], PORTAL)
      assert.match(
        String(headers['access-control-allow-methods']),
        url === '/openapi.json' ? /^GET, HEAD$/ : /\bPOST\b/,
      )
      for (const name of ['authorization', 'content-type', 'idempotency-key', 'x-sandbox-scenario'])
        assert.ok(String(headers['access-control-allow-headers']).split(', ').includes(name), name)
      assert.match(String(headers['access-control-max-age']), /^\d+$/)
    })

  test('may read answers and refusals, with the headers that tell them apart', async () => {
    const company = await sandbox.aCompany()
    for (const headers of [{}, { authorization: 'Bearer nothing' }]) {
      const answer = await company.call({
        method: 'POST',
        url: '/v1/authorizations/search',
        payload: {},
        headers: { origin: PORTAL, ...headers },
      })
      assert.equal(answer.headers['access-control-allow-origin'], PORTAL)
      assert.match(String(answer.headers['access-control-expose-headers']), /retry-after.*x-request-id/)
    }
  })

  test('are told nothing beforehand of a path that does not exist', async () => {
    const { headers } = await preflight(sandbox, PORTAL, '/v1/nothing')
    assert.equal(headers['access-control-allow-methods'], '')
  })

  test('are never let in by what the browser holds: no credentials of its own, and no wildcard', async () => {
    const company = await sandbox.aCompany()
    const answers = [
      await preflight(sandbox, PORTAL, '/v1/authorizations'),
      await company.call({ url: '/v1/payers', headers: { origin: PORTAL } }),
    ]
    for (const { headers } of answers) {
      assert.equal(headers['access-control-allow-credentials'], undefined)
      for (const name of shared(headers)) assert.doesNotMatch(String(headers[name]), /\*/)
    }
  })

  test('may not call production, whatever they ask', async () => {
    const { production } = servers
    const asked = await preflight(production, PORTAL, '/v1/authorizations')
    assert.notEqual(asked.statusCode, 204)
    assert.deepEqual(shared(asked.headers), [])
    const company = await production.aCompany()
    const answer = await company.call({ url: '/v1/payers', headers: { origin: PORTAL } })
    assert.deepEqual([answer.statusCode, shared(answer.headers)], [200, []])
  })
})

describe('any other page', () => {
  for (const [what, origin] of [
    ['of another site', 'https://elsewhere.example'],
    ['of no origin at all, which is called null', 'null'],
    ['of the portal by another scheme', 'http://portal.example'],
    ['of the portal at another port', 'https://portal.example:444'],
    ['of a site below the portal', 'https://a.portal.example'],
    ['of a site that merely begins like the portal', 'https://portal.example.elsewhere.example'],
  ] as const)
    test(`${what} is allowed nothing`, async () => {
      const asked = await preflight(sandbox, origin, '/v1/authorizations')
      assert.notEqual(asked.statusCode, 204)
      const company = await sandbox.aCompany()
      const answer = await company.call({ url: '/v1/payers', headers: { origin } })
      assert.deepEqual([shared(asked.headers), shared(answer.headers)], [[], []])
    })
})

test('an answer of the sandbox says that it varies by origin, beside what else it varies by', async () => {
  const company = await sandbox.aCompany()
  for (const headers of [{}, { origin: PORTAL }, { origin: 'https://elsewhere.example' }]) {
    const answer = await company.call({ url: '/v1/payers', headers })
    assert.equal(answer.headers.vary, 'Origin')
    const refused = await company.post('submission', {}, headers as Record<string, string>)
    assert.equal(refused.headers.vary, 'accept, Origin')
  }
})

test('OPTIONS that asks nothing beforehand is answered as any method that a path does not have', async () => {
  const answer = await sandbox.server.inject({
    method: 'OPTIONS',
    url: '/v1/payers',
    headers: { origin: PORTAL },
  })
  assert.equal(answer.statusCode, 405)
})
