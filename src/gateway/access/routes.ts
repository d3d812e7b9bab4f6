import type { FastifyPluginAsync } from 'fastify'
import type { Gate } from './authenticate.ts'
import { apipSntl } from './doors/apip-sntl.ts'
import { apipV2 } from './doors/apip-v2.ts'
import { type Spelling, tokenDoor } from './doors/door.ts'
import { clientDoor } from './doors/for-clients.ts'
import { oauth2 } from './doors/oauth2.ts'
import { introspect } from './introspect.ts'
import type { TokenService } from './issue.ts'
import { serveKeys } from './jwks.ts'
import {
  authorizationServerMetadata,
  PATHS,
  protectedResourceMetadata,
  smartConfiguration,
} from './metadata.ts'
import { revokeToken } from './revoke.ts'

/** Every spelling of the token endpoint. */
export const SPELLINGS: readonly Spelling[] = [oauth2, apipV2, apipSntl]

/** What clients and resource servers may keep of the metadata, in seconds. */
const PUBLIC = 'public, max-age=300'

/**
 * The token endpoints, what clients may ask about tokens, the public keys and the three metadata documents of one environment.
 *
 * @see RFC 6749 section 3.2, RFC 7009, RFC 7662, RFC 7517 section 5, RFC 8414 section 3, RFC 9728 section 3
 */
export function accessRoutes(service: TokenService & Gate): FastifyPluginAsync {
  const { issuer, audience } = service
  return async (app) => {
    for (const spelling of SPELLINGS) await app.register(tokenDoor(service, spelling))
    await app.register(
      clientDoor(service, {
        path: PATHS.revocation,
        act: 'token.revoke',
        answer: (request) => revokeToken(service, request).then(() => undefined),
      }),
    )
    await app.register(
      clientDoor(service, {
        path: PATHS.introspection,
        act: 'token.introspect',
        answer: (request) => introspect(service, request),
      }),
    )
    app.get(PATHS.jwks, (request, reply) => serveKeys(service, request, reply))
    app.get(PATHS.authorizationServer, async (_request, reply) => {
      reply.header('cache-control', PUBLIC)
      return authorizationServerMetadata(issuer, audience)
    })
    app.get(PATHS.protectedResource, async (_request, reply) => {
      reply.header('cache-control', PUBLIC)
      return protectedResourceMetadata(issuer, audience)
    })
    app.get(PATHS.smartConfiguration, async (_request, reply) => {
      reply.header('cache-control', PUBLIC)
      return smartConfiguration(issuer)
    })
  }
}
