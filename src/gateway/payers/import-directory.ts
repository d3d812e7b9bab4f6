import { record } from '../../audit/index.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Decoded, Fault } from '../../kernel/result.ts'
import type { Tx } from '../../platform/database/index.ts'
import { directory } from './directory.ts'
import { replaceEntry } from './directory-store.ts'
import type { DirectoryEntry } from './entry.ts'
import type { Payer } from './model.ts'
import { type DraftEntry, readDirectoryCsv, readDirectoryJson } from './read-directory.ts'
import { type SaveContext, savePayer } from './save.ts'
import { PAYER_OPERATIONS } from './ways.ts'

export interface DirectoryImport {
  readonly format: 'csv' | 'json'
  readonly text: string
  /** Says what would be done, and does nothing. */
  readonly isTrial?: boolean
}

/** The payers of a file, by what became of them. */
export interface DirectoryImported {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly unchanged: readonly string[]
}

/**
 * Brings payers in from a file. A payer that is here already is known by any of its ids and keeps its own id, its data key,
 * its rules and its cases; what the file says of it replaces what was there. Payers that the file does not name stay as they are.
 * All of it is done, or none.
 *
 * @param tx as `staff`
 * @throws Problem `request/invalid` with every fault of the file; one whose ids are of two payers here is a fault too
 */
export async function importDirectory(
  tx: Tx,
  { format, text, isTrial = false }: DirectoryImport,
  context: SaveContext,
): Promise<DirectoryImported> {
  const drafts = accepted(format === 'csv' ? readDirectoryCsv(text) : readDirectoryJson(text))
  const here = await directory(tx, context.at)
  const matched = drafts.map((draft) => ({ draft, known: here.filter(({ payer }) => isSame(payer, draft)) }))
  const faults: Fault[] = matched.flatMap(({ draft, known }) =>
    known.length > 1
      ? [
          {
            at: draft.at,
            message: `its ids are of ${known.length} payers here: ${known.map(({ payer }) => payer.name).join(', ')}`,
            remedy: 'Give each payer a line of its own.',
          },
        ]
      : [],
  )
  if (faults.length > 0) throw refused(faults)
  const done = { added: [] as string[], changed: [] as string[], unchanged: [] as string[] }
  for (const { draft, known } of matched) {
    const [entry] = known
    const outcome = entry === undefined ? 'added' : isUnchanged(entry, draft) ? 'unchanged' : 'changed'
    done[outcome].push(draft.name)
    if (outcome !== 'unchanged' && !isTrial) await keep(tx, draft, entry?.payer, context)
  }
  if (!isTrial && done.added.length + done.changed.length > 0) {
    const { at, actor, random } = context
    const detail = { added: done.added.length, changed: done.changed.length }
    await record(tx, { at, actor, act: 'payers.import', outcome: 'done', detail }, random)
  }
  return done
}

async function keep(
  tx: Tx,
  draft: DraftEntry,
  known: Payer | undefined,
  context: SaveContext,
): Promise<void> {
  const payer = await savePayer(
    tx,
    {
      ...(known && { id: known.id }),
      name: draft.name,
      wireIds: draft.identifiers.map(({ value }) => value),
      lineOfBusiness: draft.lineOfBusiness,
      standsInForUnknown: known?.standsInForUnknown ?? false,
      ...(draft.contact && { contact: draft.contact }),
    },
    context,
  )
  await replaceEntry(tx, payer.id, draft.identifiers, draft.plans, draft.ways)
}

const isSame = (payer: Payer, { identifiers }: DraftEntry) =>
  identifiers.some(({ value }) => payer.wireIds.includes(value))

function isUnchanged(entry: DirectoryEntry, draft: DraftEntry): boolean {
  const { payer, identifiers, plans, ways } = entry
  const before = [payer.name, payer.lineOfBusiness, sorted(payer.contact), identifiers.map(sorted)]
  const after = [draft.name, draft.lineOfBusiness, sorted(draft.contact), draft.identifiers.map(sorted)]
  const isSameText = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
  const byId = (list: DraftEntry['plans']) => list.map(sorted).sort((a, b) => (a.join() < b.join() ? -1 : 1))
  return (
    isSameText(before, after) &&
    isSameText(byId(plans), byId(draft.plans)) &&
    PAYER_OPERATIONS.every((operation) => ways[operation] === (draft.ways[operation] ?? 'local'))
  )
}

/** Pairs in one order, so that two objects that say the same are written the same. */
const sorted = (fields: object | undefined) =>
  Object.entries(fields ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))

function accepted<T>(read: Decoded<T>): T {
  if (read.ok) return read.value
  throw refused(read.faults)
}

function refused(faults: readonly Fault[]): Problem {
  return new Problem(
    'request/invalid',
    'The payer directory was not imported. Mend each place named, then import it again.',
    { faults },
  )
}
