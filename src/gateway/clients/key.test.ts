import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { Problem } from '../../kernel/problem.ts'
import { chooseKey, type KeysWanted, readKeysWanted, readPublished } from './key-set.ts'

type Jwk = Record<string, unknown>
const ec = (namedCurve = 'P-384') => generateKeyPairSync('ec', { namedCurve })
const rsa = (modulusLength = 2048, publicExponent = 65537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent })
const publicOf = (pair: ReturnType<typeof ec>, given: Jwk = {}): Jwk => ({
  ...pair.publicKey.export({ format: 'jwk' }),
  ...given,
})
const EC = ec()
const RSA = rsa()
const anEcKey = (given: Jwk = {}) => publicOf(EC, { kid: 'a', ...given })
const anRsaKey = (given: Jwk = {}) => publicOf(RSA, { kid: 'b', ...given })

/** Where each fault stands. */
function faultsOf(wanted: KeysWanted): readonly string[] {
  try {
    readKeysWanted(wanted)
    return []
  } catch (error) {
    assert.ok(error instanceof Problem)
    assert.equal(error.code, 'request/invalid')
    return error.faults.map(({ at }) => at)
  }
}
const uploaded = (...keys: unknown[]) => faultsOf({ jwks: { keys } })

test('public keys of both kinds are taken, and nothing is kept of them but what verifying takes', () => {
  const jwks = { keys: [anEcKey({ use: 'sig', x5c: ['MIIB'], comment: 'mine' }), anRsaKey({ alg: 'RS384' })] }
  const { kty, crv, x, y } = anEcKey()
  const { n, e } = anRsaKey()
  assert.deepEqual(readKeysWanted({ jwks }), {
    keys: [
      { kty, crv, x, y, kid: 'a' },
      { kty: 'RSA', n, e, kid: 'b', alg: 'RS384' },
    ],
  })
})

const FAULTS: Readonly<Record<string, readonly [jwk: () => unknown, ...at: string[]]>> = {
  'the private half of an EC key': [() => EC.privateKey.export({ format: 'jwk' }), '/keys/0/d'],
  'the private half of an RSA key': [() => RSA.privateKey.export({ format: 'jwk' }), '/keys/0/d'],
  'a part of a private key': [() => anRsaKey({ p: 'AQAB' }), '/keys/0/p'],
  'a symmetric key': [() => ({ kty: 'oct', k: 'c2VjcmV0' }), '/keys/0/kty'],
  'an RSA key of 1024 bits': [() => publicOf(rsa(1024)), '/keys/0/n'],
  'an RSA key with the exponent 3': [() => publicOf(rsa(2048, 3)), '/keys/0/e'],
  'an RSA key with an even exponent': [() => anRsaKey({ e: 'AQAA' }), '/keys/0/e'],
  'a curve that is not offered': [() => publicOf(ec('P-521')), '/keys/0/crv'],
  'a curve that nobody uses for this': [() => publicOf(ec('secp256k1')), '/keys/0/crv'],
  'a point that is not on the curve': [() => anEcKey({ y: anEcKey().x }), '/keys/0'],
  'an EC key without a point': [() => ({ kty: 'EC', crv: 'P-384' }), '/keys/0'],
  'a key of another type': [() => ({ kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }), '/keys/0/kty'],
  'a key for encryption': [() => anEcKey({ use: 'enc' }), '/keys/0/use'],
  'a key for signing alone': [() => anEcKey({ key_ops: ['sign'] }), '/keys/0/key_ops'],
  'an algorithm that is not offered': [() => anRsaKey({ alg: 'HS256' }), '/keys/0/alg'],
  'an algorithm of another kind of key': [() => anEcKey({ alg: 'RS384' }), '/keys/0/alg'],
  'an algorithm of another curve': [() => anEcKey({ alg: 'ES256' }), '/keys/0/alg'],
  'an empty id': [() => anEcKey({ kid: '' }), '/keys/0/kid'],
  'an id that is no text': [() => anEcKey({ kid: 7 }), '/keys/0/kid'],
  'an id of 256 characters': [() => anEcKey({ kid: 'k'.repeat(256) }), '/keys/0/kid'],
  'an id that no database keeps': [() => anEcKey({ kid: 'a\u0000' }), '/keys/0/kid'],
  'no key at all': [() => 'key', '/keys/0'],
  nothing: [() => null, '/keys/0'],
  'two faults at once': [() => anEcKey({ use: 'enc', kid: '' }), '/keys/0/use', '/keys/0/kid'],
}
for (const [what, [jwk, ...at]] of Object.entries(FAULTS))
  test(`not registered, and told where: ${what}`, () => assert.deepEqual(uploaded(jwk()), at))

test('two keys of the same id are not registered (RFC 7517 section 4.5)', () => {
  assert.deepEqual(uploaded(anEcKey(), anRsaKey({ kid: 'a' })), ['/keys/1/kid'])
})

test('keys without an id are taken', () => {
  assert.deepEqual(uploaded(anEcKey({ kid: undefined }), anRsaKey({ kid: undefined })), [])
})

test('a set has 1 to 20 keys', () => {
  const many = Array.from({ length: 21 }, (_, i) => anEcKey({ kid: `key-${i}` }))
  assert.deepEqual(uploaded(...many.slice(1)), [])
  assert.deepEqual(uploaded(...many), ['/keys'])
  assert.deepEqual(uploaded(), ['/keys'])
  for (const jwks of [undefined, null, [], 'x', {}, { keys: {} }])
    assert.deepEqual(faultsOf({ jwks }), ['/keys'])
})

test('no fault quotes the key', () => {
  const jwk = EC.privateKey.export({ format: 'jwk' })
  assert.throws(
    () => readKeysWanted({ jwks: { keys: [jwk] } }),
    (error) => error instanceof Problem && !JSON.stringify(error.faults).includes(String(jwk.d)),
  )
})

test('an address is https, without a user and a fragment', () => {
  assert.deepEqual(readKeysWanted({ jwksUri: 'https://keys.example/jwks' }), {
    jwksUri: 'https://keys.example/jwks',
  })
  for (const jwksUri of [
    'http://keys.example/jwks',
    'https://user:word@keys.example/jwks',
    'https://keys.example/jwks#one',
    'file:///etc/passwd',
    'keys.example',
    '',
    `https://keys.example/${'x'.repeat(2000)}`,
  ])
    assert.deepEqual(faultsOf({ jwksUri }), ['/jwksUri'])
})

test('of a published set, keys that are of no use here are passed over (RFC 7517 section 5)', () => {
  const others = [
    { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' },
    publicOf(rsa(1024)),
    'x',
    anEcKey({ use: 'enc' }),
  ]
  const keys = readPublished({ keys: [...others, anEcKey(), EC.privateKey.export({ format: 'jwk' })] })
  assert.deepEqual(
    keys?.map(({ kid }) => kid),
    ['a'],
  )
})

test('what is no key set is not read as an empty one', () => {
  for (const jwks of [undefined, null, [], {}, { keys: 'x' }]) assert.equal(readPublished(jwks), undefined)
  assert.deepEqual(readPublished({ keys: [] }), [])
})

test('two keys that bear the same id are both not the one that is meant', () => {
  const keys = readPublished({ keys: [anEcKey(), publicOf(ec(), { kid: 'a' })] }) ?? []
  assert.equal(chooseKey(keys, 'a', 'ES384'), undefined)
})
