import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Recorder } from '../../audit/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import type { Random } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/index.ts'
import type { Peppers, Vault } from '../../platform/secrets/index.ts'
import {
  type AccessAlert,
  type KeySetFetcher,
  openPublishedKeys,
  readChanges,
  type Scope,
} from '../clients/index.ts'
import type { Limits } from '../limits/index.ts'
import { type LiveSigningKeys, openSigningKeys } from '../signing-keys/index.ts'
import { authenticate, type Circumstances, type Gate, redeem, refusalOf } from './authenticate.ts'
import { challenge } from './challenge.ts'
import type { TokenService } from './issue.ts'
import { rememberClients } from './known-clients.ts'
import { PATHS } from './metadata.ts'
import type { Caller, Pledge } from './model.ts'
import { accessRoutes } from './routes.ts'
import { openSecretUses } from './secret-uses.ts'
import { openStandings } from './standing.ts'
import { rememberVerified } from './verified-tokens.ts'

export interface AccessDeps {
  readonly environment: Environment
  readonly database: Database
  readonly vault: Vault
  readonly peppers: Peppers
  readonly clock: Clock
  readonly random: Random
  readonly recorder: Pick<Recorder, 'note'>
  readonly limits: Limits
  /** The origin of this environment's token service, such as `https://localhost:8444`; no path, no slash at the end. */
  readonly issuer: string
  /** The one audience of its tokens: the base URL of its API. */
  readonly audience: string
  /** The issuer of the other environment, to tell callers who mixed the two up. */
  readonly otherIssuer?: string
  /** The way out to where clients publish their keys. */
  readonly fetcher: KeySetFetcher
  /** How many verified tokens are remembered; 10,000 unless said otherwise, about 1 kB each. */
  readonly verifiedTokens?: number
  /** Told of each alert after it was stored: for the log. */
  readonly onAlert?: (alert: AccessAlert) => void
  /** Told of work after an answer that failed: for the log. */
  readonly onFailure?: (error: unknown) => void
}

/** Who may call one environment, and the token service that tells. */
export interface Access {
  /**
   * Lets a call in by its `Authorization` header. A refusal is on the record before this ends.
   *
   * @throws Problem see `authenticate.ts`; `challenge` makes the header that goes with it
   */
  authenticate(authorizationHeader: string | undefined, circumstances?: Circumstances): Promise<Caller>
  /**
   * The same for an HTTP request, demanding a scope; a token beside the header, in the query or a form, is not read and
   * makes a request with two tokens malformed.
   *
   * @throws Problem as `authenticate`, and `access/token-misplaced`
   */
  callerOf(request: FastifyRequest, scope?: Scope): Promise<Caller>
  /**
   * Whoever was let in before, as they stand now: for work that goes on after their call.
   *
   * @throws Problem `access/token-invalid`, `access/no-grant`; `system/unavailable`
   */
  redeem(pledge: Pledge): Promise<Caller>
  /** The `WWW-Authenticate` header for a problem; undefined when it is not about the token. */
  challenge(problem: Problem): string | undefined
  /** Token endpoints, keys and metadata: to be registered on the environment's HTTP server. */
  readonly routes: FastifyPluginAsync
  /** Learns now what changed about clients and grants; calls do so by themselves within a second. */
  refresh(): Promise<void>
  /** Writes what was counted of the use of secrets and not yet written. For a timer, and the end. */
  flush(): Promise<void>
}

/**
 * Opens the access of one environment; on its first start, its signing key is made.
 *
 * @throws Error when the issuer is no origin
 */
export async function openAccess(deps: AccessDeps): Promise<Access> {
  if (new URL(deps.issuer).origin !== deps.issuer)
    throw new Error('the issuer must be an origin, without a path')
  const keys = await openSigningKeys(deps)
  const uses = openSecretUses(deps)
  const standings = await openStandings({
    clock: deps.clock,
    readChanges: (since) => readAll(deps, keys, since),
  })
  const service: TokenService = {
    ...deps,
    keys,
    standings,
    uses,
    known: rememberClients(standings, deps.verifiedTokens ?? 10_000),
    published: openPublishedKeys(deps),
    assertionAudiences: [deps.issuer, deps.issuer + PATHS.token],
  }
  const gate: Gate = { ...deps, keys, standings, verified: rememberVerified(deps.verifiedTokens ?? 10_000) }
  return {
    authenticate: (header, circumstances) => authenticate(gate, header, circumstances),
    callerOf: async (request, scope) => {
      const circumstances = {
        requestId: request.id,
        address: request.ip,
        ...(scope === undefined ? {} : { scope }),
      }
      if (request.headers.authorization !== undefined && hasMisplacedToken(request)) {
        const problem = new Problem(
          'access/token-misplaced',
          'Send one access token, in the Authorization header alone.',
        )
        throw await refusalOf(gate, problem, { kind: 'anonymous' }, circumstances)
      }
      return authenticate(gate, request.headers.authorization, circumstances)
    },
    redeem: (pledge) => redeem(gate, pledge),
    challenge: (problem) => challenge(problem, deps.environment, deps.issuer + PATHS.protectedResource),
    routes: accessRoutes({ ...service, ...gate }),
    refresh: standings.refresh,
    flush: uses.flush,
  }
}

/** Keys are read with the standings, so that a rotation is known everywhere as soon as a revocation. */
async function readAll(deps: AccessDeps, keys: LiveSigningKeys, since: string | undefined) {
  const began = deps.clock.now()
  const { changes, stored } = await deps.database.transaction({ role: 'worker' }, async (tx) => ({
    changes: await readChanges(tx, since),
    stored: await keys.read(tx),
  }))
  await keys.learn(stored, began)
  return changes
}

/** @see RFC 6750 sections 2.2, 2.3 and 3.1 invalid_request */
function hasMisplacedToken({ query, body }: FastifyRequest): boolean {
  const isInQuery = typeof query === 'object' && query !== null && 'access_token' in query
  return isInQuery || (body instanceof URLSearchParams && body.has('access_token'))
}
