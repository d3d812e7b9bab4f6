/**
 * A document with one value replaced or added; the document itself stays as it is.
 *
 * @param pointer a JSON pointer (RFC 6901) whose steps hold no escapes; objects on the way are made
 * @param value   undefined takes the field away
 */
export function withValue(document: unknown, pointer: string, value: unknown): unknown {
  const copy: unknown = structuredClone(document)
  const steps = pointer.split('/').slice(1)
  const last = steps.pop() ?? ''
  let here = copy as Record<string, unknown>
  for (const step of steps) {
    here[step] ??= {}
    here = here[step] as Record<string, unknown>
  }
  if (value === undefined) delete here[last]
  else here[last] = value
  return copy
}

/** The JSON pointer of every field of a document, objects and arrays as well; `*` stands for an index. */
export function fieldsOf(value: unknown, at = ''): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return new Set()
  return new Set(
    Object.entries(value).flatMap(([key, inner]) => {
      const place = `${at}/${Array.isArray(value) ? '*' : key}`
      return [place, ...fieldsOf(inner, place)]
    }),
  )
}
