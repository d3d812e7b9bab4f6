import type { JsonSchema } from '../../formats/json/index.ts'
import type { Environment } from '../../kernel/actor.ts'
import { SCOPES } from '../clients/index.ts'
import { SCHEMAS } from './components.ts'
import { descriptionOf } from './descriptions.ts'
import { type Hoist, openHoist } from './hoist.ts'
import { type Answered, type Description, type KnownRoute, TAGS } from './model.ts'
import { REFUSALS, refusalRef } from './refusals.ts'

export interface DocumentFacts {
  readonly environment: Environment
  /** The URL that partners reach the gateway by. */
  readonly url: string
  readonly version: string
}

/** A method that a path only answers to say that it does not: see RFC 9110 section 15.5.6. */
const ANSWERED_BY_POST_ALONE = /^\/(?:oauth2\/(?:token|revoke|introspect)|apip\/auth\/.+)$/

/** Whether a route is an operation: HEAD is GET without a body, and a refusal of the method is none. */
export function isOperation({ method, url }: Pick<KnownRoute, 'method' | 'url'>): boolean {
  return method !== 'HEAD' && (method === 'POST' || !ANSWERED_BY_POST_ALONE.test(url))
}

/**
 * The description of a gateway's API.
 *
 * @param routes in the order that they were added; those that nobody has described are left out
 * @see OpenAPI 3.1.1
 */
export function openApiDocument(facts: DocumentFacts, routes: readonly KnownRoute[]): object {
  const { lift, parts } = openHoist()
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes.filter(isOperation)) {
    const description = descriptionOf(route.method, route.url)
    if (!description) continue
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, description, lift) }
  }
  const named = lift(SCHEMAS)
  return {
    openapi: '3.1.1',
    info: {
      title: `Countersign prior authorization API, ${facts.environment}`,
      version: facts.version,
      summary: 'Prior authorization as JSON and X12 278',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: facts.url, description: `The ${facts.environment}.` }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { ...named, ...parts },
      responses: REFUSALS,
      securitySchemes: {
        token: {
          type: 'oauth2',
          description: 'An access token, as `Authorization: Bearer …`. It is good in this environment alone.',
          flows: { clientCredentials: { tokenUrl: `${facts.url}/oauth2/token`, scopes: SCOPES } },
        },
        client: {
          type: 'http',
          scheme: 'basic',
          description: "The client's id and secret; or, in the form, a signed assertion (RFC 7523).",
        },
      },
    },
  }
}

/** @param lift takes the named parts out of a schema */
function operation(route: KnownRoute, described: Description, lift: Hoist['lift']): object {
  const { operationId, tag, summary, description, headers = {}, answers } = described
  const parameters = [
    ...[...route.url.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      description: PATH_PARAMETERS[String(name)] ?? 'Its id here.',
      schema: { type: 'string' },
    })),
    ...queryParameters(route.query),
    ...Object.entries(headers).map(([name, means]) => ({
      name,
      in: 'header',
      description: means,
      schema: { type: 'string' },
    })),
  ]
  const content = described.body ?? (route.body && { 'application/json': route.body })
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(route, described),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(content ? { requestBody: { required: true, content: contentOf(content, lift) } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, response(answer, lift)]),
      ),
      ...refusals(route, described),
    },
  }
}

/** The ids that paths hold, by the names that they have there. */
const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  id: 'The case or the admission, by its id here.',
  exchangeId: 'What was sent or answered, by its id here.',
  documentId: 'The document, by its id here.',
}

function queryParameters(query: KnownRoute['query']): readonly object[] {
  const { properties = {}, required = [] } = (query ?? {}) as {
    readonly properties?: Readonly<Record<string, { readonly description?: string }>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }))
}

function securityOf(route: KnownRoute, { callers, scope }: Description): readonly object[] {
  const demanded = route.scope ?? scope
  if (callers === 'token') return [{ token: demanded === undefined ? [] : [demanded] }]
  return callers === 'client' ? [{ client: [] }] : []
}

function response({ means, content }: Answered, lift: Hoist['lift']): object {
  return { description: means, ...(content ? { content: contentOf(content, lift) } : {}) }
}

function contentOf(content: Readonly<Record<string, JsonSchema>>, lift: Hoist['lift']): object {
  return Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema: lift(schema) }]))
}

/** Those that can be met here, each by its status, and whatever else goes wrong. */
function refusals(
  { method, url, query }: KnownRoute,
  { callers, refusals: words, answers }: Description,
): object {
  const statuses = [
    400,
    429,
    500,
    503,
    ...(callers === 'anybody' ? [] : [401, 403]),
    ...(url.includes(':') ? [404] : []),
    ...(query ? [422] : []),
    ...(method === 'POST' ? [404, 409, 413, 415, 422, 504] : []),
  ].toSorted((one, other) => one - other)
  const met = statuses.filter((status) => answers[status] === undefined)
  return {
    ...Object.fromEntries(met.map((status) => [status, refusalRef(words, status)])),
    default: refusalRef(words),
  }
}
