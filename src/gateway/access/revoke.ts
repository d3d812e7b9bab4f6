import { record } from '../../audit/index.ts'
import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import { saveRevokedToken } from '../clients/index.ts'
import { type TokenClaims, verifyToken } from './access-token.ts'
import type { TokenRequest } from './authentication/index.ts'
import { provenClient, type TokenService } from './issue.ts'
import { noteClientRefusal, ofRequest } from './note-client-refusal.ts'

/**
 * Ends a token of the client that asks. When this resolves, this node refuses it at the next call, and every other within a
 * second.
 *
 * What is no token of ours, was forged or has ended, is nothing to end: that is no error, and tells nothing. A hint about
 * the type of the token is not needed, as there is one type.
 *
 * @throws Problem `request/invalid` no token, or another client's: whose a token is stands in it, and whether it is
 *         genuine anybody can tell by the published keys, so this refusal gives nothing away; as `authenticateClient`
 * @see RFC 7009 sections 2.1 and 2.2
 */
export async function revokeToken(service: TokenService, request: TokenRequest): Promise<void> {
  const now = service.clock.now()
  let actor: Actor = { kind: 'anonymous' }
  try {
    const client = await provenClient(service, request, now)
    actor = { kind: 'client', clientId: client.clientId, organizationId: client.organizationId }
    service.limits.take('calls', client.clientId, request.disclose)
    await service.standings.freshen()
    const claims = await verifyToken(service, tokenOf(request), now)
    if (typeof claims === 'string') return
    if (claims.client_id !== client.clientId)
      throw new Problem('request/invalid', 'The token was issued to another client. Only its own can end it.')
    await end(service, claims, actor, request, now)
  } catch (error) {
    throw await noteClientRefusal(service, error, { actor, act: 'token.revoke', at: now }, request)
  }
}

async function end(
  { database, random, standings }: TokenService,
  claims: TokenClaims,
  actor: Actor,
  request: TokenRequest,
  now: Instant,
): Promise<void> {
  await database.transaction({ role: 'client_lookup', client: claims.client_id }, async (tx) => {
    const token = {
      tokenId: claims.jti,
      clientId: claims.client_id,
      organizationId: claims.org,
      expiresAt: (claims.exp * 1000) as Instant,
    }
    if (!(await saveRevokedToken(tx, token, now))) return
    const entry = { at: now, actor, act: 'token.revoke', on: claims.jti, outcome: 'done' } as const
    await record(tx, { ...entry, ...ofRequest(request) }, random)
  })
  // It is stored: other nodes will know, and so will this one, within a second even when this fails.
  await standings.refresh().catch(() => undefined)
}

/**
 * The token that a request is about.
 *
 * @throws Problem `request/invalid`
 * @see RFC 7009 section 2.1, RFC 7662 section 2.1
 */
export function tokenOf({ parameters }: TokenRequest): string {
  const token = parameters.get('token')
  if (token === undefined) throw new Problem('request/invalid', 'token is missing; send the access token.')
  return token
}
