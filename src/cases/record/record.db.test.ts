import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { aCase, aVault, type CaseParts, NOW, payerKeysInMemory } from '../../../test/support/cases.ts'
import { onServer, openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { aRequest, day } from '../../../test/support/requests.ts'
import type { Authorization, CaseEvent } from '../../core/authorization.ts'
import { type Cancellable, cancel, receive, reject } from '../../core/lifecycle.ts'
import type { Actor } from '../../kernel/actor.ts'
import { type AuthorizationId, mintId, type OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import { apart, type Session, type Tx } from '../../platform/database/index.ts'
import { secureRandom } from '../../platform/secrets/index.ts'
import { type CaseSearch, ChangePending, type Exchange, openRecord } from './index.ts'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

const record = openRecord({
  environment: 'sandbox',
  vault: aVault(),
  keyOf: payerKeysInMemory(),
  random: secureRandom,
})
/** A company that need not say for whom it acts. */
const tenant = (organization: string): Session => ({ role: 'tenant', organization, providers: 'any' })
/** A company that acts for these providers and no other. */
const actingFor = (organization: string, ...providers: readonly string[]): Session => ({
  role: 'tenant',
  organization,
  providers,
})
const STAFF: Session = { role: 'staff', payers: 'all' }
const as = <T>(session: Session, work: (tx: Tx) => Promise<T>) => databases.sandbox.transaction(session, work)
let serial = 0
/** A company and a member of its own for each test, so that none finds another's cases. */
const aCompany = () => `org_case-${++serial}` as OrganizationId
const aMember = () => `M${++serial}`

const anExchange = (more: Partial<Exchange> = {}): Exchange => ({
  id: mintId('exchange', NOW, secureRandom),
  direction: 'inbound',
  format: 'json',
  at: NOW,
  body: new Uint8Array(Buffer.from('{"subscriber":{"lastName":"Brambleworth"}}')),
  notes: [],
  ...more,
})

/** Keeps a case of this company and gives it back. */
async function kept(
  company: OrganizationId,
  parts: CaseParts = {},
  exchanges: readonly Exchange[] = [],
): Promise<Authorization> {
  const { authorization, events } = aCase(company, parts)
  await as(tenant(company), (tx) => record.save(tx, authorization, events, exchanges))
  return authorization
}
/** As it reads back: who takes part, without the companies. */
const asRead = (authorization: Authorization): Authorization => ({
  ...authorization,
  participants: authorization.participants.map(({ role, npi }) => ({
    role,
    ...(npi === undefined ? {} : { npi }),
  })),
})

describe('moving', () => {
  const CANCELLER: Actor = { kind: 'client', clientId: 'cs_test_1', organizationId: 'org_a' }
  const LATER = (NOW + 1000) as Instant
  /** Locks a case of the company and cancels it. */
  const cancelled = async (company: OrganizationId, id: AuthorizationId) =>
    as(tenant(company), async (tx) => {
      const locked = await record.lock(tx, id)
      assert.equal(locked?.state, 'approved')
      const { authorization, events } = cancel(locked as Cancellable, CANCELLER, LATER)
      await record.move(tx, authorization, events, [anExchange()])
      return authorization
    })

  test('a case that was moved reads back as it was moved, with its events and what was said', async () => {
    const company = aCompany()
    const { id, lastSequence } = await kept(company, {}, [anExchange()])
    const moved = await cancelled(company, id)
    await as(tenant(company), async (tx) => {
      assert.deepEqual(await record.find(tx, id), asRead(moved))
      assert.equal((await record.events(tx, id)).at(-1)?.sequence, lastSequence + 1)
      assert.equal((await record.exchanges(tx, id)).length, 2)
    })
  })

  test('a move that begins where the case no longer is, is not kept', async () => {
    const company = aCompany()
    const before = (await kept(company)) as Cancellable
    await cancelled(company, before.id)
    const { authorization, events } = cancel(before, CANCELLER, LATER)
    await assert.rejects(as(tenant(company), (tx) => record.move(tx, authorization, events, [])))
  })

  test('a move with a gap in its events is not kept', async () => {
    const company = aCompany()
    const before = (await kept(company)) as Cancellable
    const { authorization } = cancel(before, CANCELLER, LATER)
    await assert.rejects(
      as(tenant(company), (tx) => record.move(tx, authorization, [], [])),
      /without gaps/,
    )
  })

  test('a company that may not change a case locks nothing, whether it may see it or not', async () => {
    const { id } = await kept(aCompany(), {
      request: {
        event: {
          providers: [
            { role: 'facility', identifier: { system: 'npi', value: '1111111112' }, references: [] },
          ],
        },
      },
    })
    assert.equal(await as(tenant(aCompany()), (tx) => record.lock(tx, id)), undefined)
    const facility = actingFor(aCompany(), '1111111112')
    assert.notEqual(await as(facility, (tx) => record.find(tx, id)), undefined)
    assert.equal(await as(facility, (tx) => record.lock(tx, id)), undefined)
  })

  test('whoever acts for the requester now may change a case that another company sent', async () => {
    const { id } = await kept(aCompany())
    const successor = actingFor(aCompany(), '1234567893')
    await as(successor, async (tx) => {
      const locked = await record.lock(tx, id)
      const { authorization, events } = cancel(locked as Cancellable, CANCELLER, LATER)
      await record.move(tx, authorization, events, [])
    })
    assert.equal((await as(successor, (tx) => record.find(tx, id)))?.state, 'cancelled')
  })

  test('what is said in a move is read by the company that said it, and not by the sender of the case', async () => {
    const sender = aCompany()
    const [sent, asked] = [anExchange(), anExchange()]
    const { id } = await kept(sender, {}, [sent])
    const successor = actingFor(aCompany(), '1234567893')
    await as(successor, async (tx) => {
      const locked = await record.lock(tx, id)
      const { authorization, events } = cancel(locked as Cancellable, CANCELLER, LATER)
      await record.move(tx, authorization, events, [asked])
    })
    assert.deepEqual(await as(successor, (tx) => record.exchanges(tx, id)), [asked])
    assert.deepEqual(await as(tenant(sender), (tx) => record.exchanges(tx, id)), [sent])
    assert.equal((await as(STAFF, (tx) => record.exchanges(tx, id))).length, 2)
    // Once it no longer acts for the requester the case is not its to see, nor what it said about it.
    const { organization } = successor as { readonly organization: string }
    assert.deepEqual(await as(actingFor(organization), (tx) => record.exchanges(tx, id)), [])
  })

  test('the database lets no company put words into the mouth of another, nor of nobody', async () => {
    const [sender, other] = [aCompany(), aCompany()]
    const { id } = await kept(sender)
    for (const [session, speaker] of [
      [tenant(sender), other],
      [tenant(sender), null],
      [actingFor(other, '1234567893'), sender],
      [actingFor(other, '1234567893'), null],
    ] as const)
      await assert.rejects(
        as(session, (tx) =>
          sql`insert into exchanges (case_id, exchange_id, direction, format, at, sealed_body, received_from, organization_id)
            values (${id}, 'exc_1', 'inbound', 'json', now(), '', ${sender}, ${speaker}::text)`.execute(tx),
        ),
        /row-level security/,
      )
  })

  test('what was kept before the speaker was is the sender’s', async () => {
    const sender = aCompany()
    const { id } = await kept(sender, {}, [anExchange()])
    const { schema, engine } = databases.sandbox
    await engine.script(`alter table ${schema}.exchanges no force row level security;
      update ${schema}.exchanges set organization_id = null where case_id = '${id}';
      alter table ${schema}.exchanges force row level security;`)
    assert.equal((await as(tenant(sender), (tx) => record.exchanges(tx, id))).length, 1)
    assert.deepEqual(await as(actingFor(aCompany(), '1234567893'), (tx) => record.exchanges(tx, id)), [])
  })

  for (const change of [
    `state = 'approved'`,
    `state = 'denied'`,
    `action = 'certified'`,
    `decided_by = 'reviewer'`,
    `sealed_request = ''`,
    `payer_id = 'pay_x'`,
  ])
    test(`the database lets no company set ${change} on its own case`, async () => {
      const company = aCompany()
      const { id } = await kept(company)
      await assert.rejects(
        as(tenant(company), (tx) =>
          sql.raw(`update authorizations set ${change} where case_id = '${id}'`).execute(tx),
        ),
        /permission denied|row-level security/,
      )
    })
})

describe('keeping', () => {
  test('an approved case reads back as it was kept', async () => {
    const company = aCompany()
    const authorization = await kept(company)
    assert.equal(authorization.state, 'approved')
    assert.deepEqual(
      await as(tenant(company), (tx) => record.find(tx, authorization.id)),
      asRead(authorization),
    )
  })

  test('a pended case reads back with its reason and due moment', async () => {
    const company = aCompany()
    const authorization = await kept(company, { pended: true, request: { lines: [{}, {}] } })
    assert.deepEqual(
      await as(tenant(company), (tx) => record.find(tx, authorization.id)),
      asRead(authorization),
    )
  })

  test('a rejected case reads back with its rejections', async () => {
    const company = aCompany()
    const received = receive({
      id: mintId('authorization', NOW, secureRandom),
      payerId: 'pay_quillfeather',
      receivedFrom: company,
      door: 'json-v1',
      receivedAt: NOW,
      request: aRequest(),
      actor: { kind: 'client', clientId: 'cs_test_1', organizationId: company },
    })
    const rejected = reject(
      received.authorization,
      [{ level: 'subscriber', reason: '75', followUp: 'C' }],
      NOW,
    )
    const { id } = rejected.authorization
    await as(tenant(company), (tx) =>
      record.save(tx, rejected.authorization, [...received.events, ...rejected.events], []),
    )
    assert.deepEqual(await as(tenant(company), (tx) => record.find(tx, id)), asRead(rejected.authorization))
  })

  test('its events read back in order, numbered without gaps, with the decision', async () => {
    const company = aCompany()
    const { authorization, events } = aCase(company)
    await as(tenant(company), (tx) => record.save(tx, authorization, events, []))
    const read = await as(tenant(company), (tx) => record.events(tx, authorization.id))
    assert.deepEqual(read, events)
    assert.deepEqual(
      read.map((event) => event.sequence),
      [1, 2, 3],
    )
  })

  test('what was said reads back byte for byte, with what was noted', async () => {
    const company = aCompany()
    const every = Uint8Array.from({ length: 256 }, (_, i) => i)
    const said = anExchange({ body: every, notes: [{ at: '/x', message: 'an odd thing' }] })
    const answered = anExchange({ direction: 'outbound', format: 'x12', at: (NOW + 5) as Instant })
    const authorization = await kept(company, {}, [said, answered])
    const read = await as(tenant(company), (tx) => record.exchanges(tx, authorization.id))
    const byId = (a: Exchange, b: Exchange) => a.id.localeCompare(b.id)
    assert.deepEqual([...read].sort(byId), [said, answered].sort(byId))
  })

  test('a service line is kept with its codes, dates and action', async () => {
    const company = aCompany()
    const authorization = await kept(company, {
      request: { lines: [{ procedure: { system: 'HC', code: '97110', modifiers: ['GP', '59'] } }] },
    })
    const { rows } = await as(tenant(company), (tx) =>
      sql<Record<string, unknown>>`select procedure_code, modifiers, quantity, care_from, action, decided_by
        from service_lines where case_id = ${authorization.id}`.execute(tx),
    )
    assert.deepEqual(rows, [
      {
        procedure_code: '97110',
        modifiers: ['GP', '59'],
        quantity: '1',
        care_from: '2026-12-01',
        action: 'certified',
        decided_by: 'machine',
      },
    ])
  })

  test('a case cannot be kept twice', async () => {
    const company = aCompany()
    const { authorization, events } = aCase(company)
    await as(tenant(company), (tx) => record.save(tx, authorization, events, []))
    await assert.rejects(
      as(tenant(company), (tx) => record.save(tx, authorization, events, [])),
      /duplicate key/,
    )
  })

  test('a case with a gap in its events is not kept', async () => {
    const company = aCompany()
    const { authorization, events } = aCase(company)
    const gap = [events[0], events[2]] as CaseEvent[]
    await assert.rejects(
      as(tenant(company), (tx) => record.save(tx, authorization, gap, [])),
      /without gaps/,
    )
  })

  test('a throw after it was kept leaves nothing in any table', async () => {
    const company = aCompany()
    const { authorization, events } = aCase(company)
    await assert.rejects(
      as(tenant(company), async (tx) => {
        await record.save(tx, authorization, events, [anExchange()])
        throw new Error('a crash in between')
      }),
    )
    assert.equal(await as(STAFF, (tx) => record.find(tx, authorization.id)), undefined)
    for (const table of TABLES) assert.equal(await rowsOf(STAFF, table, authorization.id), 0)
  })
})

const TABLES = [
  'authorizations',
  'case_access',
  'participants',
  'service_lines',
  'events',
  'exchanges',
  'case_lookups',
]
const rowsOf = (session: Session, table: string, id: string) =>
  as(session, async (tx) => {
    const { rows } = await sql`select case_id from ${sql.table(table)} where case_id = ${id}`.execute(tx)
    return rows.length
  })

describe('promise 4', () => {
  const MACHINE_DENIES = { action: 'not-certified', state: 'denied' }
  for (const [table, set] of [
    ['authorizations', `action = '${MACHINE_DENIES.action}'`],
    ['authorizations', `state = '${MACHINE_DENIES.state}'`],
    ['service_lines', "action = 'modified'"],
  ] as const) {
    test(`the database itself refuses a machine's ${set} in ${table}`, async () => {
      const { id } = await kept(aCompany())
      const schema = databases.sandbox.schema
      await assert.rejects(
        // As the owner: not even a migration can.
        databases.engine.script(`alter table ${schema}.${table} no force row level security;
          update ${schema}.${table} set ${set} where case_id = '${id}'`),
        /a_machine_is_never_adverse/,
      )
    })
  }

  test('an aggregate that a cast made adverse is not kept', async () => {
    const company = aCompany()
    const { authorization, events } = aCase(company)
    const forced = {
      ...authorization,
      state: 'denied',
      decided: {
        by: 'machine',
        action: 'not-certified',
        lines: [{ line: 1, action: 'not-certified', grounds: [] }],
      },
    } as unknown as Authorization
    await assert.rejects(
      as(tenant(company), (tx) => record.save(tx, forced, events, [])),
      /machine may only approve as asked or pend/,
    )
  })

  test('a simulated decision is not kept in production', async () => {
    const company = aCompany()
    const { authorization, events } = aCase(company)
    const simulated = {
      ...authorization,
      decided: {
        by: 'simulated',
        scenario: 'approve',
        action: 'certified',
        lines: [{ line: 1, action: 'certified', grounds: [] }],
      },
    } as unknown as Authorization
    const production = openRecord({
      environment: 'production',
      vault: aVault(),
      keyOf: payerKeysInMemory(),
      random: secureRandom,
    })
    await assert.rejects(
      databases.production.transaction(tenant(company), (tx) => production.save(tx, simulated, events, [])),
      /sandbox alone/,
    )
  })
})

describe('who sees what', () => {
  for (const table of TABLES) {
    test(`${table}: its participant sees the rows of a case; another company, and nobody, sees none`, async () => {
      const company = aCompany()
      const { id } = await kept(company, {}, [anExchange()])
      assert.notEqual(await rowsOf(tenant(company), table, id), 0)
      assert.equal(await rowsOf(tenant(aCompany()), table, id), 0)
      assert.equal(await rowsOf(tenant(''), table, id), 0)
      assert.notEqual(await rowsOf(STAFF, table, id), 0)
    })

    test(`${table}: no role may change or remove a row`, async () => {
      const company = aCompany()
      const { id } = await kept(company, {}, [anExchange()])
      for (const session of [tenant(company), STAFF, { role: 'worker' }] as Session[])
        for (const statement of [`update ${table} set received_from = 'org_x'`, `delete from ${table}`])
          await assert.rejects(
            as(session, (tx) => sql.raw(`${statement} where case_id = '${id}'`).execute(tx)),
            /permission denied/,
          )
    })

    test(`${table}: the token endpoint's role sees nothing at all`, async () => {
      await assert.rejects(
        as({ role: 'client_lookup', client: 'cs_test_1' }, (tx) =>
          sql`select from ${sql.table(table)}`.execute(tx),
        ),
        /permission denied/,
      )
    })
  }

  for (const table of TABLES.filter((name) => name !== 'case_access')) {
    test(`${table}: whether a company may see a row is one probe of an index, whoever the plan was made for`, async () => {
      const plan = await as(tenant(aCompany()), async (tx) => {
        const { rows } = await sql<{ 'QUERY PLAN': string }>`
          explain select case_id from ${sql.table(table)}`.execute(tx)
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      })
      assert.match(plan, /SubPlan/)
      assert.doesNotMatch(plan, /hashed SubPlan/)
    })
  }

  test('a company that takes part without having sent the request sees the case, and not what was said', async () => {
    const [sender, hospital] = [aCompany(), aCompany()]
    const { id } = await kept(
      sender,
      {
        participants: [
          { role: 'requester', npi: '1234567893', organizationId: sender },
          { role: 'facility', npi: '1111111112', organizationId: hospital },
        ],
      },
      [anExchange()],
    )
    assert.equal((await as(tenant(hospital), (tx) => record.find(tx, id)))?.id, id)
    assert.equal((await as(tenant(hospital), (tx) => record.events(tx, id))).length, 3)
    assert.deepEqual(await as(tenant(hospital), (tx) => record.exchanges(tx, id)), [])
    assert.equal((await as(tenant(sender), (tx) => record.exchanges(tx, id))).length, 1)
  })

  describe('by the provider that a company acts for', () => {
    const [CLINIC, HOSPITAL, OTHER] = ['1234567893', '1111111112', '1222222220'] as const
    const sentByAClinic = async () => {
      const sender = aCompany()
      const { id } = await kept(
        sender,
        {
          participants: [
            { role: 'requester', npi: CLINIC, organizationId: sender },
            { role: 'facility', npi: HOSPITAL },
          ],
        },
        [anExchange()],
      )
      return { sender, id }
    }

    test('the sender sees a case while it acts for the requester, and not after', async () => {
      const { sender, id } = await sentByAClinic()
      assert.equal((await as(actingFor(sender, OTHER, CLINIC), (tx) => record.find(tx, id)))?.id, id)
      for (const providers of [[], [OTHER], [''], ['*'], [`${CLINIC},${OTHER}`]])
        assert.equal(await as(actingFor(sender, ...providers), (tx) => record.find(tx, id)), undefined)
    })

    test('whoever acts for a provider that a case names sees the case and its events, and not what was said', async () => {
      const { id } = await sentByAClinic()
      const hospital = actingFor(aCompany(), HOSPITAL)
      assert.equal((await as(hospital, (tx) => record.find(tx, id)))?.id, id)
      assert.equal((await as(hospital, (tx) => record.events(tx, id))).length, 3)
      assert.deepEqual(await as(hospital, (tx) => record.exchanges(tx, id)), [])
    })

    test('to act for anybody is to act for nobody in particular: it shows no case that another company sent', async () => {
      const { id } = await sentByAClinic()
      assert.equal(await as(tenant(aCompany()), (tx) => record.find(tx, id)), undefined)
    })
  })

  for (const table of [...TABLES, 'case_parties']) {
    test(`${table}: the staff sees the cases of the payers named, and of no other; without a payer, none`, async () => {
      const company = aCompany()
      const { id } = await kept(company, {}, [anExchange()])
      const mine = (payers: readonly string[]): Session => ({ role: 'staff', payers })
      assert.notEqual(await rowsOf(mine(['pay_other', 'pay_quillfeather']), table, id), 0)
      for (const payers of [[], ['pay_other'], [''], ['*'], ['pay_quillfeather,pay_other']])
        assert.equal(await rowsOf(mine(payers), table, id), 0, payers.join('|'))
      assert.equal(await rowsOf({ role: 'staff' }, table, id), 0)
    })
  }

  test('a company that takes part does not learn which companies act for the others', async () => {
    const company = aCompany()
    await kept(company)
    await assert.rejects(
      as(tenant(company), (tx) => sql`select organization_id from participants`.execute(tx)),
      /permission denied/,
    )
  })

  test('having sent a request is not what lets a company see it: taking part is', async () => {
    const [sender, hospital] = [aCompany(), aCompany()]
    const { id } = await kept(sender, { participants: [{ role: 'facility', organizationId: hospital }] })
    assert.equal(await as(tenant(sender), (tx) => record.find(tx, id)), undefined)
    assert.equal((await as(tenant(hospital), (tx) => record.find(tx, id)))?.id, id)
  })

  test("a company cannot keep a case in another's name", async () => {
    const { authorization, events } = aCase(aCompany())
    await assert.rejects(
      as(tenant(aCompany()), (tx) => record.save(tx, authorization, events, [])),
      /row-level security/,
    )
  })

  for (const [what, add] of [
    [
      'let itself into a case',
      (id: string, me: string, from: string) => sql`
        insert into case_access (organization_id, case_id, received_from) values (${me}, ${id}, ${from})`,
    ],
    [
      'add an event to a case',
      (id: string, _me: string, from: string) => sql`
        insert into events (case_id, sequence, event_id, type, at, actor_kind, facts, received_from)
        values (${id}, 99, 'evt_1', 'authorization.decided', now(), 'system', '{}', ${from})`,
    ],
  ] as const) {
    test(`a company cannot ${what} that another sent, under either name`, async () => {
      const [sender, intruder] = [aCompany(), aCompany()]
      const { id } = await kept(sender)
      await assert.rejects(
        as(tenant(intruder), (tx) => add(id, intruder, sender).execute(tx)),
        /row-level security/,
      )
      await assert.rejects(
        as(tenant(intruder), (tx) => add(id, intruder, intruder).execute(tx)),
        /foreign key/,
      )
      assert.equal(await as(tenant(intruder), (tx) => record.find(tx, id)), undefined)
    })
  }
})

describe('finding', () => {
  const found = (company: OrganizationId, search: Partial<CaseSearch>) =>
    as(tenant(company), async (tx) => {
      const cases = await record.findForInquiry(tx, { payerId: 'pay_quillfeather', limit: 10, ...search })
      return cases.map((one) => one.id)
    })

  test('a case is found by its member, however the id is written', async () => {
    const company = aCompany()
    const { id } = await kept(company, { request: { subscriber: { memberId: 'ab-12 c' } } })
    assert.deepEqual(await found(company, { memberId: 'AB12C' }), [id])
  })

  test('a case is found by its authorization number and by its administrative reference', async () => {
    const company = aCompany()
    const authorization = await kept(company)
    assert.ok(authorization.state === 'approved')
    const { id, authorizationNumber, administrativeReference } = authorization
    assert.deepEqual(await found(company, { authorizationNumber }), [id])
    assert.deepEqual(await found(company, { authorizationNumber: authorizationNumber.toLowerCase() }), [id])
    assert.deepEqual(await found(company, { administrativeReference }), [id])
    assert.deepEqual(await found(company, { authorizationNumber: administrativeReference }), [])
  })

  test('a number with another member finds nothing', async () => {
    const [company, memberId] = [aCompany(), aMember()]
    const authorization = await kept(company, { request: { subscriber: { memberId } } })
    assert.ok(authorization.state === 'approved')
    const { authorizationNumber } = authorization
    assert.deepEqual(await found(company, { authorizationNumber, memberId }), [authorization.id])
    assert.deepEqual(await found(company, { authorizationNumber, memberId: aMember() }), [])
  })

  test('another company finds nothing by the same member and number', async () => {
    const [company, memberId] = [aCompany(), aMember()]
    const authorization = await kept(company, { request: { subscriber: { memberId } } })
    assert.ok(authorization.state === 'approved')
    assert.deepEqual(await found(aCompany(), { memberId }), [])
    assert.deepEqual(await found(aCompany(), { authorizationNumber: authorization.authorizationNumber }), [])
  })

  test("another payer's member of the same id is another member", async () => {
    const [company, memberId] = [aCompany(), aMember()]
    await kept(company, { request: { subscriber: { memberId } } })
    assert.deepEqual(await found(company, { memberId, payerId: 'pay_other' }), [])
  })

  test('cases come newest first, and no more than asked for', async () => {
    const [company, memberId] = [aCompany(), aMember()]
    const ids: AuthorizationId[] = []
    for (const minute of [2, 0, 1]) {
      const receivedAt = (NOW + minute * 60_000) as Instant
      ids[minute] = (await kept(company, { receivedAt, request: { subscriber: { memberId } } })).id
    }
    assert.deepEqual(await found(company, { memberId }), [ids[2], ids[1], ids[0]])
    assert.deepEqual(await found(company, { memberId, limit: 2 }), [ids[2], ids[1]])
  })

  test('a period narrows to the care that overlaps it, and to care without days', async () => {
    const [company, memberId] = [aCompany(), aMember()]
    const december = await kept(company, { request: { subscriber: { memberId } } })
    const undated = await kept(company, {
      receivedAt: (NOW + 1) as Instant,
      request: { subscriber: { memberId }, lines: [] },
    })
    const by = (from: string, until: string) =>
      found(company, { memberId, period: { from: day(from), until: day(until) } })
    assert.deepEqual(await by('2026-12-31', '2027-01-15'), [undated.id, december.id])
    assert.deepEqual(await by('2027-01-01', '2027-01-15'), [undated.id])
    assert.deepEqual(await by('2026-11-01', '2026-11-30'), [undated.id])
  })

  test('a procedure code and a provider who takes part narrow the search', async () => {
    const [company, memberId] = [aCompany(), aMember()]
    const { id } = await kept(company, { request: { subscriber: { memberId } } })
    assert.deepEqual(
      await found(company, { memberId, lines: [{ procedure: '99999' }, { procedure: '72148' }] }),
      [id],
    )
    assert.deepEqual(await found(company, { memberId, lines: [{ procedure: '99999' }] }), [])
    assert.deepEqual(await found(company, { memberId, partyNpis: ['1234567893'] }), [id])
    assert.deepEqual(await found(company, { memberId, partyNpis: ['1111111112'] }), [])
  })

  test('a search by neither member nor number finds nothing', async () => {
    const company = aCompany()
    await kept(company)
    assert.deepEqual(await found(company, { partyNpis: ['1234567893'] }), [])
  })
})

test('of two changes of one case that are waited for the database keeps one, whoever sent them', async () => {
  const [company, other] = [aCompany(), aCompany()]
  const { id } = await kept(company)
  const change = { pended: true, follows: id, request: { event: { purpose: 'revised' } } } as const
  const first = await kept(company, change)
  const followers = await as(tenant(company), (tx) => record.findOpenFollowers(tx, id))
  assert.deepEqual(
    followers.map((one) => one.id),
    [first.id],
  )
  await assert.rejects(kept(other, change), ChangePending)
  await kept(other, { ...change, request: { event: { purpose: 'renewal' } } })
})

describe('the same care asked for twice', () => {
  const duplicateOf = (company: OrganizationId, parts: CaseParts) =>
    as(tenant(company), async (tx) => {
      const found = await record.findOpenDuplicate(tx, aCase(company, parts).authorization)
      return found?.id
    })
  const open = (memberId: string, more: CaseParts['request'] = {}): CaseParts => ({
    pended: true,
    request: { subscriber: { memberId }, ...more },
  })

  test('an open case for the same care is found, and what became of it is told', async () => {
    const [company, memberId] = [aCompany(), aMember()]
    const first = await kept(company, open(memberId))
    assert.ok(first.state === 'pended')
    const again = aCase(company, open(memberId)).authorization
    assert.deepEqual(await as(tenant(company), (tx) => record.findOpenDuplicate(tx, again)), {
      id: first.id,
      state: 'pended',
      action: 'pended',
      administrativeReference: first.administrativeReference,
      receivedAt: NOW,
    })
  })

  test('a case that is already answered is no duplicate', async () => {
    const [company, memberId] = [aCompany(), aMember()]
    await kept(company, { request: { subscriber: { memberId } } })
    assert.equal(await duplicateOf(company, open(memberId)), undefined)
  })

  test('of two requests for the same care at once, the later waits and finds the case of the earlier', async () => {
    const [company, memberId] = [aCompany(), aMember()]
    let hasLooked = false
    let later: Promise<AuthorizationId | undefined> | undefined
    const earlier = await as(tenant(company), async (tx) => {
      const { authorization, events } = aCase(company, open(memberId))
      assert.equal(await record.findOpenDuplicate(tx, authorization), undefined)
      later = apart(() => duplicateOf(company, open(memberId))).finally(() => {
        hasLooked = true
      })
      // On a server the other one is let go as far as it comes; the embedded engine has it wait from the start.
      for (let i = 0; onServer && i < 1000 && !hasLooked && !(await isSomebodyWaiting(tx)); i++);
      await record.save(tx, authorization, events, [])
      return authorization.id
    })
    assert.equal(await later, earlier)
  })

  const isSomebodyWaiting = async (tx: Tx) => {
    const { rows } = await sql<{ waiting: boolean }>`
      select exists (select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())) as waiting`.execute(
      tx,
    )
    return rows[0]?.waiting === true
  }

  test('a case is not its own duplicate', async () => {
    const [company, memberId] = [aCompany(), aMember()]
    const authorization = await kept(company, open(memberId))
    assert.equal(await as(tenant(company), (tx) => record.findOpenDuplicate(tx, authorization)), undefined)
  })

  for (const [what, more] of [
    ['other codes', { lines: [{ procedure: { system: 'HC', code: '72149', modifiers: [] } }] }],
    ['a modifier', { lines: [{ procedure: { system: 'HC', code: '72148', modifiers: ['26'] } }] }],
    ['other dates', { lines: [{ period: { from: day('2027-01-01'), until: day('2027-01-31') } }] }],
    ['another requester', { requester: { identifier: { system: 'npi', value: '1111111112' } } }],
    ['another purpose', { event: { purpose: 'extension' } }],
    [
      'a dependent',
      {
        dependent: {
          name: { kind: 'person', last: 'Brambleworth', first: 'Fitch' },
          birthDate: day('2015-05-05'),
          references: [],
        },
      },
    ],
  ] as [string, NonNullable<CaseParts['request']>][]) {
    test(`${what} make it another request`, async () => {
      const [company, memberId] = [aCompany(), aMember()]
      await kept(company, open(memberId))
      assert.equal(await duplicateOf(company, open(memberId, more)), undefined)
    })
  }

  test('the order of the lines does not matter', async () => {
    const [company, memberId] = [aCompany(), aMember()]
    const spine = { procedure: { system: 'HC', code: '72148', modifiers: [] } }
    const knee = { procedure: { system: 'HC', code: '73721', modifiers: [] } }
    const first = await kept(company, open(memberId, { lines: [spine, knee] }))
    assert.equal(await duplicateOf(company, open(memberId, { lines: [knee, spine] })), first.id)
  })

  test("another company's open case for the same care is not revealed", async () => {
    const memberId = aMember()
    await kept(aCompany(), open(memberId))
    assert.equal(await duplicateOf(aCompany(), open(memberId)), undefined)
  })
})

describe('what is in clear', () => {
  test('no column of any table holds a name, a member id, a birth date or what was said', async () => {
    const company = aCompany()
    const { id } = await kept(
      company,
      {
        pended: true,
        request: {
          event: { message: 'Ottoline walks with a cane' },
          dependent: {
            name: { kind: 'person', last: 'Brambleworth', first: 'Fitch' },
            birthDate: day('2015-05-05'),
            references: [],
          },
        },
      },
      [anExchange({ notes: [{ at: '/subscriber', message: 'found "Brambleworth"' }] })],
    )
    const dump = (await Promise.all(TABLES.map((table) => dumpOf(table, id)))).join('\n')
    assert.ok(dump.includes(id) && dump.includes('72148'), 'the dump holds what it should')
    for (const secret of [
      'brambleworth',
      'ottoline',
      'fitch',
      'okonjo',
      'qfh',
      '77310042',
      '1961-04',
      '2015-05',
      'cane',
    ])
      assert.equal(dump.toLowerCase().includes(secret), false, secret)
    for (const secret of ['Brambleworth', 'QFH-7731-0042', '1961-04-17'])
      assert.equal(dump.includes(Buffer.from(secret).toString('hex')), false, `${secret} as bytes`)
  })

  /** Every row of a case in a table, as text. */
  const dumpOf = (table: string, id: string) =>
    as(STAFF, async (tx) => {
      const { rows } = await sql<{ line: string }>`
        select t::text as line from ${sql.table(table)} as t where case_id = ${id}`.execute(tx)
      return rows.map((row) => row.line).join('\n')
    })

  test('a sealed request that was moved to another case does not open', async () => {
    const company = aCompany()
    const [one, other] = [await kept(company), await kept(company)]
    const schema = databases.sandbox.schema
    await databases.engine.script(`
      alter table ${schema}.authorizations no force row level security;
      update ${schema}.authorizations set sealed_request =
        (select sealed_request from ${schema}.authorizations where case_id = '${one.id}') where case_id = '${other.id}';
      alter table ${schema}.authorizations force row level security`)
    await assert.rejects(as(tenant(company), (tx) => record.find(tx, other.id)))
    assert.ok(await as(tenant(company), (tx) => record.find(tx, one.id)))
  })
})
