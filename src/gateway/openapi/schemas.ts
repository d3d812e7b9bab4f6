/** How schemas are written down here. */
import type { JsonSchema } from '../../formats/json/index.ts'

export const string = (description: string): JsonSchema => ({ type: 'string', description })
export const list = (items: object, description: string): JsonSchema => ({
  type: 'array',
  items,
  description,
})
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/**
 * An object that has no members but these.
 *
 * @param optional the members that may be absent
 */
export function closed(
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  ...optional: readonly string[]
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return {
    type: 'object',
    description,
    properties,
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
  }
}
