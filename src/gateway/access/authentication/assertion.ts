import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Instant } from '../../../kernel/time.ts'
import { type Algorithm, type ClientKey, isAlgorithm } from '../../clients/index.ts'

/** What the clocks of a client and of our nodes may differ by. */
export const SKEW_SECONDS = 60
/** @see SMART App Launch 2.2 "Client Authentication: Asymmetric", `exp` */
export const LONGEST_AHEAD_SECONDS = 300
const LONGEST_JTI = 255

/** What an assertion says. Nothing of it is proved before `isSigned`. */
export interface Assertion {
  readonly text: string
  readonly algorithm: Algorithm
  readonly kid: string | undefined
  readonly claims: JWTPayload
}

/** Why an assertion was refused. For our own record: whoever sent it hears one answer. */
export type AssertionFault =
  | 'unreadable'
  | 'header'
  | 'algorithm'
  | 'subject'
  | 'audience'
  | 'expiry'
  | 'not-yet'
  | 'jti'
  | 'no-key'
  /** The address where the client publishes its keys gave none, and the key is not among those of before. */
  | 'no-answer'
  | 'signature'
  | 'disabled'
  | 'replayed'

/**
 * Three parts of base64url, spelled the only way that an encoder spells them. Decoders ignore the unused bits of a last
 * character, so without this one signature would have many spellings.
 */
function isCanonical(text: string): boolean {
  const parts = text.split('.')
  return (
    parts.length === 3 &&
    parts.every((part) => part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part)
  )
}

/** The media types that an assertion may call itself. @see RFC 8725 section 3.11, draft-ietf-oauth-rfc7523bis section 4 */
const TYPES: readonly unknown[] = [undefined, 'jwt', 'client-authentication+jwt']

/**
 * Reads an assertion without believing it. Headers that point to a key or bring one (`jku`, `jwk`, `x5u`, `x5c`) are not
 * looked at.
 *
 * @see RFC 7515 section 4.1, RFC 7523 section 3 items 9 and 10
 */
export function readAssertion(text: string): Assertion | AssertionFault {
  if (!isCanonical(text)) return 'unreadable'
  try {
    const { alg, kid, typ, crit } = decodeProtectedHeader(text)
    const claims = decodeJwt(text)
    if (!isAlgorithm(alg)) return 'algorithm'
    // We understand no extension, so one that must be understood cannot be.
    if (crit !== undefined) return 'header'
    const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ
    if (!TYPES.includes(type)) return 'header'
    if (kid !== undefined && typeof kid !== 'string') return 'header'
    return { text, algorithm: alg, kid, claims }
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return 'unreadable'
    throw error
  }
}

/** An assertion whose claims are as they should be, whoever wrote it. */
export interface FitAssertion extends Assertion {
  readonly clientId: string
  readonly jti: string
  /** Seconds since 1970, with a fraction when the client wrote one. */
  readonly exp: number
}

/**
 * Judges what an assertion says, in the order of the specification. That its signature is right is another matter.
 *
 * @param named     `client_id` of the request, if it was sent
 * @param audiences the ways of naming this token service; the assertion names one of them and nobody else
 * @see RFC 7523 section 3 items 1 to 7, RFC 7521 section 4.2, draft-ietf-oauth-rfc7523bis section 4
 */
export function judgeClaims(
  assertion: Assertion,
  { named, audiences, now }: { named: string | undefined; audiences: readonly string[]; now: Instant },
): FitAssertion | AssertionFault {
  const { iss, sub, aud, exp, nbf, iat, jti } = assertion.claims
  // Items 1 and 2.B: for client authentication both are the client.
  if (typeof iss !== 'string' || iss !== sub || (named !== undefined && named !== sub)) return 'subject'
  const [audience, another] = [aud].flat()
  if (another !== undefined || typeof audience !== 'string' || !audiences.includes(audience))
    return 'audience'
  const seconds = now / 1000
  // Its end is the client's own choice, up to five minutes ahead: skew is for the far side, not for staying on.
  if (!isMoment(exp) || exp <= seconds || exp > seconds + LONGEST_AHEAD_SECONDS + SKEW_SECONDS)
    return 'expiry'
  const isFuture = (moment: unknown) =>
    moment !== undefined && !(isMoment(moment) && moment <= seconds + SKEW_SECONDS)
  if (isFuture(nbf) || isFuture(iat)) return 'not-yet'
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) return 'jti'
  return { ...assertion, clientId: iss, jti, exp }
}

const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/**
 * Whether an assertion is signed with a key.
 *
 * @see RFC 7523 section 3 item 9, RFC 8725 sections 3.1 and 3.2
 */
export async function isSigned(
  { text, algorithm, clientId }: FitAssertion,
  key: ClientKey,
  now: Instant,
): Promise<boolean> {
  try {
    await jwtVerify(
      text,
      { ...key, alg: algorithm },
      {
        algorithms: [algorithm],
        issuer: clientId,
        subject: clientId,
        currentDate: new Date(now),
        clockTolerance: SKEW_SECONDS,
        requiredClaims: ['aud', 'exp', 'jti'],
      },
    )
    return true
  } catch (error) {
    if (error instanceof errors.JOSEError) return false
    throw error
  }
}
