import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import type { Instant } from '../kernel/time.ts'
import { operatorKeyRoutes } from './operator-keys.ts'

const AT = Date.parse('2027-01-04T09:00:00Z') as Instant

/** The routes over two environments that note what they are asked. */
function aServer() {
  const asked: unknown[] = []
  const administration = (environment: string) => ({
    keys: async () => [
      { kid: environment, state: 'signing', publishedAt: AT, signsFrom: AT, retireAt: undefined } as const,
    ],
    rotateKeys: async (request: object, actor: object) => {
      asked.push([environment, request, actor])
      return { kid: 'k2', signsFrom: AT, isNew: true }
    },
  })
  const app = Fastify()
  app.register(
    operatorKeyRoutes({
      sandbox: administration('sandbox'),
      production: administration('production'),
    } as never),
  )
  return { app, asked }
}

test('keys are listed for the environment that is named', async () => {
  const { app } = aServer()
  const { keys } = (await app.inject('/operator/keys?environment=production')).json()
  const moment = '2027-01-04T09:00:00.000Z'
  assert.deepEqual(keys, [{ kid: 'production', state: 'signing', publishedAt: moment, signsFrom: moment }])
})

test('a rotation is with overlap unless it is said that it cannot wait, and is the operator’s act', async () => {
  const { app, asked } = aServer()
  const rotate = (body: object) =>
    app.inject({ method: 'POST', url: '/operator/keys/rotations', payload: body })
  assert.equal((await rotate({ environment: 'sandbox' })).statusCode, 201)
  assert.equal((await rotate({ environment: 'sandbox', atOnce: true })).statusCode, 201)
  assert.deepEqual(asked, [
    ['sandbox', { atOnce: undefined }, { kind: 'operator' }],
    ['sandbox', { atOnce: true }, { kind: 'operator' }],
  ])
})

test('an environment has to be named, and be one', async () => {
  const { app } = aServer()
  assert.equal((await app.inject('/operator/keys')).statusCode, 400)
  assert.equal((await app.inject('/operator/keys?environment=staging')).statusCode, 400)
})
