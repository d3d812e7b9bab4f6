/** The same object, whose optional properties may also be undefined: what reading gives before the absent are dropped. */
type Read<T> = { readonly [K in keyof T]: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K] }

/** Drops the properties that are undefined: in the core, absent means absent. */
export function present<T extends object>(fields: Read<T>): T {
  if (!hasAbsent(fields)) return fields as T
  const found: { [K in keyof T]?: T[K] } = {}
  for (const name in fields) if (fields[name] !== undefined) found[name] = fields[name] as T[typeof name]
  return found as T
}

function hasAbsent(fields: object): boolean {
  for (const name in fields) if (fields[name as keyof typeof fields] === undefined) return true
  return false
}

/** As `present`, and undefined when nothing is left. */
export function presentIfAny<T extends object>(fields: Read<T>): T | undefined {
  const found = present<T>(fields)
  return Object.keys(found).length === 0 ? undefined : found
}
