import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNpi } from './npi.ts'

for (const npi of ['1234567893', '1111111112', '1245319599'])
  test(`${npi} is an NPI`, () => assert.equal(isNpi(npi), true))

for (const [text, why] of [
  ['1234567890', 'its check digit is wrong'],
  ['123456789', 'it has nine digits'],
  ['12345678931', 'it has eleven'],
  ['123456789x', 'it holds a letter'],
  ['', 'it is empty'],
] as const)
  test(`"${text}" is no NPI: ${why}`, () => assert.equal(isNpi(text), false))
