import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf } from './network.ts'

const CASES = {
  '192.0.2.7': '192.0.2.7',
  '::ffff:192.0.2.7': '192.0.2.7',
  '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
  '2001:db8:1:2::9': '2001:db8:1:2::/64',
  '2001:DB8:1:0002::9': '2001:db8:1:2::/64',
  '2001:db8::9': '2001:db8:0:0::/64',
  '::1': '0:0:0:0::/64',
  'fe80::1%eth0': 'fe80:0:0:0::/64',
}
for (const [address, visitor] of Object.entries(CASES))
  test(`${address} is counted as ${visitor}`, () => assert.equal(networkOf(address), visitor))
