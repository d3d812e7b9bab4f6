/** Every answer that a test gets is held against the API description, so that the description cannot be wrong unnoticed. */
import assert from 'node:assert/strict'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'

type Content = Readonly<Record<string, { readonly schema: object }>>
interface Described {
  readonly $ref?: string
  readonly content?: Content
}
interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Described>> }>>>
  >
  readonly components: { readonly responses: Readonly<Record<string, Described>> }
}

/**
 * Holds the answers of a server against the document that it serves: an `inject` that is answered otherwise fails, and says
 * where the two differ, but never what stood there. What is answered over sockets fails the next `inject`. To be called before
 * any route is added.
 *
 * Answers that no operation gave (an unknown path, another method) are not looked at, nor those to HEAD.
 */
export function holdToDescription(server: FastifyInstance): void {
  const differences: string[] = []
  const inject = server.inject.bind(server) as (options: unknown) => Promise<LightMyRequestResponse>
  let reader: Promise<AnswerReader> | undefined
  server.addHook('onSend', async (request, reply, payload) => {
    const { url: route } = request.routeOptions
    if (route === undefined || request.method === 'HEAD' || route === '/openapi.json') return payload
    reader ??= inject('/openapi.json').then((answer) => new AnswerReader(answer.json()))
    const difference = (await reader).differenceOf({
      method: request.method,
      path: route.replaceAll(/:(\w+)/g, '{$1}'),
      status: reply.statusCode,
      type: String(reply.getHeader('content-type') ?? '').split(';')[0] ?? '',
      payload,
    })
    if (difference !== undefined) differences.push(difference)
    return payload
  })
  const held = async (options: unknown) => {
    const answer = await inject(options)
    assert.deepEqual(differences.splice(0), [], 'an answer differs from the API description')
    return answer
  }
  server.inject = held as typeof server.inject
}

interface Answered {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly type: string
  readonly payload: unknown
}

class AnswerReader {
  readonly #document: Document
  readonly #ajv: Ajv2020
  readonly #checks = new Map<string, ValidateFunction>()

  constructor(document: Document) {
    this.#document = document
    this.#ajv = new Ajv2020({ strict: false, validateFormats: true, allErrors: false })
    formats.default(this.#ajv)
    this.#ajv.addSchema(document, 'openapi')
  }

  /** @returns undefined when the answer is as it is described */
  differenceOf({ method, path, status, type, payload }: Answered): string | undefined {
    const what = `${method} ${path} ${status}`
    const operation = this.#document.paths[path]?.[method.toLowerCase()]
    // A path that only says that it does not answer this method is no operation.
    if (!operation) return status === 405 || status === 415 ? undefined : `${what}: is not described`
    const response = operation.responses[String(status)]
    if (!response) return `${what}: the status is not described`
    const pointer = response.$ref ?? `#/paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}`
    const { content } = response.$ref
      ? (this.#document.components.responses[response.$ref.split('/').at(-1) ?? ''] ?? {})
      : response
    const isEmpty = payload === undefined || payload === null || payload === ''
    if (!content) return isEmpty ? undefined : `${what}: has a body, and none is described`
    if (isEmpty) return `${what}: has no body, and one is described`
    if (!content[type]) return `${what}: ${type} is not described`
    if (!type.endsWith('json') || typeof payload !== 'string') return undefined
    const check = this.#check(`openapi${pointer}/content/${escaped(type)}/schema`)
    if (check(JSON.parse(payload))) return undefined
    const { schemaPath, params, instancePath } = check.errors?.[0] ?? {}
    return `${what}: ${instancePath} ${schemaPath} ${JSON.stringify(params)}`
  }

  #check($ref: string): ValidateFunction {
    const known = this.#checks.get($ref) ?? this.#ajv.compile({ $ref })
    this.#checks.set($ref, known)
    return known
  }
}

/** @see RFC 6901 sections 3 and 6: a part of a pointer, in a fragment */
function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}
