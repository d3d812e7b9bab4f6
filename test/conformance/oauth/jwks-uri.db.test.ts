/** Clients whose keys are fetched from where they publish them, through the one way out of the process. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock } from '../../../src/platform/clock.ts'
import { openEgress } from '../../../src/platform/egress/index.ts'
import { secureRandom } from '../../../src/platform/secrets/index.ts'
import { openTls } from '../../../src/platform/tls/index.ts'
import { aGateway, aServer, type TestGateway } from '../../support/access.ts'
import { aKey, assertionRequest, claimsOf, sign, type TestKey } from '../../support/assertions.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'

const HOST = 'keys.localhost'
let databases: TestDatabases
let directory: string
let ca: string
let server: https.Server
let jwksUri: string
let answer: (response: ServerResponse) => void
before(async () => {
  databases = await openTestDatabases()
  directory = await mkdtemp(join(tmpdir(), 'countersign-keys-'))
  const tls = await openTls({
    directory,
    hostnames: [HOST],
    clock: systemClock,
    random: secureRandom,
    onEvent: () => undefined,
  })
  tls.close()
  const file = (name: string) => readFile(join(directory, name), 'utf8')
  ca = await file('ca.pem')
  const material = { cert: await file('server.pem'), key: await file('server.key') }
  server = https.createServer(material, (_request, response) => answer(response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  jwksUri = `https://${HOST}:${(server.address() as AddressInfo).port}/jwks`
})
after(async () => {
  server.closeAllConnections()
  server.close()
  await rm(directory, { recursive: true })
  await databases.close()
})

const resolve = async () => ['127.0.0.1']
/** A gateway that may go to this machine, where the keys are published. */
const aLocalGateway = () =>
  aGateway('sandbox', databases.sandbox, { fetcher: openEgress({ allowed: ['127.0.0.0/8'], resolve, ca }) })

/** A client that publishes its keys, and the status of a token request that one of them signed. */
async function ask(gateway: TestGateway, key: TestKey) {
  const { organizationId } = await gateway.aGrant()
  const client = await gateway.administration.createKeyClient(
    { organizationId, label: 'Published', keys: { jwksUri } },
    { kind: 'operator' },
  )
  const assertion = await sign(claimsOf(gateway, client.clientId), key)
  const answered = await aServer(gateway.access).inject(assertionRequest(assertion))
  return { status: answered.statusCode, body: answered.json() }
}
const REFUSED = { status: 401, error: 'invalid_client' }
const said = ({ status, body }: Awaited<ReturnType<typeof ask>>) => ({ status, error: body.error })

test('a client proves itself by a key that it publishes', async () => {
  const key = await aKey()
  answer = (response) => response.end(JSON.stringify({ keys: [key.jwk] }))
  const { status, body } = await ask(await aLocalGateway(), key)
  assert.equal(status, 200, JSON.stringify(body))
})

test('keys at a private address are not fetched, and nobody is told so', async () => {
  let asked = 0
  const key = await aKey()
  answer = (response) => {
    asked++
    response.end(JSON.stringify({ keys: [key.jwk] }))
  }
  const gateway = await aGateway('sandbox', databases.sandbox, { fetcher: openEgress({ resolve, ca }) })
  assert.deepEqual(said(await ask(gateway, key)), REFUSED)
  assert.equal(asked, 0)
})

for (const [what, reply] of [
  ['a redirect', (response: ServerResponse) => response.writeHead(302, { location: jwksUri }).end()],
  ['a failure', (response: ServerResponse) => response.writeHead(500).end()],
  ['something else than keys', (response: ServerResponse) => response.end('<html>')],
  ['without end', (response: ServerResponse) => response.end(Buffer.alloc(5_000_000, ' '))],
] as const)
  test(`a published key set that is ${what} proves nobody, with the one answer for every reason`, async () => {
    answer = reply
    assert.deepEqual(said(await ask(await aLocalGateway(), await aKey())), REFUSED)
  })
