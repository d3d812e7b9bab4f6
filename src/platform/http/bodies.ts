import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../../kernel/problem.ts'
import { decodeUtf8, readJson } from './json.ts'

export const JSON_TYPE = 'application/json'
export const FORM_TYPE = 'application/x-www-form-urlencoded'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body exactly as it arrived; of no bytes when there was none. */
    rawBody: Uint8Array
  }
}

const raw = Symbol('rawBody')
const NO_BYTES = new Uint8Array(0)

/** Reads bodies of JSON (strictly, see `readJson`) and of forms (`URLSearchParams`), and nothing else. */
export function readBodies(server: FastifyInstance): void {
  server.decorateRequest('rawBody', {
    getter(this: FastifyRequest & { [raw]?: Uint8Array }) {
      return this[raw] ?? NO_BYTES
    },
  })
  server.removeAllContentTypeParsers()
  readAs(server, JSON_TYPE, readJson)
  readAs(server, FORM_TYPE, (bytes) => new URLSearchParams(decodeUtf8(bytes)))
}

/**
 * Lets a scope read JSON under further media types, such as `application/fhir+json`.
 *
 * @param scope the encapsulated instance that a plugin is given
 */
export function readJsonAs(scope: FastifyInstance, mediaType: string): void {
  readAs(scope, mediaType, readJson)
}

/** Lets a scope read JSON bodies or forms alone; the other gets `request/media-type`. */
export function readOnly(scope: FastifyInstance, kind: 'json' | 'form'): void {
  scope.removeContentTypeParser(kind === 'json' ? FORM_TYPE : JSON_TYPE)
}

/** The media types that a scope reads, for a caller who sent another. */
export function acceptedTypes(scope: FastifyInstance): readonly string[] {
  return [JSON_TYPE, FORM_TYPE].filter((type) => scope.hasContentTypeParser(type))
}

function readAs(server: FastifyInstance, mediaType: string, read: (bytes: Buffer) => unknown): void {
  server.addContentTypeParser(mediaType, { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    ;(request as FastifyRequest & { [raw]?: Uint8Array })[raw] = bytes
    try {
      refuseOtherCharsets(request)
      done(null, read(bytes))
    } catch (error) {
      done(error as Error)
    }
  })
}

/** @see RFC 8259 section 8.1 */
function refuseOtherCharsets({ headers }: FastifyRequest): void {
  const type = headers['content-type'] ?? ''
  if (!type.includes('charset') || /charset\s*=\s*"?utf-8"?/i.test(type)) return
  throw new Problem(
    'request/media-type',
    'The body is of another character set than UTF-8; send it in UTF-8.',
  )
}
