import type { Recorder } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { mintId, type Random } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Peppers } from '../../platform/secrets/index.ts'
import {
  type ClientRecord,
  type ClientStanding,
  findClient,
  isAllowed,
  isLive,
  type PublishedKeys,
  scopesInForce,
} from '../clients/index.ts'
import type { Limits } from '../limits/index.ts'
import { signToken, type TokenIssuer } from './access-token.ts'
import {
  authenticateClient,
  claimedClient,
  type TokenRequest,
  type Verifier,
  verifierByKey,
} from './authentication/index.ts'
import type { KnownClients } from './known-clients.ts'
import { noteClientRefusal, OutsideItsAddresses, ofRequest } from './note-client-refusal.ts'
import type { SecretUses } from './secret-uses.ts'
import type { Standings } from './standing.ts'

/** What the token service works with. */
export interface TokenService extends TokenIssuer {
  readonly database: Database
  readonly peppers: Peppers
  readonly uses: SecretUses
  readonly clock: Clock
  readonly random: Random
  readonly recorder: Pick<Recorder, 'note'>
  readonly limits: Limits
  readonly published: PublishedKeys
  /** What a client may call this token service in an assertion. */
  readonly assertionAudiences: readonly string[]
  readonly standings: Pick<Standings, 'freshen' | 'refresh'>
  readonly known: KnownClients
}

export interface IssuedToken {
  readonly accessToken: string
  readonly expiresInSeconds: number
  /** In the order of the request, or of the client. */
  readonly scopes: readonly string[]
}

/**
 * Gives a client an access token for its credentials. Token and refusal alike are on the record before this ends.
 *
 * From outside of its list of addresses a client that has proved itself is refused like one that has not, and in the same
 * time: whoever has stolen a secret does not learn that it is one. The company learns it, by an alert.
 *
 * @throws Problem `request/invalid`, `access/client-invalid`, `access/wrong-environment`,
 *         `access/grant-type-unsupported`, `access/no-grant`, `access/scope-not-allowed`, `request/too-many`,
 *         `system/unavailable`
 * @see RFC 6749 sections 4.4.2, 5.1 and 5.2
 */
export async function issueToken(
  service: TokenService,
  request: TokenRequest,
  lifetimeSeconds: number,
): Promise<IssuedToken> {
  const now = service.clock.now()
  let actor: Actor = { kind: 'anonymous' }
  try {
    const client = await provenClient(service, request, now)
    actor = { kind: 'client', clientId: client.clientId, organizationId: client.organizationId }
    service.limits.take('tokens', client.clientId, request.disclose)
    allowGrantType(request)
    const scopes = allowScopes(request, client, now)
    // Which key signs is known as well as who may call.
    await service.standings.freshen()
    const tokenId = mintId('token', now, service.random)
    const issuedAt = Math.floor(now / 1000)
    const accessToken = signToken(service, {
      client_id: client.clientId,
      scope: scopes.join(' '),
      jti: tokenId,
      iat: issuedAt,
      exp: issuedAt + lifetimeSeconds,
      org: client.organizationId,
      epoch: client.epoch,
    })
    await service.recorder.note({
      at: now,
      actor,
      act: 'token.issue',
      ...ofRequest(request),
      outcome: 'done',
      on: tokenId,
      detail: { scope: scopes.join(' '), lifetimeSeconds },
    })
    return { accessToken, expiresInSeconds: lifetimeSeconds, scopes }
  } catch (error) {
    throw await noteClientRefusal(service, error, { actor, act: 'token.issue', at: now }, request)
  }
}

/**
 * The client that a request comes from, proved by any of its methods: here and at every other endpoint for clients.
 *
 * @throws Problem as `authenticateClient`; the same for one that proved itself from outside of its list of addresses;
 *         `request/too-many` when too many have failed to
 */
export function provenClient(
  service: TokenService,
  request: TokenRequest,
  now: Instant,
): Promise<ClientRecord> {
  const claimed = { address: request.address, client: claimedClient(request) }
  return service.limits.prove(claimed, async () => {
    const client = await authenticateClient(request, verifierOf(service, request, now))
    if (!isAllowed(client.allowedAddresses, request.address)) throw new OutsideItsAddresses(client)
    return client
  })
}

/** @see RFC 6749 section 4.4.2 */
function allowGrantType({ parameters }: TokenRequest): void {
  const grantType = parameters.get('grant_type')
  if (grantType === undefined)
    throw new Problem('request/invalid', 'grant_type is missing; send grant_type=client_credentials.')
  if (grantType !== 'client_credentials')
    throw new Problem('access/grant-type-unsupported', 'The only grant_type here is client_credentials.')
}

/** Visible characters but quote and backslash, parted by single spaces. @see RFC 6749 section 3.3 */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/

/**
 * All the scopes that the client has, or those of them that it asks for.
 *
 * @see RFC 6749 section 3.3
 */
function allowScopes(request: TokenRequest, client: ClientStanding, now: Instant): readonly string[] {
  if (!isLive(client.grant, now))
    throw new Problem(
      'access/no-grant',
      'The company of this client has no live grant here. Its contract or subscription says why.',
    )
  const allowed = scopesInForce(client, now)
  const asked = request.parameters.get('scope')
  if (asked !== undefined && !SCOPE.test(asked))
    throw new Problem('access/scope-not-allowed', 'scope is not a list of scopes parted by single spaces.')
  const scopes = asked === undefined ? allowed : [...new Set(asked.split(' '))]
  if (scopes.length === 0)
    throw new Problem('access/scope-not-allowed', 'No scope of this client is covered by its grant any more.')
  if (!scopes.every((scope) => allowed.includes(scope)))
    throw new Problem('access/scope-not-allowed', `This client may have: ${allowed.join(' ')}.`)
  return scopes
}

function verifierOf(service: TokenService, request: TokenRequest, now: Instant): Verifier {
  const { database, environment, peppers, uses, known, standings } = service
  const as = (client: string) => ({ role: 'client_lookup', client }) as const
  return {
    environment,
    peppers,
    now,
    known: async (clientId) => {
      await standings.freshen()
      return known.find(clientId)
    },
    find: (clientId) =>
      known.meet(clientId, () => database.transaction(as(clientId), (tx) => findClient(tx, clientId))),
    used: async (client, secret) => {
      // From elsewhere it is refused: no use, and no network to remember.
      if (isAllowed(client.allowedAddresses, request.address))
        await uses.note(client, secret.id, request.address)
    },
    byKey: verifierByKey(service, now),
  }
}
