/** The same object, whose optional properties may also be undefined: what reading gives before the absent are dropped. */
type Read<T> = { readonly [K in keyof T]: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K] }

/**
 * A value that its reader is still putting fields into. What every document has is read this way, as it costs a fraction
 * of `present`.
 */
export type Growing<T> = { -readonly [K in keyof T]: T[K] }

/** The same list without the room that a list grown item by item has to spare: what is read may be kept for long. */
export function trimmed<T>(items: readonly T[]): readonly T[] {
  return items.length === 0 ? [] : items.slice()
}

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
