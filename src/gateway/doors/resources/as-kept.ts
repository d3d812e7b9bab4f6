import type { JsonSchema } from '../../../formats/json/index.ts'

/** Lists that a request may leave out when they are empty, and that what is kept of it always has: by the title of their part. */
const ALWAYS_THERE: Readonly<Record<string, readonly string[]>> = {
  Requester: ['references'],
  Subscriber: ['references'],
  Dependent: ['references'],
  Provider: ['references'],
  Procedure: ['modifiers'],
  Correspondence: ['senderId', 'receiverId', 'transactionIdentifier'],
  ReviewRequest: ['correspondence'],
  PatientEvent: ['purpose', 'diagnoses', 'conditions', 'transportStops', 'providers', 'lines'],
  ServiceLine: ['kind', 'providers'],
}

/** What bounds a text, a number or a list that somebody sends. */
const BOUNDS: ReadonlySet<string> = new Set([
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
])

/**
 * The schema of a request as it is told again: the same members, closed as they were. Every door's requests are kept in this
 * shape, and each door has bounds of its own, so none is promised; and lists that may be left out are always there.
 *
 * @param schema what a body is checked against; its parts have titles, and get new ones: `KeptProvider`
 */
export function asKept(schema: JsonSchema): JsonSchema {
  return kept(schema) as JsonSchema
}

function kept(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kept)
  if (typeof value !== 'object' || value === null) return value
  const { title, required = [], properties, ...rest } = value as JsonSchema
  const unbound = Object.entries(rest).filter(([keyword]) => !BOUNDS.has(keyword))
  const all = [...(required as readonly string[]), ...(ALWAYS_THERE[String(title)] ?? [])]
  return {
    ...Object.fromEntries(unbound.map(([keyword, inner]) => [keyword, kept(inner)])),
    ...(title === undefined ? {} : { title: `Kept${title}` }),
    ...(all.length === 0 ? {} : { required: [...new Set(all)] }),
    // By their names, which no keyword is told apart from.
    ...(properties === undefined ? {} : { properties: mapped(properties as JsonSchema) }),
  }
}

const mapped = (properties: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, kept(schema)]))
