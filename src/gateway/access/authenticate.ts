import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Recorder } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Clock, Instant } from '../../kernel/time.ts'
import {
  type GrantedProvider,
  isAllowed,
  isLive,
  providersInForce,
  type Scope,
  scopesInForce,
} from '../clients/index.ts'
import type { Limits } from '../limits/index.ts'
import { type TokenClaims, type TokenIssuer, verifyToken } from './access-token.ts'
import type { Caller, Pledge } from './model.ts'
import { type Standings, unavailable } from './standing.ts'
import type { VerifiedTokens } from './verified-tokens.ts'

/** What is needed to let a call in. */
export interface Gate extends TokenIssuer {
  readonly clock: Clock
  readonly recorder: Pick<Recorder, 'note'>
  readonly limits: Limits
  readonly standings: Standings
  readonly verified: VerifiedTokens
  /** The issuer of the other environment: a hint for whoever mixed the two up, and trusted for nothing else. */
  readonly otherIssuer?: string
}

/** What is known of the call beside its token. */
export interface Circumstances {
  /** The scope that the operation demands. */
  readonly scope?: Scope
  readonly requestId?: string
  /** Where it comes from, as far as trusted proxies tell; absent is outside of every client's list. */
  readonly address?: string
}

/**
 * Lets a call in, or says why not; a refusal is on the record before this ends.
 *
 * The signature is computed once for each token. Expiry, whether it was revoked, the client's epoch and whether it is
 * disabled, and the scopes of its grant are looked at every time.
 *
 * @param header the `Authorization` header as received
 * @throws Problem `access/token-missing`, `access/token-invalid`, `access/token-expired`, `access/wrong-environment`,
 *         `access/address-not-allowed`, `access/no-grant`, `access/scope-missing`; `system/unavailable` when clients could not be looked at for 5 s
 * @see RFC 6750 sections 2.1 and 3.1, RFC 9068 section 4
 */
export async function authenticate(
  gate: Gate,
  header: string | undefined,
  circumstances: Circumstances = {},
): Promise<Caller> {
  const trail: { actor: Actor } = { actor: { kind: 'anonymous' } }
  try {
    const claims = await readToken(gate, header)
    trail.actor = { kind: 'client', clientId: claims.client_id, organizationId: claims.org }
    const caller = await admit(gate, claims, circumstances)
    if (circumstances.scope !== undefined) requireScope(caller, circumstances.scope, claims)
    return caller
  } catch (error) {
    throw await refusalOf(gate, error, trail.actor, circumstances)
  }
}

/** What a call that is turned away is answered with. It is on the record before this ends, unless a limit stands for it. */
export async function refusalOf(
  { clock, recorder, limits }: Pick<Gate, 'clock' | 'recorder' | 'limits'>,
  error: unknown,
  actor: Actor,
  { requestId, address }: Circumstances,
): Promise<unknown> {
  if (!(error instanceof Problem) || error.status >= 500) return error
  const { problem, isNoted, detail } = limits.refuse(error, {
    address,
    ...(actor.kind === 'client' && { client: actor.clientId }),
  })
  if (isNoted)
    await recorder.note({
      at: clock.now(),
      actor,
      act: 'token.present',
      outcome: 'refused',
      problem: problem.code,
      ...(requestId === undefined ? {} : { requestId }),
      ...(detail && { detail }),
    })
  return problem
}

/** @throws Problem `access/scope-missing` */
function requireScope(caller: Caller, scope: Scope, claims: TokenClaims): void {
  if (!caller.scopes.has(scope)) throw new ScopeMissing(scope, claims.scope.split(' ').includes(scope))
}

/**
 * Demands scopes beyond the one that its route demands of everybody.
 *
 * @throws Problem `access/scope-missing` for the first that is missing
 */
export function requireScopes(caller: Caller, scopes: readonly Scope[]): void {
  for (const scope of scopes) if (!caller.scopes.has(scope)) throw new ScopeMissing(scope, false)
}

/** Carries the scope for the challenge. @see RFC 6750 section 3 */
export class ScopeMissing extends Problem {
  readonly scope: Scope
  /** @param wasGiven the token has it, and the client or its company's grant no longer does */
  constructor(scope: Scope, wasGiven: boolean) {
    super(
      'access/scope-missing',
      wasGiven
        ? `This operation needs the scope ${scope}. The token was given it, and your company's grant no longer covers it.`
        : `This operation needs the scope ${scope}. Ask for a token that has it.`,
    )
    this.scope = scope
  }
}

/** A verified token of this environment that has not expired. */
async function readToken(gate: Gate, header: string | undefined): Promise<TokenClaims> {
  const token = bearerToken(header)
  // First, because which keys verify is learnt with who may call.
  if (!gate.standings.isFresh) await gate.standings.freshen()
  const now = gate.clock.now()
  const known = gate.verified.find(token)
  if (known && gate.keys.find(known.kid) !== undefined) {
    if (isExpired(known, now)) throw expired()
    return known
  }
  await meetKeyOf(gate, token)
  const outcome = await verifyToken(gate, token, now)
  if (outcome === 'expired') throw expired()
  if (outcome === 'invalid') throw invalidOrForeign(gate, token)
  gate.verified.keep(token, outcome)
  return outcome
}

/**
 * A token that names a key we have not heard of may be of a key that began to sign this moment, after a compromise: we ask,
 * about once a second at most, whatever is presented.
 */
async function meetKeyOf({ keys, standings }: Gate, token: string): Promise<void> {
  const kid = claimedKey(token)
  if (kid === undefined || keys.find(kid) !== undefined) return
  await standings.refreshUnlessRecent().catch(() => undefined)
}

/** The thumbprint that a token names as its key's; undefined for what could be none of ours. */
function claimedKey(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token)
    return kid !== undefined && /^[A-Za-z0-9_-]{43}$/.test(kid) ? kid : undefined
  } catch {
    return undefined
  }
}

/** @see RFC 7519 section 4.1.4: on or after the moment */
const isExpired = ({ exp }: TokenClaims, now: Instant) => now >= exp * 1000

function bearerToken(header: string | undefined): string {
  const [, scheme, token] = /^([^ ]+)(?: +(.*))?$/.exec(header ?? '') ?? []
  if (scheme?.toLowerCase() !== 'bearer')
    throw new Problem(
      'access/token-missing',
      'Send an access token in the Authorization header: Authorization: Bearer <token>.',
    )
  if (token === undefined || token === '') throw invalid()
  return token
}

/** Of a token that did not verify, whether its own word for where it comes from explains the mistake. */
function invalidOrForeign({ environment, otherIssuer }: Gate, token: string): Problem {
  if (otherIssuer === undefined || claimedIssuer(token) !== otherIssuer) return invalid()
  const other = environment === 'sandbox' ? 'production' : 'sandbox'
  return new Problem(
    'access/wrong-environment',
    `This token was issued by the ${other}; this is the ${environment}. Use the base URL that came with the credentials.`,
  )
}

function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

type Origin = Pick<Circumstances, 'address'> | 'anywhere'

/**
 * Judges a verified token by how its client stands now.
 *
 * What we know may be a second old, the token younger: a refusal that rests on older knowledge than the token is
 * checked against the database first, so that a client made a moment ago is not turned away.
 *
 * @param from where the call came from; `anywhere` where the token is judged and nobody calls with it
 * @throws Problem `access/token-invalid` revoked; `access/address-not-allowed`, `access/no-grant`, `system/unavailable`
 */
export async function admit(gate: Gate, claims: TokenClaims, from: Origin): Promise<Caller> {
  const { standings } = gate
  if (!standings.isFresh) await standings.freshen()
  const caller = judge(gate, claims, from)
  const mayBeNews = (claims.iat + 1) * 1000 >= standings.asOf
  if (!mayBeNews || (!(caller instanceof Problem) && keepsEveryScope(caller, claims))) return orThrow(caller)
  await standings.refresh().catch((cause: unknown) => {
    throw unavailable(cause)
  })
  return orThrow(judge(gate, claims, from))
}

const keepsEveryScope = (caller: Caller, claims: TokenClaims) =>
  caller.scopes.size === claims.scope.split(' ').length

function orThrow(outcome: Caller | Problem): Caller {
  if (outcome instanceof Problem) throw outcome
  return outcome
}

/**
 * Judges whoever was let in before by how their client stands now. That their token has ended meanwhile does not matter;
 * that it was revoked does.
 *
 * @throws Problem `access/token-invalid` the client or its tokens were ended; `access/no-grant`; `system/unavailable`
 */
export async function redeem(
  gate: Gate,
  { clientId, organizationId, tokenId, epoch, scopes }: Pledge,
): Promise<Caller> {
  if (!gate.standings.isFresh) await gate.standings.freshen()
  const claims = {
    client_id: clientId,
    org: organizationId,
    jti: tokenId,
    epoch,
    scope: scopes.join(' '),
  }
  return orThrow(judge(gate, claims, 'anywhere'))
}

type Judged = Pick<TokenClaims, 'client_id' | 'org' | 'jti' | 'epoch' | 'scope'>

function judge({ standings, clock, environment }: Gate, claims: Judged, from: Origin): Caller | Problem {
  const client = standings.find(claims.client_id)
  if (!client || client.disabled || client.epoch !== claims.epoch || client.organizationId !== claims.org)
    return revoked()
  if (standings.isRevoked(claims.jti)) return revoked()
  if (from !== 'anywhere' && !isAllowed(client.allowedAddresses, from.address))
    return new Problem(
      'access/address-not-allowed',
      'This client may call from the addresses of its list alone, and this call came from another. Whoever keeps the list can change it.',
    )
  const now = clock.now()
  if (!isLive(client.grant, now))
    return new Problem('access/no-grant', 'The company of this client has no live grant in this environment.')
  const inForce = scopesInForce(client, now)
  return {
    environment,
    clientId: client.clientId,
    organizationId: client.organizationId,
    scopes: new Set(claims.scope.split(' ').filter((scope) => inForce.includes(scope))),
    providers: actingFor(providersInForce(client.grant, environment, now)),
    tokenId: claims.jti,
    epoch: claims.epoch,
  }
}

function actingFor(granted: readonly GrantedProvider[] | 'any'): Caller['providers'] {
  if (granted === 'any') return 'any'
  return granted.map(({ npi, tenantId = npi }) => ({ npi, tenantId }))
}

const invalid = () =>
  new Problem('access/token-invalid', 'The access token is not one of this environment. Get a new one.')
const revoked = () => new Problem('access/token-invalid', 'The access token was revoked. Get a new one.')
const expired = () => new Problem('access/token-expired', 'The access token has expired. Get a new one.')
