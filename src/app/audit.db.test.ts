import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../test/support/database.ts'
import { record } from '../audit/index.ts'
import { Problem } from '../kernel/problem.ts'
import type { Instant } from '../kernel/time.ts'
import { secureRandom, vaultFromKey } from '../platform/secrets/index.ts'
import { openAudit } from './audit.ts'

let databases: TestDatabases
let folder: string
before(async () => {
  databases = await openTestDatabases()
  folder = await mkdtemp(join(tmpdir(), 'audit-app-'))
})
after(async () => {
  await databases.close()
  await rm(folder, { recursive: true })
})

const AT = Date.UTC(2026, 10, 3, 9, 30)
const opened = (seals: boolean, now = AT) => {
  const vault = vaultFromKey(new Uint8Array(32).fill(1), secureRandom)
  const { sandbox, production, control } = databases
  return openAudit({
    logs: {
      sandbox: { database: sandbox, vault },
      production: { database: production, vault },
      control: { database: control, vault },
    },
    seals,
    anchorFile: join(folder, 'anchors.jsonl'),
    clock: { now: () => now as Instant },
    onError: () => undefined,
  })
}
const add = () =>
  databases.production.transaction({ role: 'worker' }, (tx) =>
    record(tx, { at: AT as Instant, actor: { kind: 'operator' }, act: 'grant.apply', outcome: 'done' }),
  )

test('entries that nobody has sealed for a minute are a part that does not stand', async () => {
  await add()
  assert.equal(
    (await opened(false, AT + 60_000).standing()).production,
    'production sealed up to 0, 1 unsealed for 60 s',
  )
  await assert.rejects(
    opened(false, AT + 61_000).standing(),
    /production sealed up to 0, 1 unsealed for 61 s/,
  )
})

test('a process that does not seal says so when it is asked to', async () => {
  await assert.rejects(
    opened(false).anchor(),
    (error) => error instanceof Problem && error.code === 'state/not-found' && /worker/.test(error.detail),
  )
})

test('each log is verified by its own keys and anchors', async () => {
  const audit = opened(true)
  await add()
  // On a server that others use, one of their transactions may hold up the sealer for a moment.
  while (/unsealed/.test((await audit.standing()).production ?? '')) await audit.anchor()
  const found = await audit.verify()
  assert.deepEqual(
    found.map(({ environment, findings }) => [environment, findings]),
    [
      ['sandbox', []],
      ['production', []],
      ['control', []],
    ],
  )
  assert.equal(found[1]?.anchors, 1)
  await audit.close()
})

test('a process verifies the logs that it opens, and refuses the others', async () => {
  const vault = vaultFromKey(new Uint8Array(32).fill(1), secureRandom)
  const audit = openAudit({
    logs: { sandbox: { database: databases.sandbox, vault } },
    seals: false,
    anchorFile: join(folder, 'none.jsonl'),
    clock: { now: () => AT as Instant },
    onError: () => undefined,
  })
  assert.deepEqual(
    (await audit.verify()).map(({ environment }) => environment),
    ['sandbox'],
  )
  await assert.rejects(
    audit.verify('control'),
    (error) => error instanceof Problem && error.code === 'state/not-found',
  )
})
