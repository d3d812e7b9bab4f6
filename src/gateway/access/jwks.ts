import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'
import { JWKS_MAX_AGE_SECONDS } from '../signing-keys/index.ts'
import type { TokenService } from './issue.ts'

/**
 * The public keys. A node that cannot know the newest says so rather than show fewer: whoever asks would keep them past the
 * moment at which a new key begins to sign.
 *
 * @see RFC 7517 section 5, RFC 9110 sections 8.8.3 and 13.1.2, RFC 9111 section 5.2.2
 */
export async function serveKeys(
  { standings, keys }: Pick<TokenService, 'standings' | 'keys'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  try {
    await standings.freshen()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    reply.header('cache-control', 'no-store')
    throw error
  }
  const body = JSON.stringify({ keys: keys.published })
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 27)}"`
  reply.headers({ 'cache-control': `public, max-age=${JWKS_MAX_AGE_SECONDS}`, etag })
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.type('application/json; charset=utf-8').send(body)
}

/** Compared weakly, as a cache may have weakened the tag. @see RFC 9110 section 13.1.2 */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(etag)
}
