import assert from 'node:assert/strict'
import { sign } from 'node:crypto'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import type { OrganizationId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import { secureRandom, vaultFromKey } from '../../platform/secrets/index.ts'
import { generateKey, openStored } from '../signing-keys/index.ts'
import { signToken, type TokenIssuer, verifyToken } from './access-token.ts'
import { rawSignature } from './raw-signature.ts'

const NOW = Date.parse('2027-01-04T09:00:00Z')
const SECOND = NOW / 1000
const now = NOW as Instant
const clock = { now: () => now }
const moments = { publishedAt: now, signsFrom: now, retireAt: undefined }

let issuer: TokenIssuer
let claims: Readonly<Record<string, unknown>>
before(async () => {
  const vault = vaultFromKey(new Uint8Array(32), secureRandom)
  issuer = {
    environment: 'sandbox',
    issuer: 'https://sandbox.example',
    audience: 'https://api.sandbox.example',
    keys: await openStored({ vault, clock }, [await generateKey(vault, moments)]),
  }
  claims = decodeJwt(aToken())
})

const aToken = () =>
  signToken(issuer, {
    client_id: 'cs_test_0000000000000000000000',
    scope: 'pa:read',
    jti: 'tok_1',
    iat: SECOND,
    exp: SECOND + 300,
    org: 'org_1' as OrganizationId,
    epoch: 1,
  })

/** A token signed with the right key, its claims or header changed; a claim given as undefined is left out. */
function signedWith(change: Record<string, unknown>, header: Record<string, unknown> = {}) {
  const { kid, privateKey } = issuer.keys.current
  return new SignJWT({ ...claims, ...change })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header })
    .sign(privateKey)
}
const verify = (token: string) => verifyToken(issuer, token, now)

test('a token carries what RFC 9068 section 2.2 requires, and whose it is', () => {
  assert.deepEqual(claims, {
    iss: 'https://sandbox.example',
    aud: 'https://api.sandbox.example',
    sub: 'cs_test_0000000000000000000000',
    client_id: 'cs_test_0000000000000000000000',
    scope: 'pa:read',
    jti: 'tok_1',
    iat: SECOND,
    exp: SECOND + 300,
    org: 'org_1',
    epoch: 1,
    env: 'sandbox',
  })
})

test('its header names the type at+jwt, ES256 and the key (RFC 9068 section 2.1)', () => {
  assert.deepEqual(decodeProtectedHeader(aToken()), {
    alg: 'ES256',
    typ: 'at+jwt',
    kid: issuer.keys.current.kid,
  })
})

test('a token that we signed verifies', async () => {
  assert.deepEqual(await verify(aToken()), { ...claims, kid: issuer.keys.current.kid })
})

test('a token with any character changed is never accepted', async () => {
  const token = aToken()
  await fc.assert(
    fc.asyncProperty(fc.nat(token.length - 1), fc.integer({ min: 0, max: 255 }), async (at, code) => {
      const char = String.fromCharCode(code)
      fc.pre(char !== token[at])
      assert.equal(await verify(token.slice(0, at) + char + token.slice(at + 1)), 'invalid')
    }),
    { numRuns: 500 },
  )
})

test('no last character but one spells the signature, though four of its bits carry nothing', async () => {
  const token = aToken()
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  for (const char of alphabet) {
    if (char === token.at(-1)) continue
    assert.equal(await verify(token.slice(0, -1) + char), 'invalid', char)
  }
})

test('a token with a character put in or taken out is never accepted', async () => {
  const token = aToken()
  await fc.assert(
    fc.asyncProperty(
      fc.nat(token.length - 1),
      fc.constantFrom('', ' ', '\n', '=', '.', 'A'),
      async (at, put) => {
        const touched = token.slice(0, at) + put + token.slice(put === '' ? at + 1 : at)
        fc.pre(touched !== token)
        assert.equal(await verify(touched), 'invalid')
      },
    ),
    { numRuns: 300 },
  )
})

test('any text at all is refused without an error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) =>
      assert.equal(await verify(text), 'invalid'),
    ),
  )
})

test('an unsigned token is refused (RFC 8725 section 3.2)', async () => {
  assert.equal(await verify(new UnsecuredJWT({ ...claims }).encode()), 'invalid')
  const [, payload, signature] = aToken().split('.')
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
  assert.equal(await verify(`${none}.${payload}.${signature}`), 'invalid')
})

test('a token signed with the public key as if it were a shared secret is refused (RFC 8725 section 3.1)', async () => {
  const published = new TextEncoder().encode(JSON.stringify(issuer.keys.published[0]))
  const token = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: issuer.keys.current.kid })
    .sign(published)
  assert.equal(await verify(token), 'invalid')
})

test('a token of a foreign key is refused, whichever key id it claims and whichever key it brings', async () => {
  const { privateKey } = await generateKeyPair('ES256')
  const { kid } = issuer.keys.current
  for (const header of [{ kid }, { kid: 'unknown' }, {}, { jwk: issuer.keys.published[0] as object }]) {
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...header })
      .sign(privateKey)
    assert.equal(await verify(token), 'invalid', JSON.stringify(header))
  }
})

test('a token without a key id is refused, though our key signed it', async () => {
  const token = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
    .sign(issuer.keys.current.privateKey)
  assert.equal(await verify(token), 'invalid')
})

test('a JWT of another type is refused (RFC 9068 section 4, RFC 8725 section 3.11)', async () => {
  assert.equal(await verify(await signedWith({}, { typ: 'JWT' })), 'invalid')
})

test('a token of another issuer is refused (RFC 9068 section 4)', async () => {
  assert.equal(await verify(await signedWith({ iss: 'https://production.example' })), 'invalid')
})

test('a token for another audience is refused (RFC 9068 section 4)', async () => {
  assert.equal(await verify(await signedWith({ aud: 'https://api.production.example' })), 'invalid')
})

test('a token for several audiences is refused, though ours is among them', async () => {
  assert.equal(await verify(await signedWith({ aud: [issuer.audience, 'https://other.example'] })), 'invalid')
  assert.equal(await verify(await signedWith({ aud: [issuer.audience] })), 'invalid')
})

test('a token that names the other environment is refused, though all else is ours', async () => {
  assert.equal(await verify(await signedWith({ env: 'production' })), 'invalid')
})

test('a token whose subject is not its client is refused', async () => {
  assert.equal(await verify(await signedWith({ sub: 'somebody' })), 'invalid')
})

test('a token that lacks any of its claims is refused (RFC 9068 section 2.2)', async () => {
  for (const name of Object.keys(claims))
    assert.equal(await verify(await signedWith({ [name]: undefined })), 'invalid', name)
})

for (const exp of ['1e999', '1e308', String(SECOND + 100.5)])
  test(`a token that ends at ${exp} is refused, though our key signed it (RFC 7519 section 2)`, async () => {
    const parts = [
      { alg: 'ES256', typ: 'at+jwt', kid: issuer.keys.current.kid },
      { ...claims, exp: 0 },
    ]
    const [header, payload] = parts.map((part) =>
      Buffer.from(JSON.stringify(part).replace('"exp":0', `"exp":${exp}`)).toString('base64url'),
    )
    const text = `${header}.${payload}`
    const signature = rawSignature(sign('sha256', Buffer.from(text), issuer.keys.current.privateKey))
    assert.equal(await verify(`${text}.${signature.toString('base64url')}`), 'invalid')
  })

test('an expired token is told from a bad one', async () => {
  assert.equal(await verify(await signedWith({ exp: SECOND })), 'expired')
  assert.equal(await verify(await signedWith({ exp: SECOND, iss: 'https://production.example' })), 'invalid')
})

test('the private key is sealed where it is stored', async () => {
  const vault = vaultFromKey(new Uint8Array(32), secureRandom)
  const stored = await generateKey(vault, moments)
  const opened = await openStored({ vault, clock }, [stored])
  const { d } = opened.current.privateKey.export({ format: 'jwk' })
  assert.ok(d)
  assert.equal(Buffer.from(stored.sealed ?? '').includes(Buffer.from(d, 'base64url')), false)
  assert.equal(JSON.stringify(stored.publicJwk).includes(d), false)
  await assert.rejects(
    openStored({ vault: vaultFromKey(new Uint8Array(32).fill(9), secureRandom), clock }, [stored]),
  )
})
