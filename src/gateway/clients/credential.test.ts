import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { secureRandom } from '../../platform/secrets/index.ts'
import { hintOf, isClientId, isForeign, isSecret, mintClientId, mintSecret } from './credential.ts'

test('a secret is its mark, 43 base62 characters of chance and 6 of checksum', () => {
  assert.match(mintSecret('sandbox', secureRandom), /^css_test_[0-9A-Za-z]{49}$/)
  assert.match(mintSecret('production', secureRandom), /^css_live_[0-9A-Za-z]{49}$/)
})

test('the checksum is the CRC32 of everything before it, in base62', () => {
  const secret = mintSecret('sandbox', secureRandom)
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const value = [...secret.slice(-6)].reduce((sum, char) => sum * 62 + digits.indexOf(char), 0)
  assert.equal(value, crc32(secret.slice(0, -6)))
})

test('a client identifier carries the mark of its environment', () => {
  assert.match(mintClientId('sandbox', secureRandom), /^cs_test_[0-9A-Za-z]{22}$/)
  assert.match(mintClientId('production', secureRandom), /^cs_live_[0-9A-Za-z]{22}$/)
})

test('a secret with one character changed is no secret', () => {
  const secret = mintSecret('sandbox', secureRandom)
  fc.assert(
    fc.property(fc.nat(secret.length - 1), fc.integer({ min: 33, max: 126 }), (at, code) => {
      const touched = secret.slice(0, at) + String.fromCharCode(code) + secret.slice(at + 1)
      assert.equal(isSecret(touched), touched === secret)
    }),
  )
})

test('a secret is never taken for a client identifier, so it is never noted as one', () => {
  assert.equal(isClientId(mintSecret('sandbox', secureRandom)), false)
})

test('each base62 character stands for four byte values; the eight bytes left over are thrown away', () => {
  const seen = new Map<string, number>()
  for (let byte = 0; byte < 256; byte++) {
    let isFirst = true
    const id = mintClientId('sandbox', (length) => {
      const bytes = new Uint8Array(length).fill(isFirst ? byte : 0)
      isFirst = false
      return bytes
    })
    const char = byte < 248 ? id.charAt('cs_test_'.length) : 'thrown away'
    if (byte >= 248) assert.equal(id, `cs_test_${'0'.repeat(22)}`)
    seen.set(char, (seen.get(char) ?? 0) + 1)
  }
  assert.equal(seen.size, 63)
  seen.delete('thrown away')
  assert.deepEqual([...new Set(seen.values())], [4])
})

test('a credential of the other environment is known by its mark alone', () => {
  assert.equal(isForeign('sandbox', mintSecret('production', secureRandom)), true)
  assert.equal(isForeign('sandbox', mintClientId('production', secureRandom)), true)
  assert.equal(isForeign('sandbox', mintSecret('sandbox', secureRandom)), false)
  assert.equal(isForeign('sandbox', 'anything else'), false)
})

test('a hint shows the mark and four characters of the checksum, and no chance', () => {
  const secret = mintSecret('sandbox', secureRandom)
  assert.equal(hintOf(secret), `css_test_…${secret.slice(-4)}`)
})
