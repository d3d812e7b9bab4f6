import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refused } from './command.ts'
import { openSession } from './session.ts'

test('a credential of which a part is missing is refused, and no other takes its place', async () => {
  const surroundings = {
    out: { write: () => true },
    environment: { COUNTERSIGN_CLIENT_ID: 'cs_live_1', COUNTERSIGN_BASE_URL: 'https://localhost:1' },
    dataDirectory: '/nowhere',
    asJson: false,
  }
  await assert.rejects(openSession(surroundings, assert.fail), (error: unknown) => {
    assert.ok(error instanceof Refused)
    assert.match(error.message, /COUNTERSIGN_CLIENT_SECRET/)
    return true
  })
})
