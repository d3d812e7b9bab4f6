import type { KeyObject } from 'node:crypto'
import { type AnchorFile, readAnchors } from './anchors.ts'
import { firstHead, hex, isSame, isSignedBy, nextHead } from './chain.ts'
import type { Finding } from './finding.ts'
import { keyIdOf, knownKeys } from './keys.ts'
import type { Log } from './seal.ts'
import { startOf } from './seal.ts'
import * as store from './seal-store.ts'
import { gap, type LookedAt, lookAt, ofOurs, ofStrangers } from './verify-rows.ts'

/** What a log came to when everything in it was computed anew. */
export interface Verification {
  readonly log: string
  /** Everything that was found wrong, at most `MOST_FINDINGS`. Empty: nothing was. */
  readonly findings: readonly Finding[]
  /** Whether there may be more of them. */
  readonly isCut: boolean
  readonly sealed: {
    readonly entries: number
    readonly seals: number
    /** The last signed head, hexadecimal; absent before the first seal. */
    readonly head?: string
    readonly at?: string
  }
  /** Entries that no seal covers yet: nothing protects them. */
  readonly unsealed: { readonly count: number; readonly oldestAt?: string }
  /** How many anchored heads of this log were compared; undefined when there is no anchor file. */
  readonly anchors?: number
}

/** The most findings that are told. A log that was thrown away has as many as it had entries. */
export const MOST_FINDINGS = 1000
const PAGE_SEALS = 500
const PAGE_ENTRIES = 2000

/**
 * Recomputes a whole log, a page at a time: every entry's hash, every link, every head and signature, and the heads that
 * were anchored outside. After something that is wrong it goes on from what is stored, so that all is found at once.
 *
 * @param anchorFile the file with the anchors; a file that is not there is not a finding
 * @throws when the anchor file cannot be read
 */
export async function verifyLog(log: Log, anchorFile: string): Promise<Verification> {
  // First: an anchor that is added while we look belongs to a seal that we do not look at.
  const anchors = await readAnchors(anchorFile)
  const end = await endOf(log)
  const { known, forged } = await knownKeys(log.database, log.vault)
  const forgedKeys: readonly Finding[] = forged.map((keyId) => ({
    kind: 'key',
    means: `the key ${keyId} was not made by this server`,
  }))
  const findings: Finding[] = []
  const rows = rowReader(log, end.last?.lastOrdinal ?? 0)
  const walk = { log, rows, known, anchored: anchorsByOrdinal(log.database.schema, anchors), findings }
  const seals = await walkSeals(walk, end.last)
  // What tells of the whole chain first: of a log that was thrown away and made anew, the rows are too many to tell.
  const all = [
    ...forgedKeys,
    ...anchorFindings(log.database.schema, anchors, known),
    ...notInTheChain(walk.anchored, end.last),
    ...findings,
    ...(await behindTheSeal(log, end)),
  ]
  return {
    log: log.database.schema,
    findings: all.slice(0, MOST_FINDINGS),
    isCut: all.length > MOST_FINDINGS || findings.length >= MOST_FINDINGS,
    sealed: {
      entries: end.last?.lastOrdinal ?? 0,
      seals,
      ...(end.last ? { head: hex(end.last.head), at: end.last.sealedAt } : {}),
    },
    unsealed: end.unsealed,
    ...(anchors
      ? { anchors: anchors.anchors.filter((anchor) => anchor.log === log.database.schema).length }
      : {}),
  }
}

interface End {
  readonly last: store.Seal | undefined
  readonly isRestored: boolean
  readonly linksAfter: { readonly count: number; readonly first: number }
  readonly unsealed: Verification['unsealed']
}

/** Where the chain ends, and what comes after it; as of one moment. */
export function endOf({ database }: Pick<Log, 'database'>): Promise<End> {
  return database.transaction(
    { role: 'staff' },
    async (tx) => {
      const last = await store.lastSeal(tx)
      const horizon = await store.horizon(tx)
      const start = startOf(last, horizon)
      const { count, oldestAt } = await store.tail(tx, start)
      return {
        last,
        isRestored: last !== undefined && start === store.BEGINNING,
        linksAfter: await store.linksAfter(tx, last?.lastOrdinal ?? 0),
        unsealed: { count, ...(oldestAt === null ? {} : { oldestAt: new Date(oldestAt).toISOString() }) },
      }
    },
    { isolation: 'repeatable read', readOnly: true },
  )
}

/** The rows of a chain in order, read a page at a time whatever the size of the seals over them. */
interface RowReader {
  /** The next row, which stays the next one until it is taken; undefined behind the last. */
  peek(): Promise<store.LinkedEntry | undefined>
  take(): void
}

function rowReader(log: Log, last: number): RowReader {
  let page: readonly store.LinkedEntry[] = []
  let at = 0
  let isLastPage = false
  return {
    peek: async () => {
      if (at < page.length || isLastPage) return page[at]
      const from = (page.at(-1)?.link.ordinal ?? 0) + 1
      page = await read(log, (tx) => store.linkedEntries(tx, from, last, PAGE_ENTRIES))
      at = 0
      isLastPage = page.length < PAGE_ENTRIES
      return page[at]
    },
    take: () => {
      at++
    },
  }
}

interface Walk {
  readonly log: Log
  readonly rows: RowReader
  readonly known: ReadonlyMap<string, KeyObject>
  /** Anchors that no seal was compared with yet, by ordinal. */
  readonly anchored: Map<number, readonly Uint8Array[]>
  readonly findings: Finding[]
}

/** @returns how many seals there are */
async function walkSeals(walk: Walk, last: store.Seal | undefined): Promise<number> {
  const { database, vault } = walk.log
  const strangers: LookedAt[] = []
  let before: store.Seal | undefined
  let count = 0
  while (last && (before?.lastOrdinal ?? 0) < last.lastOrdinal) {
    const page = await read(walk.log, (tx) => store.sealsAfter(tx, before?.lastOrdinal ?? 0, PAGE_SEALS))
    if (page.length === 0) break
    for (const seal of page) {
      const rows = await rowsUnder(walk, seal, before)
      strangers.push(...rows.strangers.slice(0, MOST_FINDINGS - strangers.length))
      walk.findings.push(...sealFindings(walk, seal, before, rows))
      checkAnchors(walk, seal)
      before = seal
      count++
      if (seal.lastOrdinal >= last.lastOrdinal) break
    }
  }
  walk.findings.push(...ofStrangers(vault, database.schema, strangers))
  return count
}

function read<T>(
  { database }: Log,
  work: (tx: Parameters<typeof store.lastSeal>[0]) => Promise<T>,
): Promise<T> {
  return database.transaction({ role: 'staff' }, work, { readOnly: true })
}

interface Rows {
  /** Whether each row is where and what the sealer wrote. */
  readonly areWhole: boolean
  readonly strangers: readonly LookedAt[]
  /** Of the rows that this seal says are its own. */
  readonly hashes: readonly Uint8Array[]
  readonly lastRow: LookedAt | undefined
}

/** Looks at every row behind the seal before and up to this one, whichever ordinals this one claims. */
async function rowsUnder(walk: Walk, seal: store.Seal, before: store.Seal | undefined): Promise<Rows> {
  const { database, vault } = walk.log
  const strangers: LookedAt[] = []
  const hashes: Uint8Array[] = []
  const found: Finding[] = []
  let lastRow: LookedAt | undefined
  let expected = (before?.lastOrdinal ?? 0) + 1
  for (
    let row = await walk.rows.peek();
    row && row.link.ordinal <= seal.lastOrdinal;
    row = await walk.rows.peek()
  ) {
    walk.rows.take()
    const { ordinal, rowHash } = row.link
    lastRow = lookAt(vault, database.schema, row)
    if (ordinal >= seal.firstOrdinal) hashes.push(rowHash)
    if (!lastRow.isLinkOurs) strangers.push(lastRow)
    found.push(...gap(expected, ordinal - 1), ...(lastRow.isLinkOurs ? ofOurs(lastRow) : []))
    expected = ordinal + 1
  }
  found.push(...gap(expected, seal.lastOrdinal))
  walk.findings.push(...found.slice(0, Math.max(0, MOST_FINDINGS - walk.findings.length)))
  return {
    areWhole: strangers.length === 0 && found.every(({ entryId }) => entryId !== undefined),
    strangers,
    hashes,
    lastRow,
  }
}

/** What is wrong with a seal itself: at most one finding, so that one change is told once. */
function sealFindings(
  walk: Walk,
  seal: store.Seal,
  before: store.Seal | undefined,
  rows: Rows,
): readonly Finding[] {
  const log = walk.log.database.schema
  const at = { ordinal: seal.lastOrdinal }
  const expected = (before?.lastOrdinal ?? 0) + 1
  if (seal.firstOrdinal > expected)
    return [
      {
        kind: 'broken',
        ordinal: expected,
        untilOrdinal: seal.firstOrdinal - 1,
        means: 'the seal over these entries is there no more, or the next one was changed',
      },
    ]
  const key = walk.known.get(seal.keyId)
  if (!key)
    return [{ kind: 'signature', ...at, means: 'the seal was signed with a key that is not this log’s' }]
  if (
    !isSignedBy(
      { log, ordinal: seal.lastOrdinal, head: seal.head, sealedAt: seal.sealedAt },
      seal.signature,
      key,
    )
  )
    return [{ kind: 'signature', ...at, means: 'the signature of the seal is wrong' }]
  if (seal.firstOrdinal !== expected)
    return [{ kind: 'broken', ...at, means: 'the seal does not begin where the one before it ended' }]
  if (!isSame(seal.previousHead, before?.head ?? firstHead(log)))
    return [{ kind: 'broken', ...at, means: 'the seal does not follow the one before it' }]
  if (rows.areWhole && !isSame(seal.head, nextHead(seal.previousHead, rows.hashes)))
    return [{ kind: 'broken', ...at, means: 'the head does not follow from the entries under it' }]
  if (!endsWith(seal, rows.lastRow))
    return [{ kind: 'broken', ...at, means: 'the seal names another last entry than the chain' }]
  return []
}

/** Whether the place at which the next batch began is that of the last entry; a touched one is told of by itself. */
function endsWith({ through, lastOrdinal }: store.Seal, row: LookedAt | undefined): boolean {
  if (!row?.isLinkOurs || !row.isEntryAsLinked || row.link.ordinal !== lastOrdinal) return true
  return row.link.entryId === through.id && row.entry?.written_in === through.writtenIn
}

function checkAnchors({ anchored, findings }: Walk, seal: store.Seal): void {
  const heads = anchored.get(seal.lastOrdinal)
  if (!heads) return
  anchored.delete(seal.lastOrdinal)
  if (heads.some((head) => !isSame(head, seal.head)))
    findings.push({
      kind: 'replaced',
      ordinal: seal.lastOrdinal,
      means: 'another head than this seal’s was anchored: the chain was sealed anew',
    })
}

/** Entries and links that no seal accounts for although everything around them was sealed. */
async function behindTheSeal(log: Log, { last, isRestored, linksAfter }: End): Promise<readonly Finding[]> {
  const found: Finding[] = []
  if (linksAfter.count > 0)
    found.push({
      kind: 'inserted',
      ordinal: linksAfter.first,
      means: `${linksAfter.count} places of the chain are behind its last seal`,
    })
  // After a move to another server, until its first seal, there is no telling earlier from later.
  if (!last || isRestored) return found
  let after = store.BEGINNING
  while (found.length < MOST_FINDINGS) {
    const start = after
    const page = await read(log, (tx) => store.entriesBehindTheSeal(tx, last.through, start, PAGE_ENTRIES))
    for (const { id } of page)
      found.push({
        kind: 'inserted',
        entryId: id,
        means: 'the entry has no place in the chain, and those around it were sealed without it',
      })
    if (page.length < PAGE_ENTRIES) break
    after = page.at(-1) ?? after
  }
  return found
}

function anchorsByOrdinal(log: string, file: AnchorFile | undefined): Map<number, readonly Uint8Array[]> {
  const byOrdinal = new Map<number, readonly Uint8Array[]>()
  for (const anchor of file?.anchors ?? [])
    if (anchor.log === log)
      byOrdinal.set(anchor.ordinal, [...(byOrdinal.get(anchor.ordinal) ?? []), anchor.head])
  return byOrdinal
}

/** Lines of the anchor file that this log's key did not sign. */
function anchorFindings(
  log: string,
  file: AnchorFile | undefined,
  known: ReadonlyMap<string, KeyObject>,
): readonly Finding[] {
  if (!file) return []
  const isOurs = (anchor: AnchorFile['anchors'][number]) => {
    const key = known.get(anchor.keyId)
    return (
      key !== undefined &&
      anchor.keyId === keyIdOf(anchor.publicKey) &&
      isSignedBy(anchor, anchor.signature, key)
    )
  }
  return [
    ...file.unreadable.map(
      (line): Finding => ({ kind: 'anchor', means: `line ${line} of the anchor file is no anchor` }),
    ),
    ...file.anchors
      .filter((anchor) => anchor.log === log && !isOurs(anchor))
      .map(
        ({ ordinal }): Finding => ({
          kind: 'anchor',
          ordinal,
          means: 'an anchor of this ordinal was not signed by this log’s key',
        }),
      ),
  ]
}

/** Anchors that no seal was found for: the chain was cut, or was sealed anew with other ends. */
function notInTheChain(
  left: ReadonlyMap<number, readonly Uint8Array[]>,
  last: store.Seal | undefined,
): readonly Finding[] {
  const end = last?.lastOrdinal ?? 0
  const above = [...left.keys()].filter((ordinal) => ordinal > end)
  const within = [...left.keys()].filter((ordinal) => ordinal <= end)
  return [
    ...(above.length > 0
      ? [
          {
            kind: 'truncated' as const,
            ordinal: end + 1,
            untilOrdinal: Math.max(...above),
            means: 'heads up to here were anchored, and the chain ends before',
          },
        ]
      : []),
    ...within.map((ordinal) => ({
      kind: 'replaced' as const,
      ordinal,
      means: 'a head was anchored here, and no seal ends here: the chain was sealed anew',
    })),
  ]
}
