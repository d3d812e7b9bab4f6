import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import { rawSignature } from './raw-signature.ts'

const DER_OF_SMALL = Buffer.from('3006020101020102', 'hex')

test('R and S stand in 64 bytes, each filled up with zeros in front', () => {
  const raw = rawSignature(DER_OF_SMALL)
  assert.equal(raw.toString('hex'), `${'00'.repeat(31)}01${'00'.repeat(31)}02`)
})

test('the zero that marks a number as not negative is left out', () => {
  const high = `00${'ff'.repeat(32)}`
  const raw = rawSignature(Buffer.from(`3026${`0221${high}`}020101`, 'hex'))
  assert.equal(raw.toString('hex'), `${'ff'.repeat(32)}${'00'.repeat(31)}01`)
})

test('2,000 signatures, short ones among them, verify as R and S', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const lengths = new Set<number>()
  for (let round = 0; round < 2_000; round++) {
    const text = Buffer.from(`round ${round}`)
    const der = sign('sha256', text, privateKey)
    lengths.add(der.length)
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
    assert.ok(verify('sha256', text, key, rawSignature(der)))
  }
  assert.ok(lengths.size >= 3, 'signatures of several lengths were seen')
})

for (const [what, hex] of [
  ['of a larger curve', `3046${`0221${'01'.repeat(33)}`.repeat(2)}`],
  ['with something after it', '300602010102010200'],
  ['that is cut off', '300602010102'],
] as const)
  test(`a signature ${what} is not rewritten`, () => {
    assert.throws(() => rawSignature(Buffer.from(hex, 'hex')), /not an? /)
  })
