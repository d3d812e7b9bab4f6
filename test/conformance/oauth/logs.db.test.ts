import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import Fastify from 'fastify'
import { aGateway, formRequest, tokenRequest } from '../../support/access.ts'
import { openTestDatabases, type TestDatabases } from '../../support/database.ts'

let databases: TestDatabases
before(async () => {
  databases = await openTestDatabases()
})
after(() => databases.close())

test('no secret and no token is logged, at any level, by any answer', async () => {
  const lines: string[] = []
  let isRecorderDown = false
  const gateway = await aGateway('sandbox', databases.sandbox, {
    recorder: {
      note: async () => {
        if (isRecorderDown) throw new Error('the record cannot be written')
      },
    },
  })
  const http = Fastify({
    logger: { level: 'trace', stream: { write: (line: string) => void lines.push(line) } },
  })
  http.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  )
  await http.register(gateway.access.routes)
  const client = await gateway.aClient()
  const other = await gateway.aClient()
  const token = (await http.inject(tokenRequest(client))).json().access_token
  assert.ok(token)
  const credentials = { client_id: client.clientId, client_secret: client.clientSecret }
  await http.inject(tokenRequest({ ...client, clientSecret: other.clientSecret }))
  await http.inject(formRequest('/apip/auth/sntl/v1/token', credentials))
  await http.inject({ method: 'POST', url: '/apip/auth/v2/token', payload: credentials })
  isRecorderDown = true
  const broken = await http.inject(tokenRequest(client))
  assert.equal(broken.statusCode, 500)
  const log = lines.join('')
  assert.match(log, /the record cannot be written/)
  for (const secret of [client.clientSecret, other.clientSecret, token])
    assert.equal(log.includes(secret), false)
})
