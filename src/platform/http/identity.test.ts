import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { readId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import { pooled, requestIds, traceIdOf } from './identity.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const trace = (traceparent: string) => traceIdOf({ headers: { traceparent } } as unknown as IncomingMessage)

test('a trace id is taken from traceparent (W3C Trace Context section 3.2)', () => {
  assert.equal(trace(`00-${TRACE}-00f067aa0ba902b7-01`), TRACE)
})

test('a traceparent of a later version is read as far as it is known', () => {
  assert.equal(trace(`01-${TRACE}-00f067aa0ba902b7-01-more`), TRACE)
})

for (const [name, header] of [
  ['of version ff', `ff-${TRACE}-00f067aa0ba902b7-01`],
  ['with a trace id of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['with a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['in capitals', `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`],
  ['that is no trace at all', 'Winterbourne'],
] as const) {
  test(`a traceparent ${name} is not taken`, () => {
    assert.equal(trace(header), undefined)
  })
}

test('request ids are ids of their kind, each another', () => {
  let calls = 0
  const mint = requestIds({ now: () => 1_700_000_000_000 as Instant }, (length) =>
    new Uint8Array(length).map((_, i) => i + calls++),
  )
  const ids = Array.from({ length: 1_000 }, mint)
  assert.ok(ids.every((id) => readId('request', id) === id))
})

test('pooled chance gives each byte of the source once', () => {
  let next = 0
  const chance = pooled((length) => Uint8Array.from({ length }, () => next++ % 251))
  const bytes = Array.from({ length: 1_000 }, () => [...chance(10)]).flat()
  // 409 pieces of ten fit into 4,096 bytes; the six left over are thrown away.
  assert.deepEqual(
    bytes.slice(0, 4_090),
    Array.from({ length: 4_090 }, (_, i) => i % 251),
  )
  assert.equal(bytes[4_090], 4_096 % 251)
})
