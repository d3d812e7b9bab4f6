import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secureRandom } from '../../platform/secrets/index.ts'
import { passwordHash } from './password-hash.ts'

const passwords = passwordHash(secureRandom)

test('a password matches its own hash, and another does not', async () => {
  const hash = await passwords.hash('gravel tulip lantern')
  assert.equal(await passwords.verify(hash, 'gravel tulip lantern'), true)
  assert.equal(await passwords.verify(hash, 'gravel tulip lanterm'), false)
})

test('the hash is argon2id with at least 19 MiB and two passes (OWASP)', async () => {
  const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/.exec(await passwords.hash('x')) ?? []
  assert.ok(Number(memory) >= 19 * 1024)
  assert.ok(Number(passes) >= 2)
})

test('the same password hashes differently each time', async () => {
  assert.notEqual(await passwords.hash('gravel tulip'), await passwords.hash('gravel tulip'))
})

test('the same characters, composed differently, are the same password', async () => {
  assert.equal(await passwords.verify(await passwords.hash('caf\u00e9 lantern'), 'cafe\u0301 lantern'), true)
})

test('without a hash nothing matches', async () => {
  assert.equal(await passwords.verify(undefined, 'gravel tulip'), false)
})

test('a hash of another kind is a fault of ours, not a wrong password', async () => {
  await assert.rejects(passwords.verify('$2b$10$abc', 'gravel tulip'), /not an argon2id hash/)
})

test('beyond what may wait, a hash is refused rather than queued', async () => {
  const crowded = passwordHash(secureRandom)
  const results = await Promise.allSettled(Array.from({ length: 67 }, () => crowded.verify(undefined, 'x')))
  const refused = results.filter((result) => result.status === 'rejected')
  assert.equal(refused.length, 1)
  assert.match(String(refused[0]?.reason), /system\/unavailable/)
})
