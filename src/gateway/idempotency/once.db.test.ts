import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { aCase, aVault, NOW, payerKeysInMemory } from '../../../test/support/cases.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import { record as recordAudit } from '../../audit/index.ts'
import { openRecord } from '../../cases/record/index.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem, type ProblemCode } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Session, Tx } from '../../platform/database/index.ts'
import { secureRandom } from '../../platform/secrets/index.ts'
import {
  type Claim,
  fingerprintOf,
  KEPT_FOR_MS,
  keepNumbers,
  type OnceDeps,
  once,
  pruneAnswers,
  type Result,
} from './index.ts'

let databases: TestDatabases
let deps: OnceDeps
const keyOf = payerKeysInMemory()
const vault = aVault()
before(async () => {
  databases = await openTestDatabases()
  deps = { database: databases.sandbox, vault, keyOf }
})
after(() => databases.close())

const record = openRecord({ environment: 'sandbox', vault, keyOf, random: secureRandom })
let serial = 0
const aCompany = () => `org_once-${++serial}` as OrganizationId
const bytes = (text: string) => new Uint8Array(Buffer.from(text))

interface ClaimParts extends Partial<Omit<Claim, 'key' | 'fingerprint'>> {
  readonly key?: string
  readonly parts?: readonly string[]
  readonly body?: string
}
const aClaim = (organizationId: OrganizationId, parts: ClaimParts = {}): Claim => {
  const { key = 'key-1', parts: derivedParts, body = '{"memberId":"QFH-7731-0042"}', ...given } = parts
  return {
    organizationId,
    route: 'POST /submission',
    key: derivedParts ? { kind: 'derived', parts: derivedParts } : { kind: 'explicit', value: key },
    fingerprint: fingerprintOf({ body: bytes(body) }),
    requestId: `req_${++serial}`,
    at: NOW,
    ...given,
  }
}
const answering = (body: string | Uint8Array = '{"ok":true}', status = 200): Result => ({
  answer: { status, headers: { 'content-type': 'application/json', location: '/v1/authorizations/1' }, body },
  payerId: 'pay_quillfeather',
})
/** Work that counts how often it was done. */
function counted(result: Result = answering()) {
  let count = 0
  return {
    work: async (_tx: Tx) => {
      count++
      return result
    },
    count: () => count,
  }
}
const is = (code: ProblemCode) => (error: unknown) => error instanceof Problem && error.code === code
const rowsOf = (company: string, session: Session = { role: 'tenant', organization: company }) =>
  databases.sandbox.transaction(session, async (tx) => {
    const { rows } = await sql`select route from idempotency_keys where organization_id = ${company}`.execute(
      tx,
    )
    return rows.length
  })

test('a request is answered by its work', async () => {
  const claim = aClaim(aCompany())
  assert.deepEqual(await once(deps, claim, counted().work), {
    answer: answering().answer,
    replayed: false,
    requestId: claim.requestId,
  })
})

test('a retry gets the same answer, byte for byte, and the work is not done again', async () => {
  const [company, { work, count }] = [aCompany(), counted()]
  const first = aClaim(company)
  await once(deps, first, work)
  assert.deepEqual(await once(deps, aClaim(company), work), {
    answer: answering().answer,
    replayed: true,
    requestId: first.requestId,
  })
  assert.equal(count(), 1)
})

test('an answer of any bytes is replayed as it was', async () => {
  const company = aCompany()
  const every = Uint8Array.from({ length: 256 }, (_, i) => i)
  await once(deps, aClaim(company), counted(answering(every)).work)
  const { answer } = await once(deps, aClaim(company), counted().work)
  assert.deepEqual(answer.body, every)
})

test('a refusal that the work answers with is replayed like any answer', async () => {
  const company = aCompany()
  await once(deps, aClaim(company), counted(answering('{"no":1}', 422)).work)
  const again = await once(deps, aClaim(company), counted().work)
  assert.equal(again.answer.status, 422)
  assert.equal(again.replayed, true)
})

test('an answer that nothing came of is not kept: the work is done again', async () => {
  const company = aCompany()
  const { work, count } = counted({ ...answering(), isNotKept: true })
  await once(deps, aClaim(company), work)
  assert.equal((await once(deps, aClaim(company), work)).replayed, false)
  assert.deepEqual([count(), await rowsOf(company)], [2, 0])
})

test('an answer that concerns no payer is kept and replayed too', async () => {
  const company = aCompany()
  const { answer } = answering()
  await once(deps, aClaim(company), async () => ({ answer }))
  assert.deepEqual((await once(deps, aClaim(company), counted().work)).answer, answer)
})

test('the same key with another body is refused, and nothing is done', async () => {
  const [company, { work, count }] = [aCompany(), counted()]
  await once(deps, aClaim(company), work)
  await assert.rejects(once(deps, aClaim(company, { body: 'other' }), work), is('idempotency/other-body'))
  assert.equal(count(), 1)
})

test('a derived key with another body is another request', async () => {
  const [company, { work, count }] = [aCompany(), counted()]
  const parts = ['SENDER', '000000001']
  await once(deps, aClaim(company, { parts }), work)
  assert.equal((await once(deps, aClaim(company, { parts, body: 'other' }), work)).replayed, false)
  assert.equal((await once(deps, aClaim(company, { parts }), work)).replayed, true)
  assert.equal(count(), 2)
})

test('a derived key is never the same as one that a caller chose', async () => {
  const [company, { work, count }] = [aCompany(), counted()]
  const derived = aClaim(company, { parts: ['a'] })
  await once(deps, derived, work)
  await once(deps, { ...derived, key: { kind: 'explicit', value: 'a' } }, work)
  assert.equal(count(), 2)
})

test('the same key on another route is another request', async () => {
  const [company, { work, count }] = [aCompany(), counted()]
  await once(deps, aClaim(company), work)
  await once(deps, aClaim(company, { route: 'POST /inquiry' }), work)
  assert.equal(count(), 2)
})

test("another company's same key is another request, and neither sees that the other has it", async () => {
  const [mine, theirs, { work, count }] = [aCompany(), aCompany(), counted()]
  await once(deps, aClaim(mine), work)
  assert.equal((await once(deps, aClaim(theirs, { body: 'other' }), work)).replayed, false)
  assert.equal(count(), 2)
  assert.equal(await rowsOf(mine, { role: 'tenant', organization: theirs }), 0)
  assert.equal(await rowsOf(mine, { role: 'tenant', organization: '' }), 0)
  assert.equal(await rowsOf(mine), 1)
})

test("a company cannot write under another's name", async () => {
  const company = aCompany()
  await assert.rejects(
    databases.sandbox.transaction({ role: 'tenant', organization: aCompany() }, (tx) =>
      sql`insert into idempotency_keys (organization_id, route, key_hash, fingerprint, request_id, sealed_answer,
        created_at, expires_at) values (${company}, 'r', ''::bytea, ''::bytea, 'q', ''::bytea, now(), now())`.execute(
        tx,
      ),
    ),
    /row-level security/,
  )
})

test('an answer is kept for 24 hours, and not a moment longer', async () => {
  const [company, { work, count }] = [aCompany(), counted()]
  const after = (ms: number) => ({ at: (NOW + ms) as Instant })
  await once(deps, aClaim(company), work)
  assert.equal((await once(deps, aClaim(company, after(KEPT_FOR_MS - 1)), work)).replayed, true)
  assert.equal((await once(deps, aClaim(company, after(KEPT_FOR_MS)), work)).replayed, false)
  assert.equal(count(), 2)
  assert.equal(await rowsOf(company), 1)
})

test('after 24 hours a key may be used for something else, and is kept anew', async () => {
  const company = aCompany()
  const tomorrow = { at: (NOW + KEPT_FOR_MS) as Instant, body: 'other' }
  await once(deps, aClaim(company), counted().work)
  await once(deps, aClaim(company, tomorrow), counted(answering('new')).work)
  assert.equal((await once(deps, aClaim(company, tomorrow), counted().work)).answer.body, 'new')
})

test('what expired is pruned by the worker, and nothing else', async () => {
  const [old, recent] = [aCompany(), aCompany()]
  const later = (NOW + 3 * KEPT_FOR_MS) as Instant
  await once(deps, aClaim(old), counted().work)
  await once(deps, aClaim(recent, { at: later }), counted().work)
  assert.ok((await pruneAnswers(databases.sandbox, (later + 1) as Instant)) >= 1)
  assert.deepEqual([await rowsOf(old), await rowsOf(recent)], [0, 1])
})

test('the numbers of an interchange are those of no other for 24 hours, and pruned then', async () => {
  const organization = aCompany()
  const numbers = {
    senderId: 'LARKSPUR',
    receiverId: 'QUILLFEATHER',
    interchangeControlNumber: '000000417',
    groupControlNumber: '1',
  }
  const keep = (content: string, at: Instant, more: Partial<typeof numbers> = {}) =>
    databases.sandbox.transaction({ role: 'tenant', organization }, (tx) =>
      keepNumbers(deps, tx, organization, { ...numbers, ...more }, bytes(content), at),
    )
  const later = (NOW + KEPT_FOR_MS) as Instant
  assert.equal(await keep('ISA*1', NOW), true)
  assert.equal(await keep('ISA*1', NOW), true)
  assert.equal(await keep('ISA*2', (later - 1) as Instant), false)
  assert.equal(await keep('ISA*2', NOW, { receiverId: 'OTHER' }), true)
  assert.equal(await keep('ISA*2', later), true)
  assert.equal(await keep('ISA*1', later), false)
  assert.ok((await pruneAnswers(databases.sandbox, (later + KEPT_FOR_MS) as Instant)) >= 2)
  assert.equal(await keep('ISA*1', later), true)
})

test('the worker that prunes may not read the answers', async () => {
  await assert.rejects(
    databases.sandbox.transaction({ role: 'worker' }, (tx) =>
      sql`select sealed_answer from idempotency_keys`.execute(tx),
    ),
    /permission denied/,
  )
})

test('what was thrown is thrown on, and the request may be sent again', async () => {
  const [company, { work, count }] = [aCompany(), counted()]
  const failing = async () => {
    throw new Problem('system/unavailable', 'The payer is being moved.')
  }
  await assert.rejects(once(deps, aClaim(company), failing), is('system/unavailable'))
  assert.equal(await rowsOf(company), 0)
  assert.equal((await once(deps, aClaim(company), work)).replayed, false)
  assert.equal(count(), 1)
})

/** Work that keeps a whole case with its audit entry. */
const keepingACase =
  (company: OrganizationId, then: () => Promise<Result> = async () => answering()) =>
  async (tx: Tx) => {
    const { authorization, events } = aCase(company)
    const { id, request } = authorization
    await record.save(tx, authorization, events, [
      {
        id: `exc_${id}`,
        direction: 'inbound',
        format: 'json',
        at: NOW,
        body: bytes(JSON.stringify(request)),
        notes: [],
      },
    ])
    await recordAudit(tx, {
      at: NOW,
      actor: { kind: 'client', clientId: 'cs_test_1', organizationId: company },
      act: 'authorization.submit',
      on: id,
      outcome: 'done',
    })
    return then()
  }
const casesOf = (company: string) =>
  databases.sandbox.transaction({ role: 'staff', payers: 'all' }, async (tx) => {
    const { rows } = await sql<{ n: number }>`select (
        (select count(*) from authorizations where received_from = ${company}) +
        (select count(*) from audit_entries where organization_id = ${company}))::int as n`.execute(tx)
    return (rows[0]?.n ?? 0) / 2
  })

test('a crash after the case was written leaves nothing: no case, no audit entry, no key', async () => {
  const company = aCompany()
  const crash = () => Promise.reject(new Error('a crash in between'))
  await assert.rejects(once(deps, aClaim(company), keepingACase(company, crash)), /a crash in between/)
  assert.deepEqual([await casesOf(company), await rowsOf(company)], [0, 0])
})

test('an answer of 500 and above is given, and nothing of it is kept', async () => {
  const company = aCompany()
  const failed = async () => answering('{"oops":1}', 502)
  const { answer } = await once(deps, aClaim(company), keepingACase(company, failed))
  assert.equal(answer.status, 502)
  assert.deepEqual([await casesOf(company), await rowsOf(company)], [0, 0])
})

test('many equal requests at once make one case', async () => {
  const company = aCompany()
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, () => once(deps, aClaim(company), keepingACase(company))),
  )
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  for (const { reason } of refused) assert.ok(is('idempotency/in-flight')(reason), String(reason))
  const fresh = outcomes.filter((outcome) => outcome.status === 'fulfilled' && !outcome.value.replayed)
  assert.equal(fresh.length, 1)
  assert.deepEqual([await casesOf(company), await rowsOf(company)], [1, 1])
})

/** Two equal requests, the second begun while the first is at work. */
async function twoAtOnce(company: OrganizationId) {
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
  const { promise: atWork, resolve: begun } = Promise.withResolvers<void>()
  const first = once(deps, aClaim(company), async () => {
    begun()
    await mayEnd
    return answering('first')
  })
  await atWork
  const second = once(deps, aClaim(company), counted(answering('second')).work)
  return { first, second, end }
}

test('a request that is being answered elsewhere: a server refuses at once, the embedded engine waits its turn', async () => {
  const { first, second, end } = await twoAtOnce(aCompany())
  if (databases.engine.kind === 'server') {
    // Before the first may end: were it to wait for the unique index, this would never come back.
    await assert.rejects(
      second,
      (error) => is('idempotency/in-flight')(error) && (error as Problem).retryAfterSeconds === 1,
    )
    end()
  } else {
    end()
    const { answer, replayed } = await second
    assert.deepEqual([answer.body, replayed], ['first', true])
  }
  assert.equal((await first).replayed, false)
})

test('a request that is being answered does not hold up one with another key, nor the same key in production', async () => {
  const company = aCompany()
  const { first, second, end } = await twoAtOnce(company)
  second.catch(() => undefined)
  const others = [
    once(deps, aClaim(company, { key: 'key-2' }), counted().work),
    once({ ...deps, database: databases.production }, aClaim(company), counted().work),
  ]
  if (databases.engine.kind === 'server') await Promise.all(others)
  end()
  for (const { replayed } of await Promise.all([first, ...others])) assert.equal(replayed, false)
})

for (const [what, key] of [
  ['empty', ''],
  ['too long', 'k'.repeat(256)],
  ['not printable', 'a\nb'],
] as const) {
  test(`a key that is ${what} is refused before anything is done`, async () => {
    const { work, count } = counted()
    await assert.rejects(once(deps, aClaim(aCompany(), { key }), work), is('request/invalid'))
    assert.equal(count(), 0)
  })
}

test('no column holds the key, the answer, or a plain hash of the body', async () => {
  const company = aCompany()
  const body = '{"memberId":"QFH-7731-0042"}'
  const claim = aClaim(company, { key: 'Brambleworth 1961-04-17', body })
  await once(deps, claim, counted(answering('{"name":"Ottoline"}')).work)
  const dump = await databases.sandbox.transaction({ role: 'tenant', organization: company }, async (tx) => {
    const { rows } = await sql<{ line: string }>`select k::text as line from idempotency_keys as k`.execute(
      tx,
    )
    return rows.map((row) => row.line).join('\n')
  })
  assert.ok(dump.includes(company))
  for (const secret of ['Brambleworth', '1961-04-17', 'Ottoline', 'QFH'])
    for (const spelling of [secret, Buffer.from(secret).toString('hex')])
      assert.equal(dump.includes(spelling), false, secret)
  assert.equal(dump.includes(Buffer.from(claim.fingerprint).toString('hex')), false)
})
