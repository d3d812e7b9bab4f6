import assert from 'node:assert/strict'
import { test } from 'node:test'
import fastify from 'fastify'
import { Type } from 'typebox'
import { checkSchemas } from './schemas.ts'

test('what a text must look like is said in words, with an example, wherever its schema stands', async () => {
  const npi = Type.String({ pattern: '^\\d{10}$', 'x-expected': 'ten digits, such as 1234567893' })
  const server = fastify()
  checkSchemas(server)
  const body = Type.Object({ npi, more: Type.Array(Type.Object({ npi: Type.Optional(npi) })) })
  server.post('/', { schema: { body }, attachValidation: true }, async (request) => ({
    faults: request.validationError?.validation,
  }))
  const answer = await server.inject({
    method: 'POST',
    url: '/',
    payload: { npi: '12', more: [{ npi: 'x' }] },
  })
  assert.deepEqual(answer.json().faults, [
    { at: '/npi', message: 'expected ten digits, such as 1234567893' },
    { at: '/more/0/npi', message: 'expected ten digits, such as 1234567893' },
  ])
  await server.close()
})
