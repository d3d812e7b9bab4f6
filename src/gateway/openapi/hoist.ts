import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from '../../formats/json/index.ts'
import { ref } from './schemas.ts'

/** Takes the parts of schemas that have a title out of them, so that each is told once, by its name. */
export interface Hoist {
  /** The schema with references in place of its titled parts; one that has a title itself is a reference. */
  lift(schema: JsonSchema): JsonSchema
  /** The parts so far, by name. */
  readonly parts: Readonly<Record<string, JsonSchema>>
}

/** @throws Error two parts that differ go by one name */
export function openHoist(): Hoist {
  const parts: Record<string, JsonSchema> = {}
  const lift = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(lift)
    if (typeof value !== 'object' || value === null) return value
    const { title, ...rest } = value as JsonSchema
    const inner = Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, lift(part)]))
    // A member that is called title is a schema, and no text.
    if (typeof title !== 'string') return title === undefined ? inner : { ...inner, title: lift(title) }
    const known = parts[title]
    if (known && !isDeepStrictEqual(known, inner)) throw new Error(`two schemas are called ${title}`)
    parts[title] = inner
    return ref(title)
  }
  return { lift: (schema) => lift(schema) as JsonSchema, parts }
}
