import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { Problem } from '../kernel/problem.ts'
import { administrationOf, statusRoute } from './operator-routes.ts'

test('the status names each part, and the one that does not stand', async () => {
  const app = Fastify()
  app.register(
    statusRoute({
      database: async () => ({ engine: 'embedded' }),
      gateway: () => Promise.reject(new Error('down')),
    }),
  )
  const { ok, parts } = (await app.inject('/operator/status')).json()
  assert.equal(ok, false)
  assert.deepEqual(parts.gateway, { ok: false, detail: 'down' })
  assert.deepEqual(parts.database, { ok: true, detail: { engine: 'embedded' } })
})

test('an environment that a process has nothing to do with is refused by name', () => {
  assert.throws(
    () => administrationOf({}, 'production'),
    (error: unknown) =>
      error instanceof Problem && error.code === 'state/not-found' && /production/.test(error.detail),
  )
})
