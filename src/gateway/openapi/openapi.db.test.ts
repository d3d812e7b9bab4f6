/** The description of the API: true to OpenAPI 3.1, whole, and true of what the server answers. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { anInterchange, aSubmission } from '../../../test/support/a-submission.ts'
import { openTestDatabases, type TestDatabases } from '../../../test/support/database.ts'
import {
  openTestServers,
  type TestCompany,
  type TestEnvironment,
  type TestServers,
} from '../../../test/support/gateway-server.ts'
import { resourceJson } from '../../../test/support/submissions.ts'
import { isOperation } from './index.ts'

type Json = Readonly<Record<string, unknown>>
interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Json }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly description?: string; readonly content?: Content }>
  >
}
type Content = Readonly<Record<string, { readonly schema: Json }>>
interface Document {
  readonly openapi: string
  readonly info: Json
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<
    Record<'schemas' | 'responses' | 'securitySchemes', Readonly<Record<string, Json>>>
  >
}

/** A case in the JSON of the compatible API repeats a request, and requests are open there. */
const OPEN_BY_NATURE = ['#/components/schemas/Submission']
/** Their members are told by the tables that they are written by; an object or a list of them has no words of its own. */
const isOfTable = (name: string) => ['SubmissionAnswer', 'InquiryAnswer'].includes(name)

let databases: TestDatabases
let servers: TestServers
let sandbox: TestEnvironment
let document: Document
let operations: readonly { readonly path: string; readonly method: string; readonly operation: Operation }[]
let ajv: Ajv2020
before(async () => {
  databases = await openTestDatabases()
  servers = await openTestServers(databases)
  sandbox = servers.sandbox
  document = (await sandbox.server.inject('/openapi.json')).json()
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  ajv = new Ajv2020({ strict: false, validateFormats: true })
  formats.default(ajv)
  ajv.addSchema(document, 'openapi')
})
after(async () => {
  await servers?.close()
  await databases?.close()
})

function walk(value: unknown, see: (found: Json) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) see(value as Json)
  for (const each of Object.values(value)) walk(each, see)
}
function resolve(pointer: string): unknown {
  const steps = pointer
    .slice(2)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  return steps.reduce<unknown>((at, step) => (at as Json | undefined)?.[step], document)
}

describe('the document', () => {
  test('is served by each gateway to anybody, with its own address', async () => {
    for (const { server, environment } of [servers.sandbox, servers.production]) {
      const answer = await server.inject('/openapi.json')
      assert.equal(answer.statusCode, 200)
      assert.match(String(answer.headers['cache-control']), /public, max-age=\d+/)
      assert.match(answer.json().servers[0].url, new RegExp(environment))
    }
  })

  test('has every route of the server, and no other', () => {
    const routes = [...sandbox.server.knownPaths].flatMap(([url, { methods }]) =>
      [...methods]
        .filter((method) => isOperation({ method, url }))
        .map((method) => `${method.toLowerCase()} ${url.replaceAll(/:(\w+)/g, '{$1}')}`),
    )
    const described = operations.map(({ path, method }) => `${method} ${path}`)
    assert.deepEqual(described.sort(), [...new Set(routes)].sort())
  })

  test('says which OpenAPI it is, with a title, a version and tags of one name each (OpenAPI 3.1 section 4.8.1)', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/)
    assert.deepEqual([typeof document.info.title, typeof document.info.version], ['string', 'string'])
    const names = document.tags.map(({ name }) => name)
    assert.equal(new Set(names).size, names.length)
  })

  test('refers to nothing that is not there', () => {
    let references = 0
    walk(document, ({ $ref }) => {
      if (typeof $ref !== 'string') return
      references++
      assert.ok($ref.startsWith('#/') && resolve($ref) !== undefined, $ref)
    })
    assert.ok(references > 50)
  })

  test('holds schemas of JSON Schema 2020-12 alone', () => {
    const schemas = [
      ...Object.values(document.components.schemas),
      ...operations.flatMap(({ operation: { parameters = [], requestBody, responses } }) => [
        ...parameters.map(({ schema }) => schema),
        ...[requestBody, ...Object.values(responses)].flatMap((part) =>
          Object.values(part?.content ?? {}).map(({ schema }) => schema),
        ),
      ]),
    ]
    for (const schema of schemas) assert.equal(ajv.validateSchema(schema), true, ajv.errorsText())
  })

  test('gives each operation an id of its own, known tags, a summary and answers', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    assert.deepEqual(
      ids.filter((id, i) => ids.indexOf(id) !== i),
      [],
    )
    const tags = new Set(document.tags.map(({ name }) => name))
    for (const { operation } of operations) {
      assert.match(operation.operationId, /^[a-z][A-Za-z0-9]+$/)
      assert.ok(operation.tags.length > 0 && operation.tags.every((tag) => tags.has(tag)))
      assert.ok(operation.summary.length > 0)
      assert.ok(Object.keys(operation.responses).every((status) => /^(?:[1-5]\d\d|default)$/.test(status)))
      assert.ok(Object.values(operation.responses).every((one) => one.$ref ?? one.description))
    }
  })

  test('names every parameter of a path once, and each is required (OpenAPI 3.1 section 4.8.12)', () => {
    for (const { path, operation } of operations) {
      const named = (operation.parameters ?? []).filter((one) => one.in === 'path')
      assert.deepEqual(
        named.map(({ name }) => name),
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
        path,
      )
    }
  })

  test('describes every parameter, every named schema, and every member of those that are answered', () => {
    const missing: string[] = []
    for (const { operation, path } of operations)
      for (const { name, ...parameter } of operation.parameters ?? [])
        if (!('description' in parameter)) missing.push(`${path} ${name}`)
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      if (!('description' in schema)) missing.push(name)
      if (schema.additionalProperties !== false) continue
      for (const [member, inner] of Object.entries((schema.properties ?? {}) as Record<string, Json>))
        if (!('description' in inner) && !('$ref' in inner) && !isOfTable(name))
          missing.push(`${name}.${member}`)
    }
    assert.deepEqual(missing, [])
  })

  test('closes every schema that it answers with, down to its parts', () => {
    const opened: string[] = []
    const look = (schema: Json, at: string): void =>
      walk(schema, (part) => {
        const { properties, additionalProperties, $ref } = part
        if (typeof $ref === 'string' && !seen.has($ref)) {
          seen.add($ref)
          look(resolve($ref) as Json, $ref)
        }
        if (typeof properties === 'object' && part.type === 'object' && additionalProperties !== false)
          opened.push(at)
      })
    const seen = new Set<string>(OPEN_BY_NATURE)
    for (const { path, operation } of operations.filter(
      ({ path }) => path.startsWith('/v1/') || path.startsWith('/rcm/'),
    ))
      for (const [status, { content = {} }] of Object.entries(operation.responses))
        for (const { schema } of Object.values(content)) look(schema, `${path} ${status}`)
    assert.deepEqual([...new Set(opened)], [])
    assert.ok(seen.size > 40)
  })

  test('gives examples that their schemas accept', () => {
    let examples = 0
    walk(document, ({ example, schema }) => {
      if (example === undefined || typeof schema !== 'object') return
      examples++
      const { $ref } = schema as { readonly $ref: string }
      const check = ajv.compile({ $ref: `openapi${$ref}` })
      assert.ok(check(example), ajv.errorsText(check.errors))
    })
    assert.ok(examples > 10)
  })

  test('tells with each operation who may call, by a scheme that it defines and scopes that there are', () => {
    const { token } = document.components.securitySchemes as unknown as Record<
      string,
      { readonly flows: { readonly clientCredentials: { readonly scopes: Json } } }
    >
    const scopes = Object.keys(token?.flows.clientCredentials.scopes ?? {})
    for (const { operation, path } of operations) {
      assert.ok(Array.isArray(operation.security), path)
      for (const [scheme, demanded] of operation.security.flatMap((one) =>
        Object.entries<readonly string[]>(one),
      )) {
        assert.ok(Object.hasOwn(document.components.securitySchemes, scheme))
        assert.ok(demanded.every((scope) => scopes.includes(scope)))
      }
    }
  })

  test('tells with each operation what it refuses, and in which words', () => {
    for (const { operation, path } of operations) {
      assert.ok(operation.responses.default, path)
      if (operation.security.length > 0) assert.ok(operation.responses['401'], path)
    }
  })

  test('asks of a caller no token where the server asks for one, and the other way round', async () => {
    for (const { path, method, operation } of operations) {
      const answer = await sandbox.server.inject({
        method: method.toUpperCase() as 'GET',
        url: path.replaceAll(/\{\w+\}/g, 'x'),
      })
      const asksForToken = operation.security.some((one) => Object.hasOwn(one, 'token'))
      assert.equal(answer.statusCode === 401 && /token/.test(answer.body), asksForToken, `${method} ${path}`)
    }
  })

  test('is refused a scope that it does not name: each is the one that the server demands', async () => {
    const without = await sandbox.aCompany(['pa:inquire'])
    for (const { path, method, operation } of operations) {
      const [demanded] = operation.security.flatMap((one) => one.token ?? [])
      if (demanded === undefined || demanded === 'pa:inquire') continue
      const answer = await without.call({
        method: method.toUpperCase() as 'GET',
        url: path.replaceAll(/\{\w+\}/g, 'x'),
      })
      assert.equal(answer.statusCode, 403, `${method} ${path}`)
      assert.match(String(answer.headers['www-authenticate']), new RegExp(`scope="[^"]*${demanded}`))
    }
  })
})

describe('what the server answers is what the document says', () => {
  /** The answer must be described, and its body must fit. */
  function fits(answer: Awaited<ReturnType<TestCompany['call']>>, method: string, path: string): void {
    const operation = document.paths[path]?.[method]
    const status = String(answer.statusCode)
    const said = operation?.responses[status] ?? operation?.responses.default
    const described = (said?.$ref ? resolve(said.$ref) : said) as { readonly content?: Content }
    const type = String(answer.headers['content-type']).split(';')[0] ?? ''
    const schema = described.content?.[type]?.schema
    assert.ok(schema, `${method} ${path} answered ${status} as ${type}, which is not described`)
    const { $ref, ...rest } = schema as { $ref?: string }
    const check = ajv.compile($ref ? { $ref: `openapi${$ref}` } : absolute(rest))
    assert.ok(check(answer.json()), `${method} ${path}: ${ajv.errorsText(check.errors)} in ${answer.body}`)
  }
  const absolute = (schema: object): object =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components'))

  test('of a case and everything that is kept of it', async () => {
    const company = await sandbox.aCompany()
    const asked = await company.post(
      'submission',
      aSubmission({ transaction: 'T-openapi', memberId: 'QFPENDOPEN' }),
    )
    fits(asked, 'post', '/rcm/prior-authorization/v1/submission')
    const x12 = { x12: anInterchange({ transaction: 'T-openapi-2', memberId: 'QFOPEN2' }) }
    fits(await company.post('submission/x12', x12), 'post', '/rcm/prior-authorization/v1/submission/x12')
    fits(await company.post('inquiry', aSubmission()), 'post', '/rcm/prior-authorization/v1/inquiry')
    const of = `/v1/authorizations/${asked.json().authorizationId}`
    const added = await company.call({
      method: 'POST',
      url: `${of}/documents`,
      headers: { 'content-type': 'application/pdf' },
      payload: '%PDF-1.7',
    })
    fits(added, 'post', '/v1/authorizations/{id}/documents')
    for (const part of ['', '/events', '/json', '/x12', '/exchanges', '/documents'])
      fits(await company.call({ url: `${of}${part}` }), 'get', `/v1/authorizations/{id}${part}`)
    const found = await company.call({
      method: 'POST',
      url: '/v1/authorizations/search',
      payload: { limit: 1 },
    })
    assert.ok(found.json().next)
    fits(found, 'post', '/v1/authorizations/search')
  })

  test('of batches, and of all events', async () => {
    const company = await sandbox.aCompany()
    const upload = (payload: string) =>
      company.call({
        method: 'POST',
        url: '/v1/batches',
        headers: { 'content-type': 'application/x-ndjson' },
        payload,
      })
    const received = await upload(resourceJson(950_000))
    fits(received, 'post', '/v1/batches')
    await sandbox.gateway.workBatches()
    const of = `/v1/batches/${received.json().id}`
    for (const part of ['', '/items', '/answers'])
      fits(await company.call({ url: `${of}${part}` }), 'get', `/v1/batches/{id}${part}`)
    const { id } = (await upload(`${resourceJson(950_001)}\nno`)).json()
    fits(
      await company.call({ url: `/v1/batches/${id}/items?status=refused` }),
      'get',
      '/v1/batches/{id}/items',
    )
    const cancelled = await company.call({ method: 'POST', url: `/v1/batches/${id}/cancel` })
    fits(cancelled, 'post', '/v1/batches/{id}/cancel')
    fits(await company.call({ url: '/v1/batches?limit=1' }), 'get', '/v1/batches')
    fits(await company.call({ url: '/v1/events?wait=5' }), 'get', '/v1/events')
  })

  test('of refusals, in the words of each door', async () => {
    const company = await sandbox.aCompany()
    const search = { method: 'POST', url: '/v1/authorizations/search' } as const
    fits(await company.call({ ...search, payload: { limit: 0 } }), 'post', search.url)
    fits(await sandbox.server.inject({ ...search, payload: {} }), 'post', search.url)
    fits(await company.post('submission', {}), 'post', '/rcm/prior-authorization/v1/submission')
    const token = await sandbox.server.inject({
      method: 'POST',
      url: '/oauth2/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'grant_type=client_credentials',
    })
    fits(token, 'post', '/oauth2/token')
    fits(
      await company.call({ url: '/v1/authorizations/nothing/events' }),
      'get',
      '/v1/authorizations/{id}/events',
    )
  })
})
