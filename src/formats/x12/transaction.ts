import type { Envelope } from './envelope/index.ts'
import { type Interchange, openInterchange } from './envelope/index.ts'
import { tableOf } from './grammar/index.ts'
import type { Direction, Guide, TransactionRule } from './grammar/rules.ts'
import { eachSegment, type Loop, segmentOf, walk } from './grammar/walk.ts'
import type { Reading } from './reading/index.ts'
import { checkLengths, type Findings, quote, SegmentReader } from './reading/index.ts'
import { type Beginning, decodeBeginning } from './segments/bht.ts'

/** A transaction opened and sorted into its loops, ready to be read. */
export interface Transaction {
  readonly table: TransactionRule
  readonly tree: Loop
  readonly beginning: Beginning
  readonly envelope: Envelope
  readonly interchange: Interchange
}

/**
 * Opens an interchange and sorts its transaction into the loops of its guide.
 *
 * @returns undefined when there is nothing to go on with; the findings say why. Never throws
 */
export function openTransaction(
  text: string,
  direction: Direction,
  findings: Findings,
  reading?: Reading,
): Transaction | undefined {
  const interchange = openInterchange(text, findings, reading)
  return interchange && sortTransaction(interchange, direction, findings)
}

/** Sorts a transaction into the loops of its guide; undefined when it runs in the other direction. */
export function sortTransaction(
  interchange: Interchange,
  direction: Direction,
  findings: Findings,
): Transaction | undefined {
  const table = tableOf(interchange.guide, direction)
  if (!runsIn(direction, interchange, table, findings)) return undefined
  const tree = walk(table, interchange.body, interchange.delimiters, findings)
  const bht = segmentOf(tree, 'BHT')
  const beginning = bht === undefined ? { reference: '', at: undefined } : decodeBeginning(bht, table)
  const envelope = { ...interchange.envelope, beginningReference: beginning.reference }
  return { table, tree, beginning, envelope, interchange }
}

/** Checks BHT02 before the walk: an answer read as a request would give a fault for nearly every segment. */
function runsIn(
  direction: Direction,
  { body, delimiters }: Interchange,
  table: TransactionRule,
  findings: Findings,
): boolean {
  const bht = body.find((segment) => segment.id === 'BHT')
  if (bht === undefined) return true
  const reader = new SegmentReader(bht, table.body.id, delimiters.component, findings)
  const found = reader.text(2)
  if (found === table.purpose || table.furtherPurposes?.includes(found ?? '')) return true
  const other = tableOf(table.guide, direction === 'request' ? 'answer' : 'request')
  const isOther = found === other.purpose ? `, which marks ${describe(other)}` : ''
  reader.fault(2, `expected ${table.purpose} (${describe(table)}), found ${quote(found)}${isOther}`)
  return false
}

const KINDS: Readonly<Record<Guide, string>> = {
  '217': 'a request for review',
  '215': 'an inquiry',
  '216': 'a notice of admission',
}

function describe({ guide, direction }: TransactionRule): string {
  const kind = KINDS[guide]
  return direction === 'request' ? kind : `the answer to ${kind}`
}

/** Notes what nobody asked for, and what has another length than the standard says. To be called when all else was read. */
export function noteUnread(tree: Loop): void {
  eachSegment(tree, noteUnreadElements)
}

function noteUnreadElements(reader: SegmentReader): void {
  checkLengths(reader)
  if (reader.isRead && reader.isReadWhole) return
  if (!reader.isRead) reader.note(undefined, 'not read: the model has no place for it')
  else for (const element of reader.unread()) reader.note(element, 'not read: the model has no place for it')
}
