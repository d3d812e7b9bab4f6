import type { FastifyPluginAsync } from 'fastify'
import type { TokenService } from '../issue.ts'
import { door, type Endpoint } from './door.ts'
import { oauth2 } from './oauth2.ts'

export type ClientEndpoint = Pick<Endpoint, 'path' | 'act' | 'answer'>

/**
 * Serves an endpoint where a client asks about a token: it reads a form and authenticates clients as the token endpoint of
 * the standard does, with its errors.
 *
 * @see RFC 7009 section 2, RFC 7662 section 2
 */
export function clientDoor(service: TokenService, endpoint: ClientEndpoint): FastifyPluginAsync {
  const { mediaType, read, refuse } = oauth2
  return door(service, { mediaType, read, refuse, ...endpoint })
}
