import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aClock } from '../../../test/support/access.ts'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { StandingChanges } from '../clients/index.ts'
import { FRESH_MS, openStandings } from './standing.ts'

const organizationId = 'org_1' as OrganizationId
const changes = (
  epoch: number,
  mark = String(epoch),
  more: Partial<StandingChanges> = {},
): StandingChanges => ({
  clients: [
    { clientId: 'c', organizationId, epoch, disabled: false, scopes: ['pa:read'], allowedAddresses: [] },
  ],
  grants: [
    {
      organizationId,
      terms: { scopes: ['pa:read'], from: 0 as Instant, until: undefined, providers: undefined },
    },
  ],
  revokedTokens: [],
  mark,
  ...more,
})

/** Standings over a database that answers what it is told to, and counts how often it is asked. */
async function aView(options: { patienceMs?: number } = {}) {
  const clock = aClock()
  const database = {
    asked: [] as (string | undefined)[],
    answer: async (): Promise<StandingChanges> => changes(1),
  }
  const standings = await openStandings({
    clock,
    readChanges: (since) => {
      database.asked.push(since)
      return database.answer()
    },
    ...options,
  })
  return { clock, database, standings }
}

test('everything is read at the start, and only what changed from there', async () => {
  const { clock, database, standings } = await aView()
  clock.advance(1_001)
  await standings.freshen()
  assert.deepEqual(database.asked, [undefined, '1'])
})

test('the database is asked about once a second, however many call', async () => {
  const { clock, database, standings } = await aView()
  for (let i = 0; i < 19; i++) {
    clock.advance(100)
    await standings.freshen()
  }
  assert.equal(database.asked.length, 2)
})

test('callers who come while it is asked share the answer', async () => {
  const { clock, database, standings } = await aView()
  clock.advance(1_001)
  await Promise.all([standings.freshen(), standings.freshen(), standings.freshen()])
  assert.equal(database.asked.length, 2)
})

test('a reading under way does not do for who asks to know what is true now: one more follows', async () => {
  const { database, standings } = await aView()
  let answer = (_: StandingChanges) => {}
  database.answer = () =>
    new Promise((resolve) => {
      answer = resolve
    })
  const first = standings.refresh()
  const second = standings.refresh()
  const third = standings.refresh()
  const answerEarly = answer
  database.answer = async () => changes(3)
  answerEarly(changes(2))
  await first
  await Promise.all([second, third])
  assert.equal(standings.find('c')?.epoch, 3)
  assert.equal(database.asked.length, 3)
})

test('while the database fails, what is known serves for five seconds', async () => {
  const { clock, database, standings } = await aView()
  database.answer = () => Promise.reject(new Error('down'))
  clock.advance(5_000)
  await standings.freshen()
  clock.advance(1)
  await assert.rejects(standings.freshen(), (error: unknown) => {
    assert.ok(error instanceof Problem)
    assert.equal(error.code, 'system/unavailable')
    return true
  })
})

test('a failing database is asked again once a second, however many call', async () => {
  const { clock, database, standings } = await aView()
  database.answer = () => Promise.reject(new Error('down'))
  clock.advance(6_000)
  for (let i = 0; i < 5; i++) await standings.freshen().catch(() => undefined)
  assert.equal(database.asked.length, 2)
  clock.advance(1_000)
  await standings.freshen().catch(() => undefined)
  assert.equal(database.asked.length, 3)
})

test('a database that does not answer is treated as one that fails', async () => {
  const { clock, database, standings } = await aView({ patienceMs: 5 })
  database.answer = () => new Promise(() => undefined)
  clock.advance(2_000)
  await standings.freshen()
  clock.advance(4_000)
  await assert.rejects(standings.freshen(), /system\/unavailable/)
})

test('a reading that hung does not stand in the way of the next, and is not believed when it ends after all', async () => {
  const { clock, database, standings } = await aView({ patienceMs: 5 })
  let answerLate = (_: StandingChanges) => {}
  database.answer = () =>
    new Promise((resolve) => {
      answerLate = resolve
    })
  clock.advance(2_000)
  await standings.freshen()
  database.answer = async () => changes(3)
  clock.advance(1_000)
  await standings.freshen()
  answerLate(changes(2))
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(standings.find('c')?.epoch, 3)
})

test('a clock that was set back makes nothing fresh', async () => {
  const { clock, database, standings } = await aView()
  clock.advance(-60_000)
  assert.equal(standings.isFresh, false)
  await standings.freshen()
  assert.equal(database.asked.length, 2)
})

test('what was committed a second before a call is known to it: a reading of the same millisecond does not do', async () => {
  assert.ok(FRESH_MS < 1_000)
  const { clock, database, standings } = await aView()
  // Committed in the millisecond in which the last reading began, and missed by it.
  database.answer = async () => changes(2)
  clock.advance(1_000)
  assert.equal(standings.isFresh, false)
  await standings.freshen()
  assert.equal(standings.find('c')?.epoch, 2)
})

test('a slow reading that began before a change does not do for a call that begins a second after it', async () => {
  const { clock, database, standings } = await aView({ patienceMs: 60_000 })
  let answerSlow = (_: StandingChanges) => {}
  database.answer = () =>
    new Promise((resolve) => {
      answerSlow = resolve
    })
  clock.advance(2_000)
  const early = standings.freshen()
  // The change is committed here, after the slow reading took its snapshot.
  database.answer = async () => changes(2)
  clock.advance(1_001)
  const late = standings.freshen()
  answerSlow(changes(1))
  await Promise.all([early, late])
  assert.equal(standings.find('c')?.epoch, 2)
})

test('an idle node knows nothing old: its first call after any time reads first', async () => {
  const { clock, database, standings } = await aView()
  database.answer = async () => changes(2)
  clock.advance(24 * 3_600_000)
  await standings.freshen()
  assert.equal(standings.find('c')?.epoch, 2)
})

test('a revoked token is known until a while after it has ended, and then forgotten', async () => {
  const { clock, database, standings } = await aView()
  const token = { tokenId: 'tok_1', expiresAt: (clock.now() + 300_000) as Instant }
  database.answer = async () => changes(1, '2', { revokedTokens: [token] })
  clock.advance(1_000)
  await standings.freshen()
  assert.equal(standings.isRevoked('tok_1'), true)
  assert.equal(standings.isRevoked('tok_2'), false)
  database.answer = async () => changes(1)
  clock.advance(299_000)
  await standings.freshen()
  assert.equal(standings.isRevoked('tok_1'), true)
  clock.advance(120_000)
  await standings.freshen()
  assert.equal(standings.revokedCount, 0)
})
