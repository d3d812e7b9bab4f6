/** What partners meet of the limits, over HTTP; the clock stands unless it is moved. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { InjectOptions } from 'fastify'
import { formRequest, tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  BASE,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
let company: TestCompany
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases, {
    quotas: {
      calls: 2,
      tokens: 3,
      'failed-proofs': 2,
      'failed-proofs-where-known': 4,
      'failed-proofs-of-address': 5,
      refusals: 2,
      'leak-reports': 1,
    },
  })
  sandbox = servers.sandbox
})
after(async () => {
  await servers?.close()
  await databases?.close()
})
beforeEach(async () => {
  // A new window for everybody; the token that the company is given is the first of its three.
  servers.clock.advance(60_000)
  company = await sandbox.aCompany()
})

const ask = (request: InjectOptions, remoteAddress = '127.0.0.1') =>
  sandbox.server.inject({ ...request, remoteAddress })
const rightly = (remoteAddress?: string) => ask(tokenRequest(company.client), remoteAddress)
const WRONG = `cs_test_${'A'.repeat(49)}`
const wrongly = (remoteAddress?: string, clientId = company.client.clientId) =>
  ask(tokenRequest({ clientId, clientSecret: WRONG }), remoteAddress)
const call = (token = company.token, remoteAddress?: string) =>
  ask(
    { url: `${BASE}/healthcheck`, headers: token === '' ? {} : { authorization: `Bearer ${token}` } },
    remoteAddress,
  )
const repeat = async <T>(times: number, run: () => Promise<T>): Promise<T[]> => {
  const results: T[] = []
  for (let i = 0; i < times; i++) results.push(await run())
  return results
}
const told = ({ headers }: Awaited<ReturnType<typeof ask>>) => [
  headers['ratelimit-policy'],
  headers.ratelimit,
  headers['retry-after'],
]
/** What requests put on the record meanwhile, in the order of the alphabet. */
const recorded = async (run: () => Promise<unknown>) => {
  const already = new Set((await sandbox.audit()).map((row) => row.request_id))
  await run()
  const rows = (await sandbox.audit()).filter((row) => !already.has(row.request_id))
  return rows.map(({ act, problem }) => `${act} ${problem}`).sort()
}

describe('API calls', () => {
  test('every answer tells a client its limit and what is left of it', async () => {
    const [first, second] = await repeat(2, call)
    assert.deepEqual(
      [first, second].map((answer) => answer && told(answer)),
      [
        ['"calls";q=2;w=60', '"calls";r=1;t=60', undefined],
        ['"calls";q=2;w=60', '"calls";r=0;t=60', undefined],
      ],
    )
  })

  test('beyond it the answer is 429, in the spelling of the door, with when to come back', async () => {
    const answer = (await repeat(3, call))[2]
    assert.ok(answer)
    assert.equal(answer.statusCode, 429)
    assert.deepEqual(told(answer), ['"calls";q=2;w=60', '"calls";r=0;t=60', '60'])
    assert.match(answer.json()[0], /try again in 60 s/)
  })

  test('the resource API says it with a problem', async () => {
    const read = () => company.call({ url: '/v1/authorizations/auth_unknown' })
    const answer = (await repeat(3, read))[2]
    assert.equal(answer?.json().code, 'request/too-many')
  })

  test('when the window has ended, calls are taken again', async () => {
    await repeat(3, call)
    servers.clock.advance(60_000)
    assert.equal((await call()).statusCode, 200)
  })

  test('one client at its limit leaves another alone', async () => {
    const other = await sandbox.aCompany()
    await repeat(3, call)
    assert.equal((await call(other.token)).statusCode, 200)
  })

  test('what is refused for the limit is one row of the record, however often', async () => {
    await repeat(2, call)
    assert.deepEqual(await recorded(() => repeat(5, call)), ['health.check request/too-many'])
  })

  test('without a token nobody is told of a limit', async () => {
    assert.deepEqual(told(await call('', '192.0.2.50')), [undefined, undefined, undefined])
  })

  test('many refused calls from one address are answered 429, with one row of the record for all', async () => {
    const answers: number[] = []
    const rows = await recorded(async () => {
      for (const { statusCode } of await repeat(5, () => call('', '192.0.2.51'))) answers.push(statusCode)
    })
    assert.deepEqual(answers, [401, 401, 429, 429, 429])
    assert.deepEqual(rows, [
      'token.present access/token-missing',
      'token.present access/token-missing',
      'token.present request/too-many',
    ])
  })

  test('refused calls do not keep a good token of the same address out', async () => {
    await repeat(5, () => call('', '192.0.2.52'))
    assert.equal((await call(company.token, '192.0.2.52')).statusCode, 200)
  })
})

describe('tokens', () => {
  test('every answer to a client that has proved itself tells it its limit', async () => {
    assert.deepEqual(told(await rightly()), ['"tokens";q=3;w=60', '"tokens";r=1;t=60', undefined])
  })

  test('so does a refusal of what it asks for', async () => {
    const answer = await ask(tokenRequest(company.client, { scope: 'of:nobody' }))
    assert.deepEqual([answer.statusCode, told(answer)[1]], [400, '"tokens";r=1;t=60'])
  })

  test('who has not proved itself is told nothing of it', async () => {
    assert.deepEqual(told(await wrongly('192.0.2.60')), [undefined, undefined, undefined])
  })

  test('beyond the limit the standard endpoint answers 429 temporarily_unavailable', async () => {
    const answer = (await repeat(3, rightly))[2]
    assert.ok(answer)
    assert.equal(answer.statusCode, 429)
    assert.equal(answer.json().error, 'temporarily_unavailable')
    assert.deepEqual(told(answer), ['"tokens";q=3;w=60', '"tokens";r=0;t=60', '60'])
  })

  test('so does the compatible endpoint with a JSON body', async () => {
    await repeat(2, rightly)
    const { clientId, clientSecret } = company.client
    const answer = await ask({
      method: 'POST',
      url: '/apip/auth/v2/token',
      payload: { client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' },
    })
    assert.deepEqual([answer.statusCode, answer.json().error], [429, 'temporarily_unavailable'])
  })

  test('the one with a form body answers 429 in its own shape', async () => {
    await repeat(2, rightly)
    const { url: _, ...form } = tokenRequest(company.client)
    const answer = await ask({ ...form, url: '/apip/auth/sntl/v1/token' })
    assert.deepEqual([answer.statusCode, answer.json().failureReason], [429, 'TooManyRequests'])
  })

  test('what is refused for the limit is one row of the record', async () => {
    await repeat(2, rightly)
    assert.deepEqual(await recorded(() => repeat(4, rightly)), ['token.issue request/too-many'])
  })
})

describe('failed authentications', () => {
  test('after some, even the right secret is refused to whoever failed, with Retry-After and no policy', async () => {
    await repeat(2, () => wrongly('192.0.2.1'))
    const answer = await rightly('192.0.2.1')
    assert.equal(answer.statusCode, 429)
    assert.deepEqual(told(answer), [undefined, undefined, '60'])
  })

  test('guessing from elsewhere never locks the rightful client out', async () => {
    for (let i = 1; i <= 10; i++) await repeat(3, () => wrongly(`198.51.100.${i}`))
    assert.equal((await rightly('192.0.2.2')).statusCode, 200)
  })

  test('behind a shared address a client that is known there gets in, whoever else guesses', async () => {
    await rightly('192.0.2.3')
    const others = await repeat(5, () => sandbox.aCompany())
    for (const { client } of others) await repeat(2, () => wrongly('192.0.2.3', client.clientId))
    assert.equal((await wrongly('192.0.2.3', others[4]?.client.clientId)).statusCode, 429)
    assert.equal((await rightly('192.0.2.3')).statusCode, 200)
  })

  test('each failure is on the record; those refused unlooked-at are one row', async () => {
    const rows = await recorded(() => repeat(5, () => wrongly('192.0.2.4')))
    assert.deepEqual(rows, [
      'token.issue access/client-invalid',
      'token.issue access/client-invalid',
      'token.issue request/too-many',
    ])
  })

  test('what cannot be read as a token request is limited by address', async () => {
    const unreadable = () => ask({ method: 'POST', url: '/oauth2/token', payload: { a: 1 } }, '192.0.2.5')
    const answers = await repeat(4, unreadable)
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [400, 400, 429, 429],
    )
  })

  test('a client is not refused for what others of its address could not write', async () => {
    await repeat(5, () => ask(formRequest('/oauth2/token', 'a=1&a=2'), '192.0.2.6'))
    assert.equal((await rightly('192.0.2.6')).statusCode, 200)
  })
})

test('reports of leaked secrets are limited by address', async () => {
  const report = (remoteAddress: string) =>
    ask({ method: 'POST', url: '/leaks', payload: 'nothing' }, remoteAddress)
  const statuses = [await report('192.0.2.9'), await report('192.0.2.9'), await report('192.0.2.10')]
  assert.deepEqual(
    statuses.map(({ statusCode }) => statusCode),
    [202, 429, 202],
  )
})

for (const path of ['/oauth2/introspect', '/oauth2/revoke'])
  describe(path, () => {
    const about = (secret: string, remoteAddress?: string) =>
      ask(
        formRequest(path, {
          client_id: company.client.clientId,
          client_secret: secret,
          token: 'not one of ours',
        }),
        remoteAddress,
      )

    test('counts among the calls of the client, and tells it so', async () => {
      const answers = await repeat(3, () => about(company.client.clientSecret))
      assert.deepEqual(
        answers.map(({ statusCode, headers }) => [statusCode, headers.ratelimit]),
        [
          [200, '"calls";r=1;t=60'],
          [200, '"calls";r=0;t=60'],
          [429, '"calls";r=0;t=60'],
        ],
      )
    })

    test('is no second place to guess secrets at', async () => {
      const address = `203.0.113.${path.length}`
      await repeat(2, () => wrongly(address))
      assert.equal((await about(WRONG, address)).statusCode, 429)
    })
  })
