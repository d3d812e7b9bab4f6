import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepUp } from './keep-up.ts'

test('a part of the upkeep that fails does not keep the others from being done', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const done: string[] = []
  const errors: unknown[] = []
  const stop = keepUp(
    { keepUp: () => Promise.reject(new Error('a gateway does not answer')) },
    [
      {
        prune: async () => void done.push('sandbox'),
        settleDue: async () => done.push('sandbox cases'),
        keepKeys: async () => void done.push('sandbox keys'),
      },
      {
        prune: async () => void done.push('production'),
        settleDue: async () => done.push('production cases'),
        keepKeys: async () => void done.push('production keys'),
      },
    ],
    { error: (facts: unknown) => void errors.push(facts) },
  )
  t.mock.timers.tick(60_000)
  await stop()
  assert.deepEqual(done, [
    'sandbox',
    'sandbox cases',
    'sandbox keys',
    'production',
    'production cases',
    'production keys',
  ])
  assert.equal(errors.length, 1)
})
