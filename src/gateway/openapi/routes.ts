import type { FastifyPluginAsync, RouteOptions } from 'fastify'
import type { JsonSchema } from '../../formats/json/index.ts'
import type { Scope } from '../clients/index.ts'
import { type DocumentFacts, openApiDocument } from './document.ts'
import type { KnownRoute } from './model.ts'

const FRESH_SECONDS = 300
/** Has a plugin hooked to the server itself, and not to a scope of its own. */
const SKIP_OVERRIDE = Symbol.for('skip-override')

/**
 * `GET /openapi.json`: the description of every route that is added after this one, for anybody.
 *
 * The schemas in it are those that bodies and queries are checked against.
 */
export function openApiRoutes(facts: DocumentFacts): FastifyPluginAsync {
  const plugin: FastifyPluginAsync = async (server) => {
    const routes: KnownRoute[] = [
      { method: 'GET', url: '/healthz' },
      { method: 'GET', url: '/readyz' },
    ]
    server.addHook('onRoute', (route) => void routes.push(...knownRoutes(route)))
    let text: string | undefined
    server.get('/openapi.json', async (_request, reply) => {
      text ??= JSON.stringify(openApiDocument(facts, routes))
      return reply
        .type('application/json')
        .header('cache-control', `public, max-age=${FRESH_SECONDS}`)
        .send(text)
    })
  }
  return Object.assign(plugin, { [SKIP_OVERRIDE]: true })
}

function knownRoutes({ method, url, schema, config }: RouteOptions): readonly KnownRoute[] {
  const { body, querystring } = (schema ?? {}) as { body?: JsonSchema; querystring?: JsonSchema }
  const { scope } = (config ?? {}) as { scope?: Scope }
  return [method].flat().map((name) => ({
    method: name,
    url,
    ...(scope ? { scope } : {}),
    ...(body ? { body } : {}),
    ...(querystring ? { query: querystring } : {}),
  }))
}
