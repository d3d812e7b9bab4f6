import { BlockList, isIP } from 'node:net'

/**
 * The proxies that this server believes when they say who a caller is.
 *
 * @param ranges addresses and CIDR ranges, `10.0.0.0/8`; never a number of hops, which a caller could forge
 * @throws Error naming the entry that is neither
 */
export function trustedProxies(ranges: readonly string[]): BlockList {
  const trusted = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix, ...rest] = range.split('/')
    const family = isIP(address)
    const bits = family === 4 ? 32 : 128
    const length = prefix === undefined ? bits : Number(prefix)
    if (family === 0 || rest.length > 0 || !/^\d*$/.test(prefix ?? '') || prefix === '' || length > bits)
      throw new Error(`A trusted proxy is an address or a CIDR range such as 10.0.0.0/8, not "${range}"`)
    trusted.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6')
  }
  return trusted
}

/** Whether an address is one of them; `::ffff:10.0.0.1` counts as 10.0.0.1. */
export function isTrusted(trusted: BlockList, address: string): boolean {
  return trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}
