import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aSubmission } from '../../../../test/support/a-submission.ts'
import { aCase } from '../../../../test/support/cases.ts'
import { onServer, openTestDatabases, type TestDatabases } from '../../../../test/support/database.ts'
import { asCompany, sandboxRecord } from '../../../../test/support/decided-cases.ts'
import {
  openTestServers,
  type TestCompany,
  type TestServers,
} from '../../../../test/support/gateway-server.ts'
import type { Instant } from '../../../kernel/time.ts'
import type { GrantedProvider } from '../../administration/index.ts'
import { findPayer } from '../../payers/index.ts'

let databases: TestDatabases
let servers: TestServers
/** What happens while somebody waits; the next look comes right after it. */
let meanwhile: () => Promise<unknown> = async () => undefined
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases, { pause: async () => void (await meanwhile()) })
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

interface Event {
  readonly authorizationId: string
  readonly sequence: number
  readonly type: string
}
interface Page {
  readonly events: readonly Event[]
  readonly next?: string
}

let serial = 0
async function submit(company: TestCompany): Promise<string> {
  const answer = await company.post(
    'submission',
    aSubmission({ memberId: `QFALL${++serial}`, transaction: `ALL-${serial}` }),
  )
  assert.equal(answer.statusCode, 200, answer.body)
  return `auth_${answer.json().authorizationId}`
}
const get = (company: TestCompany, query = '') => company.call({ url: `/v1/events${query}` })

/**
 * Follows until so many events have come. On a server others' transactions may hold an event back for a moment: nobody
 * may see it while a smaller number still runs.
 */
async function follow(company: TestCompany, count: number, query = 'limit=100'): Promise<Page> {
  let events: readonly Event[] = []
  let next: string | undefined
  for (let tries = 0; events.length < count && tries < 500; tries++) {
    const page: Page = (
      await get(company, `?${query}&wait=1${next === undefined ? '' : `&after=${next}`}`)
    ).json()
    events = [...events, ...page.events]
    next = page.next
  }
  return { events, ...(next === undefined ? {} : { next }) }
}
const cases = ({ events }: Page) => [...new Set(events.map(({ authorizationId }) => authorizationId))]

describe('all events', () => {
  test('of a company are told in the order in which they were written, case by case', async () => {
    const company = await servers.sandbox.aCompany()
    const ids = [await submit(company), await submit(company)]
    const page = await follow(company, 6)
    assert.deepEqual(cases(page), ids)
    assert.deepEqual(
      page.events.slice(0, 3).map(({ sequence, type }) => [sequence, type]),
      [
        [1, 'authorization.received'],
        [2, 'authorization.submitted'],
        [3, 'authorization.decided'],
      ],
    )
  })

  test('tell no more than the events of one case do', async () => {
    const company = await servers.sandbox.aCompany()
    const id = await submit(company)
    const { events } = await follow(company, 3)
    const own = (await company.call({ url: `/v1/authorizations/${id}/events` })).json().events
    assert.deepEqual(
      events.map(({ authorizationId: _, ...event }) => event),
      own,
    )
  })

  test('go on from the cursor of the last page, which is there though there is no more yet', async () => {
    const company = await servers.sandbox.aCompany()
    await submit(company)
    const first = await follow(company, 3)
    assert.ok(first.next)
    const empty: Page = (await get(company, `?after=${first.next}`)).json()
    assert.deepEqual(empty.events, [])
    assert.ok(empty.next)
    const id = await submit(company)
    let page: Page = empty
    for (let tries = 0; page.events.length < 3 && tries < 500; tries++)
      page = (await get(company, `?wait=1&after=${empty.next}`)).json()
    assert.deepEqual(cases(page), [id])
  })

  test('come page by page, none twice and none left out', async () => {
    const company = await servers.sandbox.aCompany()
    await submit(company)
    await submit(company)
    const { events } = await follow(company, 6, 'limit=1')
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      [1, 2, 3, 1, 2, 3],
    )
  })

  test('of one type alone, where one is named', async () => {
    const company = await servers.sandbox.aCompany()
    await submit(company)
    await submit(company)
    const { events } = await follow(company, 2, 'type=authorization.decided')
    assert.deepEqual(
      events.map(({ type }) => type),
      ['authorization.decided', 'authorization.decided'],
    )
  })

  test("of another company's cases are not among them, nor is its cursor good", async () => {
    const [one, other] = [await servers.sandbox.aCompany(), await servers.sandbox.aCompany()]
    await submit(one)
    const { next } = await follow(one, 3)
    assert.deepEqual((await get(other)).json(), { events: [] })
    assert.equal((await get(other, `?after=${next}`)).json().code, 'request/invalid')
  })

  test('of a case that another company sent are there for whoever acts for a provider that it names', async () => {
    const own: GrantedProvider = { npi: '1234567893', relation: 'own', from: 0 as Instant }
    const sender = await servers.sandbox.aCompany(undefined, [own])
    const partner = await servers.sandbox.aCompany(undefined, [own])
    const id = await submit(sender)
    const page = await follow(partner, 3)
    assert.ok(cases(page).includes(id))
  })

  test('are one entry of the record for a page, by which whoever looks for who saw a case finds it', async () => {
    const company = await servers.sandbox.aCompany()
    await submit(company)
    await follow(company, 3)
    const acts = (await servers.sandbox.audit()).filter(
      ({ act, organization_id }) =>
        act === 'authorization.follow-events' && organization_id === company.organizationId,
    )
    assert.equal(acts.length, 1)
  })

  for (const query of ['limit=0', 'limit=101', 'after=x', 'wait=31', 'type=authorization.nonsense', 'page=2'])
    test(`?${query} is refused`, async () => {
      const company = await servers.sandbox.aCompany()
      assert.equal((await get(company, `?${query}`)).json().code, 'request/invalid')
    })
})

describe('whoever waits for events', () => {
  test('is answered when one is there, and no transaction is open meanwhile', async (t) => {
    const company = await servers.sandbox.aCompany()
    t.after(() => {
      meanwhile = async () => undefined
    })
    let id: string | undefined
    // A submission goes through while the reader waits: on the embedded engine it could not, were a transaction open.
    meanwhile = async () => {
      id ??= await submit(company)
    }
    const page: Page = (await get(company, '?wait=30')).json()
    assert.deepEqual(cases(page), [id])
  })

  test('is answered with none when the time is over', async (t) => {
    const company = await servers.sandbox.aCompany()
    let looks = 0
    t.after(() => {
      meanwhile = async () => undefined
    })
    meanwhile = async () => void looks++
    assert.deepEqual((await get(company, '?wait=5')).json(), { events: [] })
    assert.equal(looks, 5)
  })

  test('is one of four of a company: the fifth is told to ask again', async (t) => {
    const company = await servers.sandbox.aCompany()
    t.after(() => {
      meanwhile = async () => undefined
    })
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let waiting = 0
    const { promise, resolve: allWait } = Promise.withResolvers<void>()
    meanwhile = async () => {
      if (++waiting === 4) allWait()
      await held
    }
    const four = [1, 2, 3, 4].map(() => get(company, '?wait=1'))
    await promise
    const fifth = await get(company, '?wait=1')
    assert.deepEqual([fifth.statusCode, fifth.headers['retry-after']], [503, '1'])
    release()
    await Promise.all(four)
  })
})

test('an event of a transaction that takes long is skipped by nobody: those after it wait for it', {
  skip: onServer ? false : 'the embedded engine has one connection, so no transaction overtakes another',
}, async () => {
  const company = await servers.sandbox.aCompany()
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
  const { promise: hasWritten, resolve: written } = Promise.withResolvers<string>()
  const slow = servers.sandbox.database.transaction(asCompany(company.organizationId), async (tx) => {
    const payer = await findPayer(tx, 'QFHP1')
    assert.ok(payer)
    const { authorization, events } = aCase(company.organizationId, {
      payerId: payer.id,
      receivedAt: servers.clock.now(),
    })
    await sandboxRecord.save(tx, authorization, events, [])
    written(authorization.id)
    await mayEnd
  })
  const first = await hasWritten
  const quick = await submit(company)
  const before: Page = (await get(company)).json()
  end()
  await slow
  assert.deepEqual(before.events, [])
  assert.deepEqual(cases(await follow(company, 6)), [first, quick])
})
