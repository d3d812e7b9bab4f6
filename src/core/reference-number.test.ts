import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  administrativeReference,
  authorizationNumber,
  NUMBER_BYTES,
  noticeNumber,
  readNumber,
} from './reference-number.ts'

const chance = fc.uint8Array({ minLength: NUMBER_BYTES, maxLength: NUMBER_BYTES })
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

test('a number is fourteen digits and capitals that cannot be mistaken for one another', () => {
  fc.assert(
    fc.property(chance, (bytes) => {
      assert.match(authorizationNumber(bytes), /^A[0-9A-HJKMNP-TV-Z]{13}$/)
      assert.match(administrativeReference(bytes), /^R[0-9A-HJKMNP-TV-Z]{13}$/)
      assert.match(noticeNumber(bytes), /^N[0-9A-HJKMNP-TV-Z]{13}$/)
    }),
  )
})

test('a number reads back as itself', () => {
  fc.assert(
    fc.property(chance, (bytes) => {
      const number = authorizationNumber(bytes)
      assert.equal(readNumber('authorization', number), number)
    }),
  )
})

test('any one wrong character is noticed', () => {
  const number = authorizationNumber(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
  for (let i = 0; i < number.length; i++)
    for (const other of ALPHABET)
      if (other !== number[i])
        assert.equal(
          readNumber('authorization', number.slice(0, i) + other + number.slice(i + 1)),
          undefined,
          `${other} at ${i}`,
        )
})

test('any two characters that changed places are noticed', () => {
  fc.assert(
    fc.property(chance, (bytes) => {
      const number = administrativeReference(bytes)
      for (let i = 1; i < number.length; i++)
        for (let j = i + 1; j < number.length; j++) {
          const characters = [...number]
          characters[i] = number[j] ?? ''
          characters[j] = number[i] ?? ''
          const swapped = characters.join('')
          if (swapped !== number) assert.equal(readNumber('administrative', swapped), undefined)
        }
    }),
    { numRuns: 20 },
  )
})

test('a number is read as people write it', () => {
  const number = authorizationNumber(Uint8Array.of(0, 0x40, 0, 0, 0, 0, 0, 0))
  assert.equal(number.slice(0, 4), 'A010')
  const written =
    `a${number.slice(1, 5).replaceAll('0', 'o').replaceAll('1', 'l')}-${number.slice(5)} `.toLowerCase()
  assert.equal(readNumber('authorization', written), number)
})

test('a number of the one kind is none of the other', () => {
  assert.equal(readNumber('administrative', authorizationNumber(new Uint8Array(NUMBER_BYTES))), undefined)
})

test('the same chance makes two different numbers for the two kinds', () => {
  const bytes = new Uint8Array(NUMBER_BYTES)
  assert.notEqual(authorizationNumber(bytes).slice(1), administrativeReference(bytes).slice(1))
})

test('too little chance is a bug', () => {
  assert.throws(() => authorizationNumber(new Uint8Array(4)))
})
