import { BlockList, isIP, SocketAddress } from 'node:net'

/**
 * What is nobody's public server: this machine, private networks, the addresses of a cloud's own services, tests,
 * documentation, many at once.
 *
 * @see IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890)
 */
const SPECIAL_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10', // shared by carriers, RFC 6598
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local: metadata services answer here
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** Only 2000::/3 is given out to anybody; of that, these are not servers either, or hide an IPv4 address of their own. */
const SPECIAL_V6 = [
  '2001::/23', // Teredo (2001::/32), benchmarking, ORCHID
  '2001:db8::/32',
  '2002::/16', // 6to4
  '3fff::/20',
  '2620:4f:8000::/48',
]
const GLOBAL_V6 = '2000::/3'

const special = blockList([...SPECIAL_V4, ...SPECIAL_V6])
const global = blockList([GLOBAL_V6])
/** Ranges that carry an IPv4 address in their last 32 bits: mapped, and translated by NAT64 (RFC 6052). */
const CARRIERS = blockList(['::ffff:0:0/96', '64:ff9b::/96'])

/** @throws Error naming the entry that is neither an address nor a range */
export function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix, ...rest] = range.split('/')
    const family = isIP(address)
    const bits = family === 4 ? 32 : 128
    const length = prefix === undefined ? bits : Number(prefix)
    if (family === 0 || rest.length > 0 || prefix === '' || !/^\d*$/.test(prefix ?? '') || length > bits)
      throw new Error(`An allowed range is an address or a CIDR range such as 10.0.0.0/8, not "${range}"`)
    list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/**
 * Whether this server may connect to an address.
 *
 * @param address an IPv4 or IPv6 address, no zone; anything else is refused
 * @param allowed ranges that are special and wanted nonetheless
 */
export function mayConnectTo(address: string, allowed: BlockList): boolean {
  const plain = carried(address)
  const family = isIP(plain)
  if (family === 0 || plain.includes('%')) return false
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  if (allowed.check(plain, kind)) return true
  if (special.check(plain, kind)) return false
  return family === 4 || global.check(plain, kind)
}

/** The IPv4 address that an IPv6 address carries, else the address itself. */
function carried(address: string): string {
  if (isIP(address) !== 6 || !CARRIERS.check(address, 'ipv6')) return address
  const whole = expand(address)
  const [high = 0, low = 0] = whole.slice(-2)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** The eight groups of an IPv6 address. */
function expand(address: string): readonly number[] {
  // Written in one way: no zone, no dotted end, no leading zeros.
  const text = new SocketAddress({ address, family: 'ipv6' }).address.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, a, b, c, d) => `${((+a << 8) | +b).toString(16)}:${((+c << 8) | +d).toString(16)}`,
  )
  const [head = '', tail] = text.split('::')
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const gap = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...new Array<number>(gap).fill(0), ...after]
}
