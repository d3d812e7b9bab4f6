import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { aNotice, aStay } from '../../../test/support/admissions.ts'
import { aCase, aVault, NOW, payerKeysInMemory } from '../../../test/support/cases.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { day } from '../../../test/support/requests.ts'
import { type Admission, cancel, match, update } from '../../core/admission.ts'
import type { PatientEvent } from '../../core/request.ts'
import { mintId, type OrganizationId } from '../../kernel/ids.ts'
import type { Session, Tx } from '../../platform/database/index.ts'
import { secureRandom } from '../../platform/secrets/index.ts'
import { type Exchange, openRecord } from '../record/index.ts'
import { openAdmissions } from './index.ts'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

const deps = { vault: aVault(), keyOf: payerKeysInMemory(), random: secureRandom }
const admissions = openAdmissions(deps)
const record = openRecord({ environment: 'sandbox', ...deps })
const tenant = (organization: string): Session => ({ role: 'tenant', organization, providers: 'any' })
const actingFor = (organization: string, ...providers: readonly string[]): Session => ({
  role: 'tenant',
  organization,
  providers,
})
const as = <T>(session: Session, work: (tx: Tx) => Promise<T>) => databases.sandbox.transaction(session, work)
const actor = { kind: 'client', clientId: 'cs_test_1', organizationId: 'org_a' } as const
let serial = 0
/** A company and a member of its own for each test, so that none finds another's. */
const aCompany = () => `org_admission-${++serial}` as OrganizationId
const noticeOf = (memberId: string, event: Partial<PatientEvent> = {}) =>
  aNotice(event, { subscriber: { memberId } })

const anExchange = (): Exchange => ({
  id: mintId('exchange', NOW, secureRandom),
  direction: 'inbound',
  format: 'json',
  at: NOW,
  body: new Uint8Array(Buffer.from('{"subscriber":{"lastName":"Brambleworth"}}')),
  notes: [{ at: '/x', message: 'an odd thing' }],
})

/** Keeps a stay of this company, unmatched, and gives it back. */
async function kept(
  company: OrganizationId,
  notice = noticeOf(`M${++serial}`),
  said: readonly Exchange[] = [],
) {
  const received = aStay(company, { notice })
  const { admission, events } = match(received.admission, undefined, NOW)
  await as(tenant(company), (tx) =>
    admissions.save(tx, { admission, events: [...received.events, ...events] }, said),
  )
  assert.ok(admission.state === 'unmatched')
  return admission
}
const found = async (session: Session, { id }: Pick<Admission, 'id'>) =>
  (await as(session, (tx) => admissions.find(tx, id)))?.admission

describe('keeping', () => {
  test('an admission reads back as it was kept, with its events and what was said', async () => {
    const company = aCompany()
    const said = anExchange()
    const admission = await kept(company, undefined, [said])
    assert.deepEqual(await found(tenant(company), admission), admission)
    const events = await as(tenant(company), (tx) => admissions.events(tx, admission.id))
    assert.deepEqual(
      events.map(({ sequence, type }) => [sequence, type]),
      [
        [1, 'admission.received'],
        [2, 'admission.unmatched'],
      ],
    )
    assert.deepEqual(await as(tenant(company), (tx) => admissions.exchanges(tx, admission.id)), [said])
  })

  test('a discharge mends the stay and is told after what was told before', async () => {
    const company = aCompany()
    const admission = await kept(company)
    const moved = update(
      admission,
      { ...admission.notice, event: { ...admission.notice.event, dischargeDate: day('2026-11-04') } },
      actor,
      NOW,
    )
    await as(tenant(company), (tx) => admissions.change(tx, moved, [anExchange()]))
    const read = await found(tenant(company), admission)
    assert.deepEqual(read, moved.admission)
    assert.equal(read?.kind, 'discharge')
    const { rows } = await as(tenant(company), (tx) =>
      sql`select admitted_on, discharged_on, last_sequence from admissions where admission_id = ${admission.id}`.execute(
        tx,
      ),
    )
    assert.deepEqual(rows, [{ admitted_on: '2026-11-01', discharged_on: '2026-11-04', last_sequence: 3 }])
  })

  test('a change of what was changed meanwhile is not kept', async () => {
    const company = aCompany()
    const admission = await kept(company)
    const moved = cancel(admission, actor, NOW)
    await as(tenant(company), (tx) => admissions.change(tx, moved, []))
    await assert.rejects(
      as(tenant(company), (tx) => admissions.change(tx, moved, [])),
      /by another meanwhile/,
    )
  })

  test('a gap in its events is not kept', async () => {
    const company = aCompany()
    const { admission } = match(aStay(company).admission, undefined, NOW)
    await assert.rejects(
      as(tenant(company), (tx) => admissions.save(tx, { admission, events: [] }, [])),
      /without gaps/,
    )
  })

  test('nothing that names a member is in clear', async () => {
    const company = aCompany()
    const admission = await kept(company, undefined, [anExchange()])
    const { rows } = await as(tenant(company), (tx) =>
      sql<{ text: string }>`
        select coalesce(string_agg(t::text, ' '), '') as text from (
          select a::text as t from admissions a where admission_id = ${admission.id}
          union all select e::text from admission_events e where admission_id = ${admission.id}
          union all select x::text from admission_exchanges x where admission_id = ${admission.id}
          union all select l::text from admission_lookups l where admission_id = ${admission.id}) as all_rows`.execute(
        tx,
      ),
    )
    const text = rows[0]?.text ?? ''
    assert.match(text, new RegExp(admission.id))
    const memberId = admission.notice.subscriber.memberId ?? ''
    const hex = (value: string) => Buffer.from(value).toString('hex')
    for (const secret of ['Brambleworth', 'Ottoline', '1961-04-17', memberId]) {
      assert.ok(!text.includes(secret), secret)
      assert.ok(secret === memberId || !text.includes(hex(secret)), secret)
    }
  })
})

describe('finding', () => {
  test('a stay is found by its number, in any spelling', async () => {
    const company = aCompany()
    const admission = await kept(company)
    const spelled = admission.referenceNumber.toLowerCase().replace(/(.{4})/g, '$1 ')
    const read = await as(tenant(company), (tx) =>
      admissions.findSent(tx, company, admission.payerId, spelled),
    )
    assert.deepEqual(read, admission)
  })

  test('a stay is found by member, sender and day of admission; another day is another stay', async () => {
    const company = aCompany()
    const admission = await kept(company)
    const same = (notice = admission.notice) =>
      as(tenant(company), (tx) => admissions.findSameStay(tx, company, admission.payerId, notice))
    assert.deepEqual(await same(), admission)
    const later = day('2026-11-02')
    const event = { ...admission.notice.event, admission: { from: later, until: later } }
    assert.equal(await same({ ...admission.notice, event }), undefined)
  })

  test('a cancelled stay is not the same stay any more', async () => {
    const company = aCompany()
    const admission = await kept(company)
    await as(tenant(company), (tx) => admissions.change(tx, cancel(admission, actor, NOW), []))
    const read = await as(tenant(company), (tx) =>
      admissions.findSameStay(tx, company, admission.payerId, admission.notice),
    )
    assert.equal(read, undefined)
  })

  test('the case that it is tied to is told to those alone who may see that case', async () => {
    const company = aCompany()
    const other = aCompany()
    const { authorization, events } = aCase(other)
    await as(tenant(other), (tx) => record.save(tx, authorization, events, []))
    const stay = aStay(company, { notice: noticeOf(`M${++serial}`) })
    const matched = match(stay.admission, authorization.id, NOW)
    await as(tenant(company), (tx) =>
      admissions.save(tx, { ...matched, events: [...stay.events, ...matched.events] }, []),
    )
    const toSender = await as(tenant(company), (tx) => admissions.find(tx, matched.admission.id))
    assert.equal(toSender?.admission.state, 'matched')
    assert.equal(toSender?.visibleCase, undefined)
    const toHouse = await as({ role: 'staff', payers: 'all' }, (tx) =>
      admissions.find(tx, matched.admission.id),
    )
    assert.equal(toHouse?.visibleCase, authorization.id)
  })
})

describe('who sees an admission', () => {
  test('another company finds it by no way', async () => {
    const company = aCompany()
    const other = aCompany()
    const admission = await kept(company, undefined, [anExchange()])
    const { id, payerId, notice, referenceNumber } = admission
    await as(tenant(other), async (tx) => {
      assert.equal(await admissions.find(tx, id), undefined)
      assert.equal(await admissions.findSent(tx, other, payerId, referenceNumber), undefined)
      assert.equal(await admissions.findSent(tx, company, payerId, referenceNumber), undefined)
      assert.equal(await admissions.findSameStay(tx, other, payerId, notice), undefined)
      assert.deepEqual(await admissions.admissionsOfMember(tx, payerId, notice.subscriber.memberId ?? ''), [])
      assert.deepEqual(await admissions.events(tx, id), [])
      assert.deepEqual(await admissions.exchanges(tx, id), [])
    })
  })

  test('a company that acts for a provider it names sees it, and not what was said word for word', async () => {
    const surgeon = '1881650737'
    const company = aCompany()
    const attending = {
      role: 'attending',
      identifier: { system: 'npi', value: surgeon },
      references: [],
    } as const
    const notice = noticeOf(`M${++serial}`, { providers: [attending] })
    const admission = await kept(company, notice, [anExchange()])
    const acting = actingFor(aCompany(), surgeon)
    // 'attending' takes part in a case as servicing: the notice is seen.
    assert.deepEqual(await found(acting, admission), admission)
    assert.deepEqual(await as(acting, (tx) => admissions.exchanges(tx, admission.id)), [])
    assert.equal(await found(actingFor(aCompany(), '1000000004'), admission), undefined)
  })

  test('its sender sees it while it acts for the provider that it sent it for', async () => {
    const company = aCompany()
    const admission = await kept(company)
    assert.deepEqual(await found(actingFor(company, '1234567893'), admission), admission)
    assert.equal(await found(actingFor(company, '1000000004'), admission), undefined)
  })

  test('staff see the admissions of the payers that they are named', async () => {
    const admission = await kept(aCompany())
    assert.deepEqual(await found({ role: 'staff', payers: ['pay_quillfeather'] }, admission), admission)
    assert.equal(await found({ role: 'staff', payers: ['pay_another'] }, admission), undefined)
    assert.equal(await found({ role: 'staff' }, admission), undefined)
  })

  test('another company cannot change it, add to it or take it over', async () => {
    const company = aCompany()
    const other = aCompany()
    const admission = await kept(company)
    await assert.rejects(
      as(tenant(other), (tx) => admissions.change(tx, cancel(admission, actor, NOW), [])),
      /by another meanwhile/,
    )
    for (const statement of [
      sql`insert into admission_access values (${other}, ${admission.id}, ${other}, null)`,
      sql`insert into admission_access values (${other}, ${admission.id}, ${company}, null)`,
      sql`insert into admission_parties values (${admission.id}, '1000000004', ${other})`,
      sql`update admissions set received_from = ${other} where admission_id = ${admission.id}`,
      sql`delete from admissions where admission_id = ${admission.id}`,
    ])
      await assert.rejects(as(tenant(other), (tx) => statement.execute(tx)))
    assert.deepEqual(await found(tenant(company), admission), admission)
  })
})
