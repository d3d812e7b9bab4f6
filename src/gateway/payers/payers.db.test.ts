import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Database, Session } from '../../platform/database/index.ts'
import { secureRandom, vaultFromKey } from '../../platform/secrets/index.ts'
import { findPayer, listPayers, type PayerDraft, payerKeys, savePayer } from './index.ts'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

const AT = Date.parse('2026-11-24T09:00:00Z') as Instant
const vault = vaultFromKey(new Uint8Array(32).fill(7), secureRandom)
const sandbox = {
  environment: 'sandbox',
  actor: { kind: 'operator' },
  vault,
  at: AT,
  random: secureRandom,
} as const
const production = { ...sandbox, environment: 'production' } as const
const WORKER: Session = { role: 'worker' }
const TENANT: Session = { role: 'tenant', organization: 'org_a' }

let made = 0
const aPayer = (fields: Partial<PayerDraft> = {}): PayerDraft => ({
  name: `Invented Plan ${++made}`,
  wireIds: [`INVENTED${made}`],
  lineOfBusiness: 'commercial',
  standsInForUnknown: false,
  ...fields,
})
const saved = (draft: PayerDraft, database: Database = databases.sandbox) =>
  database.transaction(WORKER, (tx) => savePayer(tx, draft, sandbox))
const found = (wireId: string, session: Session = TENANT, database: Database = databases.sandbox) =>
  database.transaction(session, (tx) => findPayer(tx, wireId))
const faultsOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof Problem)
  assert.equal(error.code, 'request/invalid')
  return error.faults.map(({ at }) => at)
}

test('a payer is found by each of its wire ids, without regard to case', async () => {
  const payer = await saved(
    aPayer({
      wireIds: ['ACME-1', ' acme-2 '],
      contact: { telephone: '5550100' },
      lineOfBusiness: 'marketplace',
    }),
  )
  assert.deepEqual(await found('acme-1'), payer)
  assert.deepEqual(await found('ACME-2'), payer)
  assert.deepEqual(payer.wireIds, ['ACME-1', 'ACME-2'])
})

test('a payer that is saved again keeps its id and data key, and gives up the wire ids it no longer has', async () => {
  const payer = await saved(aPayer({ wireIds: ['OLD-ID'] }))
  const sealed = await keyOf(payer.id)
  await saved({ ...payer, name: 'Renamed', wireIds: ['NEW-ID'] })
  assert.equal((await found('NEW-ID'))?.name, 'Renamed')
  assert.equal(await found('OLD-ID'), undefined)
  assert.deepEqual(await keyOf(payer.id), sealed)
})

test('an id that nobody knows finds nothing where no payer stands in', async () => {
  assert.equal(await found('NOBODY', TENANT, databases.production), undefined)
})

test('in a sandbox one payer stands in for ids that nobody knows, and a second is refused', async () => {
  const standIn = await saved(aPayer({ standsInForUnknown: true }))
  assert.equal((await found('NEVER-HEARD-OF'))?.id, standIn.id)
  const other = await saved(aPayer({ wireIds: ['HEARD-OF'] }))
  assert.equal((await found('HEARD-OF'))?.id, other.id)
  assert.deepEqual(await faultsOf(saved(aPayer({ standsInForUnknown: true }))), ['/standsInForUnknown'])
})

test('in production no payer may stand in for ids that nobody knows', async () => {
  const work = databases.production.transaction(WORKER, (tx) =>
    savePayer(tx, aPayer({ standsInForUnknown: true }), production),
  )
  assert.deepEqual(await faultsOf(work), ['/standsInForUnknown'])
})

test('a wire id that another payer goes by is refused', async () => {
  await saved(aPayer({ wireIds: ['TAKEN'] }))
  assert.deepEqual(await faultsOf(saved(aPayer({ wireIds: ['FREE', 'taken'] }))), ['/wireIds/1'])
})

test('each fault of a payer is told at once', async () => {
  const draft = aPayer({ name: ' ', wireIds: ['x'], lineOfBusiness: 'dental' })
  assert.deepEqual(await faultsOf(saved(draft)), ['/name', '/wireIds/0', '/lineOfBusiness'])
  assert.deepEqual(await faultsOf(saved(aPayer({ wireIds: [] }))), ['/wireIds'])
})

test('what is sealed with a payer’s key is opened with it, in a caller’s own transaction', async () => {
  const payer = await saved(aPayer())
  const keys = payerKeys(vault)
  const plain = new TextEncoder().encode('something about a member')
  const sealed = await databases.sandbox.transaction(TENANT, async (tx) =>
    (await keys.of(tx, payer.id)).seal(plain, 'case/1'),
  )
  const again = await databases.sandbox.transaction(TENANT, (tx) => payerKeys(vault).of(tx, payer.id))
  assert.deepEqual(again.open(sealed, 'case/1'), plain)
})

test('a payer’s key is read once and then kept in memory', async () => {
  const payer = await saved(aPayer())
  const keys = payerKeys(vault)
  const [first, second] = await databases.sandbox.transaction(TENANT, async (tx) => [
    await keys.of(tx, payer.id),
    await keys.of(tx, payer.id),
  ])
  assert.equal(first, second)
})

test('a payer’s key is not opened by the vault of the other environment', async () => {
  const payer = await saved(aPayer())
  const other = payerKeys(vaultFromKey(new Uint8Array(32).fill(8), secureRandom))
  await assert.rejects(databases.sandbox.transaction(TENANT, (tx) => other.of(tx, payer.id)))
})

test('a payer’s key does not open as another payer’s', async () => {
  const [one, other] = [await saved(aPayer()), await saved(aPayer())]
  const sealed = await keyOf(one.id)
  assert.ok(sealed)
  assert.throws(() => vault.openDataKey(sealed, `payer-key/${other.id}`))
})

test('there is no data key for a payer that does not exist', async () => {
  await assert.rejects(
    databases.sandbox.transaction(TENANT, (tx) => payerKeys(vault).of(tx, 'pay_none')),
    /has no data key/,
  )
})

test('saving a payer leaves a line in the audit record', async () => {
  const payer = await saved(aPayer())
  const { rows } = await databases.sandbox.transaction({ role: 'staff' }, (tx) =>
    sql<{
      act: string
      actor_kind: string
    }>`select act, actor_kind from audit_entries where on_id = ${payer.id}`.execute(tx),
  )
  assert.deepEqual(rows, [{ act: 'payer.save', actor_kind: 'operator' }])
})

test('a caller may not add or change a payer or a key', async () => {
  const payer = await saved(aPayer())
  const refused = (work: (tx: Parameters<Parameters<Database['transaction']>[1]>[0]) => Promise<unknown>) =>
    assert.rejects(databases.sandbox.transaction(TENANT, work), { code: '42501' })
  await refused((tx) => savePayer(tx, aPayer(), sandbox))
  await refused((tx) => sql`update payers set name = 'mine' where id = ${payer.id}`.execute(tx))
  await refused((tx) => sql`delete from payer_wire_ids`.execute(tx))
  await refused((tx) => sql`delete from payer_keys`.execute(tx))
})

test('nobody at run time changes or removes a data key', async () => {
  for (const role of ['staff', 'worker'] as const) {
    await assert.rejects(
      databases.sandbox.transaction({ role }, (tx) => sql`update payer_keys set sealed = ''`.execute(tx)),
      { code: '42501' },
    )
    await assert.rejects(
      databases.sandbox.transaction({ role }, (tx) => sql`delete from payer_keys`.execute(tx)),
      { code: '42501' },
    )
  }
})

test('the token endpoint’s role sees no payer', async () => {
  await assert.rejects(
    databases.sandbox.transaction({ role: 'client_lookup', client: 'cs_test_1' }, (tx) => listPayers(tx)),
    { code: '42501' },
  )
})

test('a payer of the sandbox is unknown in production', async () => {
  await saved(aPayer({ wireIds: ['SANDBOX-ONLY'] }))
  assert.equal(await found('SANDBOX-ONLY', TENANT, databases.production), undefined)
})

async function keyOf(payerId: string): Promise<Uint8Array | undefined> {
  const { rows } = await databases.sandbox.transaction(WORKER, (tx) =>
    sql<{ sealed: Uint8Array }>`select sealed from payer_keys where payer_id = ${payerId}`.execute(tx),
  )
  return rows[0]?.sealed
}

test('a payer has its own window for notices of admission, and 72 hours where it has set none', async () => {
  const usual = await saved(aPayer({ wireIds: ['USUAL-HOURS'] }))
  const strict = await saved(aPayer({ wireIds: ['STRICT-HOURS'], admissionNoticeHours: 24 }))
  assert.deepEqual([usual.admissionNoticeHours, strict.admissionNoticeHours], [72, 24])
  assert.equal((await found('STRICT-HOURS'))?.admissionNoticeHours, 24)
})

test('a window of no hours is refused at its field', async () => {
  await assert.rejects(
    saved(aPayer({ wireIds: ['NO-HOURS'], admissionNoticeHours: 0 })),
    (problem: Problem) => problem.faults[0]?.at === '/admissionNoticeHours',
  )
})
