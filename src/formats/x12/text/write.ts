import { spell } from './characters.ts'
import { chooseDelimiters, type Delimiters } from './delimiters.ts'
import type { Cell, Row } from './segment.ts'

/**
 * Writes segments as text, one after the other without line breaks. The first must be the ISA, already of fixed width,
 * its ISA11 and ISA16 empty: they are filled here.
 *
 * Values are spelled in X12 characters, and delimiters are chosen that none of them contains.
 */
export function writeSegments(rows: readonly Row[]): string {
  const spelled = rows.map((row, index) => (index === 0 ? row : mapValues(row, spell)))
  const values = spelled.flat(2).join('')
  const delimiters = chooseDelimiters(values)
  const marks = Object.values(delimiters) as readonly string[]
  const isCrowded = marks.some((mark) => values.includes(mark))
  const safe = isCrowded ? spelled.map((row) => mapValues(row, (value) => shield(value, marks))) : spelled
  return safe
    .map((row) => (row[0] === 'ISA' ? writeHeader(row, delimiters) : writeSegment(row, delimiters)))
    .join('')
}

function mapValues([id, ...cells]: Row, change: (value: string) => string): Row {
  return [
    id,
    ...cells.map((cell) =>
      isComposite(cell) ? cell.map((part) => part && change(part)) : cell && change(cell),
    ),
  ]
}

function writeSegment(row: Row, delimiters: Delimiters): string {
  const elements = row.map((cell) => (isComposite(cell) ? joined(cell, delimiters.component) : cell))
  return `${joined(elements, delimiters.element)}${delimiters.segment}`
}

function writeHeader([, ...cells]: Row, delimiters: Delimiters): string {
  const elements = cells.map((cell, index) =>
    index === 10 ? delimiters.repetition : index === 15 ? delimiters.component : cell,
  )
  return `${['ISA', ...elements].join(delimiters.element)}${delimiters.segment}`
}

/** Joins what is there; absent parts at the end are not written. */
function joined(parts: readonly (string | undefined)[], separator: string): string {
  const last = parts.findLastIndex((part) => part !== undefined && part !== '')
  return parts.slice(0, last + 1).join(separator)
}

/** The last resort, when no stand-in was free: a delimiter inside a value becomes a space. */
function shield(value: string, marks: readonly string[]): string {
  return Array.from(value, (character) => (marks.includes(character) ? ' ' : character)).join('')
}

function isComposite(cell: Cell): cell is readonly (string | undefined)[] {
  return typeof cell === 'object'
}
