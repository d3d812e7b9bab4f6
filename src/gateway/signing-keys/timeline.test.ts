import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Instant } from '../../kernel/time.ts'
import {
  dueAt,
  JWKS_MAX_AGE_SECONDS,
  type KeyMoments,
  LEEWAY_MS,
  LONGEST_TOKEN_MS,
  nextAfter,
  PUBLISHED_AHEAD_MS,
  rotationAtOnce,
  rotationWithOverlap,
  signingAt,
  verifyingAt,
} from './timeline.ts'

const START = Date.parse('2027-01-04T09:00:00Z') as Instant
const after = (ms: number) => (START + ms) as Instant
const MINUTE = 60_000
const first: KeyMoments = { kid: 'k1', publishedAt: START, signsFrom: START, retireAt: undefined }

/** The keys after a rotation, the new one named `kid`. */
function rotated(
  keys: readonly KeyMoments[],
  now: Instant,
  kid: string,
  plan = rotationWithOverlap(keys, now),
): readonly KeyMoments[] {
  if (!plan) return keys
  const retiring = new Map(plan.retire.map((each) => [each.kid, each.at]))
  return [
    ...keys.map((key) => ({ ...key, retireAt: retiring.get(key.kid) ?? key.retireAt })),
    { ...plan.fresh, kid },
  ]
}
const kids = (keys: readonly KeyMoments[]) => keys.map(({ kid }) => kid)

test('whoever keeps the keys has asked again before a new one signs', () => {
  // The cache, a cache in between that filled it with what was about to go stale, and a node that read a while ago.
  assert.ok(PUBLISHED_AHEAD_MS >= 2 * JWKS_MAX_AGE_SECONDS * 1_000 + LEEWAY_MS)
})

test('a new key is published at once and does not sign yet', () => {
  const keys = rotated([first], START, 'k2')
  assert.deepEqual(kids(verifyingAt(keys, START)), ['k1', 'k2'])
  assert.equal(signingAt(keys, START)?.kid, 'k1')
  assert.equal(signingAt(keys, after(PUBLISHED_AHEAD_MS - 1))?.kid, 'k1')
})

test('the new key signs from its moment on, and the old one verifies on', () => {
  const keys = rotated([first], START, 'k2')
  const moment = after(PUBLISHED_AHEAD_MS)
  assert.equal(signingAt(keys, moment)?.kid, 'k2')
  assert.deepEqual(kids(verifyingAt(keys, moment)), ['k1', 'k2'])
})

test('the old key retires when the last token that it may have signed has ended', () => {
  const keys = rotated([first], START, 'k2')
  const end = PUBLISHED_AHEAD_MS + LONGEST_TOKEN_MS + LEEWAY_MS
  assert.deepEqual(kids(verifyingAt(keys, after(end - 1))), ['k1', 'k2'])
  assert.deepEqual(kids(verifyingAt(keys, after(end))), ['k2'])
})

test('a rotation that is under way is not begun again', () => {
  const keys = rotated([first], START, 'k2')
  assert.equal(rotationWithOverlap(keys, after(PUBLISHED_AHEAD_MS - 1)), undefined)
  assert.notEqual(rotationWithOverlap(keys, after(PUBLISHED_AHEAD_MS)), undefined)
  assert.equal(nextAfter(keys, START)?.kid, 'k2')
})

test('after a compromise every key but the new one is nothing, one that was to come as well', () => {
  const now = after(MINUTE)
  const keys = rotated([first], START, 'k2')
  const ended = rotated(keys, now, 'k3', rotationAtOnce(keys, now))
  assert.deepEqual(kids(verifyingAt(ended, now)), ['k3'])
  assert.equal(signingAt(ended, now)?.kid, 'k3')
})

test('of two keys that begin at one moment the same one signs everywhere, in whatever order they are read', () => {
  const twin = { ...first, kid: 'k2' }
  assert.equal(signingAt([first, twin], START)?.kid, signingAt([twin, first], START)?.kid)
})

test('a node whose clock is behind that of the node which made the first key signs with it all the same', () => {
  assert.equal(signingAt([first], after(-MINUTE))?.kid, 'k1')
})

test('the schedule counts from when the newest key began to sign', () => {
  const keys = rotated([first], START, 'k2')
  assert.equal(dueAt([first], 90), after(90 * 86_400_000))
  assert.equal(dueAt(keys, 90), after(PUBLISHED_AHEAD_MS + 90 * 86_400_000))
})

/** What a node knows at a moment: the keys as they were when it last read. */
const knownAt = (history: readonly { at: Instant; keys: readonly KeyMoments[] }[], at: Instant) =>
  history.findLast((each) => each.at <= at)?.keys ?? [first]

test('whenever keys are rotated, a token issued by any node verifies at every node and every keeper of the keys until it ends', () => {
  const LAG = 5_000
  const SKEW = 60_000
  const CACHED = JWKS_MAX_AGE_SECONDS * 1_000
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 4 * 3_600_000 }), { maxLength: 12 }),
      fc.integer({ min: 0, max: 12 * 3_600_000 }),
      fc.integer({ min: 0, max: LONGEST_TOKEN_MS - 1 }),
      fc.record({
        issuerLag: fc.integer({ min: 0, max: LAG }),
        issuerSkew: fc.integer({ min: -SKEW, max: SKEW }),
        verifierLag: fc.integer({ min: 0, max: LAG }),
        verifierSkew: fc.integer({ min: -SKEW, max: SKEW }),
        cacheAge: fc.integer({ min: 0, max: CACHED }),
      }),
      (gaps, issuedAfter, presentedAfter, { issuerLag, issuerSkew, verifierLag, verifierSkew, cacheAge }) => {
        const history: { at: Instant; keys: readonly KeyMoments[] }[] = [{ at: START, keys: [first] }]
        let now: number = START
        for (const [i, gap] of gaps.entries()) {
          now += gap
          const keys = history.at(-1)?.keys ?? [first]
          history.push({ at: now as Instant, keys: rotated(keys, now as Instant, `k${i + 2}`) })
        }
        const issued = after(issuedAfter)
        const presented = (issued + presentedAfter) as Instant
        const seen = (lag: number, at: number) => knownAt(history, (at - lag) as Instant)
        const kid = signingAt(seen(issuerLag, issued), (issued + issuerSkew) as Instant)?.kid
        assert.ok(kid)
        const node = verifyingAt(seen(verifierLag, presented), (presented + verifierSkew) as Instant)
        assert.ok(kids(node).includes(kid), 'at a node')
        const fetched = (presented - cacheAge) as Instant
        const cache = verifyingAt(seen(verifierLag, fetched), (fetched + verifierSkew) as Instant)
        assert.ok(kids(cache).includes(kid), 'by the keys that somebody kept')
      },
    ),
    { numRuns: 2_000 },
  )
})
