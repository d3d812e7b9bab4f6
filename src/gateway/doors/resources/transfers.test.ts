import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import type { FastifyReply } from 'fastify'
import { Problem } from '../../../kernel/problem.ts'
import { boundTransfers, UPLOADS } from './transfers.ts'

const isFull = (error: unknown) => error instanceof Problem && error.code === 'system/unavailable'
const anAnswer = (given: { closed?: boolean; destroyed?: boolean } = {}) =>
  Object.assign(new EventEmitter(), {
    closed: false,
    destroyed: false,
    ...given,
  }) as unknown as FastifyReply['raw']

test('a company has so many documents on their way, whichever client asks, and another company still has room', () => {
  const transfers = boundTransfers(UPLOADS)
  for (let i = 0; i < UPLOADS.ofACompany; i++) transfers.hold('one', anAnswer())
  assert.throws(() => transfers.hold('one', anAnswer()), isFull)
  transfers.hold('other', anAnswer())
})

test('a place is free again when its answer has ended', () => {
  const transfers = boundTransfers(UPLOADS)
  const [first] = Array.from({ length: UPLOADS.ofACompany }, () => {
    const answer = anAnswer()
    transfers.hold('one', answer)
    return answer
  })
  first?.emit('close')
  transfers.hold('one', anAnswer())
  assert.throws(() => transfers.hold('one', anAnswer()), isFull)
})

test('all companies together have so many on their way', () => {
  const transfers = boundTransfers(UPLOADS)
  for (let i = 0; i < UPLOADS.all; i++) transfers.hold(`company ${i}`, anAnswer())
  assert.throws(() => transfers.hold('one more', anAnswer()), isFull)
})

for (const how of ['closed', 'destroyed'] as const)
  test(`a caller who has left before (${how}) keeps no place`, () => {
    const transfers = boundTransfers(UPLOADS)
    for (let i = 0; i < UPLOADS.all; i++) transfers.hold('one', anAnswer({ [how]: true }))
    transfers.hold('one', anAnswer())
  })
