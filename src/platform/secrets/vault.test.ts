import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CannotUnseal, KeyFileUnfit, openVault, secureRandom, vaultFromKey } from './index.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')
const bytes = (value: string) => new Uint8Array(Buffer.from(value, 'utf8'))
const aVault = (fill = 7) => vaultFromKey(new Uint8Array(32).fill(fill), secureRandom)

test('what a vault seals, it opens', () => {
  assert.equal(text(aVault().open(aVault().seal(bytes('a secret'), 'row 1'), 'row 1')), 'a secret')
})

test('a sealed value that was moved to another place does not open', () => {
  assert.throws(() => aVault().open(aVault().seal(bytes('a secret'), 'row 1'), 'row 2'))
})

test('a sealed value with one bit changed does not open', () => {
  const sealed = aVault().seal(bytes('a secret'), 'row 1')
  for (let i = 0; i < sealed.length; i++) {
    const touched = Uint8Array.from(sealed)
    touched[i] = (touched[i] ?? 0) ^ 1
    assert.throws(() => aVault().open(touched, 'row 1'), `byte ${i}`)
  }
})

test('another vault does not open it', () => {
  assert.throws(() => aVault(8).open(aVault().seal(bytes('a secret'), 'row 1'), 'row 1'))
})

test('sealing the same value twice gives two texts', () => {
  assert.notDeepEqual(aVault().seal(bytes('x'), 'c'), aVault().seal(bytes('x'), 'c'))
})

test('a data key opens again from its sealed form, in its own context alone', () => {
  const { key, sealed } = aVault().newDataKey('payer 1')
  const again = aVault().openDataKey(sealed, 'payer 1')
  assert.equal(text(again.open(key.seal(bytes('PHI'), 'case'), 'case')), 'PHI')
  assert.throws(() => aVault().openDataKey(sealed, 'payer 2'))
})

test('the same value hashes differently for each purpose and each vault', () => {
  const hashes = [
    aVault().keyedHash('member', 'M1'),
    aVault().keyedHash('secret', 'M1'),
    aVault(8).keyedHash('member', 'M1'),
  ]
  assert.equal(new Set(hashes.map((hash) => Buffer.from(hash).toString('hex'))).size, 3)
  assert.deepEqual(aVault().keyedHash('member', 'M1'), aVault().keyedHash('member', 'M1'))
})

test('a key file is made once, for its owner alone, and opens the same vault again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'vault-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'keys/sandbox.key')
  const sealed = (await openVault(file, secureRandom)).seal(bytes('kept'), 'c')
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal(text((await openVault(file, secureRandom)).open(sealed, 'c')), 'kept')
})

test('a damaged key file is refused, not replaced', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'vault-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'sandbox.key')
  await writeFile(file, 'damaged')
  await assert.rejects(openVault(file, secureRandom), /64 hexadecimal digits/)
})

test('chance is never given out twice, in whatever portions it is asked for', () => {
  const portions = Array.from({ length: 4000 }, (_, i) => secureRandom(8 + (i % 60)))
  const heads = new Set(portions.map((portion) => Buffer.from(portion.subarray(0, 8)).toString('hex')))
  assert.equal(heads.size, portions.length)
  assert.ok(portions.every((portion, i) => portion.length === 8 + (i % 60)))
  assert.equal(secureRandom(10_000).length, 10_000)
})

test('what was given out is not changed by what is asked for later', () => {
  const first = secureRandom(16)
  const copy = Uint8Array.from(first)
  for (let i = 0; i < 1000; i++) secureRandom(16)
  assert.deepEqual(first, copy)
})

test('a missing key file is named and not made anew, where a database needs the key that was in it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'vault-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'sandbox.key')
  await assert.rejects(
    openVault(file, secureRandom, false),
    (error: Error) => error instanceof KeyFileUnfit && error.message.includes(file),
  )
  await assert.rejects(stat(file), { code: 'ENOENT' })
})

test('what does not open says so by its own kind of error, so that a start can name the key file', () => {
  assert.throws(() => aVault(8).open(aVault().seal(bytes('a secret'), 'row 1'), 'row 1'), CannotUnseal)
})
