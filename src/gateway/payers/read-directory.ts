import { LINES_OF_BUSINESS, type LineOfBusiness, lineOfBusiness } from '../../core/deadlines.ts'
import type { Contact } from '../../core/request.ts'
import { readCsv } from '../../kernel/csv.ts'
import type { Decoded, Fault } from '../../kernel/result.ts'
import type { PayerIdentifier, Plan } from './entry.ts'
import { wireIdOf } from './model.ts'
import { PAYER_OPERATIONS, type PayerOperation, WAYS, type Way } from './ways.ts'

/** A payer as a directory file gives it. */
export interface DraftEntry {
  /** Where it stands in the file: `line 3`, or `/payers/2`. */
  readonly at: string
  readonly name: string
  /** At least one; values as they are kept. */
  readonly identifiers: readonly PayerIdentifier[]
  readonly lineOfBusiness: LineOfBusiness
  readonly contact?: Contact
  readonly plans: readonly Plan[]
  /** Operations that are not named are answered here. */
  readonly ways: Readonly<Partial<Record<PayerOperation, Way>>>
}

const CONTACT_FIELDS = ['name', 'telephone', 'extension', 'facsimile', 'email', 'url'] as const

/** The columns of a CSV directory. `docs/guides/payers.md` tells them to people. */
export const DIRECTORY_COLUMNS: readonly string[] = [
  'name',
  'ids',
  'line_of_business',
  ...CONTACT_FIELDS.map((field) => `contact_${field}`),
  'plans',
  ...PAYER_OPERATIONS,
]
const NEEDED = ['name', 'ids', 'line_of_business']

/** Faults told at once. */
const FAULTS_TOLD = 1000

/**
 * Reads a payer directory from CSV: the first line names the columns, in any order; each further line is a payer. Several ids
 * have a bar between them, `system:value` or the value alone; plans too, `id=name`.
 *
 * @returns every payer, or every fault at `line N, column NAME`
 */
export function readDirectoryCsv(text: string): Decoded<readonly DraftEntry[]> {
  const csv = readCsv(text)
  if (!csv.ok) return refused([{ at: `line ${csv.line}`, message: csv.message }])
  const [header, ...rows] = csv.rows
  if (!header) return refused([{ at: 'line 1', message: 'expected a line that names the columns' }])
  const names = header.fields.map((field) => field.toLowerCase())
  const misnamed = [
    ...names
      .filter((name, i) => !DIRECTORY_COLUMNS.includes(name) || names.indexOf(name) !== i)
      .map((name) => ({
        at: `line ${header.line}, column ${name}`,
        message: DIRECTORY_COLUMNS.includes(name)
          ? 'the column is named twice'
          : `there is no column "${name}"`,
        remedy: `The columns are ${DIRECTORY_COLUMNS.join(', ')}.`,
      })),
    ...NEEDED.filter((name) => !names.includes(name)).map((name) => ({
      at: `line ${header.line}, column ${name}`,
      message: 'the column is needed and not there',
    })),
  ]
  if (misnamed.length > 0) return refused(misnamed)
  const faults: Fault[] = []
  const entries: DraftEntry[] = []
  for (const { line, fields } of rows) {
    if (fields.length !== names.length) {
      const message = `expected ${names.length} fields, as in the first line, found ${fields.length}`
      faults.push({ at: `line ${line}`, message })
      continue
    }
    const cell = (name: string) => fields[names.indexOf(name)] ?? ''
    const list = (name: string) =>
      cell(name)
        .split('|')
        .map((part) => part.trim())
        .filter((part) => part !== '')
    const entry = readEntry(
      {
        name: cell('name'),
        ids: list('ids'),
        lineOfBusiness: cell('line_of_business'),
        contact: Object.fromEntries(CONTACT_FIELDS.map((field) => [field, cell(`contact_${field}`)])),
        plans: list('plans').map(planOfCell),
        operations: Object.fromEntries(PAYER_OPERATIONS.map((operation) => [operation, cell(operation)])),
      },
      { entry: `line ${line}`, of: (field) => `line ${line}, column ${columnOf(field)}` },
      faults,
    )
    if (entry) entries.push(entry)
  }
  return conclude(entries, faults)
}

/**
 * Reads a payer directory from JSON: `{"payers": [{"name", "ids", "lineOfBusiness", "contact", "plans", "operations"}]}`.
 *
 * @returns every payer, or every fault at its JSON pointer
 */
export function readDirectoryJson(text: string): Decoded<readonly DraftEntry[]> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return refused([{ at: '', message: 'expected JSON, found something else' }])
  }
  const payers = isRecord(document) ? document.payers : undefined
  if (!Array.isArray(payers))
    return refused([{ at: '/payers', message: `expected a list of payers, found ${kindOf(payers)}` }])
  const faults: Fault[] = []
  const entries: DraftEntry[] = []
  for (const [i, payer] of payers.entries()) {
    const at = `/payers/${i}`
    if (!isRecord(payer)) {
      faults.push({ at, message: `expected an object, found ${kindOf(payer)}` })
      continue
    }
    for (const name of Object.keys(payer).filter((key) => !JSON_FIELDS.includes(key)))
      faults.push({
        at: `${at}/${name}`,
        message: `a payer has no such field; it has ${JSON_FIELDS.join(', ')}`,
      })
    const entry = readEntry(payer, { entry: at, of: (field) => `${at}/${field}` }, faults)
    if (entry) entries.push(entry)
  }
  return conclude(entries, faults)
}

const JSON_FIELDS = ['name', 'ids', 'lineOfBusiness', 'contact', 'plans', 'operations']

interface Places {
  readonly entry: string
  readonly of: (field: string) => string
}

type Raw = Readonly<Record<string, unknown>>

/** One payer, whichever way it was written; undefined when it has a fault. */
function readEntry(raw: Raw, places: Places, faults: Fault[]): DraftEntry | undefined {
  const before = faults.length
  const fault = (field: string, message: string) => faults.push({ at: places.of(field), message })
  const { name } = raw
  if (typeof name !== 'string' || name.trim() === '' || name.length > 200)
    fault('name', `found ${shown(name)}, expected a name of at most 200 characters`)
  const business = typeof raw.lineOfBusiness === 'string' ? lineOfBusiness(raw.lineOfBusiness) : undefined
  if (!business)
    fault(
      'lineOfBusiness',
      `found ${shown(raw.lineOfBusiness)}, expected one of ${LINES_OF_BUSINESS.join(', ')}`,
    )
  const identifiers = readIdentifiers(raw.ids, fault)
  const plans = readPlans(raw.plans ?? [], fault)
  const ways = readWays(raw.operations ?? {}, fault)
  const contact = readContact(raw.contact ?? {}, fault)
  if (faults.length > before || typeof name !== 'string' || !business) return undefined
  const draft = { at: places.entry, name: name.trim(), identifiers, lineOfBusiness: business, plans, ways }
  return Object.keys(contact).length > 0 ? { ...draft, contact } : draft
}

type Tell = (field: string, message: string) => unknown

function readIdentifiers(raw: unknown, fault: Tell): readonly PayerIdentifier[] {
  if (!Array.isArray(raw) || raw.length === 0) {
    fault('ids', `found ${Array.isArray(raw) ? 'none' : kindOf(raw)}, expected at least one id`)
    return []
  }
  const identifiers = raw.map((one: unknown, i): PayerIdentifier => {
    const [system, value] = isRecord(one) ? [one.system, one.value] : splitId(one)
    if (typeof value !== 'string' || !/^[\x20-\x7e]{2,80}$/.test(value.trim()))
      fault(`ids/${i}`, `found ${shown(value)}, expected 2 to 80 printable ASCII characters`)
    if (system !== undefined && (typeof system !== 'string' || !/^[a-z0-9][a-z0-9-]{0,39}$/.test(system)))
      fault(`ids/${i}`, `found the system ${shown(system)}, expected small letters, digits and hyphens`)
    return { value: wireIdOf(String(value)), ...(typeof system === 'string' && { system }) }
  })
  for (const [i, { value }] of identifiers.entries())
    if (identifiers.findIndex((other) => other.value === value) !== i)
      fault(`ids/${i}`, `found ${shown(value)} twice`)
  return identifiers
}

/** `naic:12345`, or an id alone. */
function splitId(text: unknown): readonly [string | undefined, unknown] {
  if (typeof text !== 'string') return [undefined, text]
  const colon = text.indexOf(':')
  return colon < 0 ? [undefined, text] : [text.slice(0, colon), text.slice(colon + 1)]
}

function readPlans(raw: unknown, fault: Tell): readonly Plan[] {
  if (!Array.isArray(raw)) {
    fault('plans', `expected a list, found ${kindOf(raw)}`)
    return []
  }
  const plans = raw.map((one: unknown, i): Plan => {
    const { id, name, lineOfBusiness: line } = isRecord(one) ? one : {}
    if (
      typeof id !== 'string' ||
      id.trim() === '' ||
      id.length > 80 ||
      typeof name !== 'string' ||
      !name.trim()
    )
      fault(`plans/${i}`, 'expected a plan with an id of at most 80 characters and a name')
    const business = typeof line === 'string' ? lineOfBusiness(line) : undefined
    if (line !== undefined && !business)
      fault(`plans/${i}`, `found ${shown(line)}, expected one of ${LINES_OF_BUSINESS.join(', ')}`)
    return { id: String(id).trim(), name: String(name).trim(), ...(business && { lineOfBusiness: business }) }
  })
  for (const [i, { id }] of plans.entries())
    if (plans.findIndex((other) => other.id === id) !== i)
      fault(`plans/${i}`, `found the plan ${shown(id)} twice`)
  return plans
}

function planOfCell(text: string): Raw {
  const sign = text.indexOf('=')
  return sign < 0 ? { id: text } : { id: text.slice(0, sign), name: text.slice(sign + 1) }
}

function readWays(raw: unknown, fault: Tell): DraftEntry['ways'] {
  if (!isRecord(raw)) {
    fault('operations', `expected an object, found ${kindOf(raw)}`)
    return {}
  }
  const ways: Partial<Record<PayerOperation, Way>> = {}
  for (const [name, found] of Object.entries(raw)) {
    const operation = PAYER_OPERATIONS.find((one) => one === name)
    const way = WAYS.find((one) => one === found)
    if (!operation) fault(`operations/${name}`, `expected one of ${PAYER_OPERATIONS.join(', ')}`)
    else if (way) ways[operation] = way
    else if (found !== '')
      fault(`operations/${name}`, `found ${shown(found)}, expected one of ${WAYS.join(', ')}`)
  }
  return ways
}

function readContact(raw: unknown, fault: Tell): Contact {
  if (!isRecord(raw)) {
    fault('contact', `expected an object, found ${kindOf(raw)}`)
    return {}
  }
  const contact: Record<string, string> = {}
  for (const [name, value] of Object.entries(raw)) {
    if (!(CONTACT_FIELDS as readonly string[]).includes(name))
      fault(`contact/${name}`, `expected one of ${CONTACT_FIELDS.join(', ')}`)
    else if (typeof value !== 'string' || value.length > 256)
      fault(`contact/${name}`, `found ${shown(value)}, expected text of at most 256 characters`)
    else if (value.trim() !== '') contact[name] = value.trim()
  }
  return contact
}

/** An id is one payer's alone, and a payer stands in a directory once. */
function conclude(entries: readonly DraftEntry[], faults: Fault[]): Decoded<readonly DraftEntry[]> {
  const seen = new Map<string, string>()
  for (const { at, identifiers } of entries)
    for (const { value } of identifiers) {
      const other = seen.get(value)
      if (other !== undefined)
        faults.push({ at, message: `found the id ${shown(value)}, which ${other} has too` })
      seen.set(value, at)
    }
  if (entries.length === 0 && faults.length === 0) faults.push({ at: '', message: 'found no payer' })
  return faults.length === 0 ? { ok: true, value: entries, notes: [] } : refused(faults)
}

function refused(faults: readonly Fault[]): Decoded<never> {
  const rest = faults.length - FAULTS_TOLD
  const more = rest > 0 ? [{ at: '', message: `${rest} more faults are not listed` }] : []
  return { ok: false, faults: [...faults.slice(0, FAULTS_TOLD), ...more] }
}

const isRecord = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const kindOf = (value: unknown) =>
  value === undefined
    ? 'nothing'
    : value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : `a ${typeof value}`

const shown = (value: unknown) =>
  typeof value === 'string' ? (value === '' ? 'nothing' : `"${value.slice(0, 60)}"`) : kindOf(value)

/** The columns are those of the JSON, in the spelling of CSV: `contact/name` is `contact_name`. */
function columnOf(field: string): string {
  const [head = '', tail = ''] = field.split('/')
  if (head === 'lineOfBusiness') return 'line_of_business'
  if (head === 'contact') return `contact_${tail}`
  return head === 'operations' ? tail : head
}
