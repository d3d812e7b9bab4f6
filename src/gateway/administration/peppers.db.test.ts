import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { aClock, aGateway, aServer, type TestGateway, tokenRequest } from '../../../test/support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import { openPeppers, secureRandom } from '../../platform/secrets/index.ts'
import type { NewClient } from './index.ts'

const MINUTE = 60_000
const operator: Actor = { kind: 'operator' }
let databases: TestDatabases
let folder: string
const folders: string[] = []
let clock: ReturnType<typeof aClock>
/** Two nodes of one installation, which share the file. */
let here: TestGateway
let there: TestGateway
let client: NewClient
before(async () => {
  databases = await openTestDatabases()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peppers-'))
  folders.push(folder)
  clock = aClock()
  const node = async () => {
    const first = { id: `first-${folder.slice(-6)}`, key: new Uint8Array(32).fill(7), createdAt: clock.now() }
    const peppers = await openPeppers(
      { file: join(folder, 'sandbox.peppers'), first, random: secureRandom },
      [],
    )
    return aGateway('sandbox', databases.sandbox, { clock, peppers })
  }
  here = await node()
  there = await node()
  client = await here.aClient()
})
after(async () => {
  await databases.close()
  for (const each of folders) await rm(each, { recursive: true })
})

const listed = async (gateway = here) =>
  (await gateway.administration.peppers({})).map(({ state, liveSecrets }) => [state, liveSecrets])
const rotated = async () => {
  const { id } = await here.administration.addPepper({}, operator)
  clock.advance(20 * MINUTE)
  return id
}
const statusAt = async (gateway: TestGateway, of = client) =>
  (await aServer(gateway.access).inject(tokenRequest(of))).statusCode
const firstId = async () => (await here.administration.peppers({}))[0]?.id ?? ''
const retire = async (pepperId: string) => here.administration.retirePepper({ pepperId }, operator)
const refuses = (code: string) => (error: unknown) => error instanceof Problem && error.code === code

test('a new pepper is used for new secrets after ten minutes, and old secrets go on', async () => {
  await here.administration.addPepper({}, operator)
  assert.deepEqual(await listed(), [
    ['current', 1],
    ['next', 0],
  ])
  clock.advance(10 * MINUTE)
  const younger = await here.aClient()
  assert.deepEqual(await listed(), [
    ['old', 1],
    ['current', 1],
  ])
  assert.deepEqual([await statusAt(here), await statusAt(here, younger)], [200, 200])
})

test('another node verifies a secret under a pepper that it has not met', async () => {
  await rotated()
  const younger = await here.aClient()
  assert.equal(await statusAt(there, younger), 200)
})

test('another node makes new secrets with the pepper that was added here', async () => {
  await rotated()
  await there.aClient()
  assert.deepEqual(await listed(there), [
    ['old', 1],
    ['current', 1],
  ])
})

test('a pepper is not retired while a live secret needs it', async () => {
  await rotated()
  await assert.rejects(retire(await firstId()), refuses('state/moved-on'))
  assert.equal(await statusAt(here), 200)
})

test('a pepper is retired once its last secret has ended', async () => {
  const id = await rotated()
  const { organizationId } = await ownerOf(client)
  const { clientId, secretId } = client
  await here.administration.revokeSecret({ organizationId, clientId, secretId }, operator)
  await retire(await firstId())
  assert.deepEqual(
    (await there.administration.peppers({})).map((pepper) => pepper.id),
    [id],
  )
})

test('the current pepper and the next one are not retired', async () => {
  await assert.rejects(retire(await firstId()), refuses('state/moved-on'))
  const { id } = await here.administration.addPepper({}, operator)
  await assert.rejects(retire(id), refuses('state/moved-on'))
})

test('a pepper is not retired right after another became current: a node may have used it a moment ago', async () => {
  const { organizationId } = await ownerOf(client)
  const { clientId, secretId } = client
  await here.administration.revokeSecret({ organizationId, clientId, secretId }, operator)
  await here.administration.addPepper({}, operator)
  clock.advance(20 * MINUTE - 1)
  await assert.rejects(retire(await firstId()), refuses('state/moved-on'))
  clock.advance(1)
  await retire(await firstId())
})

test('a pepper that is not there is not found', async () => {
  await assert.rejects(retire('nowhere'), refuses('state/not-found'))
})

test('adding and retiring are on the record by id; a list holds no key', async () => {
  const id = await rotated()
  assert.deepEqual(
    here.entries.filter(({ act }) => act === 'pepper.add').map(({ on }) => on),
    [id],
  )
  for (const pepper of await here.administration.peppers({}))
    assert.deepEqual(Object.keys(pepper).sort(), ['createdAt', 'id', 'liveSecrets', 'state'])
})

/** The company of a client, as its own entry tells. */
async function ownerOf({ clientId }: NewClient) {
  const entry = here.entries.find(({ act, on }) => act === 'client.create' && on === clientId)
  if (!entry?.organizationId) throw new Error('no such client')
  return { organizationId: entry.organizationId }
}

for (const [what, ask] of [
  ['listed', () => here.administration.peppers({})],
  ['added', () => here.administration.addPepper({}, operator)],
] as const)
  test(`a pepper cannot be ${what} while the file is missing, and the refusal names the file`, async () => {
    await rm(join(folder, 'sandbox.peppers'))
    await assert.rejects(
      ask,
      (error) =>
        error instanceof Problem && error.status === 503 && /sandbox\.peppers is gone/.test(error.detail),
    )
  })
