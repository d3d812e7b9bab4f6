import { BlockList, isIP } from 'node:net'
import { Problem } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'

/** `::ffff:192.0.2.1` is 192.0.2.1, however it is written. */
export function plainAddress(address: string): string {
  if (isIP(address) !== 6) return address
  const url = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(url)
  if (!mapped) return url
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/**
 * The network of an address: its /24 of IPv4, its /48 of IPv6. What is kept of where a secret was used from.
 *
 * @returns `unknown` when it is no address
 */
export function networkOf(address: string | undefined): string {
  const plain = plainAddress(address ?? '')
  if (isIP(plain) === 4) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  if (isIP(plain) !== 6) return 'unknown'
  return `${groupsOf(plain).slice(0, 3).join(':')}::/48`
}

/** The eight groups of an address in its shortest spelling. */
function groupsOf(plain: string): readonly string[] {
  const [head = '', tail] = plain.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}

const MOST_RANGES = 100

/**
 * Reads a list of addresses and CIDR ranges that somebody wrote.
 *
 * @returns each as it is kept: one address without a prefix, a range with it; duplicates once
 * @throws Problem `request/invalid` with a fault for each entry that is neither, or more than a hundred
 */
export function readRanges(entries: readonly string[]): readonly string[] {
  const faults = entries.flatMap((entry, i): Fault[] =>
    rangeOf(entry)
      ? []
      : [{ at: `/addresses/${i}`, message: 'is no address and no range such as 192.0.2.0/24' }],
  )
  if (faults.length > 0)
    throw new Problem('request/invalid', 'Not every entry is an address or a range.', { faults })
  if (entries.length > MOST_RANGES)
    throw new Problem('request/invalid', `A client may have at most ${MOST_RANGES} addresses and ranges.`)
  return [...new Set(entries.map((entry) => entry.trim()))]
}

interface Range {
  readonly address: string
  readonly bits: number
  readonly family: 'ipv4' | 'ipv6'
}

function rangeOf(entry: string): Range | undefined {
  const [written = '', prefix, ...rest] = entry.trim().split('/')
  const address = plainAddress(written)
  const family = isIP(address)
  if (family === 0 || rest.length > 0 || written.includes('%')) return undefined
  const most = family === 4 ? 32 : 128
  // A range of mapped addresses counts its bits from the front of all 128.
  const bits = prefix === undefined ? most : Number(prefix) - (isIP(written) === 6 && family === 4 ? 96 : 0)
  if ((prefix !== undefined && !/^\d{1,3}$/.test(prefix)) || bits < 0 || bits > most) return undefined
  return { address, bits, family: family === 4 ? 'ipv4' : 'ipv6' }
}

const made = new WeakMap<readonly string[], BlockList>()

/** Whether a client may call from an address; an address that is not known is outside of every list. */
export function isAllowed(allowed: readonly string[], address: string | undefined): boolean {
  if (allowed.length === 0) return true
  const plain = plainAddress(address ?? '')
  const family = isIP(plain)
  if (family === 0) return false
  let list = made.get(allowed)
  if (!list) {
    list = new BlockList()
    for (const entry of allowed) {
      const range = rangeOf(entry)
      if (range) list.addSubnet(range.address, range.bits, range.family)
    }
    made.set(allowed, list)
  }
  return list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}
