import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import { keepDecided, requestOf } from '../../../../test/support/decided-cases.ts'
import {
  type Answer,
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  sandbox = servers.sandbox
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

let serial = 0
const aMember = () => `QFRES${++serial}`

/** A planned ambulance journey, which is certified, in JSON of our own. */
const aBody = (memberId = aMember()) => ({
  payer: { id: 'QFHP1' },
  requester: {
    kind: 'provider',
    name: { kind: 'organization', name: 'Larkspur Ambulance' },
    identifier: { system: 'npi', value: '1234567893' },
  },
  subscriber: {
    memberId,
    name: { kind: 'person', last: 'Calloway', first: 'Wren' },
    birthDate: '1980-02-29',
  },
  event: {
    category: 'health-services',
    period: { from: '2027-05-03', until: '2027-06-03' },
    lines: [
      {
        number: 1,
        serviceType: '56',
        place: { code: '41', system: 'place-of-service' },
        procedure: { system: 'HC', code: 'A0428' },
        quantity: { unit: 'UN', value: '2' },
      },
    ],
  },
})

const post = (company: TestCompany, path: string, body: unknown, headers = {}) =>
  company.call({
    method: 'POST',
    url: `/v1/authorizations${path}`,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  })
const get = async (company: TestCompany, id: string) =>
  (await company.call({ method: 'GET', url: `/v1/authorizations/${id}` })).json()

async function created(company: TestCompany, body: unknown = aBody()) {
  const answer = await post(company, '', body)
  assert.equal(answer.statusCode, 201, answer.body)
  return answer.json()
}

function faultsOf(answer: Answer): readonly string[] {
  assert.equal(answer.statusCode, 422, answer.body)
  return answer.json().faults.map(({ at, message }: { at: string; message: string }) => `${at}: ${message}`)
}

async function denied(company: TestCompany) {
  const request = requestOf({ memberId: aMember() })
  return keepDecided(sandbox, company.organizationId, servers.clock.now(), ['not-certified'], request)
}

describe('POST /v1/authorizations', () => {
  test('a request is answered 201, with its place and the case as it reads there', async () => {
    const company = await sandbox.aCompany()
    const answer = await post(company, '', aBody())
    assert.equal(answer.statusCode, 201, answer.body)
    const made = answer.json()
    assert.equal(answer.headers.location, `/v1/authorizations/${made.id}`)
    assert.equal(made.state, 'approved')
    assert.deepEqual(made, await get(company, made.id))
  })

  test('what a case shows as its request can be sent as it stands', async () => {
    const company = await sandbox.aCompany()
    const { request } = await created(company)
    const { request: again } = await created(company, request)
    assert.deepEqual(again, request)
  })

  test('every fault is told at once, by its pointer: of the schema, and of what a schema cannot say', async () => {
    const company = await sandbox.aCompany()
    const body = aBody()
    const before = await sandbox.rowCounts()
    const answer = await post(company, '', {
      ...body,
      colour: 'green',
      requester: { ...body.requester, identifier: { system: 'npi', value: '1234567890' } },
      subscriber: { ...body.subscriber, birthDate: '1980-02-30' },
      event: {
        ...body.event,
        category: 'surgery',
        period: { from: '2027-05-03', until: '2027-05-02' },
        lines: [{ number: 2 }],
      },
    })
    const places = faultsOf(answer).map((fault) => fault.split(':')[0])
    for (const at of [
      '/colour',
      '/requester/identifier/value',
      '/subscriber/birthDate',
      '/event/category',
      '/event/period/until',
      '/event/lines/0/number',
      '/event/lines/0',
    ])
      assert.ok(places.includes(at), `${at} in ${places}`)
    const after = await sandbox.rowCounts()
    assert.equal(after.authorizations, before.authorizations)
  })

  test('an NPI that fails its check digit is refused, wherever it stands (45 CFR 162.406)', async () => {
    const company = await sandbox.aCompany()
    const body = aBody()
    const provider = { role: 'rendering', identifier: { system: 'npi', value: '1111111111' } }
    const answer = await post(company, '', { ...body, event: { ...body.event, providers: [provider] } })
    assert.match(faultsOf(answer).join(), /^\/event\/providers\/0\/identifier\/value: is no NPI/)
  })

  for (const [what, body] of [
    ['nothing', ''],
    ['a list', '[]'],
    ['a text', '"request"'],
    ['null', 'null'],
  ] as const)
    test(`${what} in place of an object is refused`, async () => {
      const company = await sandbox.aCompany()
      const answer = await company.call({
        method: 'POST',
        url: '/v1/authorizations',
        headers: { 'content-type': 'application/json' },
        payload: body,
      })
      assert.ok([400, 422].includes(answer.statusCode), answer.body)
      assert.match(answer.headers['content-type'] as string, /problem\+json/)
    })

  test('the same key gets the same answer, byte for byte, and makes one case; with another body it is refused', async () => {
    const company = await sandbox.aCompany()
    const body = aBody()
    const key = { 'idempotency-key': 'k-1' }
    const first = await post(company, '', body, key)
    const second = await post(company, '', body, key)
    assert.deepEqual([second.statusCode, second.body], [201, first.body])
    assert.equal(second.headers['idempotency-replayed'], 'true')
    const other = await post(company, '', aBody(), key)
    assert.deepEqual([other.statusCode, other.json().code], [422, 'idempotency/other-body'])
  })

  test('the same care asked for again, while nobody has answered, is the case that there is', async () => {
    const company = await sandbox.aCompany()
    const first = await created(company, aBody('QFPEND001'))
    const again = await post(company, '', aBody('QFPEND001'))
    assert.deepEqual([again.statusCode, again.json().id], [200, first.id])
    assert.equal(again.headers['countersign-duplicate-of'], first.id)
  })

  test('a company that may not act for the requester is refused, and nothing is kept', async () => {
    const company = await sandbox.aCompany(undefined, [
      { npi: '1111111112', relation: 'own', from: 0 as never },
    ])
    const answer = await post(company, '', aBody())
    assert.deepEqual([answer.statusCode, answer.json().code], [403, 'access/provider-not-represented'])
  })
})

describe('POST /v1/authorizations/{id}/…', () => {
  test('cancel ends a certified case; once more changes nothing and is answered the same', async () => {
    const company = await sandbox.aCompany()
    const { id, events } = await created(company)
    const first = await post(company, `/${id}/cancel`, {})
    assert.deepEqual([first.statusCode, first.json().state], [200, 'cancelled'])
    assert.deepEqual(first.json(), await get(company, id))
    const second = await post(company, `/${id}/cancel`, { message: 'again' })
    assert.deepEqual([second.statusCode, second.json().state], [200, 'cancelled'])
    assert.equal(second.json().events.length, events.length + 1)
  })

  test('extend opens a case that follows, with the days and lines that were asked for', async () => {
    const company = await sandbox.aCompany()
    const { id } = await created(company)
    const answer = await post(company, `/${id}/extend`, {
      period: { from: '2027-06-04', until: '2027-07-04' },
      lines: [{ number: 1, quantity: { unit: 'UN', value: '4' } }],
    })
    assert.equal(answer.statusCode, 201, answer.body)
    const made = answer.json()
    assert.deepEqual([made.follows, made.state, made.request.event.purpose], [id, 'pended', 'extension'])
    assert.deepEqual(made.request.event.lines[0].quantity, { unit: 'UN', value: '4' })
    assert.deepEqual(made.request.event.lines[0].period, { from: '2027-06-04', until: '2027-07-04' })
    assert.equal(answer.headers.location, `/v1/authorizations/${made.id}`)
  })

  test('update opens a case that follows, in which what was sent takes the place of what the case says', async () => {
    const company = await sandbox.aCompany()
    const { id, request } = await created(company)
    const answer = await post(company, `/${id}/update`, { message: 'With a stretcher.' })
    assert.equal(answer.statusCode, 201, answer.body)
    const { event } = answer.json().request
    assert.deepEqual(event, { ...request.event, purpose: 'revised', message: 'With a stretcher.' })
  })

  test('appeal puts a denial before a reviewer, by its own clock', async () => {
    const company = await sandbox.aCompany()
    const { id } = await denied(company)
    const answer = await post(company, `/${id}/appeal`, { kind: 'immediate' })
    assert.equal(answer.statusCode, 200, answer.body)
    const { state, dueAt, appeal } = answer.json()
    assert.deepEqual([state, appeal.kind], ['appealed', 'immediate'])
    assert.equal(Date.parse(dueAt) - servers.clock.now(), 72 * 3_600_000)
  })

  for (const [action, body, asked] of [
    ['extend', { period: { from: '2027-06-04', until: '2027-07-04' } }, 'an extension'],
    ['update', { message: 'More.' }, 'a revision'],
    ['cancel', {}, 'a cancellation'],
  ] as const)
    test(`${action} of a denial is refused, and it is said what can be done instead`, async () => {
      const company = await sandbox.aCompany()
      const { id } = await denied(company)
      const before = await get(company, id)
      const answer = await post(company, `/${id}/${action}`, body)
      assert.deepEqual([answer.statusCode, answer.json().code], [409, 'state/not-allowed'])
      assert.equal(
        answer.json().detail,
        `The case is denied, and ${asked} is not possible. What can be asked of it now: ${before.possible.join(', ')}.`,
      )
      assert.deepEqual(await get(company, id), before)
    })

  test('while a change waits another is refused, and it is said which one waits', async () => {
    const company = await sandbox.aCompany()
    const { id } = await created(company)
    const update = (message: string) => post(company, `/${id}/update`, { message })
    const first = (await update('More.')).json()
    const answer = await update('Less.')
    assert.deepEqual([answer.statusCode, answer.json().code], [409, 'state/not-allowed'])
    assert.ok(answer.json().detail.includes(first.id), answer.body)
    assert.equal((await update('More.')).headers['countersign-duplicate-of'], first.id)
  })

  test('an appeal of what was certified as asked is refused', async () => {
    const company = await sandbox.aCompany()
    const { id } = await created(company)
    const answer = await post(company, `/${id}/appeal`, { kind: 'standard' })
    assert.deepEqual([answer.statusCode, answer.json().code], [409, 'state/not-allowed'])
  })

  test('what is refused of a case is on the record with the case, once, and why', async () => {
    const company = await sandbox.aCompany()
    const { id } = await created(company)
    const answer = await post(company, `/${id}/appeal`, { kind: 'standard' })
    const entries = (await sandbox.audit()).filter((row) => row.request_id === answer.headers['x-request-id'])
    assert.deepEqual(
      entries.map(({ act, outcome, problem, on_id }) => [act, outcome, problem, on_id]),
      [['authorization.appeal', 'refused', 'state/not-allowed', id]],
    )
  })

  test('what is refused under a key is not kept under it: sent again when the case allows it, it is done', async () => {
    const company = await sandbox.aCompany()
    const first = await post(company, '', aBody(), { 'x-sandbox-scenario': 'pend-then-approve' })
    const { id } = first.json()
    const extend = () =>
      post(
        company,
        `/${id}/extend`,
        { period: { from: '2027-06-04', until: '2027-07-04' } },
        { 'idempotency-key': `extend-${id}` },
      )
    assert.equal((await extend()).statusCode, 409)
    const { organizationId } = company
    await sandbox.gateway.administration.advanceClock(
      { organizationId, byMs: 3_600_000 },
      { kind: 'operator' },
    )
    assert.equal((await extend()).statusCode, 201)
  })

  test('a case whose last day has passed everywhere on earth is expired: it is renewed, and not extended', async () => {
    const company = await sandbox.aCompany()
    const body = aBody()
    const { id } = await created(company, {
      ...body,
      event: { ...body.event, period: { from: '2026-01-01', until: '2026-01-02' } },
    })
    const read = await get(company, id)
    assert.deepEqual([read.expired, read.state, read.possible], [true, 'approved', ['renewal']])
    const answer = await post(company, `/${id}/extend`, {
      period: { from: '2027-06-04', until: '2027-07-04' },
    })
    assert.match(answer.json().detail, /^The case is expired/)
  })

  for (const action of ['update', 'extend', 'cancel', 'appeal'])
    test(`${action}: another company's case and one that never was are answered alike`, async () => {
      const company = await sandbox.aCompany()
      const other = await sandbox.aCompany()
      const { id } = await created(other)
      const body = {
        update: { message: 'x' },
        extend: { period: { from: '2027-06-04', until: '2027-07-04' } },
        cancel: {},
        appeal: { kind: 'standard' },
      }[action]
      const texts: string[] = []
      for (const named of [id, 'auth_01989d5e-0000-7000-8000-000000000000']) {
        const answer = await post(company, `/${named}/${action}`, body)
        assert.equal(answer.statusCode, 404)
        const { requestId: _, ...told } = answer.json()
        texts.push(JSON.stringify(told))
      }
      assert.equal(texts[0], texts[1])
      assert.notEqual((await get(other, id)).state, 'cancelled')
    })

  test('a company that the case names, and that may see it, may not change it', async () => {
    const seer = '1111111112'
    const company = await sandbox.aCompany()
    const body = aBody()
    const provider = { role: 'facility', identifier: { system: 'npi', value: seer } }
    const { id } = await created(company, { ...body, event: { ...body.event, providers: [provider] } })
    const hospital = await sandbox.aCompany(undefined, [{ npi: seer, relation: 'own', from: 0 as never }])
    assert.equal((await get(hospital, id)).state, 'approved')
    const answer = await post(hospital, `/${id}/cancel`, {})
    assert.deepEqual([answer.statusCode, answer.json().code], [403, 'access/provider-not-represented'])
    assert.equal((await get(company, id)).state, 'approved')
  })

  test('a company that acts for the requester now may change the case, though another sent it', async () => {
    const npi = '1234567893'
    const grant = [{ npi, relation: 'represented', from: 0 as never }] as const
    const sender = await sandbox.aCompany(undefined, grant)
    const { id } = await created(sender)
    const successor = await sandbox.aCompany(undefined, grant)
    const answer = await post(successor, `/${id}/cancel`, {})
    assert.deepEqual([answer.statusCode, answer.json().state], [200, 'cancelled'])
    assert.equal((await get(sender, id)).state, 'cancelled')
  })

  test('of a cancellation and an extension at once one comes first, and the other is told how the case stands', async () => {
    const company = await sandbox.aCompany()
    const { id } = await created(company)
    const [cancelled, extended] = await Promise.all([
      post(company, `/${id}/cancel`, {}),
      post(company, `/${id}/extend`, { period: { from: '2027-06-04', until: '2027-07-04' } }),
    ])
    assert.equal(cancelled.statusCode, 200)
    assert.ok([201, 409].includes(extended.statusCode), extended.body)
    const types = (await get(company, id)).events.map(({ type }: { type: string }) => type)
    assert.deepEqual(
      types.filter((type: string) => type === 'authorization.cancelled'),
      ['authorization.cancelled'],
    )
  })
})
