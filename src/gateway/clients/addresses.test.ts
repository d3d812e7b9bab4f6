import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../../kernel/problem.ts'
import { isAllowed, networkOf, readRanges } from './addresses.ts'

const ALLOWED: readonly (readonly [readonly string[], string | undefined, boolean])[] = [
  [[], '192.0.2.1', true],
  [[], undefined, true],
  [['192.0.2.1'], '192.0.2.1', true],
  [['192.0.2.1'], '192.0.2.2', false],
  [['192.0.2.0/24'], '192.0.2.255', true],
  [['192.0.2.0/24'], '192.0.3.0', false],
  [['192.0.2.0/24'], '::ffff:192.0.2.9', true],
  [['192.0.2.0/24'], '::ffff:c000:209', true],
  [['192.0.2.0/24'], '0:0:0:0:0:ffff:192.0.2.9', true],
  [['::ffff:192.0.2.0/120'], '192.0.2.9', true],
  [['::ffff:192.0.2.0/120'], '192.0.3.9', false],
  [['2001:db8::/32'], '2001:db8:1::1', true],
  [['2001:db8::/32'], '2001:db9::1', false],
  [['2001:db8::1'], '2001:0db8:0:0:0:0:0:1', true],
  [['2001:db8::/32'], '192.0.2.1', false],
  [['0.0.0.0/0'], '203.0.113.9', true],
  [['0.0.0.0/0'], '2001:db8::1', false],
  [['10.0.0.0/8', '2001:db8::/48'], '2001:db8::7', true],
  [['192.0.2.1'], undefined, false],
  [['192.0.2.1'], 'nonsense', false],
]
for (const [list, address, expected] of ALLOWED)
  test(`${address ?? 'an unknown address'} is ${expected ? 'in' : 'outside of'} [${list}]`, () => {
    assert.equal(isAllowed(list, address), expected)
  })

for (const [address, network] of [
  ['192.0.2.77', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:a:b:c:d:e:f', '2001:db8:a::/48'],
  ['2001:db8::1', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['nonsense', 'unknown'],
  [undefined, 'unknown'],
] as const)
  test(`the network of ${address ?? 'an unknown address'} is ${network}`, () => {
    assert.equal(networkOf(address), network)
  })

test('entries are kept trimmed, each once', () => {
  assert.deepEqual(readRanges([' 192.0.2.1 ', '192.0.2.1', '2001:db8::/32']), ['192.0.2.1', '2001:db8::/32'])
})

for (const entry of [
  '',
  'example.com',
  '192.0.2',
  '192.0.2.0/33',
  '192.0.2.0/',
  '192.0.2.0/-1',
  '192.0.2.0/1e1',
  '2001:db8::/129',
  '192.0.2.0/24/8',
  '::ffff:192.0.2.0/24',
  'fe80::1%eth0',
  '192.0.2.01',
])
  test(`"${entry}" is neither an address nor a range`, () => {
    assert.throws(
      () => readRanges(['192.0.2.1', entry]),
      (error) => error instanceof Problem && error.faults.map(({ at }) => at).join() === '/addresses/1',
    )
  })

test('more than a hundred entries are refused', () => {
  const entries = Array.from({ length: 101 }, (_, i) => `192.0.2.${i}`)
  assert.throws(() => readRanges(entries), Problem)
})
