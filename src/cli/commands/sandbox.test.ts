import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WrongUsage } from '../command.ts'
import { durationOf } from './sandbox.ts'

for (const [text, ms] of [
  ['30m', 1_800_000],
  ['71h', 255_600_000],
  ['8d', 691_200_000],
] as const)
  test(`a clock is moved by ${text}`, () => {
    assert.equal(durationOf(text), ms)
  })

for (const text of [undefined, '', '71', '-1h', '0h', '1.5h', '1h30m', '3w', '9999999m'])
  test(`"${text}" is no duration`, () => {
    assert.throws(() => durationOf(text), WrongUsage)
  })
