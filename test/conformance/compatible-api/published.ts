import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../..')
const folder = resolve(root, process.env.REFERENCE_DIR ?? '../shared/reference')

/** Why tests on published examples are skipped; false when they run. In CI a missing folder is a failure instead. */
export const skipWithoutReference: string | false =
  existsSync(folder) || process.env.CI === 'true'
    ? false
    : 'the published examples are not here: set REFERENCE_DIR to their folder'

export type Json = Readonly<Record<string, unknown>>

/** Every published request of one operation, by the name of its file. */
export function publishedRequests(operation: 'submission' | 'inquiry'): readonly (readonly [string, Json])[] {
  if (skipWithoutReference) return []
  return readdirSync(join(folder, 'json'))
    .filter((name) => name.startsWith(`user-${operation}-request`) && name.endsWith('.json'))
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(join(folder, 'json', name), 'utf8'))])
}

/** A published interchange, by the name of its file. */
export function publishedX12(name: string): string {
  return readFileSync(join(folder, 'x12', name), 'utf8').trim()
}

interface Schema {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
}

/**
 * The fields of a document that the published description does not have, by their path; of the fields in arrays, once.
 *
 * @param name of the schema, among the components of the description
 */
export function fieldsUnknownTo(name: string, document: unknown): readonly string[] {
  const file = join(folder, 'openapi/optum-prior-authorization-v1.json')
  const { components } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
  }
  const resolved = (schema: Schema | undefined): Schema | undefined =>
    schema?.$ref === undefined ? schema : resolved(components.schemas[schema.$ref.split('/').at(-1) ?? ''])
  const propertiesOf = (schema: Schema | undefined): Readonly<Record<string, Schema>> =>
    Object.assign({}, schema?.properties, ...(schema?.allOf ?? []).map((one) => propertiesOf(resolved(one))))
  const walk = (value: unknown, schema: Schema | undefined, at: string): readonly string[] => {
    const here = resolved(schema)
    if (Array.isArray(value)) return value.flatMap((item) => walk(item, here?.items, at))
    if (typeof value !== 'object' || value === null) return []
    const known = propertiesOf(here)
    return Object.entries(value).flatMap(([field, inner]) =>
      known[field] === undefined ? [`${at}/${field}`] : walk(inner, known[field], `${at}/${field}`),
    )
  }
  if (components.schemas[name] === undefined) throw new Error(`there is no published schema ${name}`)
  return [...new Set(walk(document, { $ref: `#/components/schemas/${name}` }, ''))]
}
