import { spell } from './characters.ts'
import { chooseDelimiters, type Delimiters } from './delimiters.ts'
import type { Row } from './segment.ts'

/**
 * Writes segments as text, one after the other without line breaks. The first must be the ISA, already of fixed width
 * and with anything in ISA11 and ISA16, which are filled here.
 *
 * Values are spelled in X12 characters, and delimiters are chosen that none of them contains.
 */
export function writeSegments(rows: readonly Row[]): string {
  const spelled = rows.map((row, index) => (index === 0 ? row : spellRow(row)))
  const delimiters = chooseDelimiters(spelled.flat(2).join(''))
  return spelled.map((row) => writeSegment(row, delimiters)).join('')
}

function spellRow(row: Row): Row {
  const [id, ...cells] = row
  return [
    id,
    ...cells.map((cell) =>
      isComposite(cell) ? cell.map((part) => part && spell(part)) : cell && spell(cell),
    ),
  ]
}

function writeSegment([id, ...cells]: Row, delimiters: Delimiters): string {
  if (id === 'ISA') return writeHeader(cells as readonly string[], delimiters)
  const elements = cells.map((cell) =>
    isComposite(cell)
      ? joined(
          cell.map((part) => shield(part, delimiters)),
          delimiters.component,
        )
      : shield(cell, delimiters),
  )
  return `${joined([id, ...elements], delimiters.element)}${delimiters.segment}`
}

function writeHeader(cells: readonly string[], delimiters: Delimiters): string {
  const elements = cells.map((cell, index) =>
    index === 10 ? delimiters.repetition : index === 15 ? delimiters.component : shield(cell, delimiters),
  )
  return `${['ISA', ...elements].join(delimiters.element)}${delimiters.segment}`
}

/** Joins what is there; absent parts at the end are not written. */
function joined(parts: readonly string[], separator: string): string {
  const last = parts.findLastIndex((part) => part !== '')
  return parts.slice(0, last + 1).join(separator)
}

/** The last resort, when no stand-in was free: a delimiter inside a value becomes a space. */
function shield(value: string | undefined, delimiters: Delimiters): string {
  const marks = Object.values(delimiters) as readonly string[]
  const written = value ?? ''
  if (!marks.some((mark) => written.includes(mark))) return written
  return Array.from(written, (character) => (marks.includes(character) ? ' ' : character)).join('')
}

function isComposite(cell: Row[number]): cell is readonly (string | undefined)[] {
  return typeof cell === 'object'
}
