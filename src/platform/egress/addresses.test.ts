import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blockList, mayConnectTo } from './addresses.ts'

const none = blockList([])

for (const [what, ...addresses] of [
  ['this machine', '127.0.0.1', '127.255.255.254', '0.0.0.0', '::1', '::'],
  ['a private network', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff::1'],
  ['a carrier’s shared range', '100.64.0.1', '100.127.255.255'],
  ['link-local, where metadata services answer', '169.254.169.254', 'fe80::1', 'febf::1', 'fec0::1'],
  [
    'documentation and benchmarks',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.9',
    '2001:db8::1',
    '3fff::1',
  ],
  ['many at once, and reserved', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  [
    'IPv4 within IPv6: mapped',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:10.0.0.1',
    '::FFFF:A9FE:A9FE',
  ],
  ['IPv4 within IPv6: NAT64', '64:ff9b::7f00:1', '64:ff9b::169.254.169.254', '64:ff9b:1::1'],
  ['IPv4 within IPv6: compatible, 6to4 and Teredo', '::127.0.0.1', '2002:7f00:1::', '2001:0:7f00:1::'],
  ['discard-only and not given out', '100::1', '4000::1', '1::1'],
  [
    'what is no address',
    '',
    'localhost',
    '127.1',
    '0x7f000001',
    '2130706433',
    'fe80::1%eth0',
    '2606::1%1',
    '1.2.3.4.5',
  ],
] as const)
  test(`${what}: refused`, () => {
    for (const address of addresses) assert.equal(mayConnectTo(address, none), false, address)
  })

test('a public address is one to connect to, in each of its forms', () => {
  for (const address of ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00::1'])
    assert.equal(mayConnectTo(address, none), true, address)
  for (const address of ['::ffff:8.8.8.8', '64:ff9b::808:808'])
    assert.equal(mayConnectTo(address, none), true, address)
})

test('a range that is allowed is one to connect to, in each of its forms, and its neighbours are not', () => {
  const allowed = blockList(['10.1.0.0/16', 'fd00:1::/32'])
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd00:1::5'])
    assert.equal(mayConnectTo(address, allowed), true, address)
  for (const address of ['10.2.0.1', '::ffff:10.2.0.1', 'fd00:2::5', '127.0.0.1'])
    assert.equal(mayConnectTo(address, allowed), false, address)
})

test('an allowed range that is none is refused', () => {
  for (const range of ['10.0.0.0/33', 'fd00::/129', 'example.com', '10.0.0.0/', '10.0.0.0/8/8'])
    assert.throws(() => blockList([range]), /CIDR/)
})

test('whatever is special in IPv4 is so when an IPv6 address carries it', () => {
  const octet = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(octet, octet, octet, octet, (a, b, c, d) => {
      const plain = `${a}.${b}.${c}.${d}`
      const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
      const expected = mayConnectTo(plain, none)
      for (const carrier of [`::ffff:${plain}`, `::ffff:${hex}`, `64:ff9b::${hex}`])
        assert.equal(mayConnectTo(carrier, none), expected, carrier)
    }),
    { numRuns: 2000 },
  )
})
