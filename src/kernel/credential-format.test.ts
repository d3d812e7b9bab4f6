import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { BASE62, checksum, findSecrets, hintOf, isSecret } from './credential-format.ts'

const aSecret = fc
  .tuple(
    fc.constantFrom('test', 'live'),
    fc.string({ unit: fc.constantFrom(...BASE62), minLength: 43, maxLength: 43 }),
  )
  .map(([mark, chance]) => `css_${mark}_${chance}`)
  .map((body) => body + checksum(body))

test('the checksum is the CRC32 that everybody else computes', () => {
  fc.assert(
    fc.property(aSecret, (secret) => {
      const value = [...secret.slice(-6)].reduce((sum, char) => sum * 62 + BASE62.indexOf(char), 0)
      assert.equal(value, crc32(secret.slice(0, -6)))
    }),
  )
})

test('a secret is found in any text, wherever it stands, and each as often as it is there', () => {
  const filling = fc.string({ unit: 'binary', maxLength: 200 }).map((text) => text.replaceAll('css_', ''))
  fc.assert(
    fc.property(fc.array(fc.tuple(filling, aSecret), { maxLength: 5 }), filling, (parts, end) => {
      const text = parts.map(([before, secret]) => `${before}\n${secret}`).join('') + end
      assert.deepEqual(
        findSecrets(text).map(({ secret }) => secret),
        parts.map(([, secret]) => secret),
      )
      for (const { secret, at } of findSecrets(text)) assert.equal(text.slice(at, at + secret.length), secret)
    }),
  )
})

test('what stands right before or after a secret does not hide it', () => {
  fc.assert(
    fc.property(aSecret, (secret) => {
      for (const text of [`"${secret}"`, `x${secret}x`, `css_test_${secret}`, `=${secret}&`, `\\n${secret}`])
        assert.deepEqual(
          findSecrets(text).map((found) => found.secret),
          [secret],
        )
    }),
  )
})

test('a lookalike with a wrong checksum is no find', () => {
  fc.assert(
    fc.property(aSecret, fc.integer({ min: 9, max: 57 }), (secret, at) => {
      const other = secret[at] === 'a' ? 'b' : 'a'
      const lookalike = secret.slice(0, at) + other + secret.slice(at + 1)
      assert.deepEqual(findSecrets(lookalike), [])
      assert.equal(isSecret(lookalike), false)
    }),
  )
})

test('a text is a secret when it is one from end to end', () => {
  fc.assert(
    fc.property(aSecret, (secret) => {
      assert.equal(isSecret(secret), true)
      for (const text of [` ${secret}`, `${secret}\n`, secret.slice(0, -1), secret + secret])
        assert.equal(isSecret(text), false)
    }),
  )
})

test('a hint holds nothing of the chance', () => {
  fc.assert(
    fc.property(aSecret, (secret) =>
      assert.equal(hintOf(secret), `${secret.slice(0, 9)}…${secret.slice(-4)}`),
    ),
  )
})
