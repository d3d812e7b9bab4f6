import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { MOST_WAITING, MOST_WAITING_OF_ONE, openHolding, SLOW_MS, TIMEOUT_MS } from './hold.ts'

const ONE = 'org_one' as OrganizationId

/** Waits that end when the test says so. */
function aPause() {
  const waits: { readonly ms: number; readonly end: () => void }[] = []
  return {
    waits,
    pause: (ms: number) => new Promise<void>((end) => waits.push({ ms, end })),
    endAll: () => {
      for (const { end } of waits.splice(0)) end()
    },
  }
}

const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof Problem ? error.code : error),
  )

test('a scenario that says nothing about time lets nobody wait', async () => {
  const { pause, waits } = aPause()
  const { hold } = openHolding(pause)
  await hold('deny', ONE)
  await hold(undefined, ONE)
  assert.equal(waits.length, 0)
})

test('slow answers late, and answers', async () => {
  const { pause, waits, endAll } = aPause()
  const held = openHolding(pause).hold('slow', ONE)
  assert.deepEqual(
    waits.map(({ ms }) => ms),
    [SLOW_MS],
  )
  endAll()
  await held
})

test('timeout fails once its time is over', async () => {
  const { pause, waits, endAll } = aPause()
  const held = problemOf(openHolding(pause).hold('timeout', ONE))
  assert.deepEqual(
    waits.map(({ ms }) => ms),
    [TIMEOUT_MS],
  )
  endAll()
  assert.equal(await held, 'payer/timeout')
})

test('error fails at once', async () => {
  const { pause } = aPause()
  assert.equal(await problemOf(openHolding(pause).hold('error', ONE)), 'system/unexpected')
})

test('no company has more than eight calls wait, and another still can', async () => {
  const { pause, endAll } = aPause()
  const { hold } = openHolding(pause)
  const held = Array.from({ length: MOST_WAITING_OF_ONE }, () => hold('slow', ONE))
  assert.equal(await problemOf(hold('slow', ONE)), 'request/too-many')
  const another = hold('slow', 'org_two' as OrganizationId)
  endAll()
  await Promise.all([...held, another])
})

test('no more than sixty-four calls of all wait', async () => {
  const { pause, endAll } = aPause()
  const { hold } = openHolding(pause)
  const held = Array.from({ length: MOST_WAITING }, (_, i) => hold('slow', `org_${i}` as OrganizationId))
  assert.equal(await problemOf(hold('slow', 'org_more' as OrganizationId)), 'request/too-many')
  endAll()
  await Promise.all(held)
})

test('whoever has waited makes room for the next', async () => {
  const { pause, endAll } = aPause()
  const { hold } = openHolding(pause)
  const held = Array.from({ length: MOST_WAITING_OF_ONE }, () => hold('slow', ONE))
  endAll()
  await Promise.all(held)
  const next = hold('slow', ONE)
  endAll()
  await next
})
