import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Session, Tx } from '../../platform/database/index.ts'
import { secureRandom, vaultFromKey } from '../../platform/secrets/index.ts'
import {
  announceOutage,
  type DirectoryImport,
  directory,
  endOutage,
  entryOf,
  findPayer,
  importDirectory,
  isReachable,
  savePayer,
} from './index.ts'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

const AT = Date.parse('2026-11-24T09:00:00Z') as Instant
const HOUR = 3_600_000
const context = {
  environment: 'sandbox',
  actor: { kind: 'operator' },
  vault: vaultFromKey(new Uint8Array(32).fill(7), secureRandom),
  at: AT,
  random: secureRandom,
} as const
const STAFF: Session = { role: 'staff' }
const TENANT: Session = { role: 'tenant', organization: 'org_a' }
const asStaff = <T>(work: (tx: Tx) => Promise<T>) => databases.sandbox.transaction(STAFF, work)

let made = 0
/** Nobody else's id. */
const anId = () => `INVENTED-${++made}`
const HEADER = 'name,ids,line_of_business,plans,submission,contact_telephone'
const csv = (...lines: readonly string[]): DirectoryImport => ({
  format: 'csv',
  text: [HEADER, ...lines].join('\n'),
})
const json = (payers: readonly object[]): DirectoryImport => ({
  format: 'json',
  text: JSON.stringify({ payers }),
})
const imported = (file: DirectoryImport) => asStaff((tx) => importDirectory(tx, file, context))
const found = (id: string, session: Session = TENANT) =>
  databases.sandbox.transaction(session, async (tx) => {
    const payer = await findPayer(tx, id)
    return payer && entryOf(tx, payer, AT)
  })
const faultsOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof Problem)
  assert.equal(error.code, 'request/invalid')
  return error.faults.map(({ at }) => at)
}

test('a payer comes in from CSV with its ids, plans, contact and ways', async () => {
  const [one, other] = [anId(), anId()]
  const done = await imported(
    csv(`Wren Mutual,naic:${one}|${other},commercial,41=Gold|42=Silver,x12,5550100`),
  )
  assert.deepEqual(done, { added: ['Wren Mutual'], changed: [], unchanged: [] })
  const entry = await found(other)
  assert.equal(entry?.payer.name, 'Wren Mutual')
  assert.deepEqual(entry?.payer.contact, { telephone: '5550100' })
  assert.deepEqual(entry?.identifiers, [{ value: one, system: 'naic' }, { value: other }])
  assert.deepEqual(entry?.plans, [
    { id: '41', name: 'Gold' },
    { id: '42', name: 'Silver' },
  ])
  assert.deepEqual(entry?.ways, {
    determination: 'local',
    inquiry: 'local',
    submission: 'x12',
    notice: 'local',
  })
})

test('the same payer from JSON is the same payer, and nothing changes', async () => {
  const id = anId()
  await imported(csv(`Siskin Plan,naic:${id},medicare-advantage,7=Basic,,`))
  const again = json([
    {
      name: 'Siskin Plan',
      ids: [{ system: 'naic', value: id }],
      lineOfBusiness: 'medicare-advantage',
      plans: [{ id: '7', name: 'Basic' }],
    },
  ])
  assert.deepEqual(await imported(again), { added: [], changed: [], unchanged: ['Siskin Plan'] })
})

test('a payer that is here is known by any of its ids, keeps its own, and takes what the file says', async () => {
  const [old, next] = [anId(), anId()]
  await imported(csv(`Old Name,${old},commercial,1=One,x12,5550100`))
  const before = await found(old)
  const done = await imported(csv(`New Name,${old}|edi:${next},marketplace,2=Two,,`))
  assert.deepEqual(done.changed, ['New Name'])
  const entry = await found(next)
  assert.equal(entry?.payer.id, before?.payer.id)
  assert.equal(entry?.payer.contact, undefined)
  assert.deepEqual(entry?.plans, [{ id: '2', name: 'Two' }])
  assert.equal(entry?.ways.submission, 'local')
})

test('payers that a file does not name stay as they are', async () => {
  const [one, other] = [anId(), anId()]
  await imported(csv(`Stays,${one},commercial,,,`))
  await imported(csv(`Comes,${other},commercial,,,`))
  assert.equal((await found(one))?.payer.name, 'Stays')
})

test('the payer that stands in for unknown ids does so still after an import', async () => {
  const id = anId()
  const draft = { name: 'Stand-in', wireIds: [id], lineOfBusiness: 'commercial', standsInForUnknown: true }
  await asStaff((tx) => savePayer(tx, draft, context))
  await imported(csv(`Stand-in renamed,${id},commercial,,,`))
  assert.equal((await found('NOBODY-KNOWS-THIS'))?.payer.name, 'Stand-in renamed')
})

test('a trial tells what would be done, and does nothing', async () => {
  const id = anId()
  const done = await imported({ ...csv(`Trial,${id},commercial,,,`), isTrial: true })
  assert.deepEqual(done.added, ['Trial'])
  const all = await asStaff((tx) => directory(tx, AT))
  assert.equal(
    all.some(({ payer }) => payer.name === 'Trial'),
    false,
  )
})

test('every fault of a CSV is told at once, by line and column, and nothing is kept', async () => {
  const id = anId()
  const faults = await faultsOf(
    imported(
      csv(
        `Good,${id},commercial,,,`,
        ',X,dental,nameless,fax,',
        'Short,AB',
        `Twice,${id},commercial,1=A|1=B,,`,
      ),
    ),
  )
  assert.deepEqual(faults, [
    'line 3, column name',
    'line 3, column line_of_business',
    'line 3, column ids',
    'line 3, column plans',
    'line 3, column submission',
    'line 4',
    'line 5, column plans',
  ])
  assert.notEqual((await found(id))?.payer.name, 'Good')
})

test('every fault of a JSON file is told by its pointer', async () => {
  const faults = await faultsOf(
    imported(
      json([
        {
          name: 7,
          ids: [],
          lineOfBusiness: 'commercial',
          contact: { fax: '1' },
          operations: { noa: 'local' },
          kind: 'x',
        },
      ]),
    ),
  )
  assert.deepEqual(faults, [
    '/payers/0/kind',
    '/payers/0/name',
    '/payers/0/ids',
    '/payers/0/operations/noa',
    '/payers/0/contact/fax',
  ])
})

for (const [what, file] of [
  ['is no JSON', { format: 'json', text: '{' }],
  ['holds no list', { format: 'json', text: '[]' }],
  ['is empty', { format: 'csv', text: '' }],
  ['holds no payer', { format: 'csv', text: HEADER }],
  ['has a column that is none', { format: 'csv', text: `${HEADER},color` }],
  ['lacks a column', { format: 'csv', text: 'name,ids' }],
] as const)
  test(`a file that ${what} is refused`, async () => {
    assert.equal((await faultsOf(imported(file))).length, 1)
  })

test('an id that two payers of a file have, and ids of two payers here on one line, are refused', async () => {
  const [one, other] = [anId(), anId()]
  assert.deepEqual(await faultsOf(imported(csv(`A,${one},commercial,,,`, `B,${one},commercial,,,`))), [
    'line 3',
  ])
  await imported(csv(`A,${one},commercial,,,`, `B,${other},commercial,,,`))
  assert.deepEqual(await faultsOf(imported(csv(`Both,${one}|${other},commercial,,,`))), ['line 2'])
})

test('a payer cannot be reached while an outage of it lasts, for the operation that it is of', async () => {
  const id = anId()
  await imported(csv(`Down,${id},commercial,,,`))
  const later = (AT + HOUR) as Instant
  const announcement = { payer: id, operation: 'submission', until: later, note: 'Maintenance' } as const
  const { id: outage } = await asStaff((tx) => announceOutage(tx, announcement, context))
  const entry = await found(id)
  assert.ok(entry)
  assert.deepEqual(entry.outages, [
    { id: outage, operation: 'submission', from: AT, until: later, note: 'Maintenance' },
  ])
  assert.equal(isReachable(entry, 'submission', AT), false)
  assert.equal(isReachable(entry, 'inquiry', AT), true)
  assert.equal(isReachable(entry, 'submission', later), true)
})

test('an outage without an end lasts until it is ended, once', async () => {
  const id = anId()
  await imported(csv(`Gone,${id},commercial,,,`))
  const { id: outage } = await asStaff((tx) =>
    announceOutage(tx, { payer: id, note: 'Flood' }, { ...context, at: (AT - HOUR) as Instant }),
  )
  const before = await found(id)
  assert.ok(before)
  assert.equal(isReachable(before, 'notice', AT), false)
  await asStaff((tx) => endOutage(tx, outage, context))
  assert.deepEqual((await found(id))?.outages, [])
  await assert.rejects(
    asStaff((tx) => endOutage(tx, outage, context)),
    Problem,
  )
})

test('an operation that is not to be asked here is never reachable', async () => {
  const id = anId()
  await imported(csv(`Closed,${id},commercial,,none,`))
  const entry = await found(id)
  assert.ok(entry)
  assert.equal(isReachable(entry, 'submission', AT), false)
})

test('an outage of nobody, one that ends before it begins, and one that says nothing are refused', async () => {
  const id = anId()
  await imported(csv(`Sound,${id},commercial,,,`))
  const announced = (given: object) =>
    asStaff((tx) => announceOutage(tx, { payer: id, note: 'Why', ...given }, context))
  await assert.rejects(announced({ payer: 'NOBODY-BY-THIS-ID' }), { code: 'state/not-found' })
  assert.deepEqual(await faultsOf(announced({ until: AT, note: ' ' })), ['/until', '/note'])
})

test('a caller may read the directory and change nothing of it', async () => {
  const id = anId()
  await imported(csv(`Readable,${id},commercial,1=One,,`))
  const refused = (work: (tx: Tx) => Promise<unknown>) =>
    assert.rejects(databases.sandbox.transaction(TENANT, work), { code: '42501' })
  await refused((tx) => importDirectory(tx, csv(`Mine,${anId()},commercial,,,`), context))
  await refused((tx) => announceOutage(tx, { payer: id, note: 'Mine' }, context))
})
