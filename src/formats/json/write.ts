import type { Group, Leaf, List, Row, Table } from './table.ts'

/** A JSON object of the format: strings, objects, arrays, and the nulls that the format wants. */
export type WireObject = { readonly [field: string]: unknown }

/**
 * Writes one JSON object by its table.
 *
 * @param view the core object, shaped so that the paths of the table lead to strings, objects and arrays
 * @returns    only fields that have a value, in the order of the table; and those that an answer always has
 */
export function writeObject(view: object, table: Table): WireObject {
  const fields: [string, unknown][] = []
  for (const row of table) {
    const value = fieldOf(view, row)
    if (value !== undefined) fields.push([row.field, value])
  }
  return Object.fromEntries(fields)
}

/** @returns undefined when the field is left out */
function fieldOf(view: object, row: Row): unknown {
  if (row.is === 'leaf') return writeLeaf(view, row)
  if (row.is === 'group') return writeGroup(view, row)
  return row.is === 'list' ? writeList(view, row) : undefined
}

function writeLeaf(view: object, row: Leaf): string | undefined {
  const value = follow(view, row.steps)
  return typeof value === 'string' ? row.form.write(value) : undefined
}

function writeGroup(view: object, row: Group): WireObject | undefined {
  const inner = row.core === '' ? view : follow(view, row.steps)
  const written = isObject(inner) ? writeObject(inner, row.rows) : {}
  return row.always || Object.keys(written).length > 0 ? written : undefined
}

function writeList(view: object, row: List): List['whenEmpty'] | readonly WireObject[] {
  const entries = follow(view, row.steps)
  if (!Array.isArray(entries) || entries.length === 0) return row.whenEmpty
  return entries.map((entry: object) => writeObject(entry, row.rows))
}

function follow(from: unknown, steps: readonly string[]): unknown {
  let here = from
  for (const step of steps) {
    if (!isObject(here) || !Object.hasOwn(here, step)) return undefined
    here = here[step]
  }
  return here
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
