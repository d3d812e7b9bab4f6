import assert from 'node:assert/strict'
import https from 'node:https'
import { after, before, test } from 'node:test'
import { partsAuthority, serveParts } from '../../../test/support/parts.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Part } from '../../platform/tls/index.ts'
import { type GatewayAdministration, openRemoteAdministration } from './index.ts'
import { administrationRoutes } from './routes.ts'

const DAY = 24 * 60 * 60 * 1000
const asked: string[] = []
const notAsked = () => Promise.reject(new Error('is not asked'))
/** An environment that knows nobody. */
const administration: GatewayAdministration = {
  environment: 'sandbox',
  applyGrant: async () => undefined,
  createClient: async () => {
    throw new Problem('request/invalid', 'Wrong.', {
      faults: [{ at: '/label', message: 'is wrong' }],
      retryAfterSeconds: 7,
    })
  },
  createKeyClient: notAsked,
  secrets: notAsked,
  rotateSecret: notAsked,
  revokeSecret: notAsked,
  allowAddresses: notAsked,
  alerts: notAsked,
  acknowledgeAlert: notAsked,
  peppers: notAsked,
  addPepper: notAsked,
  retirePepper: notAsked,
  endTokens: notAsked,
  revokeClient: notAsked,
  keys: notAsked,
  rotateKeys: notAsked,
  whoSaw: notAsked,
  setScenario: notAsked,
  advanceClock: notAsked,
  listDirectory: notAsked,
  importPayers: notAsked,
  announceOutage: notAsked,
  endOutage: notAsked,
  importRules: notAsked,
  publishPolicy: notAsked,
  setUpstream: notAsked,
  listUpstreams: notAsked,
  removeUpstream: notAsked,
  registerKeys: async () => undefined,
  clients: async (organizationId) => {
    asked.push(organizationId)
    return []
  },
}

type Authority = Awaited<ReturnType<typeof partsAuthority>>
let authority: Authority
let foreign: Authority
let server: Awaited<ReturnType<typeof serveParts>>
before(async () => {
  authority = await partsAuthority()
  foreign = await partsAuthority()
  server = await serveParts(administrationRoutes(administration), authority.sandbox, authority.ca)
})
after(() => server.close())

function call(
  own: Part,
  ca = authority.ca,
  environment: 'sandbox' | 'production' = 'sandbox',
  url = server.url,
) {
  const remote = openRemoteAdministration({ environment, url, ...own, ca, timeoutMs: 5_000 })
  return remote.clients('org_somebody').finally(() => remote.close())
}

const isRefused = (code: string, detail: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Problem, String(error))
  assert.equal(error.code, code)
  assert.match(error.detail, detail)
  return true
}
const DISTRUSTED = isRefused('system/unavailable', /accept each other's certificates/)

/** What is refused must not have been performed either. */
async function refuses(work: Promise<unknown>, expected: (error: unknown) => boolean) {
  const before = asked.length
  await assert.rejects(work, expected)
  assert.equal(asked.length, before)
}

test('the control plane is let in', async () => {
  assert.deepEqual(await call(authority.portal), [])
})

test('a caller without a certificate is refused', async () => {
  const work = new Promise((resolve, reject) => {
    const request = https.request(
      `${server.url}/administration/v1/clients`,
      { method: 'POST', ca: authority.ca, servername: 'sandbox-gateway.countersign.internal', agent: false },
      resolve,
    )
    request.on('error', reject)
    request.end('{}')
  })
  await refuses(work, (error) =>
    /CERTIFICATE_REQUIRED|ECONNRESET/.test(String((error as { code?: string }).code)),
  )
})

test('a certificate of another authority is refused, though its name be right', async () => {
  await refuses(
    call(foreign.portal),
    (error) => error instanceof Problem && error.code === 'system/unavailable',
  )
})

test("a gateway's certificate cannot act as the control plane", async () => {
  for (const own of [authority.sandbox, authority.production])
    await refuses(call(own), isRefused('access/client-invalid', /control plane/))
})

test('an expired certificate is refused', async () => {
  const past = await partsAuthority((systemClock.now() - 10 * DAY) as Instant)
  const own = await serveParts(administrationRoutes(administration), authority.sandbox, past.ca)
  try {
    await refuses(
      call(past.portal, authority.ca, 'sandbox', own.url),
      (error) => error instanceof Problem && error.code === 'system/unavailable',
    )
  } finally {
    await own.close()
  }
})

test('when the authority was replaced, a certificate of the one before is refused', async () => {
  const replaced = await serveParts(administrationRoutes(administration), foreign.sandbox, foreign.ca)
  try {
    await refuses(
      call(authority.portal, foreign.ca, 'sandbox', replaced.url),
      (error) => error instanceof Problem && error.code === 'system/unavailable',
    )
    assert.deepEqual(await call(foreign.portal, foreign.ca, 'sandbox', replaced.url), [])
  } finally {
    await replaced.close()
  }
})

test('the control plane speaks to no server of another authority', async () => {
  await refuses(call(authority.portal, foreign.ca), DISTRUSTED)
})

test('the control plane does not take the sandbox for production', async () => {
  await refuses(call(authority.portal, authority.ca, 'production'), DISTRUSTED)
})

test('a problem arrives whole: code, detail, faults and when to try again', async () => {
  const remote = openRemoteAdministration({
    environment: 'sandbox',
    url: server.url,
    ...authority.portal,
    ca: authority.ca,
    timeoutMs: 5_000,
  })
  await assert.rejects(
    remote.createClient({ organizationId: 'org_somebody', label: 'x' }, { kind: 'operator' }),
    new Problem('request/invalid', 'Wrong.', {
      faults: [{ at: '/label', message: 'is wrong' }],
      retryAfterSeconds: 7,
    }),
  )
  remote.close()
})

test('a gateway that is down is unavailable, and it is said when to try again', async () => {
  const gone = await serveParts(administrationRoutes(administration), authority.sandbox, authority.ca)
  await gone.close()
  await assert.rejects(call(authority.portal, authority.ca, 'sandbox', gone.url), (error) => {
    assert.ok(error instanceof Problem)
    return error.code === 'system/unavailable' && error.retryAfterSeconds === 60
  })
})

/** A call as the control plane makes it, to any path, with any body. */
function raw(
  path: string,
  body: unknown,
): Promise<{ status: number; body: { code?: string; detail?: string } }> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      server.url + path,
      {
        method: 'POST',
        cert: authority.portal.certificate,
        key: authority.portal.key,
        ca: authority.ca,
        servername: 'sandbox-gateway.countersign.internal',
        agent: false,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        response.setEncoding('utf8')
        let text = ''
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }))
      },
    )
    request.on('error', reject)
    request.end(JSON.stringify(body))
  })
}

test('an operation or a version that is not known says so', async () => {
  const operation = await raw('/administration/v1/destroy', {})
  assert.deepEqual([operation.status, operation.body.code], [404, 'request/no-such-path'])
  assert.match(operation.body.detail ?? '', /no such operation/)
  const version = await raw('/administration/v2/clients', {})
  assert.deepEqual([version.status, version.body.code], [404, 'request/no-such-path'])
  assert.match(version.body.detail ?? '', /version v1 /)
})

test('a request that is not of its operation is refused, and nothing is asked', async () => {
  const before = asked.length
  const { body } = await raw('/administration/v1/clients', { actor: { kind: 'king' }, request: 7 })
  assert.equal(body.code, 'request/invalid')
  assert.equal(asked.length, before)
})
