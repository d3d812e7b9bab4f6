import { Problem } from '../../../kernel/problem.ts'
import type { Instant } from '../../../kernel/time.ts'
import { type ClientKey, type ClientRecord, chooseKey, isClientId, isForeign } from '../../clients/index.ts'
import {
  type AssertionFault,
  type FitAssertion,
  isSigned,
  judgeClaims,
  readAssertion,
  SKEW_SECONDS,
} from './assertion.ts'
import type { AuthenticationMethod, KeyVerifier, TokenRequest, Verifier } from './method.ts'
import { nobodysKey } from './nobodys-keys.ts'

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** One answer for every reason; the reason itself is for our own record. */
export class AssertionRefused extends Problem {
  readonly reason: AssertionFault
  constructor(reason: AssertionFault) {
    super(
      'access/client-invalid',
      'Client authentication failed. Check the assertion: its key, its algorithm, iss, sub, aud, exp, a jti that was never used, and that the client is of this environment.',
    )
    this.reason = reason
  }
}

/**
 * An assertion that the client has signed with a key of its own.
 *
 * @see RFC 7523 sections 2.2 and 3, RFC 7521 section 4.2, SMART App Launch 2.2 "Client Authentication: Asymmetric"
 */
export const privateKeyJwt: AuthenticationMethod = {
  name: 'private_key_jwt',
  isTried: ({ parameters }) => parameters.has('client_assertion') || parameters.has('client_assertion_type'),
  claimed: ({ parameters }) => {
    const assertion = readAssertion(parameters.get('client_assertion') ?? '')
    const issuer = typeof assertion === 'string' ? undefined : assertion.claims.iss
    return issuer ?? parameters.get('client_id')
  },
  authenticate: async (request, verifier) => {
    const assertion = fitAssertion(request, verifier)
    refuseForeign(assertion, verifier)
    return proveByAssertion(assertion, verifier)
  },
}

/** An assertion that is right in all that can be seen without asking anybody. */
function fitAssertion({ parameters }: TokenRequest, verifier: Verifier): FitAssertion {
  const text = parameters.get('client_assertion')
  const type = parameters.get('client_assertion_type')
  if (text === undefined || type === undefined)
    throw new Problem(
      'request/invalid',
      'client_assertion and client_assertion_type are sent together or not at all.',
    )
  if (type !== TYPE) throw new AssertionRefused('unreadable')
  const assertion = readAssertion(text)
  if (typeof assertion === 'string') throw new AssertionRefused(assertion)
  const named = parameters.get('client_id')
  const { audiences } = verifier.byKey
  const fit = judgeClaims(assertion, { named, audiences, now: verifier.now })
  if (typeof fit === 'string') throw new AssertionRefused(fit)
  return fit
}

/** Known by the mark of its id alone. */
function refuseForeign({ clientId }: FitAssertion, { environment }: Verifier): void {
  if (!isForeign(environment, clientId)) return
  const other = environment === 'sandbox' ? 'production' : 'sandbox'
  throw new Problem('access/wrong-environment', `This is a ${other} credential; this is the ${environment}.`)
}

/**
 * Proves the client by the signature, and spends the assertion.
 *
 * The way is the same for a client that exists and one that does not: one look-up and one signature verified. Only a
 * client that publishes its keys may take longer, while they are fetched. Nothing is written before the signature is
 * found right, so nobody but the client can spend a `jti` of its own.
 */
async function proveByAssertion(assertion: FitAssertion, verifier: Verifier): Promise<ClientRecord> {
  const { clientId, jti, algorithm, exp } = assertion
  const { byKey, now } = verifier
  const found = isClientId(clientId) ? await byKey.find(clientId) : undefined
  const key = found && (await keyOf(assertion, found.keySet, byKey))
  const isRight = await isSigned(assertion, key ?? nobodysKey(algorithm), now)
  if (!found || !key)
    throw new AssertionRefused(found && byKey.published.isFailing(clientId) ? 'no-answer' : 'no-key')
  if (!isRight) throw new AssertionRefused('signature')
  if (found.client.disabled) throw new AssertionRefused('disabled')
  // A node whose clock is behind would accept it for longer.
  const expiresAt = Math.ceil((exp + SKEW_SECONDS) * 1000) as Instant
  if (!(await byKey.spend({ clientId, jti, kid: key.kid, expiresAt }))) throw new AssertionRefused('replayed')
  return found.client
}

type KeySetOf = NonNullable<Awaited<ReturnType<KeyVerifier['find']>>>['keySet']

/** The client's own key that the assertion names, from what was uploaded, or from where the client publishes. */
async function keyOf(
  { clientId, kid, algorithm }: FitAssertion,
  keySet: KeySetOf,
  { published }: KeyVerifier,
): Promise<ClientKey | undefined> {
  const choose = (keys: readonly ClientKey[]) => chooseKey(keys, kid, algorithm)
  if ('keys' in keySet) return choose(keySet.keys)
  return choose(await published.of(clientId, keySet.jwksUri, (keys) => choose(keys) !== undefined))
}
