import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { LimitReached, openLimits, type Quotas } from './index.ts'

function someLimits(quotas: Quotas = {}) {
  let now = 1_000_000
  const limits = openLimits({ clock: { now: () => now as Instant }, quotas })
  const failing = async () => {
    throw new Problem('access/client-invalid', 'Wrong.')
  }
  return {
    limits,
    advance: (ms: number) => {
      now += ms
    },
    /** How a proof ends: `proved`, or the code of the problem. */
    attempt: (address: string, client: string, isRight: boolean) =>
      limits.prove({ address, client }, isRight ? async () => 'proved' : failing).catch(codeOf),
    fail: async (times: number, address: string, client: (i: number) => string) => {
      for (let i = 0; i < times; i++)
        await limits.prove({ address, client: client(i) }, failing).catch(() => undefined)
    },
  }
}

const codeOf = (error: unknown) => (error instanceof Problem ? error.code : String(error))
const thrownBy = (run: () => void) => {
  try {
    run()
  } catch (error) {
    return error
  }
}
const GUESSED = 'cli_guessed'
const FEW: Quotas = { 'failed-proofs': 3, 'failed-proofs-where-known': 6, 'failed-proofs-of-address': 10 }

test('guessing in the name of a client ends after the quota, without the proof being looked at', async () => {
  const { attempt, fail } = someLimits(FEW)
  await fail(3, '192.0.2.1', () => GUESSED)
  assert.equal(await attempt('192.0.2.1', GUESSED, true), 'request/too-many')
})

test('of many guesses at once no more are looked at than one after the other', async () => {
  const { limits } = someLimits(FEW)
  let looked = 0
  const guess = async () => {
    looked++
    await new Promise(setImmediate)
    throw new Problem('access/client-invalid', 'Wrong.')
  }
  const all = Array.from({ length: 1_000 }, () =>
    limits.prove({ address: '192.0.2.1', client: GUESSED }, guess),
  )
  await Promise.allSettled(all)
  assert.equal(looked, 3)
})

test('a proof that is right costs nothing of what may fail', async () => {
  const { attempt } = someLimits({ ...FEW, 'failed-proofs-where-known': 1 })
  for (let i = 0; i < 20; i++) assert.equal(await attempt('192.0.2.1', 'cli_good', true), 'proved')
})

test('guessing from elsewhere never locks the rightful client out, however many addresses guess', async () => {
  const { attempt, fail } = someLimits(FEW)
  for (let i = 1; i < 200; i++) await fail(10, `198.51.100.${i}`, () => GUESSED)
  assert.equal(await attempt('192.0.2.1', GUESSED, true), 'proved')
})

test('a client that fails does not keep another of the same address from proving itself', async () => {
  const { attempt, fail } = someLimits(FEW)
  await fail(9, '192.0.2.1', () => 'cli_broken')
  assert.equal(await attempt('192.0.2.1', 'cli_good', true), 'proved')
})

test('names guessed one after the other close the address, to clients that are not known there', async () => {
  const { attempt, fail } = someLimits(FEW)
  await fail(10, '192.0.2.1', (i) => `cli_${i}`)
  assert.equal(await attempt('192.0.2.1', 'cli_new', true), 'request/too-many')
})

test('a client that has proved itself from an address gets in there, whoever else guesses from it', async () => {
  const { attempt, fail, advance } = someLimits(FEW)
  await attempt('192.0.2.1', 'cli_good', true)
  advance(2 * 3_600_000)
  await fail(100, '192.0.2.1', (i) => `cli_${i}`)
  assert.equal(await attempt('192.0.2.1', 'cli_good', true), 'proved')
})

test('who shares the address and the name of a client may fail more often before it is refused', async () => {
  const { attempt, fail } = someLimits(FEW)
  await attempt('192.0.2.1', 'cli_good', true)
  await fail(5, '192.0.2.1', () => 'cli_good')
  assert.equal(await attempt('192.0.2.1', 'cli_good', true), 'proved')
  await fail(1, '192.0.2.1', () => 'cli_good')
  assert.equal(await attempt('192.0.2.1', 'cli_good', true), 'request/too-many')
})

test('a client is known where it has proved itself for 24 hours', async () => {
  const { attempt, fail, advance } = someLimits(FEW)
  await attempt('192.0.2.1', 'cli_good', true)
  advance(24 * 3_600_000)
  await fail(10, '192.0.2.1', (i) => `cli_${i}`)
  assert.equal(await attempt('192.0.2.1', 'cli_good', true), 'request/too-many')
})

test('an IPv6 network of 64 bits is one address to guess from', async () => {
  const { attempt, fail } = someLimits(FEW)
  await fail(3, '2001:db8:1:2::1', () => GUESSED)
  assert.equal(await attempt('2001:db8:1:2:ffff::9', GUESSED, true), 'request/too-many')
  assert.equal(await attempt('2001:db8:1:3::1', GUESSED, true), 'proved')
})

test('when the window has ended the client may try again', async () => {
  const { attempt, fail, advance } = someLimits(FEW)
  await fail(4, '192.0.2.1', () => GUESSED)
  advance(60_000)
  assert.equal(await attempt('192.0.2.1', GUESSED, true), 'proved')
})

test('a fault of ours counts against nobody', async () => {
  const { limits, attempt } = someLimits(FEW)
  for (let i = 0; i < 20; i++)
    await limits
      .prove({ address: '192.0.2.1', client: GUESSED }, async () => {
        throw new Problem('system/unavailable', 'Down.')
      })
      .catch(() => undefined)
  assert.equal(await attempt('192.0.2.1', GUESSED, true), 'proved')
})

test('a client is told its quota, its window, what remains and when it begins anew', () => {
  const { limits, advance } = someLimits()
  limits.take('calls', 'cli_a')
  advance(29_001)
  const told: unknown[] = []
  limits.take('calls', 'cli_a', (fields) => told.push(fields))
  assert.deepEqual(told, [{ 'ratelimit-policy': '"calls";q=6000;w=60', ratelimit: '"calls";r=5998;t=31' }])
})

test('a client over its quota is told so too, and when to come back', () => {
  const { limits, advance } = someLimits({ tokens: 1 })
  limits.take('tokens', 'cli_a')
  advance(10_000)
  let told: Readonly<Record<string, string>> = {}
  const error = thrownBy(() =>
    limits.take('tokens', 'cli_a', (fields) => {
      told = fields
    }),
  )
  assert.equal(told.ratelimit, '"tokens";r=0;t=50')
  assert.ok(error instanceof LimitReached)
  assert.equal(error.retryAfterSeconds, 50)
})

test('of what a limit turns away the first of each window is noted, with how many came before', () => {
  const { limits, advance } = someLimits({ calls: 1 })
  const noted = () => {
    const error = thrownBy(() => limits.take('calls', 'cli_a'))
    return error instanceof LimitReached && limits.refuse(error, {})
  }
  limits.take('calls', 'cli_a')
  const [first, second] = [noted(), noted()]
  advance(60_000)
  limits.take('calls', 'cli_a')
  const third = noted()
  assert.deepEqual(
    [first, second, third].map((refusal) => refusal && [refusal.isNoted, refusal.detail]),
    [
      [true, { limit: 'calls' }],
      [false, { limit: 'calls' }],
      [true, { limit: 'calls', refusedBefore: 2 }],
    ],
  )
})

const refusalsOf = (limits: ReturnType<typeof openLimits>, code: Problem['code'], client?: string) =>
  limits.refuse(new Problem(code, ''), { address: '192.0.2.1', client })

test('whoever shows nothing is refused for the reason, and past the limit for being too many', () => {
  const { limits } = someLimits({ refusals: 1 })
  const answers = [1, 2, 3].map(() => refusalsOf(limits, 'access/token-missing'))
  assert.deepEqual(
    answers.map(({ problem, isNoted }) => [problem.code, isNoted]),
    [
      ['access/token-missing', true],
      ['request/too-many', true],
      ['request/too-many', false],
    ],
  )
})

for (const [code, client] of [
  ['access/token-expired', undefined],
  ['access/token-invalid', 'cli_a'],
] as const)
  test(`who held a token of ours is told ${code} past the limit too, or it would not get a new one`, () => {
    const { limits } = someLimits({ refusals: 1 })
    for (const _ of [1, 2, 3]) refusalsOf(limits, 'access/token-missing')
    const answers = [1, 2, 3].map(() => refusalsOf(limits, code, client))
    assert.deepEqual(
      answers.map(({ problem, isNoted }) => [problem.code, isNoted]),
      [
        [code, true],
        [code, true],
        [code, false],
      ],
    )
  })

test('reports of leaks are limited by address', async () => {
  const { limits } = someLimits({ 'leak-reports': 1 })
  await limits.countReport({ ip: '192.0.2.1' })
  await assert.rejects(limits.countReport({ ip: '192.0.2.1' }), LimitReached)
  await limits.countReport({ ip: '192.0.2.2' })
})
