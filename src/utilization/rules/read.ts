import { readCsv } from '../../kernel/csv.ts'
import type { Decoded, Fault } from '../../kernel/result.ts'
import { type Cell, COLUMNS, type Column, NEEDED } from './columns.ts'
import { contradictions } from './contradictions.ts'
import type { DraftRule } from './model.ts'

/** Faults told at once; a file that is wrong throughout is not answered with a book. */
const FAULTS_TOLD = 1000

/**
 * Reads a rules file: the first line names the columns, in any order; each further line is a row.
 *
 * @param text CSV as in RFC 4180; columns as in `docs/reference/rules.md`
 * @returns    the rows, in the order written; or all faults, each at `line N, column NAME`
 */
export function readRules(text: string): Decoded<readonly DraftRule[]> {
  const csv = readCsv(text)
  if (!csv.ok) return refused([{ at: `line ${csv.line}`, message: csv.message }])
  const [header, ...rows] = csv.rows
  if (header === undefined)
    return refused([{ at: 'line 1', message: 'expected a line that names the columns' }])
  const names = header.fields.map((field) => field.toLowerCase())
  const misnamed = headerFaults(header.line, names)
  if (misnamed.length > 0) return refused(misnamed)
  const faults: Fault[] = []
  const rules: DraftRule[] = []
  for (const row of rows) {
    if (row.fields.length !== names.length)
      faults.push({
        at: `line ${row.line}`,
        message: `expected ${names.length} fields, as in the first line, found ${row.fields.length}`,
      })
    else {
      const read = readRow(row.line, new Map(names.map((name, i) => [name, row.fields[i] ?? ''])))
      if (read.ok) rules.push(read.value)
      else faults.push(...read.faults)
    }
  }
  faults.push(...contradictions(rules))
  return faults.length === 0 ? { ok: true, value: rules, notes: [] } : refused(faults)
}

function refused(faults: readonly Fault[]): Decoded<never> {
  const rest = faults.length - FAULTS_TOLD
  const more = rest > 0 ? [{ at: '', message: `${rest} more faults are not listed` }] : []
  return { ok: false, faults: [...faults.slice(0, FAULTS_TOLD), ...more] }
}

function headerFaults(line: number, names: readonly string[]): readonly Fault[] {
  const known = Object.keys(COLUMNS)
  return [
    ...names
      .filter((name) => !known.includes(name))
      .map((name) => ({
        at: `line ${line}, column ${name}`,
        message: `there is no column "${name}"`,
        remedy: `The columns are ${known.join(', ')}.`,
      })),
    ...names
      .filter((name, i) => names.indexOf(name) !== i)
      .map((name) => ({ at: `line ${line}, column ${name}`, message: 'the column is named twice' })),
    ...NEEDED.filter((name) => !names.includes(name)).map((name) => ({
      at: `line ${line}, column ${name}`,
      message: 'the column is needed and not there',
    })),
  ]
}

function readRow(line: number, cells: ReadonlyMap<string, string>): Decoded<DraftRule> {
  const faults: Fault[] = []
  const fault = (column: Column, message: string) =>
    faults.push({ at: `line ${line}, column ${column}`, message })
  const value = <T>(column: Column, read: (text: string) => Cell<T>): T | undefined => {
    const text = cells.get(column) ?? ''
    const cell = read(text)
    if (!cell.ok) fault(column, `found "${shown(text)}", expected ${cell.expected}`)
    else if (cell.value === undefined && NEEDED.includes(column))
      fault(column, 'found nothing, expected a value')
    return cell.ok ? cell.value : undefined
  }
  const system = value('code_system', COLUMNS.code_system)
  const code = value('code', COLUMNS.code)
  const codeUntil = value('code_until', COLUMNS.code_until)
  const ageFrom = value('age_from', COLUMNS.age_from)
  const ageUntil = value('age_until', COLUMNS.age_until)
  const from = value('effective_from', COLUMNS.effective_from)
  const until = value('effective_until', COLUMNS.effective_until)
  const plan = value('plan', COLUMNS.plan)
  const lineOfBusiness = value('line_of_business', COLUMNS.line_of_business)
  const modifiers = value('modifiers', COLUMNS.modifiers)
  const places = value('place', COLUMNS.place)
  const serviceTypes = value('service_type', COLUMNS.service_type)
  const diagnoses = value('diagnosis', COLUMNS.diagnosis)
  const answer = value('answer', COLUMNS.answer)
  const reviewer = value('reviewer', COLUMNS.reviewer)
  const documents = value('documents', COLUMNS.documents)
  const text = value('text', COLUMNS.text)
  const source = value('source', COLUMNS.source)

  const isEmpty = (column: Column) => (cells.get(column) ?? '') === ''
  if (isEmpty('code') && !isEmpty('code_system'))
    fault('code', 'found nothing, expected a code of the list named')
  if (!isEmpty('code') && isEmpty('code_system'))
    fault('code_system', 'found nothing, expected the list of the code')
  if (isEmpty('code') && !isEmpty('code_until'))
    fault('code', 'found nothing, expected the first code of the range')
  if (isEmpty('code') && modifiers)
    fault('modifiers', 'found modifiers, expected none in a row without a code')
  if (code && codeUntil && (code.length !== codeUntil.length || codeUntil <= code))
    fault('code_until', `found "${codeUntil}", expected a code as long as "${code}" that comes after it`)
  if (ageFrom !== undefined && ageUntil !== undefined && ageUntil < ageFrom)
    fault('age_until', `found ${ageUntil}, expected ${ageFrom} or more`)
  if (from && until && until < from) fault('effective_until', `found "${until}", expected ${from} or later`)

  if (faults.length > 0 || !from || !answer || !text || !source) return { ok: false, faults }
  return {
    ok: true,
    notes: [],
    value: {
      line,
      ...(system && code && { procedure: { system, code, ...(codeUntil && { until: codeUntil }) } }),
      ...(modifiers && { modifiers }),
      ...(places && { places }),
      ...(serviceTypes && { serviceTypes }),
      ...(plan && { plan }),
      ...(lineOfBusiness && { lineOfBusiness }),
      ...((ageFrom !== undefined || ageUntil !== undefined) && {
        age: { from: ageFrom ?? 0, until: ageUntil ?? 130 },
      }),
      ...(diagnoses && { diagnoses }),
      effective: { from, ...(until && { until }) },
      answer,
      ...(reviewer && { reviewer }),
      documents: documents ?? [],
      text,
      source,
    },
  }
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
