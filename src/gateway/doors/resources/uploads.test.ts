import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../../../kernel/problem.ts'
import { boundUploads, MOST_UPLOADS, MOST_UPLOADS_OF_A_CLIENT } from './uploads.ts'

const isFull = (error: unknown) => error instanceof Problem && error.code === 'system/unavailable'

test('a client has so many documents on their way, and another client still has room', () => {
  const uploads = boundUploads()
  for (let i = 0; i < MOST_UPLOADS_OF_A_CLIENT; i++) uploads.take('one')
  assert.throws(() => uploads.take('one'), isFull)
  uploads.take('other')
})

test('a place that is given back is free once, however often it is given back', () => {
  const uploads = boundUploads()
  const [first] = Array.from({ length: MOST_UPLOADS_OF_A_CLIENT }, () => uploads.take('one'))
  first?.()
  first?.()
  uploads.take('one')
  assert.throws(() => uploads.take('one'), isFull)
})

test('all clients together have so many on their way', () => {
  const uploads = boundUploads()
  for (let i = 0; i < MOST_UPLOADS; i++) uploads.take(`client ${i}`)
  assert.throws(() => uploads.take('one more'), isFull)
})
