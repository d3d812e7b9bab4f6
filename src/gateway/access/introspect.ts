import type { Actor } from '../../kernel/actor.ts'
import { Problem } from '../../kernel/problem.ts'
import { type TokenClaims, verifyToken } from './access-token.ts'
import { admit, type Gate } from './authenticate.ts'
import type { TokenRequest } from './authentication/index.ts'
import { provenClient, type TokenService } from './issue.ts'
import type { Caller } from './model.ts'
import { noteClientRefusal } from './note-client-refusal.ts'
import { tokenOf } from './revoke.ts'

/** What a token is worth now. @see RFC 7662 section 2.2 */
export type Introspection = { readonly active: false } | ({ readonly active: true } & ActiveToken)

type ActiveToken = Pick<
  TokenClaims,
  'iss' | 'aud' | 'sub' | 'client_id' | 'scope' | 'jti' | 'iat' | 'exp' | 'org' | 'env'
> & { readonly token_type: 'Bearer' }

const INACTIVE = { active: false } as const

/**
 * Tells a client how a token of its own company stands: by the same judgement that lets calls in, so with the scopes that are
 * in force now. Of anything else it says that it is not active and nothing more.
 *
 * @throws Problem `request/invalid` no token; `system/unavailable`; as `authenticateClient`
 * @see RFC 7662 sections 2.1, 2.2 and 4
 */
export async function introspect(gate: Gate & TokenService, request: TokenRequest): Promise<Introspection> {
  const now = gate.clock.now()
  let actor: Actor = { kind: 'anonymous' }
  try {
    const client = await provenClient(gate, request, now)
    actor = { kind: 'client', clientId: client.clientId, organizationId: client.organizationId }
    gate.limits.take('calls', client.clientId, request.disclose)
    await gate.standings.freshen()
    const claims = await verifyToken(gate, tokenOf(request), now)
    if (typeof claims === 'string' || claims.org !== client.organizationId) return INACTIVE
    const caller = await admit(gate, claims, 'anywhere').catch(nobody)
    return caller ? describe(claims, caller) : INACTIVE
  } catch (error) {
    throw await noteClientRefusal(gate, error, { actor, act: 'token.introspect', at: now }, request)
  }
}

/** A token that would be refused is not active; that nobody can tell is another matter. */
function nobody(error: unknown): undefined {
  if (error instanceof Problem && error.status < 500) return undefined
  throw error
}

function describe(claims: TokenClaims, caller: Caller): Introspection {
  const { iss, aud, sub, client_id, jti, iat, exp, org, env } = claims
  const scope = [...caller.scopes].join(' ')
  return { active: true, scope, client_id, token_type: 'Bearer', exp, iat, sub, aud, iss, jti, org, env }
}
