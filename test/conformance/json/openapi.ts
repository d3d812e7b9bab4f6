import { reference } from './reference.ts'

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly nullable?: boolean
  readonly additionalProperties?: boolean
  readonly enum?: readonly unknown[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
}

interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** Every field of a published schema, objects and arrays as well, as a JSON pointer; `*` stands for an index. */
export function publishedFields(schemaName: string): ReadonlySet<string> {
  const { schemas } = (reference('openapi/optum-prior-authorization-v1.json') as Document).components
  return new Set(fieldsOf({ $ref: schemaName }, '', schemas))
}

function fieldsOf(schema: Schema, at: string, schemas: Document['components']['schemas']): readonly string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
    return fieldsOf(schemas[name] ?? {}, at, schemas)
  }
  if (schema.items !== undefined) return [`${at}/*`, ...fieldsOf(schema.items, `${at}/*`, schemas)]
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
    `${at}/${name}`,
    ...fieldsOf(inner, `${at}/${name}`, schemas),
  ])
}

/**
 * Where a document breaks a published schema: its types, its closed objects and its lists of values. The schemas use
 * nothing else.
 */
export function breachesOf(value: unknown, schemaName: string): readonly string[] {
  const { schemas } = (reference('openapi/optum-prior-authorization-v1.json') as Document).components
  return breaches(value, { $ref: schemaName }, '', schemas)
}

function breaches(
  value: unknown,
  schema: Schema,
  at: string,
  schemas: Document['components']['schemas'],
): readonly string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
    return breaches(value, schemas[name] ?? {}, at, schemas)
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at}: not in the list`]
  if (value === null) return schema.nullable === true ? [] : [`${at}: null`]
  if (schema.type !== undefined && typeOf(value) !== schema.type) return [`${at}: no ${schema.type}`]
  if (Array.isArray(value)) {
    return value.flatMap((entry, i) => breaches(entry, schema.items ?? {}, `${at}/${i}`, schemas))
  }
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([field, inner]) => {
    const property = schema.properties?.[field]
    if (property !== undefined) return breaches(inner, property, `${at}/${field}`, schemas)
    return schema.additionalProperties === false ? [`${at}/${field}: not in a closed object`] : []
  })
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value
}
