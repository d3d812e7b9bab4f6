import type { Table } from './table.ts'

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
    if (row.is === 'constant') fields.push([row.field, row.value])
    if (row.is === 'leaf') {
      const value = follow(view, row.core)
      if (typeof value === 'string') fields.push([row.field, row.form.write(value)])
    }
    if (row.is === 'group') {
      const inner = row.core === '' ? view : follow(view, row.core)
      const written = isObject(inner) ? writeObject(inner, row.rows) : {}
      if (row.always || Object.keys(written).length > 0) fields.push([row.field, written])
    }
    if (row.is === 'list') {
      const entries = follow(view, row.core)
      const written = Array.isArray(entries)
        ? entries.map((entry: object) => writeObject(entry, row.rows))
        : []
      if (written.length > 0) fields.push([row.field, written])
      else if (row.whenEmpty !== undefined) fields.push([row.field, row.whenEmpty])
    }
  }
  return Object.fromEntries(fields)
}

function follow(from: unknown, path: string): unknown {
  let here = from
  for (const step of path.split('.')) {
    if (!isObject(here) || !Object.hasOwn(here, step)) return undefined
    here = here[step]
  }
  return here
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
