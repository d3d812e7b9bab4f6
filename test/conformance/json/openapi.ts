import { reference } from './reference.ts'

interface Schema {
  readonly $ref?: string
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
