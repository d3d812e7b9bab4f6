import type { Decoded, Fault } from '../../kernel/result.ts'
import { faultOfCondition, textOf } from './cells.ts'
import { INPUTS, type InputName, type Policy, type PolicyRow } from './model.ts'

type Json = Readonly<Record<string, unknown>>
type Told = (at: string, message: string, remedy?: string) => void

const OUTPUTS = ['outcome', 'waitingFor', 'reason', 'source'] as const
type OutputName = (typeof OUTPUTS)[number]
const MOST_ROWS = 2000
/** Settings of a table that would change what its rows see or say. */
const DIVERTING = ['inputField', 'outputPath', 'passThrough'] as const

/**
 * Checks a decision graph before it may decide anything. The engine itself fails open: a cell that it cannot evaluate,
 * a name that it does not know and an input that is missing are all silently "no match", and the table goes on to the
 * next row. So nothing is published that could lean on that:
 *
 * - the graph is an input, one decision table (first match wins) and an output, in a line;
 * - each column asks about one input that we know; each cell about that input alone, in words that it can evaluate for
 *   every value of its kind;
 * - each row has an id, says in words what it is and comes to `certify` or `pend`, with a reason and a source;
 * - the last row, and it alone, asks nothing, and pends to a reviewer.
 *
 * @param graph a JDM document, as parsed from JSON
 * @returns     the policy; or every fault, each at its JSON pointer
 */
export function lint(graph: unknown): Decoded<Policy> {
  const faults: Fault[] = []
  const tell: Told = (at, message, remedy) =>
    faults.push({ at, message, ...(remedy !== undefined && { remedy }) })
  const table = tableOf(graph, tell)
  if (table === undefined) return { ok: false, faults }
  if (JSON.stringify(graph).includes('\\u0000')) tell('', 'found the sign NUL, which cannot be kept')
  const inputs = inputColumns(table, tell)
  const outputs = outputColumns(table, tell)
  const rows = rowsOf(table, inputs, outputs, tell)
  checkLastRow(table, rows, tell)
  return faults.length === 0
    ? { ok: true, value: { graph: graph as object, rows }, notes: [] }
    : { ok: false, faults }
}

interface Table {
  readonly at: string
  readonly content: Json
}

function tableOf(graph: unknown, tell: Told): Table | undefined {
  const nodes = list(record(graph)?.nodes)
  const edges = list(record(graph)?.edges)
  if (!nodes || !edges) {
    tell('', 'expected a decision graph with nodes and edges')
    return undefined
  }
  const named = new Map(
    nodes.map((node, i) => [record(node)?.type, { node: record(node), at: `/nodes/${i}` }]),
  )
  const [input, table, output] = ['inputNode', 'decisionTableNode', 'outputNode'].map((type) =>
    named.get(type),
  )
  if (nodes.length !== 3 || !input || !table || !output) {
    tell('/nodes', 'expected three nodes: an inputNode, a decisionTableNode and an outputNode')
    return undefined
  }
  const joined = edges.map((edge) => `${record(edge)?.sourceId}>${record(edge)?.targetId}`)
  const wanted = [`${input.node?.id}>${table.node?.id}`, `${table.node?.id}>${output.node?.id}`]
  if (joined.length !== 2 || wanted.some((edge) => !joined.includes(edge)))
    tell('/edges', 'expected two edges: from the input to the table, from the table to the output')
  const content = record(table.node?.content)
  if (!content) {
    tell(`${table.at}/content`, 'expected the content of a decision table')
    return undefined
  }
  if (content.hitPolicy !== 'first') tell(`${table.at}/content/hitPolicy`, 'expected "first"')
  for (const setting of DIVERTING)
    if (content[setting]) tell(`${table.at}/content/${setting}`, 'expected nothing here')
  if (content.executionMode !== undefined && content.executionMode !== 'single')
    tell(`${table.at}/content/executionMode`, 'expected "single"')
  return { at: `${table.at}/content`, content }
}

function inputColumns(table: Table, tell: Told): ReadonlyMap<string, InputName> {
  return columns(table, 'inputs', (field): field is InputName => Object.hasOwn(INPUTS, field), tell)
}

function outputColumns(table: Table, tell: Told): ReadonlyMap<string, OutputName> {
  const found = columns(
    table,
    'outputs',
    (field): field is OutputName => OUTPUTS.some((name) => name === field),
    tell,
  )
  for (const name of OUTPUTS)
    if (![...found.values()].includes(name)) tell(`${table.at}/outputs`, `expected a column for ${name}`)
  return found
}

/** The columns of a table, by their ids. */
function columns<Name extends string>(
  { at, content }: Table,
  side: 'inputs' | 'outputs',
  isKnown: (field: string) => field is Name,
  tell: Told,
): ReadonlyMap<string, Name> {
  const found = new Map<string, Name>()
  for (const [i, column] of (list(content[side]) ?? []).entries()) {
    const { id, field } = record(column) ?? {}
    if (typeof id !== 'string' || id === '' || id.startsWith('_') || found.has(id))
      tell(`${at}/${side}/${i}/id`, 'expected an id of its own')
    else if (typeof field !== 'string' || !isKnown(field))
      tell(`${at}/${side}/${i}/field`, `found ${JSON.stringify(field)}, expected one that a policy knows`)
    else if ([...found.values()].includes(field))
      tell(`${at}/${side}/${i}/field`, `${field} has a column already`)
    else found.set(id, field)
  }
  return found
}

function rowsOf(
  { at, content }: Table,
  inputs: ReadonlyMap<string, InputName>,
  outputs: ReadonlyMap<string, OutputName>,
  tell: Told,
): readonly PolicyRow[] {
  const rules = list(content.rules) ?? []
  if (rules.length === 0 || rules.length > MOST_ROWS) tell(`${at}/rules`, `expected 1 to ${MOST_ROWS} rows`)
  const ids = new Set<unknown>()
  return rules.slice(0, MOST_ROWS).flatMap((rule, i) => {
    const cells = record(rule) ?? {}
    if (ids.has(cells._id)) tell(`${at}/rules/${i}/_id`, 'another row has this id')
    ids.add(cells._id)
    return rowOf(`${at}/rules/${i}`, cells, inputs, outputs, tell)
  })
}

function rowOf(
  at: string,
  cells: Json,
  inputs: ReadonlyMap<string, InputName>,
  outputs: ReadonlyMap<string, OutputName>,
  tell: Told,
): readonly PolicyRow[] {
  const { _id: id, _description: text } = cells
  if (typeof id !== 'string' || id === '') tell(`${at}/_id`, 'expected an id')
  if (typeof text !== 'string' || text.trim() === '') tell(`${at}/_description`, 'expected the row in words')
  for (const key of Object.keys(cells))
    if (key !== '_id' && key !== '_description' && !inputs.has(key) && !outputs.has(key))
      tell(`${at}/${key}`, 'there is no such column', 'A cell outside the columns would be ignored.')
  const asks = new Map<InputName, string>()
  for (const [column, name] of inputs) {
    const cell = cells[column]
    if (cell === '') continue
    const fault = typeof cell === 'string' ? faultOfCondition(cell, INPUTS[name].kind) : 'expected a text'
    if (fault !== undefined) tell(`${at}/${column}`, `${name}: ${fault}`)
    asks.set(name, String(cell))
  }
  const says: Partial<Record<OutputName, string>> = {}
  for (const [column, name] of outputs) {
    const cell = cells[column]
    const said = typeof cell === 'string' ? textOf(cell) : undefined
    if (said === undefined) tell(`${at}/${column}`, `${name}: expected a text in quotes`)
    else says[name] = said
  }
  const { outcome, waitingFor, reason, source } = says
  if (outcome !== undefined && outcome !== 'certify' && outcome !== 'pend')
    tell(at, `outcome: found "${outcome}", expected "certify" or "pend"`)
  if (outcome === 'pend' && waitingFor !== 'reviewer' && waitingFor !== 'information')
    tell(at, `waitingFor: found "${waitingFor}", expected "reviewer" or "information"`)
  if (outcome === 'pend' && reason?.trim() === '') tell(at, 'reason: expected why it waits')
  if (source?.trim() === '') tell(at, 'source: expected where the payer says so')
  if (typeof id !== 'string' || typeof text !== 'string' || reason === undefined || source === undefined)
    return []
  if (outcome !== 'certify' && outcome !== 'pend') return []
  return [
    {
      id,
      text,
      cells: asks,
      outcome,
      waitingFor: waitingFor === 'information' ? 'information' : 'reviewer',
      reason,
      source,
    },
  ]
}

function checkLastRow({ at, content }: Table, rows: readonly PolicyRow[], tell: Told): void {
  const count = list(content.rules)?.length ?? 0
  if (rows.length !== count) return
  for (const [i, row] of rows.entries()) {
    const isLast = i === count - 1
    if (!isLast && row.cells.size === 0)
      tell(
        `${at}/rules/${i}`,
        'only the last row may ask nothing; the rows after this one could never decide',
      )
    if (isLast && (row.cells.size > 0 || row.outcome !== 'pend' || row.waitingFor !== 'reviewer'))
      tell(`${at}/rules/${i}`, 'expected the last row to ask nothing and to pend to a reviewer')
  }
}

function record(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}

function list(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}
