import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LONGEST_TOKEN_SECONDS } from '../signing-keys/index.ts'
import { SPELLINGS } from './routes.ts'

test('no door gives a token that outlives the key which verifies it', () => {
  const lifetimes = SPELLINGS.map(({ lifetimeSeconds }) => lifetimeSeconds)
  assert.equal(Math.max(...lifetimes), LONGEST_TOKEN_SECONDS)
})
