import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../../kernel/time.ts'
import { openWindows } from './windows.ts'

const at = (ms: number) => ms as Instant
const MINUTE = 60_000

test('as many as the quota are taken, and not one more', () => {
  const windows = openWindows(3, MINUTE, 10)
  const over = [1, 2, 3, 4].map(() => windows.add('a', at(0)).isOver)
  assert.deepEqual(over, [false, false, false, true])
})

test('each key has a count of its own', () => {
  const windows = openWindows(1, MINUTE, 10)
  windows.add('a', at(0))
  assert.equal(windows.add('b', at(0)).isOver, false)
})

test('a window begins with the first of its count and ends to the millisecond', () => {
  const windows = openWindows(1, MINUTE, 10)
  windows.add('a', at(500))
  assert.equal(windows.add('a', at(MINUTE + 499)).isOver, true)
  assert.equal(windows.add('a', at(MINUTE + 500)).isOver, false)
})

test('trying while refused does not lengthen the time', () => {
  const windows = openWindows(1, MINUTE, 10)
  windows.add('a', at(0))
  windows.add('a', at(30_000))
  assert.equal(windows.add('a', at(30_001)).resetAt, MINUTE)
})

test('the next window tells how many were refused in the one before', () => {
  const windows = openWindows(1, MINUTE, 10)
  for (const _ of [1, 2, 3]) windows.add('a', at(0))
  assert.equal(windows.add('a', at(MINUTE)).refusedBefore, 2)
})

test('what is given back may be counted again', () => {
  const windows = openWindows(1, MINUTE, 10)
  windows.add('a', at(0))
  windows.giveBack('a')
  assert.equal(windows.add('a', at(0)).isOver, false)
})

test('however many keys come, no more are held than may be', () => {
  const windows = openWindows(4, MINUTE, 100)
  for (let i = 0; i < 10_000; i++) windows.add(`key ${i}`, at(i % 7))
  assert.equal(windows.size, 100)
})

test('a flood of other keys does not reset a count that is used up', () => {
  const windows = openWindows(4, MINUTE, 100)
  for (const _ of [1, 2, 3, 4]) windows.add('guesser', at(0))
  for (let i = 0; i < 10_000; i++) windows.add(`key ${i}`, at(1))
  assert.equal(windows.add('guesser', at(2)).isOver, true)
})

test('to reset a count that is used up takes as many keys as are held, each at half its quota', () => {
  const windows = openWindows(4, MINUTE, 100)
  for (const _ of [1, 2, 3, 4]) windows.add('guesser', at(0))
  for (let i = 0; i < 99; i++) for (const _ of [1, 2]) windows.add(`key ${i}`, at(1))
  assert.equal(windows.add('guesser', at(2)).isOver, true)
  for (let i = 0; i < 100; i++) for (const _ of [1, 2]) windows.add(`more ${i}`, at(1))
  assert.equal(windows.add('guesser', at(2)).isOver, false)
})

test('windows that have ended make room before those that run', () => {
  const windows = openWindows(4, MINUTE, 2)
  for (const _ of [1, 2, 3, 4]) windows.add('ended', at(0))
  windows.add('running', at(MINUTE - 1))
  windows.add('new', at(MINUTE))
  assert.equal(windows.add('running', at(MINUTE)).remaining, 2)
})

test('a window that has ended makes room even when it was half used later than one that runs', () => {
  const windows = openWindows(4, 60, 2)
  windows.add('ended', at(0))
  for (const _ of [1, 2, 3, 4, 5]) windows.add('running', at(20))
  windows.add('ended', at(50))
  windows.add('new', at(65))
  assert.equal(windows.add('running', at(66)).isOver, true)
})
