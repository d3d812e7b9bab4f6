import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'
import type { Person, Visitor } from './model.ts'
import type { People } from './people.ts'

const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses what another site had a browser send: a change must say where it comes from, and that must be our portal; its
 * body must be JSON, which a form cannot send.
 *
 * @throws Problem `access/foreign-origin`, `request/media-type`
 * @see Fetch Metadata, "Sec-Fetch-Site"; RFC 6454 section 7
 */
export function fromOurOwnPages(portalUrl: () => string) {
  return async (request: FastifyRequest): Promise<void> => {
    if (CHANGES_NOTHING.has(request.method)) return
    const { origin, 'sec-fetch-site': site, 'content-type': type } = request.headers
    const isOurs =
      (origin !== undefined || site !== undefined) &&
      (origin === undefined || origin === new URL(portalUrl()).origin) &&
      (site === undefined || site === 'same-origin')
    if (!isOurs)
      throw new Problem(
        'access/foreign-origin',
        `Call this from the portal's own pages, or with its Origin header.`,
      )
    if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type))
      throw new Problem('request/media-type', 'Send application/json.')
  }
}

/** Nothing answered here may be kept by a cache: it is somebody's, or a secret. */
export async function neverStored(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('cache-control', 'no-store')
}

/** The browser behind a request. */
export function visitorOf(request: FastifyRequest): Visitor {
  return {
    address: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    cookie: request.headers.cookie ?? '',
  }
}

/**
 * Who sent a request.
 *
 * @throws Problem `access/signed-out`
 */
export async function requireSignedIn(
  people: Pick<People, 'current'>,
  request: FastifyRequest,
): Promise<Person> {
  const current = await people.current(visitorOf(request))
  if (!current) throw new Problem('access/signed-out', 'Sign in first.')
  return current.person
}
