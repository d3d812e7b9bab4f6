import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { Fault } from '../../kernel/result.ts'

/**
 * The algorithms that a client may sign with, and the kind of key that each takes.
 *
 * The first two are SMART's. ES256 and RS256 are what most libraries use when nobody tells them. RSA-PSS is left out: a key
 * that names no algorithm of its own would then be good for two paddings.
 *
 * @see SMART App Launch 2.2 "Client Authentication: Asymmetric", RFC 7518 section 3.1, RFC 8725 sections 3.1 and 3.2
 */
export const ALGORITHMS = {
  RS384: { kty: 'RSA' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES256: { kty: 'EC', crv: 'P-256' },
  RS256: { kty: 'RSA' },
} as const

export type Algorithm = keyof typeof ALGORITHMS

/** A public key of a client, with nothing but what verifying takes. */
export interface ClientKey {
  readonly kty: 'RSA' | 'EC'
  /** Whole, as it is imported: `n` and `e`, or `crv`, `x` and `y`. */
  readonly n?: string
  readonly e?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  /** The client's own name for it, 1 to 255 characters. */
  readonly kid?: string
  /** The one algorithm that it is for. Absent: any that fits. */
  readonly alg?: Algorithm
}

export const isAlgorithm = (value: unknown): value is Algorithm =>
  typeof value === 'string' && Object.hasOwn(ALGORITHMS, value)

/** Whether a key may be used with an algorithm: of its kind and curve, and the one that it names if it does. */
export function fits(key: ClientKey, algorithm: Algorithm): boolean {
  const wanted: { readonly kty: string; readonly crv?: string } = ALGORITHMS[algorithm]
  return (
    key.kty === wanted.kty &&
    (wanted.crv === undefined || key.crv === wanted.crv) &&
    (key.alg === undefined || key.alg === algorithm)
  )
}

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'] as const
const FEWEST_RSA_BITS = 2048
/** More would be work for us and no gain for them. */
const MOST_RSA_BITS = 8192
const LONGEST_NAME = 255

/**
 * Reads one key of a set.
 *
 * @param jwk as somebody else wrote it
 * @param at  where it stands in the set: `/keys/0`
 * @returns   the key without any member that is of no use here; or every fault, none of which quotes the key
 * @see RFC 7517 section 4, RFC 7518 section 6
 */
export function readKey(
  jwk: unknown,
  at: string,
): { readonly key: ClientKey } | { readonly faults: readonly Fault[] } {
  if (!isObject(jwk)) return { faults: [{ at, message: 'expected a JSON Web Key, which is an object' }] }
  const faults = [...secretFaults(jwk, at), ...purposeFaults(jwk, at), ...nameFaults(jwk, at)]
  if (jwk.kty === 'oct') return { faults }
  if (jwk.kty !== 'RSA' && jwk.kty !== 'EC')
    return { faults: [...faults, { at: `${at}/kty`, message: 'expected "RSA" or "EC"' }] }
  const opened = open(jwk)
  if (opened === undefined)
    return { faults: [...faults, { at, message: `this is no public key of type ${jwk.kty}` }] }
  faults.push(...strengthFaults(opened, jwk, at))
  const { kty, n, e, crv, x, y } = opened.export({ format: 'jwk' })
  const key = {
    ...(kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }),
    ...(typeof jwk.kid === 'string' ? { kid: jwk.kid } : {}),
    ...(isAlgorithm(jwk.alg) ? { alg: jwk.alg } : {}),
  } as ClientKey
  if (key.alg !== undefined && !fits(key, key.alg))
    faults.push({ at: `${at}/alg`, message: `${key.alg} does not fit a key of this type and curve` })
  return faults.length === 0 ? { key } : { faults }
}

function secretFaults(jwk: Jwk, at: string): Fault[] {
  if (jwk.kty === 'oct' || 'k' in jwk)
    return [
      {
        at: `${at}/kty`,
        message: 'a symmetric key is a shared secret, not a public key',
        remedy: 'Treat it as leaked. Make a key pair, and send its public half.',
      },
    ]
  const member = PRIVATE.find((name) => name in jwk)
  if (member === undefined) return []
  return [
    {
      at: `${at}/${member}`,
      message: 'this is the private half of a key',
      remedy: 'Treat the key as leaked: make another, and send its public half alone.',
    },
  ]
}

function purposeFaults(jwk: Jwk, at: string): Fault[] {
  const faults: Fault[] = []
  if (jwk.use !== undefined && jwk.use !== 'sig')
    faults.push({ at: `${at}/use`, message: 'expected "sig", or nothing' })
  const operations = jwk.key_ops
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    faults.push({ at: `${at}/key_ops`, message: 'expected a list with "verify", or nothing' })
  if (jwk.alg !== undefined && !isAlgorithm(jwk.alg))
    faults.push({
      at: `${at}/alg`,
      message: `expected one of ${Object.keys(ALGORITHMS).join(', ')}, or nothing`,
    })
  return faults
}

function nameFaults({ kid }: Jwk, at: string): Fault[] {
  const isName = typeof kid === 'string' && kid !== '' && kid.length <= LONGEST_NAME && !hasControl(kid)
  return kid === undefined || isName
    ? []
    : [{ at: `${at}/kid`, message: `expected 1 to ${LONGEST_NAME} characters, none of them a control` }]
}

/** No database keeps every one of these, and no log should. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const hasControl = (text: string) => /[\u0000-\u001f\u007f]/.test(text) || !text.isWellFormed()

/** Also finds a point that is not on its curve. */
function open(jwk: Jwk): KeyObject | undefined {
  const { kty, n, e, crv, x, y } = jwk
  const parts = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }
  try {
    return createPublicKey({ key: parts as JsonWebKey, format: 'jwk' })
  } catch {
    return undefined
  }
}

/** @see SMART App Launch 2.2 "Registering a client" (P-384 or RSA of 2048 bits and more), RFC 8725 section 3.5 */
function strengthFaults(key: KeyObject, { kty, crv }: Jwk, at: string): Fault[] {
  if (kty === 'EC')
    return crv === 'P-256' || crv === 'P-384'
      ? []
      : [{ at: `${at}/crv`, message: 'expected "P-384" or "P-256"' }]
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  const faults: Fault[] = []
  if (modulusLength < FEWEST_RSA_BITS || modulusLength > MOST_RSA_BITS)
    faults.push({
      at: `${at}/n`,
      message: `expected ${FEWEST_RSA_BITS} to ${MOST_RSA_BITS} bits, found ${modulusLength}`,
    })
  // A small exponent is weak, a large one is work for us.
  if (publicExponent < 65537n || publicExponent >= 1n << 32n || publicExponent % 2n === 0n)
    faults.push({ at: `${at}/e`, message: 'expected 65537, or a larger odd number of 32 bits at most' })
  return faults
}

type Jwk = Readonly<Record<string, unknown>>
export const isObject = (value: unknown): value is Jwk =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
