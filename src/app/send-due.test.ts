import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepSending } from './send-due.ts'

test('an environment whose payers are slow is not asked to send again meanwhile, and keeps no other waiting', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const slow = Promise.withResolvers<number>()
  const done: string[] = []
  const stop = keepSending(
    [
      {
        environment: 'sandbox',
        sendDue: () => {
          done.push('sandbox')
          return slow.promise
        },
      },
      {
        environment: 'production',
        sendDue: async () => done.push('production'),
      },
    ],
    { error: () => undefined },
  )
  t.mock.timers.tick(5_000)
  await new Promise((resolve) => setImmediate(resolve))
  t.mock.timers.tick(5_000)
  slow.resolve(0)
  await stop()
  assert.deepEqual(done, ['sandbox', 'production', 'production'])
})

test('a round that fails is told, and the next one comes', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const errors: unknown[] = []
  let rounds = 0
  const stop = keepSending(
    [
      {
        environment: 'sandbox',
        sendDue: () => {
          rounds += 1
          return Promise.reject(new Error('no database'))
        },
      },
    ],
    { error: (facts: unknown) => void errors.push(facts) },
  )
  t.mock.timers.tick(5_000)
  await new Promise((resolve) => setImmediate(resolve))
  t.mock.timers.tick(5_000)
  await stop()
  assert.equal(rounds, 2)
  assert.equal(errors.length, 2)
})
