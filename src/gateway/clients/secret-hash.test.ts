import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../../kernel/time.ts'
import { type Peppers, peppersInMemory, secureRandom } from '../../platform/secrets/index.ts'
import { matchSecret } from './secret-hash.ts'
import type { StoredSecret } from './store.ts'

const NOW = 1_000_000_000 as Instant
const ring = peppersInMemory(
  ['old', 'new'].map((id, i) => ({ id, key: new Uint8Array(32).fill(i + 1), createdAt: i as Instant })),
  secureRandom,
)

/** The same peppers, counting what they hash. */
function counting(): Peppers & { hashes: number } {
  const count = <T extends { hash(secret: string): Uint8Array } | undefined>(pepper: T): T =>
    pepper && {
      ...pepper,
      hash: (secret: string) => {
        counted.hashes++
        return pepper.hash(secret)
      },
    }
  const counted = {
    ...ring,
    hashes: 0,
    find: (id: string) => count(ring.find(id)),
    current: (now: Instant) => count(ring.current(now)),
  }
  return counted
}

const stored = (secret: string, keyId: string, more: Partial<StoredSecret> = {}): StoredSecret => ({
  id: `${secret}/${keyId}`,
  hash: ring.find(keyId)?.hash(secret) ?? new Uint8Array(32),
  keyId,
  expiresAt: undefined,
  lastUsedAt: undefined,
  ...more,
})

const CASES: readonly (readonly [string, readonly StoredSecret[], string, string | undefined])[] = [
  ['nobody', [], 'shown', undefined],
  ['one secret, shown wrongly', [stored('kept', 'new')], 'shown', undefined],
  ['one secret, shown', [stored('shown', 'new')], 'shown', 'shown/new'],
  ['the first of two', [stored('shown', 'old'), stored('kept', 'new')], 'shown', 'shown/old'],
  ['the second of two', [stored('kept', 'new'), stored('shown', 'old')], 'shown', 'shown/old'],
  ['two secrets, shown wrongly', [stored('one', 'old'), stored('two', 'new')], 'shown', undefined],
  ['an expired secret, shown', [stored('shown', 'new', { expiresAt: NOW })], 'shown', undefined],
  ['a secret of a pepper that is not there', [stored('shown', 'lost')], 'shown', undefined],
]

for (const [what, secrets, shown, expected] of CASES) {
  test(`${what}: ${expected === undefined ? 'nothing matches' : 'it matches'}`, () => {
    assert.equal(matchSecret(ring, secrets, shown, NOW)?.id, expected)
  })

  test(`${what}: two hashes and two comparisons, as for everybody`, () => {
    const peppers = counting()
    matchSecret(peppers, secrets, shown, NOW)
    assert.equal(peppers.hashes, 2)
  })
}

test('a secret is verified with the pepper that its row names, not with the current one', () => {
  assert.equal(matchSecret(ring, [stored('shown', 'old', { keyId: 'new' })], 'shown', NOW), undefined)
})

test('a hash of nothing but zeros is nobody, whatever is shown', () => {
  const zeros = { ...stored('x', 'lost'), hash: new Uint8Array(32) }
  assert.equal(matchSecret(ring, [zeros], 'x', NOW), undefined)
})
