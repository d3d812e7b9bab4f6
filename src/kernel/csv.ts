/** A row of a CSV text; the fields as written, quotes removed. */
export interface CsvRow {
  /** The line of the text on which the row begins, from 1 up. */
  readonly line: number
  readonly fields: readonly string[]
}

export type Csv =
  | { readonly ok: true; readonly rows: readonly CsvRow[] }
  | { readonly ok: false; readonly line: number; readonly message: string }

/**
 * Takes a CSV text apart. Lines end in CRLF or LF; a field in quotes may hold commas, line ends and doubled quotes;
 * empty lines are passed over, as is a byte order mark.
 *
 * @returns the rows, header included; or the first place at which the text cannot be read on
 * @see RFC 4180 section 2
 */
export function readCsv(text: string): Csv {
  const rows: CsvRow[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  let line = 1
  while (at < text.length) {
    const begins = line
    const fields: string[] = []
    for (;;) {
      const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at)
      if (field.fault !== undefined) return { ok: false, line: begins, message: field.fault }
      fields.push(field.value)
      line += field.lineEnds
      at = field.end
      if (text[at] !== ',') break
      at++
    }
    if (text[at] === '\r') at++
    if (text[at] === '\n') at++
    line++
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: begins, fields })
  }
  return { ok: true, rows }
}

interface Field {
  readonly value: string
  /** Where the comma, the line end or the end of the text stands. */
  readonly end: number
  readonly lineEnds: number
  readonly fault?: string
}

function plainField(text: string, start: number): Field {
  const end = endOfField(text, start)
  const value = text.slice(start, end)
  return value.includes('"')
    ? { value, end, lineEnds: 0, fault: 'found a quote inside a field that does not begin with one' }
    : { value: value.trim(), end, lineEnds: 0 }
}

function quotedField(text: string, start: number): Field {
  let close = text.indexOf('"', start + 1)
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close === -1)
    return { value: '', end: text.length, lineEnds: 0, fault: 'found a quoted field that is never closed' }
  const end = endOfField(text, close + 1)
  const value = text.slice(start + 1, close).replaceAll('""', '"')
  const field = { value: value.trim(), end, lineEnds: value.split('\n').length - 1 }
  return text.slice(close + 1, end).trim() === ''
    ? field
    : { ...field, fault: 'found text after the closing quote of a field' }
}

function endOfField(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const sign = text[at]
    if (sign === ',' || sign === '\n' || (sign === '\r' && text[at + 1] === '\n')) return at
  }
  return text.length
}
