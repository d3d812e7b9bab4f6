import type { Table } from '../../../src/formats/json/table.ts'

/** A table's fields as pointers, `*` for an index; those whose inside it does not look into; and those never written. */
export function tableFields(
  table: Table,
  at = '',
): {
  whole: readonly string[]
  opaque: readonly string[]
  unwritten: readonly string[]
} {
  const whole: string[] = []
  const opaque: string[] = []
  const unwritten: string[] = []
  for (const row of table) {
    const place = `${at}/${row.field}`
    whole.push(place)
    if (row.is === 'elsewhere') opaque.push(place)
    if (row.is === 'unwritten') unwritten.push(place)
    if (row.is === 'group' || row.is === 'list') {
      const inner = tableFields(row.rows, row.is === 'list' ? `${place}/*` : place)
      whole.push(...inner.whole)
      opaque.push(...inner.opaque)
      unwritten.push(...inner.unwritten)
    }
  }
  return { whole, opaque, unwritten }
}
