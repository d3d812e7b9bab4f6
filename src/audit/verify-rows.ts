import type { Vault } from '../platform/secrets/index.ts'
import { hex, isSame, tagOf } from './chain.ts'
import type { Finding } from './finding.ts'
import { rowHash } from './row-hash.ts'
import type { LinkedEntry } from './seal-store.ts'

/** What is missing between the place that comes next and the last, included; nothing when there is no room between. */
export function gap(next: number, last: number): readonly Finding[] {
  if (next > last) return []
  return [
    {
      kind: 'removed',
      ordinal: next,
      ...(last > next ? { untilOrdinal: last } : {}),
      means: 'an entry was removed together with its place in the chain',
    },
  ]
}

/** A row, and whether its link is as the sealer wrote it. */
export interface LookedAt extends LinkedEntry {
  readonly isLinkOurs: boolean
  readonly isEntryAsLinked: boolean
}

export function lookAt(vault: Pick<Vault, 'keyedHash'>, log: string, row: LinkedEntry): LookedAt {
  return {
    ...row,
    isLinkOurs: isSame(row.link.tag, tagOf(vault, log, row.link)),
    isEntryAsLinked: row.entry !== undefined && isSame(rowHash(row.entry), row.link.rowHash),
  }
}

/** What is wrong with a row whose link is as the sealer wrote it. */
export function ofOurs({ link, entry, isEntryAsLinked }: LookedAt): readonly Finding[] {
  if (isEntryAsLinked) return []
  const at = { ordinal: link.ordinal, entryId: link.entryId }
  return entry
    ? [{ kind: 'edited', ...at, means: 'the entry is not what was sealed' }]
    : [{ kind: 'removed', ...at, means: 'the entry was sealed and is there no more' }]
}

/**
 * What is wrong with the rows whose links the sealer did not write so. Taken together: of entries that changed places,
 * each one's tag tells the place of another.
 */
export function ofStrangers(
  vault: Pick<Vault, 'keyedHash'>,
  log: string,
  strangers: readonly LookedAt[],
): readonly Finding[] {
  const tags = new Set(strangers.map(({ link }) => hex(link.tag)))
  const places = strangers.map(({ link }) => link.ordinal)
  /** The place at which this entry, with this content, was sealed. */
  const sealedAt = ({ link, entry }: LookedAt) =>
    places.find((ordinal) =>
      [link.rowHash, ...(entry ? [rowHash(entry)] : [])].some((hash) =>
        tags.has(hex(tagOf(vault, log, { ordinal, entryId: link.entryId, rowHash: hash }))),
      ),
    )
  return strangers.map((row): Finding => {
    const at = { ordinal: row.link.ordinal, entryId: row.link.entryId }
    const place = sealedAt(row)
    if (place !== undefined && place !== row.link.ordinal)
      return { kind: 'reordered', ...at, means: `the entry was sealed at ${place}` }
    if (!row.entry)
      return { kind: 'removed', ...at, means: 'the chain names an entry here that is not there' }
    return place === undefined
      ? { kind: 'edited', ...at, means: 'the entry or its place in the chain was rewritten' }
      : { kind: 'edited', ...at, means: 'the entry is as sealed, its place in the chain was rewritten' }
  })
}
