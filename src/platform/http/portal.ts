import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

export interface PortalOptions {
  /** Origins besides the portal's own that its pages may call: the sandbox gateway, for trying it out. Default none. */
  readonly connect?: readonly string[]
}

/** Stands in `index.html` where a build wants a nonce; Vite writes it with `html.cspNonce`. */
const NONCE = '__CSP_NONCE__'
const IMMUTABLE = `public, max-age=${365 * 24 * 60 * 60}, immutable`

/**
 * Serves a built single-page portal: its files; and its page, for whatever path a browser asks a page of. Files under
 * `assets/` have their contents' hash in their names and may be kept for good, the others are asked for again each time.
 * Compressed siblings (`.br`, `.gz`) are used. To be called before the server listens.
 *
 * The pages may load from here alone. Where `index.html` holds `__CSP_NONCE__`, each answer has a fresh nonce in its
 * place, with which styles may be written into the page.
 *
 * @param directory absolute; holds `index.html`
 * @throws Error there is no `index.html`
 */
export async function servePortal(
  server: FastifyInstance,
  directory: string,
  options: PortalOptions = {},
): Promise<void> {
  const page = await readFile(join(directory, 'index.html'), 'utf8')
  const sendPage = (reply: FastifyReply) => {
    const nonce = page.includes(NONCE) ? randomBytes(16).toString('base64') : undefined
    return reply
      .header('content-security-policy', policy(options.connect ?? [], nonce))
      .header('referrer-policy', 'no-referrer')
      .header('cross-origin-opener-policy', 'same-origin')
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(nonce === undefined ? page : page.replaceAll(NONCE, nonce))
  }
  server.register(async (scope) => {
    await scope.register(fastifyStatic, {
      root: directory,
      wildcard: false,
      index: false,
      cacheControl: false,
      dotfiles: 'ignore',
      preCompressed: true,
      decorateReply: false,
      globIgnore: ['index.html', '**/*.br', '**/*.gz'],
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes('/assets/') ? IMMUTABLE : 'no-cache')
        reply.header('content-security-policy', policy([], undefined))
      },
    })
    scope.get('/index.html', (_request, reply) => sendPage(reply))
    scope.get('/*', (request, reply) => {
      const path = (request.raw.url ?? '').split('?', 1)[0] ?? ''
      const wantsPage = request.headers.accept?.includes('text/html') ?? false
      return wantsPage && !path.includes('.') ? sendPage(reply) : reply.callNotFound()
    })
  })
}

/** @see Content Security Policy Level 3 */
function policy(connect: readonly string[], nonce: string | undefined): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce === undefined ? '' : ` 'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
