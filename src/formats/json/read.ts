import { Draft } from './draft.ts'
import type { Findings } from './findings.ts'
import type { Group, Leaf, List, Row, Table } from './table.ts'

/**
 * Reads one JSON object by its table. Never throws, whatever the value is; looks only at an object's own properties.
 *
 * @param value anything that `JSON.parse` can give
 * @param at    the object's JSON pointer; empty for the document
 */
export function readObject(value: unknown, table: Table, at: string, findings: Findings): Draft {
  const draft = new Draft(at)
  readInto(draft, value, table, at, findings)
  return draft
}

function readInto(draft: Draft, value: unknown, table: Table, at: string, findings: Findings): void {
  if (!isObject(value)) {
    findings.fault(at, `expected an object, found ${kindOf(value)}`)
    return
  }
  for (const row of table) {
    if (!Object.hasOwn(value, row.field)) continue
    const place = `${at}/${row.field}`
    if (row.is === 'unread') noteUnread(place, row.why, findings)
    else readRow(draft, row, value[row.field], place, findings)
  }
  noteUnknown(value, table, at, findings)
}

function readRow(
  draft: Draft,
  row: Exclude<Row, { is: 'unread' }>,
  sent: unknown,
  at: string,
  findings: Findings,
): void {
  if (sent === null || sent === undefined) return
  if (row.is === 'leaf') readLeaf(draft, row, sent, at, findings)
  if (row.is === 'group') readGroup(draft, row, sent, at, findings)
  if (row.is === 'list') readList(draft, row, sent, at, findings)
  if (row.is === 'elsewhere' && !isHollow(sent))
    findings.note(at, `accepted, and not used: it is for ${row.readers}`)
}

function readLeaf(draft: Draft, row: Leaf, sent: unknown, at: string, findings: Findings): void {
  const asText = textOf(row, sent, at, findings)
  if (asText === undefined) {
    draft.locate(row.core, at)
    return
  }
  const tidy = asText.trim()
  if (tidy === '') return
  draft.locate(row.core, at)
  if (tidy.length > row.form.longest) {
    findings.fault(at, `expected ${row.form.holds}, found ${tidy.length} characters`)
    return
  }
  if (tidy.length !== asText.length) findings.note(at, 'spaces around the value were left out')
  const result = row.form.read(tidy)
  if ('fault' in result) findings.fault(at, result.fault)
  else if ('dropped' in result) findings.note(at, `${result.dropped}; treated as not sent`)
  else {
    draft.put(row.core, result.value)
    if (result.note !== undefined) findings.note(at, result.note)
  }
}

function textOf(row: Leaf, sent: unknown, at: string, findings: Findings): string | undefined {
  if (typeof sent === 'string') return sent
  if (typeof sent === 'number' && row.form.takesNumbers) {
    findings.note(at, 'a number was taken; the format has strings')
    return String(sent)
  }
  findings.fault(
    at,
    `expected a string, found ${kindOf(sent)}`,
    typeof sent === 'number' ? 'Put the digits in quotation marks, so that no zero is lost.' : undefined,
  )
  return undefined
}

function readGroup(draft: Draft, row: Group, sent: unknown, at: string, findings: Findings): void {
  if (row.core === '') readInto(draft, sent, row.rows, at, findings)
  else draft.putGroup(row.core, readObject(sent, row.rows, at, findings))
}

function readList(draft: Draft, row: List, sent: unknown, at: string, findings: Findings): void {
  draft.locate(row.core, at)
  if (!Array.isArray(sent)) {
    findings.fault(at, `expected an array, found ${kindOf(sent)}`)
    return
  }
  if (sent.length > row.most) {
    findings.fault(at, `expected at most ${row.most} entries, found ${sent.length}`)
    return
  }
  draft.putList(
    row.core,
    sent.map((entry: unknown, i) => readObject(entry, row.rows, `${at}/${i}`, findings)),
  )
}

function noteUnread(at: string, why: string, findings: Findings): void {
  findings.note(
    at,
    `${why} is not wanted here: it was dropped unread`,
    'Stop sending it. The operator keeps the logins to payers.',
  )
}

function noteUnknown(object: object, table: Table, at: string, findings: Findings): void {
  const known = namesOf(table)
  for (const key of Object.keys(object)) {
    if (known.has(key)) continue
    const meant = known.get(loose(key)) ?? undefined
    findings.note(
      `${at}/${pointerStep(key)}`,
      'no field of this format: ignored',
      meant === undefined ? undefined : `Did you mean ${meant}?`,
    )
  }
}

/** The names of a table's fields; and, to guess what was meant, each by its loose spelling. */
interface Names {
  has(field: string): boolean
  get(loosely: string): string | undefined
}

const namesByTable = new WeakMap<Table, Names>()

function namesOf(table: Table): Names {
  const kept = namesByTable.get(table)
  if (kept) return kept
  const exact = new Set(table.map((row) => row.field))
  const loosely = new Map(table.map((row) => [loose(row.field), row.field]))
  const names: Names = { has: (field) => exact.has(field), get: (spelling) => loosely.get(spelling) }
  namesByTable.set(table, names)
  return names
}

function loose(key: string): string {
  return key.length > 80 ? '' : key.replace(/[_\s-]/g, '').toLowerCase()
}

/** A key as a step of a JSON pointer: short and printable, as the key is the sender's. @see RFC 6901 section 3 */
function pointerStep(key: string): string {
  const short = key.length > 64 ? `${key.slice(0, 64)}…` : key
  return short
    .toWellFormed()
    .replace(/\p{Cc}/gu, '\u{fffd}')
    .replaceAll('~', '~0')
    .replaceAll('/', '~1')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isHollow(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === ''
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
