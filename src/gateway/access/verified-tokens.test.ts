import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TokenClaims } from './access-token.ts'
import { rememberVerified } from './verified-tokens.ts'

const claims = (jti: string) => ({ jti }) as TokenClaims

test('a token that was kept is found, and no other', () => {
  const verified = rememberVerified(2)
  verified.keep('a', claims('1'))
  assert.equal(verified.find('a')?.jti, '1')
  assert.equal(verified.find('b'), undefined)
})

test('no more than the capacity is remembered; the token used longest ago goes first', () => {
  const verified = rememberVerified(2)
  verified.keep('a', claims('1'))
  verified.keep('b', claims('2'))
  verified.find('a')
  verified.keep('c', claims('3'))
  assert.deepEqual(
    ['a', 'b', 'c'].map((token) => verified.find(token)?.jti),
    ['1', undefined, '3'],
  )
})
