import { Problem } from '../../kernel/problem.ts'
import type { Fault } from '../../kernel/result.ts'
import { type Algorithm, type ClientKey, fits, isObject, readKey } from './key.ts'

/** What a client proves itself with: keys that were uploaded, or the one address where it publishes them. */
export type KeySet =
  | { readonly keys: readonly ClientKey[] }
  /** Always `https:`. */
  | { readonly jwksUri: string }

/** The same as it is asked for: nothing in it has been looked at yet. */
export type KeysWanted = { readonly jwks: unknown } | { readonly jwksUri: string }

/** Enough to change keys with overlap, for several systems. */
const MOST_KEYS = 20
const LONGEST_ADDRESS = 2000

/**
 * Reads what a client is to prove itself with.
 *
 * @throws Problem `request/invalid` with every fault, in the coordinates of the JWK Set: `/keys/0/kid`
 */
export function readKeysWanted(wanted: KeysWanted): KeySet {
  return 'jwksUri' in wanted ? { jwksUri: readAddress(wanted.jwksUri) } : { keys: readUploaded(wanted.jwks) }
}

function readUploaded(jwks: unknown): readonly ClientKey[] {
  const entries = isObject(jwks) ? jwks.keys : undefined
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MOST_KEYS)
    throw unfit([{ at: '/keys', message: `expected a list of 1 to ${MOST_KEYS} JSON Web Keys` }])
  const read = entries.map((entry, i) => readKey(entry, `/keys/${i}`))
  const faults = read.flatMap((each) => ('faults' in each ? each.faults : []))
  const keys = read.flatMap((each) => ('key' in each ? [each.key] : []))
  faults.push(...repeatedNames(entries))
  if (faults.length > 0) throw unfit(faults)
  return keys
}

function repeatedNames(entries: readonly unknown[]): readonly Fault[] {
  const names = entries.map((entry) => (isObject(entry) ? entry.kid : undefined))
  return names.flatMap((name, i) =>
    typeof name === 'string' && names.indexOf(name) < i
      ? [{ at: `/keys/${i}/kid`, message: `the same as that of /keys/${names.indexOf(name)}` }]
      : [],
  )
}

const unfit = (faults: readonly Fault[]) =>
  new Problem('request/invalid', 'The key set cannot be used. Send public keys alone.', { faults })

/** What may be reached at an address is for the one who fetches it to judge, each time. */
function readAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isFit = url?.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === ''
  if (isFit && url.href.length <= LONGEST_ADDRESS) return url.href
  const message = `expected an https:// URL of ${LONGEST_ADDRESS} characters at most, without a user and a fragment`
  throw new Problem('request/invalid', 'The address of the key set cannot be used.', {
    faults: [{ at: '/jwksUri', message }],
  })
}

/**
 * Reads a key set that a client publishes. Keys that are of no use here are passed over, as they may be for others.
 *
 * @returns undefined when it is no key set, or one with more keys than we look through
 * @see RFC 7517 section 5
 */
export function readPublished(jwks: unknown): readonly ClientKey[] | undefined {
  const entries = isObject(jwks) ? jwks.keys : undefined
  if (!Array.isArray(entries) || entries.length > MOST_KEYS) return undefined
  return entries.flatMap((entry, i) => {
    const read = readKey(entry, `/keys/${i}`)
    return 'key' in read ? [read.key] : []
  })
}

/**
 * The one key that an assertion says it is signed with.
 *
 * @param kid absent: the client has one key that fits the algorithm
 * @returns   undefined when there is none, or more than one
 * @see RFC 7515 section 4.1.4, RFC 8725 section 3.1
 */
export function chooseKey(
  keys: readonly ClientKey[],
  kid: string | undefined,
  algorithm: Algorithm,
): ClientKey | undefined {
  const candidates = keys.filter((key) => fits(key, algorithm) && (kid === undefined || key.kid === kid))
  return candidates.length === 1 ? candidates[0] : undefined
}
